// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title FeeToken
/// @notice Burns 1 % of every transfer: the recipient gets less than was sent.
contract FeeToken is MockToken {
    constructor() MockToken(18) {}

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 100);
    }
}
