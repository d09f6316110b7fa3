// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IOwned} from "./IOwned.sol";

/// @title IGoverned
/// @notice The bounded powers over a market: an owner, a pauser and a protocol fee.
/// @dev The owner has the power to set the fee for what opens later (at most `MAX_FEE_BPS`), to name the pauser, to pause
/// and unpause new business, and to hand over ownership in two steps; not to move anybody's money, to change anything that
/// is already open, to stop an act that has a deadline, an exit or a withdrawal, or to give ownership up without a heir.
/// The pauser has the power to pause, not to unpause. `feeRecipient` never changes.
interface IGoverned is IOwned {
    /// @notice Emitted when the fee for what opens from now on changes, in basis points.
    event FeeSet(uint16 feeBps);
    /// @notice Emitted when the pauser changes.
    event PauserSet(address indexed pauser);

    /// @notice Thrown when a fee is above the cap.
    error FeeAboveCap(uint256 feeBps, uint256 cap);
    /// @notice Thrown when someone other than the pauser or the owner tries to pause.
    error NotPauser(address caller);
    /// @notice Thrown when the fee recipient would be the zero address.
    error FeeRecipientRequired();

    /// @notice The highest fee that can ever be set, in basis points.
    function MAX_FEE_BPS() external view returns (uint16);

    /// @notice Where protocol fees and forfeited deposits go, for ever. Receives credits, which it withdraws.
    function feeRecipient() external view returns (address);

    /// @notice The fee that is copied into what opens now, in basis points.
    function feeBps() external view returns (uint16);

    /// @notice Who may pause besides the owner: at first the first owner; zero for nobody.
    function pauser() external view returns (address);

    /// @notice Sets the fee for what opens later. Owner only.
    function setFee(uint16 newFeeBps) external;

    /// @notice Names the pauser. Owner only.
    function setPauser(address newPauser) external;

    /// @notice Refuses new business until `unpause`. Nothing that has a deadline, an exit or a withdrawal stops.
    function pause() external;

    /// @notice Admits new business again. Owner only.
    function unpause() external;
}
