// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IExpertPanel
/// @notice Tells who is an expert for a job, where that is more than one account or a fixed list.
/// @dev Asked by a static call in every act of an expert. A panel that reverts refuses the act, which is as if it kept silent.
interface IExpertPanel {
    /// @param jobId The job in whose name `account` acts.
    /// @param account Who acts.
    /// @param data What the expert (or his relayer) hands over.
    function isExpert(uint256 jobId, address account, bytes calldata data) external view returns (bool);
}
