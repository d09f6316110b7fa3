// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {Masks} from "../libraries/Masks.sol";
import {Record} from "../libraries/Records.sol";
import {MarketClaims} from "./MarketClaims.sol";

/// @title MarketReview
/// @notice What happens to submissions: approval, silence, rejection, appeal, decision.
abstract contract MarketReview is MarketClaims {
    using Masks for uint256;

    bytes32 private constant APPEAL_TYPEHASH =
        keccak256("Appeal(uint256 claimId,address annotator,uint256 nonce,uint256 deadline)");

    /// @dev Who gets what at the end of a dispute, apart from the pay of overturned tasks; fields as in `DisputeEnded`.
    struct Verdict {
        uint256 upheld;
        uint256 overturned;
        uint256 forfeited;
        uint256 compensation;
        uint256 toAnnotator;
        uint256 toCreator;
        uint256 toArbiter;
    }

    /* REVIEW AND PAYMENT */

    /// @inheritdoc IAnnotationMarket
    function approve(uint256 claimId, uint256 mask) external nonReentrant {
        Record record = _recordIn(claimId, ClaimState.Submitted);
        _requireAccount(msg.sender, _jobs[claimId >> SEQUENCE_BITS].creator);
        uint256 pending = _maskOf(claimId, record);
        _requireSubset(mask, pending);
        _payPending(claimId, record, pending, mask);
    }

    /// @inheritdoc IAnnotationMarket
    function finalize(uint256 claimId) external nonReentrant {
        Record record = _recordIn(claimId, ClaimState.Submitted);
        _requirePassed(uint256(record.time()) + _jobs[claimId >> SEQUENCE_BITS].reviewWindow);
        uint256 pending = _maskOf(claimId, record);
        _requireSubset(pending, type(uint256).max);
        _payPending(claimId, record, pending, pending);
    }

    function _payPending(uint256 claimId, Record record, uint256 pending, uint256 mask) private {
        address token = _token(_jobs[claimId >> SEQUENCE_BITS]);
        uint256 pay = _settleTasks(claimId, token, record.annotator(), record.word(), mask);
        _setPending(claimId, record, pending & ~mask);
        _pay(token, record.annotator(), pay);
    }

    /// @dev A submission is done when nothing of it is pending and no dispute is live.
    function _setPending(uint256 claimId, Record record, uint256 pending) private {
        bool live = record.dispute() == DisputeState.Rejected || record.dispute() == DisputeState.Appealed;
        if (pending == 0 && !live) {
            _delete(claimId, record);
        } else {
            _storeTasks(claimId, record, pending);
        }
    }

    /// @dev Taken tasks become approved ones and the fee goes to the sink.
    /// @return pay Pay plus returned bonds, which the caller pays out after its own effects.
    function _settleTasks(uint256 claimId, address token, address annotator, uint256 word, uint256 mask)
        private
        returns (uint256 pay)
    {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        uint256 tasks = mask.count();
        (uint256 reward, uint256 fee, uint256 bond) = _taskPay(jobId, job_, word);
        // 112 bits times at most 256 tasks cannot overflow.
        unchecked {
            (reward, fee, bond) = (reward * tasks, fee * tasks, bond * tasks);
        }
        uint256 weight = tasks * (_hasClasses(job_) ? _bookWeight(jobId, word, tasks) : BPS);

        (uint256 taken, uint256 approved) = (job_.taken - tasks, job_.approved + tasks);
        (job_.taken, job_.approved) = (uint24(taken), uint24(approved));
        _closeIfSettled(jobId, job_);
        _book(_accounts[jobId][annotator], tasks, weight, reward);
        emit RewardPaid(jobId, claimId, annotator, mask, reward, bond, fee);
        _credit(token, feeRecipient, fee);
        return reward + bond;
    }

    /// @dev What later royalties are shared by.
    function _book(Account storage account, uint256 tasks, uint256 weight, uint256 reward) private {
        (uint256 open, uint256 approved) = (account.open, account.approved);
        (uint256 totalWeight, uint256 earned) = (account.weight + weight, account.earned + reward);
        (open, approved) = (open - tasks, approved + tasks);
        // No cast can overflow: a job has at most 2^20 tasks of at most 2^16 weight and 2^99 pay each.
        (account.open, account.approved) = (uint24(open), uint24(approved));
        (account.weight, account.earned) = (uint48(totalWeight), uint128(earned));
    }

    /// @dev The denominator, where tasks count differently.
    /// @return multiplier The weight of one task of `word`, basis points.
    function _bookWeight(uint256 jobId, uint256 word, uint256 tasks) private returns (uint256 multiplier) {
        multiplier = _multiplier(jobId, word);
        _classBooks[jobId].approvedWeight += uint64(tasks * multiplier);
    }

    /* DISPUTES */

    /// @inheritdoc IAnnotationMarket
    function reject(uint256 claimId, uint256 mask, bytes32 reasonHash) external payable nonReentrant {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        Record record = _recordIn(claimId, ClaimState.Submitted);
        _requireAccount(msg.sender, job_.creator);
        require(job_.arbiter != address(0), NoArbiter(jobId));
        require(record.dispute() == DisputeState.None, WrongDisputeState(claimId, record.dispute()));
        _requireInTime(uint256(record.time()) + job_.reviewWindow);
        uint256 pending = _maskOf(claimId, record);
        _requireSubset(mask, pending);

        _disputes[claimId] = Dispute({mask: mask, since: uint40(block.timestamp)});
        _storeTasks(claimId, record.withDispute(DisputeState.Rejected), pending & ~mask);

        uint256 rejectFee = _rejectFee(jobId, job_, record.word()) * mask.count();
        emit LabelsRejected(jobId, claimId, record.annotator(), mask, reasonHash, rejectFee, job_.arbiterFee);
        _receive(_token(job_), msg.sender, rejectFee + job_.arbiterFee);
    }

    /// @inheritdoc IAnnotationMarket
    function appeal(uint256 claimId) external payable nonReentrant {
        _appeal(msg.sender, claimId);
    }

    /// @inheritdoc IAnnotationMarket
    function appealBySig(uint256 claimId, Authorization calldata auth) external payable nonReentrant {
        _authorize(keccak256(abi.encode(APPEAL_TYPEHASH, claimId, auth.signer, auth.nonce, auth.deadline)), auth);
        _appeal(auth.signer, claimId);
    }

    function _appeal(address annotator, uint256 claimId) private {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        (Record record, Dispute storage dispute) = _disputeIn(claimId, DisputeState.Rejected);
        _requireAccount(annotator, record.annotator());
        require(annotator != job_.arbiter, RoleConflict(annotator));
        _requireInTime(uint256(dispute.since) + job_.appealWindow);

        _store(claimId, record.withDispute(DisputeState.Appealed));
        dispute.since = uint40(block.timestamp);
        emit RejectionAppealed(jobId, claimId, annotator, job_.arbiterFee);
        _receive(_token(job_), annotator, job_.arbiterFee);
    }

    /// @inheritdoc IAnnotationMarket
    function settleRejection(uint256 claimId) external nonReentrant {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        (Record record, Dispute storage dispute) = _disputeIn(claimId, DisputeState.Rejected);
        _requirePassed(uint256(dispute.since) + job_.appealWindow);

        Verdict memory verdict;
        verdict.upheld = dispute.mask;
        verdict.forfeited = (_rejectFee(jobId, job_, record.word()) + _bond(job_)) * dispute.mask.count();
        verdict.toCreator = job_.arbiterFee;
        _endDispute(claimId, record, verdict);
    }

    /// @inheritdoc IAnnotationMarket
    function decide(uint256 claimId, uint256 upheld) external nonReentrant {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        (Record record, Dispute storage dispute) = _disputeIn(claimId, DisputeState.Appealed);
        _requireAccount(msg.sender, job_.arbiter);
        _requireInTime(uint256(dispute.since) + job_.decisionWindow);
        uint256 mask = dispute.mask;
        require(upheld & ~mask == 0, BadMask(upheld, mask));

        Verdict memory verdict;
        uint256 rejectFee = _rejectFee(jobId, job_, record.word());
        uint256 lost = upheld.count();
        uint256 all = mask.count();
        verdict.upheld = upheld;
        verdict.overturned = mask & ~upheld;
        verdict.forfeited = (rejectFee + _bond(job_)) * lost;
        verdict.compensation = rejectFee * (all - lost);
        verdict.toArbiter = job_.arbiterFee;
        verdict.toCreator = verdict.toArbiter * lost / all;
        verdict.toAnnotator = verdict.toArbiter - verdict.toCreator;
        _endDispute(claimId, record, verdict);
    }

    /// @inheritdoc IAnnotationMarket
    function settleAppeal(uint256 claimId) external nonReentrant {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        (Record record, Dispute storage dispute) = _disputeIn(claimId, DisputeState.Appealed);
        _requirePassed(uint256(dispute.since) + job_.decisionWindow);

        Verdict memory verdict;
        uint256 arbiterFee = job_.arbiterFee;
        verdict.overturned = dispute.mask;
        verdict.toAnnotator = arbiterFee;
        verdict.toCreator = arbiterFee + _rejectFee(jobId, job_, record.word()) * dispute.mask.count();
        _endDispute(claimId, record, verdict);
    }

    function _endDispute(uint256 claimId, Record record, Verdict memory verdict) private {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        (address token, address annotator, uint256 word) = (_token(job_), record.annotator(), record.word());
        uint256 pending = _maskOf(claimId, record);

        _disputes[claimId] = Dispute({mask: verdict.upheld, since: 0});
        _setPending(claimId, record.withDispute(DisputeState.Ended), pending);
        _emitDisputeEnded(jobId, claimId, verdict);

        uint256 pay = verdict.overturned == 0 ? 0 : _settleTasks(claimId, token, annotator, word, verdict.overturned);
        // 32 bits cannot overflow: a job has fewer than 2^24 records, each with at most 256 tasks and one dispute.
        _accounts[jobId][annotator].rejected += uint32(verdict.upheld.count());
        uint256 refund = verdict.upheld == 0 ? 0 : _reopen(jobId, annotator, word, verdict.upheld);
        _credit(token, feeRecipient, verdict.forfeited);
        _pay(token, annotator, pay + verdict.compensation + verdict.toAnnotator);
        _pay(token, job_.creator, refund + verdict.toCreator);
        _pay(token, job_.arbiter, verdict.toArbiter);
    }

    function _emitDisputeEnded(uint256 jobId, uint256 claimId, Verdict memory verdict) private {
        emit DisputeEnded(
            jobId,
            claimId,
            verdict.upheld,
            verdict.overturned,
            verdict.forfeited,
            verdict.compensation,
            verdict.toAnnotator,
            verdict.toCreator,
            verdict.toArbiter
        );
    }

    function _disputeIn(uint256 claimId, DisputeState needed)
        private
        view
        returns (Record record, Dispute storage dispute)
    {
        record = _recordIn(claimId, ClaimState.Submitted);
        require(record.dispute() == needed, WrongDisputeState(claimId, record.dispute()));
        dispute = _disputes[claimId];
    }

    /// @dev Per task, so that every split of a rejection's tasks is exact; rounded up, so that no rejection is free.
    function _rejectFee(uint256 jobId, Job storage job_, uint256 word) private view returns (uint256) {
        (uint256 reward,,) = _taskPay(jobId, job_, word);
        return (reward * job_.rejectFeeBps + BPS - 1) / BPS;
    }
}
