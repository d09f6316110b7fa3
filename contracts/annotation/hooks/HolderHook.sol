// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IEAS} from "../../../interfaces/IEAS.sol";
import {IEligibilityHook} from "../../../interfaces/IEligibilityHook.sol";

/// @title HolderHook
/// @notice Admits whoever holds a token of a collection (ERC-721), or an attestation (EAS) that a trusted attester made.
/// @dev Either way can be switched off with a zero address. For an attestation `data` is `abi.encode(bytes32 uid)`; it must
/// name the annotator as its recipient, be of the schema and by the attester, neither revoked nor expired.
/// @custom:kill None: a job that wants other conditions closes, and opens anew with another hook.
contract HolderHook is IEligibilityHook {
    /// @notice The collection; zero for none.
    IERC721 public immutable collection;
    /// @notice The Ethereum Attestation Service; zero for none.
    IEAS public immutable eas;
    /// @notice The schema of attestations that count.
    bytes32 public immutable schema;
    /// @notice Whose attestations count.
    address public immutable attester;

    constructor(IERC721 collection_, IEAS eas_, bytes32 schema_, address attester_) {
        collection = collection_;
        eas = eas_;
        schema = schema_;
        attester = attester_;
    }

    /// @inheritdoc IEligibilityHook
    function isEligible(uint256, address annotator, uint256, bytes calldata data) external view returns (bool) {
        if (address(collection) != address(0) && collection.balanceOf(annotator) != 0) return true;
        if (address(eas) == address(0) || data.length != 32) return false;

        bytes32 uid = abi.decode(data, (bytes32));
        IEAS.Attestation memory attestation = eas.getAttestation(uid);
        bool fits = attestation.uid == uid && uid != 0 && attestation.schema == schema
            && attestation.attester == attester && attestation.recipient == annotator;
        bool valid = attestation.revocationTime == 0
            && (attestation.expirationTime == 0 || block.timestamp < attestation.expirationTime);
        return fits && valid;
    }
}
