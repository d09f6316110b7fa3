// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {IFeeSource} from "../../../interfaces/IFeeSource.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {ConsensusBook} from "./ConsensusBook.sol";

/// @title ConsensusViews
/// @notice The views on what the consensus market keeps.
abstract contract ConsensusViews is IConsensusTruth, ConsensusBook {
    /// @inheritdoc IConsensusTruth
    uint256 public constant MAX_SEATS = SEATS_OF_WORD;
    /// @inheritdoc IConsensusTruth
    uint256 public constant GRACE = LOCK_GRACE;

    /* VIEWS */

    /// @inheritdoc IConsensusTruth
    function jobCount() external view returns (uint64) {
        return _jobCount;
    }

    /// @inheritdoc IConsensusTruth
    function unitOf(address token) external view returns (uint96) {
        return _units[token];
    }

    /// @inheritdoc IConsensusTruth
    function job(uint256 jobId) external view returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc IConsensusTruth
    function bookOf(uint256 jobId) external view returns (Book memory) {
        return _books[jobId];
    }

    /// @inheritdoc IConsensusTruth
    function wordOf(uint256 jobId, uint256 word) external view returns (Word memory) {
        return _words[jobId][word];
    }

    /// @inheritdoc IConsensusTruth
    function freeTasks(uint256 jobId, uint256 word, uint256 layer) external view returns (uint256) {
        Job storage job_ = _jobs[jobId];
        if (job_.state != JobState.Open) return 0;
        return _freeTasks(jobId, job_, _words[jobId][word], word, layer);
    }

    /// @inheritdoc IConsensusTruth
    function seatDigest(uint256 jobId, uint256 word, address account) external view returns (bytes32) {
        return _seats[jobId][word][account];
    }

    /// @inheritdoc IConsensusTruth
    function wordDigest(uint256 jobId, uint256 word) external view returns (bytes32) {
        return _wordDigests[jobId][word];
    }

    /// @inheritdoc IConsensusTruth
    function unresolvedTasks(uint256 jobId, uint256 word) external view returns (uint256) {
        return _unresolved[jobId][word];
    }

    /// @inheritdoc IConsensusTruth
    function matrixOf(uint256 jobId, address account) external view returns (uint256[] memory words) {
        words = new uint256[](Confusion.size(_jobs[jobId].classes));
        _loadMatrix(jobId, account, words, 0);
    }

    /// @inheritdoc IConsensusTruth
    function taskTerms(uint256 jobId, uint256 word) external view returns (uint256 pay, uint256 fee, uint256 stake) {
        (pay, fee) = _taskPay(jobId, _jobs[jobId], word);
        stake = _taskStake(jobId, _jobs[jobId], word);
    }

    /// @inheritdoc IConsensusTruth
    function challengeOf(uint256 jobId, uint256 word, uint256 index) external view returns (Challenge memory) {
        return _challenges[jobId][word][index];
    }

    /// @inheritdoc IConsensusTruth
    function auditOf(uint256 jobId, uint256 word, Seat calldata seat_, bytes32 goldSalt)
        external
        view
        returns (uint256)
    {
        return _auditOf(_seed(_words[jobId][word], goldSalt), seat_);
    }

    /// @inheritdoc IFeeSource
    /// @dev The market, in whose place this runs.
    function origin() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IFeeSource
    function feesOf(uint256 jobId, address account) external view returns (address token, uint256 fees) {
        return (_jobs[jobId].token, _fees[jobId][account]);
    }

    /// @inheritdoc IFeeSource
    function feesOfJob(uint256 jobId) external view returns (address token, uint256 fees) {
        return (_jobs[jobId].token, _jobFees[jobId]);
    }

    /// @inheritdoc IConsensusTruth
    function hashCommitment(
        uint256 jobId,
        uint256 word,
        address annotator,
        uint256 mask,
        bytes calldata labels,
        bytes32 salt
    ) external view returns (bytes32) {
        return _hashCommitment(jobId, word, annotator, mask, labels, salt);
    }

    /// @inheritdoc IConsensusTruth
    function hashTerms(address creator, JobTerms calldata terms, uint256[] calldata wordClasses)
        external
        pure
        returns (bytes32)
    {
        return _hashTerms(creator, terms, wordClasses);
    }
}
