// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IOwned
/// @notice An owner who hands over in two steps and is never missing.
interface IOwned {
    /// @notice Thrown by `renounceOwnership`: there is always an owner.
    error OwnerRequired();
}
