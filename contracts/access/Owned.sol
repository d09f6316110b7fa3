// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {IOwned} from "../../interfaces/IOwned.sol";

/// @title Owned
/// @notice An owner who hands over in two steps. It keeps nothing of its own.
abstract contract Owned is IOwned, Ownable2Step {
    /// @notice Reverts: without owner nobody could take back what an owner has set, or end a pause.
    function renounceOwnership() public view override onlyOwner {
        revert OwnerRequired();
    }
}
