// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {Governed} from "../access/Governed.sol";
import {Difficulty} from "../libraries/Difficulty.sol";
import {Masks} from "../libraries/Masks.sol";
import {Record} from "../libraries/Records.sol";
import {Escrow} from "../payments/Escrow.sol";

/// @title MarketBook
/// @notice What the annotation market keeps, the few ways in which it may change, and the views on it.
abstract contract MarketBook is IAnnotationMarket, Escrow, Governed {
    using Masks for uint256;

    /* TYPES */

    /// @dev `mask`: the tasks in dispute; after the dispute those whose rejection stood, kept so that acceptance can be proven.
    struct Dispute {
        uint256 mask;
        // Second of the last move, rejection or appeal; 0 once ended.
        uint40 since;
    }

    /// @dev Only for jobs with difficulty classes: everything that the task counts alone do not tell.
    struct ClassBook {
        // slot 0
        uint128 multipliers;
        uint64 approvedWeight;
        // slot 1: funds of open tasks, base units
        uint256 freeFunds;
    }

    /* CONSTANTS */

    uint256 internal constant BPS = 10_000;
    uint256 internal constant SEQUENCE_BITS = 24;
    uint8 internal constant HAS_HOOK = 1;
    uint8 internal constant HAS_CLASSES = 2;
    uint8 internal constant HAS_TOKEN = 4;
    uint8 internal constant HAS_FEE = 8;

    /* STORAGE */

    /// @inheritdoc IAnnotationMarket
    // Shares a slot with `pauser`: the first job of a market costs no more than the others.
    uint64 public jobCount;

    mapping(uint256 jobId => Job) internal _jobs;
    mapping(uint256 jobId => mapping(uint256 word => uint256 mask)) internal _taken;
    mapping(uint256 jobId => mapping(address annotator => Account)) internal _accounts;
    mapping(uint256 claimId => Record) private _records;
    mapping(uint256 claimId => uint256 mask) private _scattered;
    mapping(uint256 claimId => bytes32 commitment) internal _commitments;
    mapping(uint256 claimId => Dispute) internal _disputes;
    mapping(uint256 jobId => ClassBook) internal _classBooks;
    mapping(uint256 jobId => mapping(uint256 index => uint256 nibbles)) internal _wordClasses;

    /* VIEWS */

    /// @inheritdoc IAnnotationMarket
    function job(uint256 jobId) external view returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc IAnnotationMarket
    function claimRecord(uint256 claimId) external view returns (RecordView memory) {
        Record record = _records[claimId];
        Dispute storage dispute = _disputes[claimId];
        return RecordView({
            annotator: record.annotator(),
            state: _stateOf(claimId, record),
            dispute: record.dispute(),
            word: record.word(),
            time: record.time(),
            mask: _maskOf(claimId, record),
            disputed: dispute.mask,
            disputedAt: dispute.since,
            commitment: _commitments[claimId]
        });
    }

    /// @inheritdoc IAnnotationMarket
    function freeTasks(uint256 jobId, uint256 word) external view returns (uint256) {
        Job storage job_ = _jobs[jobId];
        if (job_.state != JobState.Open) return 0;
        return Masks.inWord(job_.taskCount, word) & ~_taken[jobId][word];
    }

    /// @inheritdoc IAnnotationMarket
    function taskPay(uint256 jobId, uint256 word) external view returns (uint256 reward, uint256 fee, uint256 bond) {
        return _taskPay(jobId, _jobs[jobId], word);
    }

    /// @inheritdoc IAnnotationMarket
    function accountOf(uint256 jobId, address annotator) external view returns (Account memory) {
        return _accounts[jobId][annotator];
    }

    /// @inheritdoc IAnnotationMarket
    function approvedWeight(uint256 jobId) external view returns (uint256) {
        Job storage job_ = _jobs[jobId];
        return _hasClasses(job_) ? _classBooks[jobId].approvedWeight : job_.approved * BPS;
    }

    /// @inheritdoc IAnnotationMarket
    function freeFunds(uint256 jobId) external view returns (uint256) {
        return _freeFunds(jobId, _jobs[jobId]);
    }

    /* RECORDS */

    /// @dev The record of a claim that must be in state `needed`. Records are changed in memory and written back whole.
    function _recordIn(uint256 claimId, ClaimState needed) internal view returns (Record record) {
        record = _records[claimId];
        require(record.state() == needed, WrongClaimState(claimId, _stateOf(claimId, record)));
    }

    /// @dev Done records are deleted, so an id that was given out and has no record is done.
    function _stateOf(uint256 claimId, Record record) private view returns (ClaimState) {
        if (record.state() != ClaimState.None) return record.state();
        uint256 sequence = claimId & ((1 << SEQUENCE_BITS) - 1);
        return sequence < _jobs[claimId >> SEQUENCE_BITS].records ? ClaimState.Done : ClaimState.None;
    }

    function _maskOf(uint256 claimId, Record record) internal view returns (uint256) {
        if (record.state() == ClaimState.None) return 0;
        return record.isScattered() ? _scattered[claimId] : Masks.run(record.first(), record.last());
    }

    /// @dev Writes a record whose tasks did not change.
    function _store(uint256 claimId, Record record) internal {
        _records[claimId] = record;
    }

    /// @dev Writes a record with the tasks in `mask`: as a run where they are one, in a slot of their own where not. An
    /// empty mask (a submission that only waits for its dispute) is no run.
    function _storeTasks(uint256 claimId, Record record, uint256 mask) internal {
        (bool isRun, uint256 first, uint256 last) = Masks.asRun(mask);
        if (!isRun || record.isScattered()) _scattered[claimId] = isRun ? 0 : mask;
        _records[claimId] = record.withTasks(!isRun, first, last);
    }

    /// @dev Ends a record. What was submitted stays provable: `_commitments` and `_disputes` remain.
    function _delete(uint256 claimId, Record record) internal {
        if (record.isScattered()) delete _scattered[claimId];
        _records[claimId] = Record.wrap(0);
    }

    /* COUNTS AND FUNDS */

    /// @dev Gives `mask` of a claim or submission back to the pool. In a closing job the funds go back to the creator
    /// instead: the caller pays `refund` after its own effects.
    function _reopen(uint256 jobId, address annotator, uint256 word, uint256 mask) internal returns (uint256 refund) {
        Job storage job_ = _jobs[jobId];
        uint256 tasks = mask.count();
        (uint256 reward, uint256 fee,) = _taskPay(jobId, job_, word);
        _taken[jobId][word] &= ~mask;
        _accounts[jobId][annotator].open -= uint24(tasks);
        job_.taken -= uint24(tasks);
        if (job_.state == JobState.Open) {
            job_.open += uint24(tasks);
            if (_hasClasses(job_)) _classBooks[jobId].freeFunds += tasks * (reward + fee);
        } else {
            refund = tasks * (reward + fee);
            emit TasksRefunded(jobId, tasks, refund);
            _closeIfSettled(jobId, job_);
        }
    }

    /// @dev The only way from Open or Closing to Closed: nothing is taken, and nothing can be.
    function _closeIfSettled(uint256 jobId, Job storage job_) internal {
        if (job_.taken != 0 || (job_.state == JobState.Open && job_.approved != job_.taskCount)) return;
        job_.state = JobState.Closed;
        emit JobClosed(jobId, job_.approved);
    }

    function _freeFunds(uint256 jobId, Job storage job_) internal view returns (uint256) {
        if (_hasClasses(job_)) return _classBooks[jobId].freeFunds;
        (uint256 reward, uint256 fee,) = _taskPay(jobId, job_, 0);
        return job_.open * (reward + fee);
    }

    /// @dev Pay rounds down, for the creator; the fee rounds down, for the creator; the bond rounds up, against squatters.
    function _taskPay(uint256 jobId, Job storage job_, uint256 word)
        internal
        view
        returns (uint256 reward, uint256 fee, uint256 bond)
    {
        (uint256 base, uint256 flags, uint256 bondBps) = (job_.reward, job_.flags, job_.bondBps);
        // No product can overflow: a reward has 96 bits, basis points have 16.
        unchecked {
            reward = flags & HAS_CLASSES != 0 ? base * _multiplier(jobId, word) / BPS : base;
            if (flags & HAS_FEE != 0) fee = reward * job_.feeBps / BPS;
        }
        bond = _bond(base, bondBps);
    }

    function _bond(Job storage job_) internal view returns (uint256) {
        return _bond(job_.reward, job_.bondBps);
    }

    function _bond(uint256 reward, uint256 bondBps) private pure returns (uint256) {
        // 96 bits times 16 bits cannot overflow.
        unchecked {
            return (reward * bondBps + BPS - 1) / BPS;
        }
    }

    function _multiplier(uint256 jobId, uint256 word) internal view returns (uint256) {
        return Difficulty.multiplierOf(_classBooks[jobId].multipliers, _wordClasses[jobId], word);
    }

    function _token(Job storage job_) internal view returns (address) {
        return job_.flags & HAS_TOKEN != 0 ? job_.token : NATIVE;
    }

    function _hasClasses(Job storage job_) internal view returns (bool) {
        return job_.flags & HAS_CLASSES != 0;
    }

    /* GUARDS */

    /// @dev The party's own time: up to and including `deadline`.
    function _requireInTime(uint256 deadline) internal view {
        require(block.timestamp <= deadline, TooLate(deadline, block.timestamp));
    }

    /// @dev Somebody else's time is over: after `deadline`.
    function _requirePassed(uint256 deadline) internal view {
        require(block.timestamp > deadline, TooEarly(deadline, block.timestamp));
    }

    function _requireSubset(uint256 mask, uint256 allowed) internal pure {
        require(mask != 0 && mask & ~allowed == 0, BadMask(mask, allowed));
    }

    function _requireAccount(address caller, address required) internal pure {
        require(caller == required, NotAuthorized(caller, required));
    }
}
