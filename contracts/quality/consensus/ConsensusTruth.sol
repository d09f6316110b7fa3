// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LibBit} from "solady/utils/LibBit.sol";
import {LibBytes} from "solady/utils/LibBytes.sol";

import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {BatchTree} from "../../libraries/BatchTree.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {Labels} from "../../libraries/Labels.sol";
import {Masks} from "../../libraries/Masks.sol";
import {Merit} from "../../libraries/Merit.sol";
import {ConsensusExperts} from "./ConsensusExperts.sol";

/// @title ConsensusTruth
/// @notice What is known to be true: gold, challenges of it, what experts decide, and how annotators did by it.
abstract contract ConsensusTruth is ConsensusExperts {
    uint256 private constant MAX_CHALLENGES = type(uint8).max;
    bytes32 private constant CHALLENGE_TYPEHASH =
        keccak256("Challenge(uint256 jobId,uint256 word,uint256 mask,address account,uint256 nonce,uint256 deadline)");
    bytes32 private constant DECIDE_TYPEHASH = keccak256(
        "Decide(uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,address account,uint256 nonce,"
        "uint256 deadline)"
    );

    /* GOLD */

    /// @inheritdoc IConsensusTruth
    function openGold(uint256 jobId, GoldOpening[] calldata openings) external nonReentrant {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Gold);
        uint256 opened;
        for (uint256 i = 0; i < openings.length; ++i) {
            // Somebody else may have been faster with some of them.
            if (_wordDigests[jobId][openings[i].word] != 0) continue;
            _openWord(jobId, job_, openings[i]);
            ++opened;
        }
        require(opened != 0, NothingToDo());
        _books[jobId].opened += uint16(opened);
    }

    /// @dev The tree has one place for a word: with two the creator could choose what to open once he has seen the answers.
    function _openWord(uint256 jobId, Job storage job_, GoldOpening calldata opening) private {
        (uint256 word, uint256 mask) = (opening.word, opening.mask);
        require(_words[jobId][word].seats != 0, TasksNotAvailable(word, mask, 0));
        bytes32 inner = keccak256(abi.encode(word, mask, keccak256(opening.labels), opening.salt));
        bytes32 leaf = keccak256(abi.encode(inner));
        require(
            BatchTree.verify(job_.goldRoot, leaf, word, Masks.words(job_.taskCount), opening.proof), NotInTree(word)
        );
        uint256 tasks = _tasksIn(job_, word);
        require(mask & ~tasks == 0, TasksNotAvailable(word, mask, tasks));
        uint256 least = Masks.count(tasks) * job_.goldBps / BPS;
        require(Masks.count(mask) >= least, GoldTooSmall(word, Masks.count(mask), least));
        uint256 labelled = Labels.check(opening.labels, _labelsLength(job_, word), job_.classes);
        require(labelled == mask, TasksNotLabelled(word, labelled, mask));

        _wordDigests[jobId][word] = _truthDigest(mask, 0, 0, keccak256(opening.labels), keccak256(""), opening.salt);
        emit GoldOpened(jobId, word, mask, opening.labels, opening.salt);
    }

    /* CHALLENGES */

    /// @inheritdoc IConsensusTruth
    function challenge(uint256 jobId, uint256 word, uint256 mask, SealedSeat calldata sealed_, Truth calldata truth)
        external
        payable
        nonReentrant
    {
        _challenge(msg.sender, jobId, word, mask, sealed_, truth);
    }

    /// @inheritdoc IConsensusTruth
    function challengeBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        SealedSeat calldata sealed_,
        Truth calldata truth,
        Authorization calldata auth
    ) external payable nonReentrant {
        bytes32 what = keccak256(
            abi.encode(CHALLENGE_TYPEHASH, jobId, word, mask, auth.signer, auth.nonce, auth.deadline)
        );
        _authorize(what, auth);
        _challenge(auth.signer, jobId, word, mask, sealed_, truth);
    }

    /// @dev What is challenged is not known any more, until experts say.
    function _challenge(
        address challenger,
        uint256 jobId,
        uint256 word,
        uint256 mask,
        SealedSeat calldata sealed_,
        Truth calldata truth
    ) private {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Challenge);
        _requireOpened(jobId);
        _requireTruth(jobId, word, truth);
        require(sealed_.seat.annotator == challenger, WrongSeat(jobId, word, challenger));
        _requireRevealed(jobId, word, sealed_.seat, sealed_.content);
        uint256 allowed = sealed_.seat.mask & truth.gold & ~truth.challenged;
        require(mask != 0 && mask & ~allowed == 0, TasksNotAvailable(word, mask, allowed));

        Word storage word_ = _words[jobId][word];
        Challenge[] storage challenges = _challenges[jobId][word];
        uint256 index = challenges.length;
        require(index < MAX_CHALLENGES, TooManyChallenges(jobId, word));
        ++word_.challenges;
        challenges.push(Challenge({challenger: challenger, mask: mask}));
        _keepTruth(jobId, word, truth, truth.challenged | mask, truth.decided, keccak256(truth.verdicts));
        uint256 bond = Masks.count(mask) * job_.challengeBond;
        emit GoldChallenged(jobId, word, challenger, index, mask, bond);
        _receive(job_.token, challenger, bond);
    }

    /// @inheritdoc IConsensusTruth
    function settleChallenge(uint256 jobId, uint256 word, uint256 index, Truth calldata truth) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        _requireTruth(jobId, word, truth);
        require(index < _challenges[jobId][word].length, NoSuchChallenge(jobId, word, index));
        Challenge memory challenge_ = _challenges[jobId][word][index];
        require(challenge_.mask != 0, NoSuchChallenge(jobId, word, index));
        bool decided = challenge_.mask & ~truth.decided == 0;
        if (!decided) _requireBetween(_end(job_, Phase.Expert), type(uint256).max);

        uint256 confirmed;
        for (uint256 left = challenge_.mask & truth.decided; left != 0; left &= left - 1) {
            uint256 task = LibBit.ffs(left);
            if (truth.verdicts[task] == truth.labels[task]) ++confirmed;
        }
        uint256 bond = job_.challengeBond;
        uint256 forfeited = confirmed * bond;
        uint256 returned = (Masks.count(challenge_.mask) - confirmed) * bond;
        _challenges[jobId][word][index].mask = 0;
        --_words[jobId][word].challenges;
        emit ChallengeEnded(jobId, word, index, returned, forfeited);
        _credit(job_.token, _sink, forfeited);
        _pay(job_.token, challenge_.challenger, returned);
    }

    /* EXPERTS */

    /// @inheritdoc IConsensusTruth
    function decide(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        Truth calldata truth,
        SealedSeat[] calldata audited,
        bytes calldata panelData
    ) external nonReentrant {
        _decide(msg.sender, jobId, word, mask, verdicts, truth, audited, panelData);
    }

    /// @inheritdoc IConsensusTruth
    function decideBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        Truth calldata truth,
        SealedSeat[] calldata audited,
        bytes calldata panelData,
        Authorization calldata auth
    ) external nonReentrant {
        bytes32 what = keccak256(
            abi.encode(DECIDE_TYPEHASH, jobId, word, mask, keccak256(verdicts), auth.signer, auth.nonce, auth.deadline)
        );
        _authorize(what, auth);
        _decide(auth.signer, jobId, word, mask, verdicts, truth, audited, panelData);
    }

    function _decide(
        address expert,
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        Truth calldata truth,
        SealedSeat[] calldata audited,
        bytes calldata panelData
    ) private {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Expert);
        _requireOpened(jobId);
        _requireTruth(jobId, word, truth);
        _requireExpert(jobId, job_, word, expert, panelData);
        {
            uint256 drawn = _drawn(jobId, word, truth.salt, audited);
            uint256 allowed = (truth.challenged | (drawn & ~truth.gold)) & ~truth.decided;
            require(mask != 0 && mask & ~allowed == 0, TasksNotAvailable(word, mask, allowed));
        }
        uint256 labelled = Labels.check(verdicts, _labelsLength(job_, word), job_.classes);
        require(labelled & ~mask == 0, TasksNotLabelled(word, labelled, mask));

        uint256 fee = _takeFee(jobId, job_, mask);
        bytes memory all = truth.decided == 0 ? verdicts : Labels.merge(truth.verdicts, verdicts);
        _keepTruth(jobId, word, truth, truth.challenged, truth.decided | mask, keccak256(all));
        emit TruthDecided(jobId, word, expert, mask, verdicts, fee);
        _pay(job_.token, expert, fee);
    }

    /// @dev Tasks that are drawn for the audit of one of these seats.
    function _drawn(uint256 jobId, uint256 word, bytes32 goldSalt, SealedSeat[] calldata seats)
        private
        view
        returns (uint256 drawn)
    {
        if (seats.length == 0) return 0;
        bytes32 seed = _seed(_words[jobId][word], goldSalt);
        for (uint256 i = 0; i < seats.length; ++i) {
            _requireRevealed(jobId, word, seats[i].seat, seats[i].content);
            drawn |= _auditOf(seed, seats[i].seat);
        }
    }

    /* SCORES */

    /// @inheritdoc IConsensusTruth
    function score(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats)
        external
        nonReentrant
    {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Score);
        _requireOpened(jobId);
        _requireTruth(jobId, word, truth);
        Word storage word_ = _words[jobId][word];
        require(word_.state == WordState.Open, WrongWordState(jobId, word, word_.state));
        uint256 undecided = truth.challenged & ~truth.decided;
        require(undecided == 0, TasksUndecided(jobId, word, undecided));
        _requireAllRevealed(jobId, word, seats);

        word_.state = WordState.Scored;
        uint256 classes = job_.classes;
        uint256[] memory known = _known(truth, classes);
        _bookScore(jobId, known, classes);
        for (uint256 i = 0; i < seats.length; ++i) {
            _count(jobId, Confusion.size(classes), known, seats[i]);
        }
        emit WordScored(jobId, word);
    }

    /// @dev Gold of words that are not scored measures nobody, so it has no part in what an answer weighs either.
    function _bookScore(uint256 jobId, uint256[] memory known, uint256 classes) private {
        Book storage book = _books[jobId];
        uint256 gold = book.gold;
        // A job has fewer tasks than a count of 24 bits holds.
        unchecked {
            for (uint256 i = 0; i < known.length; ++i) {
                (, uint256 row) = _split(known[i]);
                gold += 1 << Merit.GOLD_BITS * (row / classes);
            }
        }
        book.gold = uint192(gold);
        ++book.scored;
    }

    function _count(uint256 jobId, uint256 size, uint256[] memory known, RevealedSeat calldata revealed) private {
        uint256[] memory matrix = new uint256[](size);
        address annotator = revealed.seat.annotator;
        uint256 mask = revealed.seat.mask;
        bytes calldata labels = revealed.labels;
        _loadMatrix(jobId, annotator, matrix, 0);
        for (uint256 i = 0; i < known.length; ++i) {
            (uint256 task, uint256 row) = _split(known[i]);
            if (mask >> task & 1 != 0) Confusion.add(matrix, row, uint8(bytes1(LibBytes.loadCalldata(labels, task))));
        }
        for (uint256 i = 0; i < matrix.length; ++i) {
            if (matrix[i] != 0) _matrices[jobId][annotator][i] = matrix[i];
        }
    }

    /* INSIDE */

    function _requireOpened(uint256 jobId) internal view {
        Book storage book = _books[jobId];
        require(_isOpened(book), GoldNotOpened(book.opened, book.seated));
    }

    function _keepTruth(
        uint256 jobId,
        uint256 word,
        Truth calldata truth,
        uint256 challenged,
        uint256 decided,
        bytes32 verdictsHash
    ) private {
        _wordDigests[jobId][word] = _truthDigest(
            truth.gold, challenged, decided, keccak256(truth.labels), verdictsHash, truth.salt
        );
    }
}
