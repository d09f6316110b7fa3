// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IRewardToken
/// @notice What the token of rewards has besides ERC-20 (18 decimals) and EIP-2612 permits: a cap on the supply, minters,
/// burning by holders.
/// @dev Accounts with `MINTER_ROLE` create tokens up to the cap; an admin, who changes in two steps, grants and revokes the
/// role. He can also end his office, in two steps, too: then the minters stay as they are for ever. Nobody can take, freeze or
/// stop anybody's tokens. What is burned can be minted again.
interface IRewardToken {
    /// @notice Who has this role may mint.
    function MINTER_ROLE() external view returns (bytes32);

    /// @notice The most tokens that can exist at a time, base units.
    function cap() external view returns (uint256);

    /// @notice Creates `amount` base units for `to`. Minters only; reverts with `ERC20ExceededCap` above the cap.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys `amount` base units of the caller's.
    function burn(uint256 amount) external;
}
