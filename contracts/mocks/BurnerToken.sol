// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title BurnerToken
/// @notice Burns as much gas as a test says, or all of it, in every transfer out of one account.
contract BurnerToken is MockToken {
    address private _payer;
    uint256 private _gasToBurn;

    constructor() MockToken(18) {}

    function burnGasOf(address payer, uint256 gasToBurn) external {
        (_payer, _gasToBurn) = (payer, gasToBurn);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 start = gasleft();
        if (from == _payer && from != address(0)) while (start - gasleft() < _gasToBurn) {}
        super._update(from, to, amount);
    }
}
