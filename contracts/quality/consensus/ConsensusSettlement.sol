// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

import {IConsensusRule} from "../../../interfaces/IConsensusRule.sol";
import {IConsensusMarket} from "../../../interfaces/IConsensusMarket.sol";
import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {Labels} from "../../libraries/Labels.sol";
import {Masks} from "../../libraries/Masks.sol";
import {Merit} from "../../libraries/Merit.sol";
import {ConsensusSeats} from "./ConsensusSeats.sol";

/// @title ConsensusSettlement
/// @notice Labels, pay and slashes of a word, once and for good.
abstract contract ConsensusSettlement is ConsensusSeats {
    using DynamicArrayLib for uint256[];

    uint256 private constant COUNTER_BITS = 15;
    /// @dev Gas that the payments of one call may take together before the rest of them become credits: more than 64
    /// accounts need that hold nothing yet.
    uint256 private constant PUSH_GAS = 3_000_000;

    /// @dev What seats get and lose, base units. `whole` leaves the job, `withheld` of it goes to the sink.
    struct Bill {
        uint256 pay;
        uint256 fee;
        uint256 whole;
        uint256 withheld;
        uint256[] paid;
        uint256[] slashed;
    }

    /* SETTLEMENT */

    /// @inheritdoc IConsensusMarket
    function scoreAndSettle(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats) external {
        // The arguments are the same, and so are the checks of who calls: none.
        _extend(abi.encodePacked(IConsensusTruth.score.selector, msg.data[4:]));
        settle(jobId, word, truth, seats);
    }

    /// @inheritdoc IConsensusMarket
    function settle(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats)
        public
        nonReentrant
    {
        Job storage job_ = _openJob(jobId);
        Book storage book = _books[jobId];
        _requireSettling(job_, book);
        Word storage word_ = _words[jobId][word];
        WordState state = word_.state;
        require(state != WordState.Settled, WrongWordState(jobId, word, state));
        require(word_.challenges == 0, ChallengesOpen(jobId, word, word_.challenges));
        _requireAllRevealed(jobId, word, seats);
        bool measured = state == WordState.Scored && Merit.isMeasured(book.gold, job_.classes);
        bool recorded = measured && job_.flags & HAS_DOMAIN != 0;
        if (recorded) _requireTruth(jobId, word, truth);

        word_.state = WordState.Settled;
        uint256[] memory matrices = _matricesOf(jobId, job_.classes, seats);
        Bill memory bill = _bill(jobId, job_, word, seats, measured ? matrices : new uint256[](0));
        _decideLabels(jobId, job_, word, seats, matrices, bill.withheld);
        if (recorded) _record(jobId, job_, word, truth, seats);
        _disburse(jobId, job_, seats, bill);
    }

    /// @inheritdoc IConsensusMarket
    function expire(uint256 jobId, uint256 word, RevealedSeat[] calldata seats) external nonReentrant {
        Job storage job_ = _openJob(jobId);
        _requireBetween(_end(job_, Phase.Settle), type(uint256).max);
        _requireRevealedSeats(jobId, word, seats);
        _disburse(jobId, job_, seats, _bill(jobId, job_, word, seats, new uint256[](0)));
    }

    /* INSIDE */

    /// @dev A call of the extension, in this contract's storage.
    function _extend(bytes memory call) internal virtual;

    /// @dev As soon as nothing can change any more: without gold after its phase, else when all words are scored.
    function _requireSettling(Job storage job_, Book storage book) private view {
        uint256 opens = _end(job_, Phase.Score);
        if (!_isOpened(book)) opens = _end(job_, Phase.Gold);
        else if (book.scored == book.seated) opens = _end(job_, Phase.Expert);
        _requireBetween(opens, _end(job_, Phase.Settle));
    }

    function _matricesOf(uint256 jobId, uint256 classes, RevealedSeat[] calldata seats)
        private
        view
        returns (uint256[] memory matrices)
    {
        uint256 size = Confusion.size(classes);
        matrices = new uint256[](seats.length * size);
        for (uint256 i = 0; i < seats.length; ++i) {
            _loadMatrix(jobId, seats[i].seat.annotator, matrices, i * size);
        }
    }

    /// @dev Ends seats and takes their money out of the job.
    /// @param matrices None where every seat is paid in full.
    function _bill(
        uint256 jobId,
        Job storage job_,
        uint256 word,
        RevealedSeat[] calldata seats,
        uint256[] memory matrices
    ) private returns (Bill memory bill) {
        require(seats.length != 0, NothingToDo());
        (bill.pay, bill.fee) = _taskPay(jobId, job_, word);
        uint256 size = matrices.length / seats.length;
        Merit.Measure memory measure;
        if (size != 0) measure = Merit.measure(_books[jobId].gold, job_.classes, job_.slopeBps);
        bill.paid = new uint256[](seats.length);
        bill.slashed = new uint256[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat calldata seat_ = seats[i].seat;
            (uint256 earned, uint256 lost) =
                size == 0 ? (Merit.WAD, uint256(0)) : Merit.shares(measure, matrices, i * size);
            _billSeat(jobId, bill, i, seat_, earned);
            // 128 bits and 60 bits.
            unchecked {
                bill.slashed[i] = (seat_.stake * lost + Merit.WAD - 1) / Merit.WAD;
            }
            _finishSeat(jobId, word, seat_.annotator, job_.panelKind);
            emit SeatSettled(jobId, word, seat_.annotator, bill.paid[i], bill.slashed[i]);
        }
        _finishSeats(jobId, word, seats.length);
        _books[jobId].balance -= uint128(bill.whole);
        _credit(job_.token, _sink, bill.withheld);
    }

    function _billSeat(uint256 jobId, Bill memory bill, uint256 i, Seat calldata seat_, uint256 earned) private {
        // Amounts of 112 bits, 9 bits and 60 bits; nothing earned is more than the whole.
        unchecked {
            uint256 tasks = Masks.count(seat_.mask);
            uint256 whole = tasks * (bill.pay + bill.fee);
            bill.paid[i] = tasks * bill.pay * earned / Merit.WAD;
            bill.whole += whole;
            bill.withheld += whole - bill.paid[i];
            if (bill.fee == 0) return;
            // Fees for labels that earned something are what rewards are measured by.
            uint256 fees = tasks * bill.fee * earned / Merit.WAD;
            _fees[jobId][seat_.annotator] += fees;
            _jobFees[jobId] += fees;
        }
    }

    /// @dev Once every seat of the job is done nobody asks for a matrix again. Recipients who burn what gas they get must
    /// not make a settlement too large for a block; the caller's gas does not count, only what payments used.
    function _disburse(uint256 jobId, Job storage job_, RevealedSeat[] calldata seats, Bill memory bill) private {
        address token = job_.token;
        uint256 size = _books[jobId].live == 0 ? Confusion.size(job_.classes) : 0;
        uint256 pushed;
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat calldata seat_ = seats[i].seat;
            for (uint256 j = 0; j < size; ++j) {
                delete _matrices[jobId][seat_.annotator][j];
            }
            _release(job_, seat_.annotator, seat_.stake, bill.slashed[i]);
            uint256 paid = bill.paid[i];
            uint256 before = gasleft();
            if (pushed < PUSH_GAS) _pay(token, seat_.annotator, paid);
            else _credit(token, seat_.annotator, paid);
            unchecked {
                pushed += before - gasleft();
            }
        }
    }

    function _decideLabels(
        uint256 jobId,
        Job storage job_,
        uint256 word,
        RevealedSeat[] calldata seats,
        uint256[] memory matrices,
        uint256 withheld
    ) private {
        (bytes memory labels, uint256 unresolved, bool noisy) = _tally(jobId, job_, word, seats, matrices);
        _wordDigests[jobId][word] = keccak256(labels);
        if (unresolved != 0) {
            _unresolved[jobId][word] = unresolved;
            ++_books[jobId].unresolved;
        }
        emit WordSettled(jobId, word, labels, unresolved, noisy, withheld);
    }

    /// @dev Asks the rule. Where too little of a word is accepted, none of it is.
    function _tally(
        uint256 jobId,
        Job storage job_,
        uint256 word,
        RevealedSeat[] calldata seats,
        uint256[] memory matrices
    ) private view returns (bytes memory labels, uint256 unresolved, bool noisy) {
        IConsensusRule.Ballot memory ballot = IConsensusRule.Ballot({
            classes: job_.classes,
            acceptBps: job_.acceptBps,
            gold: _books[jobId].gold,
            matrices: matrices,
            labels: new bytes[](seats.length)
        });
        for (uint256 i = 0; i < seats.length; ++i) {
            ballot.labels[i] = seats[i].labels;
        }
        uint256 voted;
        (labels, voted) = IConsensusRule(job_.rule).tally(ballot);
        require(labels.length == seats[0].labels.length, BadVerdict(job_.rule));

        uint256 tasks = _tasksIn(job_, word);
        uint256 accepted = Labels.checkMemory(labels, job_.classes);
        require(accepted & ~tasks == 0, BadVerdict(job_.rule));
        noisy = Masks.count(accepted) * BPS < Masks.count(voted) * job_.noiseBps;
        if (noisy) (labels, accepted) = (new bytes(labels.length), 0);
        unresolved = tasks & ~accepted;
    }

    /// @dev Counts an annotator's known tasks of this word for his reputation, if the fees for his seat pay for it.
    function _record(uint256 jobId, Job storage job_, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats)
        private
    {
        uint256 unit = job_.unit;
        if (unit == 0 || !reputation.isWriter(address(this))) return;
        (, uint256 fee) = _taskPay(jobId, job_, word);
        uint256[] memory known = _knownByClass(truth, job_.classes);
        for (uint256 i = 0; i < seats.length; ++i) {
            RevealedSeat calldata revealed = seats[i];
            uint256 mask = revealed.seat.mask;
            uint256 right = _right(truth, revealed.labels);
            uint256 answers;
            uint256 asked;
            unchecked {
                for (uint256 class = known.length; class != 0;) {
                    uint256 tasks = known.get(--class) & mask;
                    uint256 count = Masks.count(tasks);
                    asked += count;
                    answers = (answers << COUNTER_BITS | count) << COUNTER_BITS | Masks.count(tasks & right);
                }
            }
            bool covered = asked * unit <= Masks.count(mask) * fee;
            if (asked != 0 && covered) reputation.record(revealed.seat.annotator, job_.domain, answers);
        }
    }

    /// @dev The known tasks of each class. What experts decided was not known before.
    function _knownByClass(Truth calldata truth, uint256 classes) private pure returns (uint256[] memory known) {
        known = new uint256[](classes);
        uint256 gold = truth.gold & ~truth.challenged;
        for (uint256 label = classes; label != 0;) {
            uint256 tasks =
                Labels.which(truth.labels, label) & gold | Labels.which(truth.verdicts, label) & truth.decided;
            unchecked {
                known.set(--label, tasks);
            }
        }
    }

    /// @dev Tasks with the label that is known, of those that are.
    function _right(Truth calldata truth, bytes calldata labels) private pure returns (uint256 right) {
        uint256 decided = truth.decided;
        right = Labels.same(labels, truth.labels) & ~decided;
        if (decided != 0) right |= Labels.same(labels, truth.verdicts) & decided;
    }
}
