// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IEligibilityHook} from "../../../interfaces/IEligibilityHook.sol";

/// @title AllowlistHook
/// @notice Admits the accounts of one fixed list.
/// @dev The list is a Merkle tree in OpenZeppelin's standard format: leaf `keccak256(keccak256(abi.encode(account)))`, pairs
/// sorted. `data` is `abi.encode(bytes32[] proof)`; data that is not reverts, which refuses the claim.
/// @custom:kill None: a job whose list should change closes, and opens anew with another hook.
contract AllowlistHook is IEligibilityHook {
    /// @notice Root of the list.
    bytes32 public immutable root;

    constructor(bytes32 root_) {
        root = root_;
    }

    /// @inheritdoc IEligibilityHook
    function isEligible(uint256, address annotator, uint256, bytes calldata data) external view returns (bool) {
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(annotator))));
        return MerkleProof.verify(abi.decode(data, (bytes32[])), root, leaf);
    }
}
