// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Timelock
/// @notice An owner whose every act is public for a delay before it happens: OpenZeppelin's TimelockController, without an
/// admin who could change its roles or the delay faster than that.
/// @dev Proposers schedule and cancel, executors execute once the delay is over. Executor zero stands for everybody.
/// @custom:kill None: proposers can cancel what waits. A pause needs no delay where the pauser is another account.
contract Timelock is TimelockController {
    /// @param minDelay Seconds from scheduling to execution, at least.
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors)
        TimelockController(minDelay, proposers, executors, address(0))
    {}
}
