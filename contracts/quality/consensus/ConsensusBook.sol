// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";
import {LibBit} from "solady/utils/LibBit.sol";

import {IConsensusTypes} from "../../../interfaces/IConsensusTypes.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {Difficulty} from "../../libraries/Difficulty.sol";
import {Labels} from "../../libraries/Labels.sol";
import {Masks} from "../../libraries/Masks.sol";
import {Escrow} from "../../payments/Escrow.sol";

/// @title ConsensusBook
/// @notice What the consensus market keeps, and the phases of its jobs.
/// @dev Both halves of the market begin with this storage; nothing that keeps state may come before it in either.
abstract contract ConsensusBook is IConsensusTypes, Escrow {
    using DynamicArrayLib for uint256[];

    /// @dev The last second of each phase, as an index into the ends that a job keeps.
    enum Phase {
        Reveal,
        Gold,
        Challenge,
        Expert,
        Score,
        Settle
    }

    uint256 internal constant BPS = 10_000;
    uint256 internal constant END_BITS = 24;
    uint256 private constant MAX_END = (1 << END_BITS) - 1;
    uint8 internal constant HAS_HOOK = 1;
    uint8 internal constant HAS_DOMAIN = 2;
    uint8 internal constant HAS_CLASSES = 4;
    uint8 internal constant HAS_PARENT = 8;
    /// @dev Of a seat that is done in a job with experts: it must not be taken for none.
    bytes32 internal constant DONE = bytes32(uint256(1));
    uint256 internal constant SEATS_OF_WORD = 64;
    uint256 internal constant LOCK_GRACE = 14 days;
    uint256 internal constant SEATED = 1;
    uint256 internal constant REVEALED = 2;
    uint256 private constant MAX_MATRIX = 4;
    uint256 private constant KNOWN_CLASS_AT = 8;
    bytes32 private constant COMMITMENT_TYPEHASH = keccak256(
        "Commitment(uint256 chainId,address market,uint256 jobId,uint256 word,address annotator,uint256 mask,"
        "bytes32 labelsHash,bytes32 salt)"
    );

    /// @dev Where fees and forfeited money go.
    address internal immutable _sink;

    uint64 internal _jobCount;
    mapping(address token => uint96 unit) internal _units;

    mapping(uint256 jobId => Job) internal _jobs;
    mapping(uint256 jobId => Book) internal _books;
    mapping(uint256 jobId => mapping(uint256 index => uint256 nibbles)) internal _wordClasses;
    mapping(uint256 jobId => mapping(uint256 word => Word)) internal _words;
    mapping(uint256 jobId => mapping(uint256 word => bytes32)) internal _wordDigests;
    mapping(uint256 jobId => mapping(uint256 word => uint256 mask)) internal _unresolved;
    mapping(uint256 jobId => mapping(uint256 word => Challenge[])) internal _challenges;
    mapping(uint256 jobId => mapping(uint256 word => mapping(uint256 layer => uint256 mask))) internal _taken;
    mapping(uint256 jobId => mapping(uint256 word => mapping(address annotator => bytes32))) internal _seats;
    mapping(uint256 jobId => mapping(address annotator => uint256[MAX_MATRIX])) internal _matrices;
    mapping(uint256 jobId => mapping(address annotator => uint256)) internal _fees;
    mapping(uint256 jobId => uint256) internal _jobFees;

    constructor(address sink) {
        _sink = sink;
    }

    /* HASHES */

    function _hashCommitment(
        uint256 jobId,
        uint256 word,
        address annotator,
        uint256 mask,
        bytes calldata labels,
        bytes32 salt
    ) internal view returns (bytes32) {
        bytes32 labelsHash = keccak256(labels);
        return keccak256(
            abi.encode(
                COMMITMENT_TYPEHASH, block.chainid, address(this), jobId, word, annotator, mask, labelsHash, salt
            )
        );
    }

    function _hashTerms(address creator, JobTerms calldata terms, uint256[] calldata wordClasses)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(creator, terms, wordClasses));
    }

    /* PHASES */

    /// @dev The last second of a phase.
    function _end(Job storage job_, Phase phase) internal view returns (uint256) {
        // 40 bits and 24 bits.
        unchecked {
            return uint256(job_.seatsUntil) + (job_.ends >> END_BITS * uint256(phase) & MAX_END);
        }
    }

    /// @dev Experts have one more phase after the last second in which a word can be settled.
    function _resolveEnd(Job storage job_) internal view returns (uint256) {
        return _end(job_, Phase.Settle) + _end(job_, Phase.Expert) - _end(job_, Phase.Challenge);
    }

    function _requireIn(Job storage job_, Phase phase) internal view {
        uint256 opens = phase == Phase.Reveal ? job_.seatsUntil : _end(job_, Phase(uint256(phase) - 1));
        _requireBetween(opens, _end(job_, phase));
    }

    function _requireBetween(uint256 opens, uint256 closes) internal view {
        require(block.timestamp > opens && block.timestamp <= closes, OutsidePhase(opens, closes, block.timestamp));
    }

    function _openJob(uint256 jobId) internal view returns (Job storage job_) {
        job_ = _jobs[jobId];
        require(job_.state == JobState.Open, WrongJobState(jobId, job_.state));
    }

    /// @dev Whether the creator has opened his gold, all of it: in words without seats there is nothing to know.
    function _isOpened(Book storage book) internal view returns (bool) {
        return book.opened == book.seated;
    }

    /* SEATS */

    /// @param content The commitment of a seat that is `SEATED`, the hash of the labels of one that is `REVEALED`.
    function _digestOf(Seat calldata seat_, uint256 stage, bytes32 content) internal pure returns (bytes32) {
        return _seatDigest(seat_.mask, seat_.stake, seat_.audit, stage, content);
    }

    function _seatDigest(uint256 mask, uint256 stake, uint256 audit, uint256 stage, bytes32 content)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(mask, stake, audit, stage, content));
    }

    function _requireRevealed(uint256 jobId, uint256 word, Seat calldata seat_, bytes32 labelsHash) internal view {
        bytes32 kept = _seats[jobId][word][seat_.annotator];
        require(kept == _digestOf(seat_, REVEALED, labelsHash), WrongSeat(jobId, word, seat_.annotator));
    }

    /// @dev Checks that these are all revealed seats of the word.
    function _requireAllRevealed(uint256 jobId, uint256 word, RevealedSeat[] calldata seats) internal view {
        uint256 revealed = _words[jobId][word].revealed;
        require(seats.length == revealed, SeatsMissing(revealed, seats.length));
        _requireRevealedSeats(jobId, word, seats);
    }

    /// @dev Checks that these are revealed seats of the word, each once.
    function _requireRevealedSeats(uint256 jobId, uint256 word, RevealedSeat[] calldata seats) internal view {
        address last;
        for (uint256 i = 0; i < seats.length; ++i) {
            RevealedSeat calldata revealed = seats[i];
            address annotator = revealed.seat.annotator;
            require(annotator > last, SeatsNotSorted(i));
            last = annotator;
            _requireRevealed(jobId, word, revealed.seat, keccak256(revealed.labels));
        }
    }

    /// @dev Seats that are done leave nothing behind, but where experts must not have had one.
    function _finishSeat(uint256 jobId, uint256 word, address annotator, PanelKind kind) internal {
        _seats[jobId][word][annotator] = kind == PanelKind.None ? bytes32(0) : DONE;
    }

    /// @dev Books that `count` seats of a word are done.
    function _finishSeats(uint256 jobId, uint256 word, uint256 count) internal {
        Word storage word_ = _words[jobId][word];
        uint8 live = word_.live - uint8(count);
        word_.live = live;
        if (live == 0) --_books[jobId].live;
    }

    /* TASKS */

    /// @dev The tasks of a word that this job labels.
    function _tasksIn(Job storage job_, uint256 word) internal view returns (uint256 tasks) {
        tasks = Masks.inWord(job_.taskCount, word);
        if (job_.flags & HAS_PARENT == 0) return tasks;
        uint256 parent = job_.parent;
        if (_words[parent][word].state == WordState.Settled) return _unresolved[parent][word];
    }

    /// @dev Bytes of the labels of a word.
    function _labelsLength(Job storage job_, uint256 word) internal view returns (uint256) {
        return Labels.length(Masks.inWord(job_.taskCount, word));
    }

    function _freeTasks(uint256 jobId, Job storage job_, Word storage word_, uint256 word, uint256 layer)
        internal
        view
        returns (uint256)
    {
        if (layer >= job_.redundancy || word_.full >> layer & 1 != 0) return 0;
        uint256 tasks = _tasksIn(job_, word);
        return word_.partly >> layer & 1 == 0 ? tasks : tasks & ~_taken[jobId][word][layer];
    }

    /// @dev Full pay and fee for one label of the word, base units.
    function _taskPay(uint256 jobId, Job storage job_, uint256 word) internal view returns (uint256 pay, uint256 fee) {
        // 96 bits and 16 bits.
        unchecked {
            pay = job_.pay * _multiplier(jobId, job_, word) / BPS;
            fee = pay * job_.feeBps / BPS;
        }
    }

    /// @dev Stake for one label of the word, for a perfect reputation, base units of the stake token.
    function _taskStake(uint256 jobId, Job storage job_, uint256 word) internal view returns (uint256) {
        unchecked {
            return (job_.stake * _multiplier(jobId, job_, word) + BPS - 1) / BPS;
        }
    }

    function _multiplier(uint256 jobId, Job storage job_, uint256 word) private view returns (uint256) {
        if (job_.flags & HAS_CLASSES == 0) return BPS;
        return Difficulty.multiplierOf(job_.multipliers, _wordClasses[jobId], word);
    }

    /* AUDITS */

    /// @dev The sum of salts was not known to anybody when the last seat was taken, and neither was the salt of the gold.
    function _seed(Word storage word_, bytes32 goldSalt) internal view returns (bytes32) {
        return keccak256(abi.encode(goldSalt, word_.saltSum));
    }

    /// @dev Each task with a chance of `audit / 256`: from the lowest bit of `audit` on, a one takes in half of what is still
    /// out, a zero throws out half of what is in.
    function _auditOf(bytes32 seed, Seat calldata seat_) internal pure returns (uint256 drawn) {
        if (seat_.audit >> 8 != 0) return seat_.mask;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 half = uint256(keccak256(abi.encode(seed, seat_.annotator, i)));
            drawn = seat_.audit >> i & 1 == 0 ? drawn & half : drawn | half;
        }
        drawn &= seat_.mask;
    }

    /* MATRICES */

    /// @dev Copies the matrix of an account to `words`, from index `offset` on.
    function _loadMatrix(uint256 jobId, address account, uint256[] memory words, uint256 offset) internal view {
        uint256[MAX_MATRIX] storage kept = _matrices[jobId][account];
        uint256 size = Confusion.size(_jobs[jobId].classes);
        for (uint256 i = 0; i < size; ++i) {
            words.set(offset + i, kept[i]);
        }
    }

    /* KNOWN TASKS */

    /// @dev The known tasks of a word with `class * scale`. Where experts found no truth there is none.
    function _known(Truth calldata truth, uint256 scale) internal pure returns (uint256[] memory known) {
        uint256 mask = truth.gold & ~truth.challenged;
        for (uint256 left = truth.decided; left != 0; left &= left - 1) {
            uint256 task = LibBit.ffs(left);
            if (truth.verdicts[task] != 0) mask |= 1 << task;
        }
        known = new uint256[](Masks.count(mask));
        uint256 next;
        for (uint256 left = mask; left != 0; left &= left - 1) {
            uint256 task = LibBit.ffs(left);
            bool decided = truth.decided >> task & 1 != 0;
            uint256 class = uint256(uint8(decided ? truth.verdicts[task] : truth.labels[task])) - 1;
            known[next++] = task | class * scale << KNOWN_CLASS_AT;
        }
    }

    function _split(uint256 known) internal pure returns (uint256 task, uint256 scaled) {
        return (known & type(uint8).max, known >> KNOWN_CLASS_AT);
    }

    function _requireTruth(uint256 jobId, uint256 word, Truth calldata truth) internal view {
        bytes32 digest = _truthDigest(
            truth.gold, truth.challenged, truth.decided, keccak256(truth.labels), keccak256(truth.verdicts), truth.salt
        );
        require(digest == _wordDigests[jobId][word], WrongTruth(jobId, word));
    }

    function _truthDigest(
        uint256 gold,
        uint256 challenged,
        uint256 decided,
        bytes32 labelsHash,
        bytes32 verdictsHash,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(gold, challenged, decided, labelsHash, verdictsHash, salt));
    }
}
