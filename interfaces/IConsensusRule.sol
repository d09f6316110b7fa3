// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IConsensusRule
/// @notice Decides from the answers of several annotators which label of a task is accepted.
/// @dev A rule decides labels and nothing else: pay, slashes and reputation do not depend on it. It is pure, and gives the
/// same result for every order of the annotators.
interface IConsensusRule {
    /// @notice The answers to one word of tasks, and what is known of those who gave them.
    /// @param classes 2 to 8.
    /// @param acceptBps The job's threshold in basis points; what it is a threshold of is up to the rule.
    /// @param gold Tasks of known truth in the job by class, class `c` in bits `24c` to `24c + 23`.
    /// @param matrices Confusion matrices of the annotators, one after the other (see `Confusion`).
    /// @param labels Answers of the annotators, in the same order, all of one length that is a multiple of 32. Byte `t` is
    /// task `t` of the word: 0 for no answer, `c + 1` for class `c`.
    struct Ballot {
        uint256 classes;
        uint256 acceptBps;
        uint256 gold;
        uint256[] matrices;
        bytes[] labels;
    }

    /// @param ballot What was answered, and by whom.
    /// @return labels Accepted labels, coded as in the ballot; 0 where none was accepted.
    /// @return voted Mask of the tasks that had enough answers to accept one.
    function tally(Ballot calldata ballot) external pure returns (bytes memory labels, uint256 voted);
}
