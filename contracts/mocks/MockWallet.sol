// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title MockWallet
/// @notice A contract wallet as it should be: its owner signs for it and acts through it. Like many it writes to storage
/// when it is paid, which takes more gas than the 2,300 of a plain `transfer`.
contract MockWallet is IERC1271 {
    address public immutable owner;
    uint256 public received;
    mapping(uint256 number => uint256 amount) public payments;
    uint256 public paymentCount;

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {
        received += msg.value;
        payments[paymentCount++] = msg.value;
    }

    function execute(address target, uint256 value, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == owner, "not the owner");
        // slither-disable-next-line low-level-calls
        (bool success, bytes memory result) = target.call{value: value}(data);
        require(success, "the call failed");
        return result;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
