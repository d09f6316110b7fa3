// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IEligibilityHook
/// @notice Decides who may claim tasks of a job.
/// @dev Asked by a static call in every claim, never afterwards: a hook can keep new claims out, and nothing else. A hook
/// that reverts refuses the claim. The creator names it in the job's terms and annotators see it before they claim.
interface IEligibilityHook {
    /// @param jobId The job whose tasks are claimed.
    /// @param annotator Who claims.
    /// @param tasks Number of tasks in the claim, 1 to 256.
    /// @param data What the annotator (or his relayer) hands over, for instance a Merkle proof.
    /// @return Whether `annotator` may claim.
    function isEligible(uint256 jobId, address annotator, uint256 tasks, bytes calldata data)
        external
        view
        returns (bool);
}
