// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title GreedyToken
/// @notice Takes more from one account than it is asked to move, as much as a test says.
contract GreedyToken is MockToken {
    address private _victim;
    uint256 private _surplus;

    constructor() MockToken(18) {}

    function takeFrom(address victim, uint256 surplus) external {
        (_victim, _surplus) = (victim, surplus);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from == _victim && from != address(0)) super._update(from, address(0), _surplus);
    }
}
