// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IRewardToken} from "../../interfaces/IRewardToken.sol";

/// @title RewardToken
/// @notice The token of rewards, all of it OpenZeppelin's: see `IRewardToken` for what it can do.
/// @custom:kill None: an admin can revoke the minters; tokens stay transferable.
contract RewardToken is IRewardToken, ERC20, ERC20Burnable, ERC20Capped, ERC20Permit, AccessControlDefaultAdminRules {
    /// @inheritdoc IRewardToken
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @param admin Grants and revokes `MINTER_ROLE`.
    /// @param adminDelay Seconds that must pass before a new admin can accept.
    /// @param cap_ The most tokens that can exist at a time, base units of 18 decimals.
    constructor(string memory name_, string memory symbol_, uint256 cap_, address admin, uint48 adminDelay)
        ERC20(name_, symbol_)
        ERC20Capped(cap_)
        ERC20Permit(name_)
        AccessControlDefaultAdminRules(adminDelay, admin)
    {}

    /// @inheritdoc IRewardToken
    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) {
        _mint(to, amount);
    }

    /// @inheritdoc IRewardToken
    function burn(uint256 amount) public override(ERC20Burnable, IRewardToken) {
        super.burn(amount);
    }

    /// @inheritdoc IRewardToken
    function cap() public view override(ERC20Capped, IRewardToken) returns (uint256) {
        return super.cap();
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}
