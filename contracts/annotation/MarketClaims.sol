// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {IEligibilityHook} from "../../interfaces/IEligibilityHook.sol";
import {Masks} from "../libraries/Masks.sol";
import {Record, Records} from "../libraries/Records.sol";
import {MarketBook} from "./MarketBook.sol";

/// @title MarketClaims
/// @notice What annotators do: claim, release, submit.
abstract contract MarketClaims is MarketBook {
    using Masks for uint256;
    using SafeCast for uint256;

    uint256 private constant MAX_EXPIRED = 16;
    uint256 private constant MAX_RELEASES = 64;
    uint256 private constant MAX_URI_BYTES = 256;

    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(bytes32 termsHash,uint256 jobId,uint256 word,uint256 mask,address annotator,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RELEASE_TYPEHASH =
        keccak256("Release(uint256 claimId,address annotator,uint256 nonce,uint256 deadline)");
    bytes32 private constant SUBMIT_TYPEHASH = keccak256(
        "SubmitBatch(uint256 claimId,bytes32 root,uint256 done,string uri,address annotator,uint256 nonce,uint256 deadline)"
    );

    /* CLAIMS */

    /// @inheritdoc IAnnotationMarket
    function claim(uint256 jobId, uint256 word, uint256 mask, bytes calldata hookData, uint256[] calldata expired)
        external
        payable
        nonReentrant
        whenNotPaused
        returns (uint256)
    {
        return _claim(msg.sender, jobId, word, mask, hookData, expired);
    }

    /// @inheritdoc IAnnotationMarket
    function claimBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata hookData,
        uint256[] calldata expired,
        Authorization calldata auth
    ) external payable nonReentrant whenNotPaused returns (uint256) {
        bytes32 termsHash = _jobs[jobId].termsHash;
        _authorize(
            keccak256(abi.encode(CLAIM_TYPEHASH, termsHash, jobId, word, mask, auth.signer, auth.nonce, auth.deadline)),
            auth
        );
        return _claim(auth.signer, jobId, word, mask, hookData, expired);
    }

    function _claim(
        address annotator,
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata hookData,
        uint256[] calldata expired
    ) private returns (uint256 claimId) {
        Job storage job_ = _jobs[jobId];
        uint256 expiry = block.timestamp + job_.claimWindow;
        require(job_.state == JobState.Open, WrongJobState(jobId, job_.state));
        require(annotator != job_.creator && annotator != feeRecipient, MayNotClaim(annotator));
        require(expiry <= job_.deadline, TooLate(job_.deadline, expiry));
        _requireSubset(mask, Masks.inWord(job_.taskCount, word));

        _endExpired(jobId, word, annotator, expired);
        uint256 tasks = mask.count();
        (address token, uint256 bond) = (_token(job_), _bond(job_) * tasks);
        _requireEligible(jobId, job_, annotator, tasks, hookData);
        claimId = jobId << SEQUENCE_BITS | _take(jobId, job_, annotator, word, mask, tasks);

        _storeTasks(claimId, Records.claimed(annotator, expiry, word), mask);
        emit TasksClaimed(jobId, claimId, annotator, word, mask, expiry, bond);
        _receive(token, annotator, bond);
    }

    /// @dev Open tasks become taken ones, and count against the annotator's cap. Reads first and writes afterwards, so
    /// that each slot is read and written once.
    /// @return sequence The claim's number in the job.
    function _take(uint256 jobId, Job storage job_, address annotator, uint256 word, uint256 mask, uint256 tasks)
        private
        returns (uint256 sequence)
    {
        uint256 taken = _taken[jobId][word];
        require(taken & mask == 0, TasksTaken(jobId, word, taken & mask));
        uint256 held = _accounts[jobId][annotator].open + tasks;
        require(held <= job_.maxOpen, OpenCapExceeded(annotator, held, job_.maxOpen));
        if (_hasClasses(job_)) {
            (uint256 reward, uint256 fee,) = _taskPay(jobId, job_, word);
            _classBooks[jobId].freeFunds -= tasks * (reward + fee);
        }

        sequence = job_.records;
        (uint256 nowOpen, uint256 nowTaken) = (job_.open - tasks, job_.taken + tasks);
        (job_.open, job_.taken, job_.records) = (uint24(nowOpen), uint24(nowTaken), (sequence + 1).toUint24());
        _taken[jobId][word] = taken | mask;
        _accounts[jobId][annotator].open = uint24(held);
    }

    function _requireEligible(
        uint256 jobId,
        Job storage job_,
        address annotator,
        uint256 tasks,
        bytes calldata hookData
    ) private view {
        if (job_.flags & HAS_HOOK == 0) return;
        bool eligible = IEligibilityHook(job_.hook).isEligible(jobId, annotator, tasks, hookData);
        require(eligible, NotEligible(jobId, annotator));
    }

    /* EXPIRY AND RELEASE */

    /// @inheritdoc IAnnotationMarket
    function releaseExpired(uint256 jobId, uint256[] calldata claimIds) external nonReentrant {
        require(claimIds.length <= MAX_RELEASES, TooMany(claimIds.length, MAX_RELEASES));
        uint256 refund;
        for (uint256 i = 0; i < claimIds.length; ++i) {
            uint256 claimId = claimIds[i];
            require(claimId >> SEQUENCE_BITS == jobId, ClaimElsewhere(claimId, jobId, 0));
            refund += _expire(jobId, claimId);
        }
        _pay(_token(_jobs[jobId]), _jobs[jobId].creator, refund);
    }

    /// @dev Ends the expired claims that stand in the way of a new one; never the claimant's own.
    function _endExpired(uint256 jobId, uint256 word, address annotator, uint256[] calldata expired) private {
        require(expired.length <= MAX_EXPIRED, TooMany(expired.length, MAX_EXPIRED));
        for (uint256 i = 0; i < expired.length; ++i) {
            uint256 claimId = expired[i];
            Record record = _recordIn(claimId, ClaimState.Claimed);
            bool here = claimId >> SEQUENCE_BITS == jobId && record.word() == word;
            require(here, ClaimElsewhere(claimId, jobId, word));
            require(record.annotator() != annotator, MayNotClaim(annotator));
            _expire(jobId, claimId); // the job is open, so there is nothing to refund
        }
    }

    function _expire(uint256 jobId, uint256 claimId) private returns (uint256 refund) {
        Record record = _recordIn(claimId, ClaimState.Claimed);
        _requirePassed(record.time());

        uint256 mask = _maskOf(claimId, record);
        uint256 forfeited = _bond(_jobs[jobId]) * mask.count();
        _delete(claimId, record);
        emit ClaimExpired(jobId, claimId, record.annotator(), mask, forfeited);
        refund = _reopen(jobId, record.annotator(), record.word(), mask);
        _credit(_token(_jobs[jobId]), feeRecipient, forfeited);
    }

    /// @inheritdoc IAnnotationMarket
    function release(uint256 claimId) external nonReentrant {
        _release(msg.sender, claimId);
    }

    /// @inheritdoc IAnnotationMarket
    function releaseBySig(uint256 claimId, Authorization calldata auth) external nonReentrant {
        _authorize(keccak256(abi.encode(RELEASE_TYPEHASH, claimId, auth.signer, auth.nonce, auth.deadline)), auth);
        _release(auth.signer, claimId);
    }

    function _release(address annotator, uint256 claimId) private {
        Record record = _heldRecord(annotator, claimId);
        uint256 mask = _maskOf(claimId, record);
        _delete(claimId, record);
        _returnUndone(claimId, annotator, record.word(), mask, record.time());
    }

    /// @dev Undone tasks cost the part of their bond that belongs to the time for which nobody else could have them.
    function _returnUndone(uint256 claimId, address annotator, uint256 word, uint256 mask, uint256 expiry) private {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Job storage job_ = _jobs[jobId];
        uint256 window = job_.claimWindow;
        uint256 elapsed = block.timestamp + window - expiry;
        uint256 bond = _bond(job_);
        uint256 forfeitPerTask = (bond * elapsed + window - 1) / window;
        uint256 tasks = mask.count();
        address token = _token(job_);

        emit TasksReturned(jobId, claimId, annotator, mask, forfeitPerTask * tasks);
        uint256 refund = _reopen(jobId, annotator, word, mask);
        _credit(token, feeRecipient, forfeitPerTask * tasks);
        _pay(token, annotator, (bond - forfeitPerTask) * tasks);
        _pay(token, job_.creator, refund);
    }

    /* BATCHES */

    /// @inheritdoc IAnnotationMarket
    function submitBatch(uint256 claimId, bytes32 root, uint256 done, string calldata uri) external nonReentrant {
        _submit(msg.sender, claimId, root, done, uri);
    }

    /// @inheritdoc IAnnotationMarket
    function submitBatchBySig(
        uint256 claimId,
        bytes32 root,
        uint256 done,
        string calldata uri,
        Authorization calldata auth
    ) external nonReentrant {
        bytes32 uriHash = keccak256(bytes(uri));
        _authorize(
            keccak256(
                abi.encode(SUBMIT_TYPEHASH, claimId, root, done, uriHash, auth.signer, auth.nonce, auth.deadline)
            ),
            auth
        );
        _submit(auth.signer, claimId, root, done, uri);
    }

    function _submit(address annotator, uint256 claimId, bytes32 root, uint256 done, string calldata uri) private {
        Record record = _heldRecord(annotator, claimId);
        require(root != 0, EmptyRoot());
        require(bytes(uri).length <= MAX_URI_BYTES, TooMany(bytes(uri).length, MAX_URI_BYTES));
        uint256 mask = _maskOf(claimId, record);
        _requireSubset(done, mask);

        Record submission = record.submitted(block.timestamp);
        if (done == mask) _store(claimId, submission);
        else _storeTasks(claimId, submission, done);
        _commitments[claimId] = keccak256(abi.encode(annotator, record.word(), root, done));
        emit LabelsSubmitted(claimId >> SEQUENCE_BITS, claimId, annotator, done, root, uri);

        if (done != mask) _returnUndone(claimId, annotator, record.word(), mask & ~done, record.time());
    }

    /// @dev Only the holder of a claim, and only until it expires.
    function _heldRecord(address annotator, uint256 claimId) private view returns (Record record) {
        record = _recordIn(claimId, ClaimState.Claimed);
        _requireAccount(annotator, record.annotator());
        _requireInTime(record.time());
    }
}
