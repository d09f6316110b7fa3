// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title HookToken
/// @notice Calls whom a test says, with what a test says, in the middle of every transfer.
contract HookToken is MockToken {
    /// @notice Whether the last call succeeded, and the selector of the error if not.
    bool public calledBack;
    bytes4 public answer;

    address private _target;
    bytes private _data;

    constructor() MockToken(18) {}

    function callBackWith(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        address target = _target;
        if (target == address(0)) return;
        _target = address(0); // transfers that the call makes stay quiet
        // slither-disable-next-line low-level-calls
        (bool success, bytes memory result) = target.call(_data);
        (_target, calledBack, answer) = (target, success, bytes4(result));
    }
}
