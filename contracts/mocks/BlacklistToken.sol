// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title BlacklistToken
/// @notice Refuses to pay whom its issuer has blocked.
contract BlacklistToken is MockToken {
    mapping(address account => bool isBlocked) public blocked;

    error Blocked(address account);

    constructor() MockToken(6) {}

    function setBlocked(address account, bool isBlocked) external {
        blocked[account] = isBlocked;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!blocked[to], Blocked(to));
        super._update(from, to, amount);
    }
}
