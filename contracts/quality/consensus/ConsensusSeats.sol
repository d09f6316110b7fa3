// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEligibilityHook} from "../../../interfaces/IEligibilityHook.sol";
import {IConsensusMarket} from "../../../interfaces/IConsensusMarket.sol";
import {IReputation} from "../../../interfaces/IReputation.sol";
import {IStaking} from "../../../interfaces/IStaking.sol";
import {Governed} from "../../access/Governed.sol";
import {Labels} from "../../libraries/Labels.sol";
import {Masks} from "../../libraries/Masks.sol";
import {ConsensusBook} from "./ConsensusBook.sol";

/// @title ConsensusSeats
/// @notice Seats with commitments, what they reveal, and what becomes of those who do not.
abstract contract ConsensusSeats is IConsensusMarket, ConsensusBook, Governed {
    bytes32 private constant SEAT_TYPEHASH = keccak256(
        "Seat(uint256 jobId,uint256 word,uint256 layer,uint256 mask,bytes32 commitment,uint128 maxStake,bytes32 termsHash,"
        "address account,uint256 nonce,uint256 deadline)"
    );
    uint256 private constant AUDIT_UNIT = 256;

    /// @inheritdoc IConsensusMarket
    IStaking public immutable staking;
    /// @inheritdoc IConsensusMarket
    IReputation public immutable reputation;

    constructor(IStaking staking_, IReputation reputation_) {
        staking = staking_;
        reputation = reputation_;
    }

    /* SEATS */

    /// @inheritdoc IConsensusMarket
    function seat(SeatRequest calldata request, bytes calldata hookData) external nonReentrant whenNotPaused {
        _seat(msg.sender, request, hookData);
    }

    /// @inheritdoc IConsensusMarket
    function seatBySig(SeatRequest calldata request, bytes calldata hookData, Authorization calldata auth)
        external
        nonReentrant
        whenNotPaused
    {
        bytes32 terms = _jobs[request.jobId].termsHash;
        _authorize(keccak256(abi.encode(SEAT_TYPEHASH, request, terms, auth.signer, auth.nonce, auth.deadline)), auth);
        _seat(auth.signer, request, hookData);
    }

    function _seat(address annotator, SeatRequest calldata request, bytes calldata hookData) private {
        Job storage job_ = _openJob(request.jobId);
        _requireBetween(0, job_.seatsUntil);
        _requireNoRole(job_, annotator);
        uint256 tasks = Masks.count(request.mask);
        _takeTasks(job_, request, tasks);

        (uint256 stake, uint256 audit) = _security(job_, annotator, request, tasks);
        require(stake <= request.maxStake, StakeAboveMax(stake, request.maxStake));
        mapping(address annotator => bytes32) storage seats = _seats[request.jobId][request.word];
        require(seats[annotator] == 0, AlreadySeated(request.jobId, request.word, annotator));
        seats[annotator] = _seatDigest(request.mask, stake, audit, SEATED, request.commitment);
        emit SeatTaken(
            request.jobId, request.word, annotator, request.layer, request.mask, stake, audit, request.commitment
        );
        if (job_.flags & HAS_HOOK != 0) {
            bool eligible = IEligibilityHook(job_.hook).isEligible(request.jobId, annotator, tasks, hookData);
            require(eligible, NotEligible(request.jobId, annotator));
        }
        staking.lock(annotator, stake, _lockEnd(job_));
    }

    /// @dev Experts on a list are found out when they decide: they must not have a seat there.
    function _requireNoRole(Job storage job_, address annotator) private view {
        bool expert = job_.panelKind == PanelKind.Account && annotator == address(uint160(uint256(job_.panel)));
        require(!expert && annotator != job_.creator && annotator != feeRecipient, RoleConflict(annotator));
    }

    /// @dev Takes tasks out of their layer. A layer that one seat takes whole needs no mask of its own.
    function _takeTasks(Job storage job_, SeatRequest calldata request, uint256 tasks) private {
        (uint256 word, uint256 layer, uint256 mask) = (request.word, request.layer, request.mask);
        Word storage word_ = _words[request.jobId][word];
        uint256 free = _freeTasks(request.jobId, job_, word_, word, layer);
        require(mask != 0 && mask & ~free == 0, TasksNotAvailable(word, mask, free));
        require(tasks >= job_.minSeat || mask == free, SeatTooSmall(tasks, job_.minSeat));

        // The terms bound the seats of a word (`minSeat`).
        unchecked {
            if (word_.seats++ == 0) {
                Book storage book = _books[request.jobId];
                ++book.seated;
                ++book.live;
            }
            ++word_.live;
        }
        if (word_.partly >> layer & 1 != 0) {
            _taken[request.jobId][word][layer] |= mask;
        } else if (mask == free) {
            word_.full |= uint64(1 << layer);
        } else {
            word_.partly |= uint64(1 << layer);
            _taken[request.jobId][word][layer] = mask;
        }
    }

    /// @dev Stake and audit share rise with the risk that the annotator's reputation leaves.
    function _security(Job storage job_, address annotator, SeatRequest calldata request, uint256 tasks)
        private
        view
        returns (uint256 stake, uint256 audit)
    {
        uint256 risk;
        if (job_.flags & HAS_DOMAIN != 0) risk = reputation.riskOf(annotator, job_.domain, job_.classes);
        stake = _taskStake(request.jobId, job_, request.word);
        // 112 bits, 9 bits and 30 bits; shares are at most `BPS`, and `maxAuditBps` is not below `auditBps`.
        unchecked {
            uint256 factor = BPS * BPS + risk * (job_.maxStakeBps - BPS);
            stake = (stake * tasks * factor + BPS * BPS - 1) / (BPS * BPS);
            uint256 share = job_.auditBps * BPS + risk * (job_.maxAuditBps - job_.auditBps);
            audit = (share * AUDIT_UNIT + BPS * BPS - 1) / (BPS * BPS);
        }
    }

    /* REVEALS */

    /// @inheritdoc IConsensusMarket
    function reveal(uint256 jobId, uint256 word, Seat calldata seat_, bytes calldata labels, bytes32 salt)
        external
        nonReentrant
    {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Reveal);
        require(salt != 0, SaltRequired());
        bytes32 commitment = _hashCommitment(jobId, word, seat_.annotator, seat_.mask, labels, salt);
        _requireSeated(jobId, word, seat_, commitment);
        uint256 labelled = Labels.check(labels, _labelsLength(job_, word), job_.classes);
        require(labelled & ~seat_.mask == 0, TasksNotLabelled(word, labelled, seat_.mask));

        Word storage word_ = _words[jobId][word];
        ++word_.revealed;
        unchecked {
            word_.saltSum += uint88(uint256(keccak256(abi.encode(salt))));
        }
        _seats[jobId][word][seat_.annotator] = _digestOf(seat_, REVEALED, keccak256(labels));
        emit LabelsRevealed(jobId, word, seat_.annotator, labels, salt);
    }

    /// @inheritdoc IConsensusMarket
    function slashSilent(uint256 jobId, uint256 word, SealedSeat[] calldata seats) external nonReentrant {
        Job storage job_ = _openJob(jobId);
        _requireBetween(_end(job_, Phase.Reveal), type(uint256).max);
        require(seats.length != 0, NothingToDo());
        bool locked = block.timestamp <= _lockEnd(job_);
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat calldata seat_ = seats[i].seat;
            _requireSeated(jobId, word, seat_, seats[i].content);
            _finishSeat(jobId, word, seat_.annotator, job_.panelKind);
            emit SilentSlashed(jobId, word, seat_.annotator, locked ? seat_.stake : 0);
        }
        _finishSeats(jobId, word, seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat calldata seat_ = seats[i].seat;
            _release(job_, seat_.annotator, seat_.stake, seat_.stake);
        }
    }

    function _requireSeated(uint256 jobId, uint256 word, Seat calldata seat_, bytes32 commitment) private view {
        bytes32 kept = _seats[jobId][word][seat_.annotator];
        require(kept == _digestOf(seat_, SEATED, commitment), WrongSeat(jobId, word, seat_.annotator));
    }

    /* STAKES */

    /// @dev Ends the lock of a seat that is done: `slashed` of its stake burns. Once the lock is over the stake is left
    /// alone: it may be gone, or stand for a later seat.
    function _release(Job storage job_, address annotator, uint256 stake, uint256 slashed) internal {
        if (block.timestamp > _lockEnd(job_)) return;
        if (slashed != 0) {
            IStaking.Split memory split =
                IStaking.Split({payout: 0, burn: uint128(slashed), fee: 0, payee: address(this)});
            // slither-disable-next-line unused-return
            staking.slash(annotator, split);
        }
        if (slashed != stake) staking.unlock(annotator, stake - slashed);
    }

    function _lockEnd(Job storage job_) internal view returns (uint256) {
        return _end(job_, Phase.Settle) + LOCK_GRACE;
    }
}
