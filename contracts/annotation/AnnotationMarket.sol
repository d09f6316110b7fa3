// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {Governed} from "../access/Governed.sol";
import {Difficulty} from "../libraries/Difficulty.sol";
import {Masks} from "../libraries/Masks.sol";
import {MarketReview} from "./MarketReview.sol";

/// @title AnnotationMarket
/// @notice Jobs: their terms, their bounty, their end. Claims and batches stand in `MarketClaims`, review and disputes in
/// `MarketReview`, storage and views in `MarketBook`.
/// @custom:kill `pause` stops new jobs and claims; everything that is open runs to its end, and all exits and withdrawals
/// work. There is no other switch.
contract AnnotationMarket is MarketReview {
    uint256 private constant MAX_TASKS = 1 << 20;
    uint256 private constant MAX_BOND_BPS = BPS;
    uint256 private constant MAX_ROYALTY_BPS = 9_000;
    // A fee that annotators cannot deposit would make every rejection stand.
    uint256 private constant MAX_ARBITER_FEE_REWARDS = 100;
    uint256 private constant MIN_REJECT_FEE_BPS = 500;
    uint256 private constant MAX_REJECT_FEE_BPS = 5_000;
    uint256 private constant MIN_CLAIM_WINDOW = 1 minutes;
    uint256 private constant MIN_WINDOW = 1 hours;
    uint256 private constant MAX_WINDOW = 30 days;
    uint256 private constant MAX_DURATION = 730 days;

    bytes32 private constant JOB_TERMS_TYPEHASH = keccak256(
        "JobTerms(address creator,address token,uint96 reward,uint24 taskCount,uint24 claimWindow,uint24 reviewWindow,"
        "uint24 appealWindow,uint24 decisionWindow,uint40 deadline,uint16 maxOpen,uint16 bondBps,uint16 feeBps,"
        "uint16 rejectFeeBps,uint16 royaltyBps,address arbiter,uint96 arbiterFee,address hook,bytes32 dataRoot,"
        "uint64 dataLength,bytes32 instructionsHash,uint128 multipliers,uint256[] wordClasses)"
    );
    bytes32 private constant ACCEPTANCE_TYPEHASH =
        keccak256("ArbiterAcceptance(bytes32 termsHash,address arbiter,uint256 deadline)");

    /// @param owner_ See `IGoverned` for his powers.
    /// @param feeRecipient_ Takes protocol fees and forfeited deposits, for ever.
    constructor(address owner_, address feeRecipient_)
        EIP712("Winnow AnnotationMarket", "1")
        Governed(owner_, feeRecipient_)
    {}

    /* JOBS */

    /// @inheritdoc IAnnotationMarket
    function createJob(
        JobTerms calldata terms,
        uint256[] calldata wordClasses,
        uint256 arbiterDeadline,
        bytes calldata arbiterSignature
    ) external payable nonReentrant whenNotPaused returns (uint256 jobId) {
        _checkTerms(terms);
        bytes32 termsHash = hashTerms(msg.sender, terms, wordClasses);
        _checkArbiter(terms, termsHash, arbiterDeadline, arbiterSignature);

        jobId = ++jobCount;
        _open(jobId, terms, termsHash);
        uint256 funds = _fund(jobId, terms, wordClasses);
        emit JobCreated(jobId, msg.sender, termsHash, terms, wordClasses, funds);
        _receive(terms.token, msg.sender, funds);
    }

    /// @inheritdoc IAnnotationMarket
    function close(uint256 jobId) external nonReentrant {
        Job storage job_ = _jobs[jobId];
        require(job_.state == JobState.Open, WrongJobState(jobId, job_.state));
        if (msg.sender != job_.creator) _requirePassed(job_.deadline);

        uint256 tasks = job_.open;
        uint256 refund = _freeFunds(jobId, job_);
        job_.open = 0;
        if (_hasClasses(job_)) _classBooks[jobId].freeFunds = 0;
        job_.state = JobState.Closing;
        emit JobClosing(jobId, tasks, refund);
        _closeIfSettled(jobId, job_);
        _pay(_token(job_), job_.creator, refund);
    }

    /// @inheritdoc IAnnotationMarket
    function hashTerms(address creator, JobTerms calldata terms, uint256[] calldata wordClasses)
        public
        pure
        returns (bytes32)
    {
        bytes32 classesHash = keccak256(abi.encodePacked(wordClasses));
        return keccak256(abi.encode(JOB_TERMS_TYPEHASH, creator, terms, classesHash));
    }

    /* OPENING */

    /// @dev Takes the terms in memory, so that each slot is written once.
    function _open(uint256 jobId, JobTerms memory terms, bytes32 termsHash) private {
        Job storage job_ = _jobs[jobId];
        job_.open = terms.taskCount;
        job_.taskCount = terms.taskCount;
        job_.claimWindow = terms.claimWindow;
        job_.reviewWindow = terms.reviewWindow;
        job_.deadline = terms.deadline;
        job_.maxOpen = terms.maxOpen;
        job_.bondBps = terms.bondBps;
        job_.state = JobState.Open;
        job_.flags = _flags(terms);
        job_.creator = msg.sender;
        job_.reward = terms.reward;
        job_.token = terms.token;
        job_.feeBps = terms.feeBps;
        job_.rejectFeeBps = terms.rejectFeeBps;
        job_.royaltyBps = terms.royaltyBps;
        job_.appealWindow = terms.appealWindow;
        job_.decisionWindow = terms.decisionWindow;
        job_.arbiter = terms.arbiter;
        job_.arbiterFee = terms.arbiterFee;
        job_.termsHash = termsHash;
        if (terms.hook != address(0)) job_.hook = terms.hook;
    }

    function _flags(JobTerms memory terms) private pure returns (uint8 flags) {
        if (terms.hook != address(0)) flags |= HAS_HOOK;
        if (terms.multipliers != 0) flags |= HAS_CLASSES;
        if (terms.token != NATIVE) flags |= HAS_TOKEN;
        if (terms.feeBps != 0) flags |= HAS_FEE;
    }

    /// @dev Books the difficulty classes, if there are any, and returns the bounty.
    function _fund(uint256 jobId, JobTerms calldata terms, uint256[] calldata wordClasses)
        private
        returns (uint256 funds)
    {
        if (terms.multipliers == 0) {
            require(wordClasses.length == 0, BadWordClasses(0));
            return _freeFunds(jobId, _jobs[jobId]);
        }
        uint256 words = (uint256(terms.taskCount) + Masks.WORD - 1) / Masks.WORD;
        uint256 slots = (words + Difficulty.WORDS_PER_SLOT - 1) / Difficulty.WORDS_PER_SLOT;
        require(wordClasses.length == slots, BadWordClasses(wordClasses.length));
        for (uint256 word = 0; word < words; ++word) {
            uint256 nibbles = wordClasses[word / Difficulty.WORDS_PER_SLOT];
            uint256 reward = terms.reward
                * Difficulty.multiplierAt(terms.multipliers, nibbles, word % Difficulty.WORDS_PER_SLOT) / BPS;
            require(reward != 0, BadWordClasses(word));
            uint256 tasks = word + 1 < words ? Masks.WORD : terms.taskCount - word * Masks.WORD;
            funds += tasks * (reward + reward * terms.feeBps / BPS);
        }
        for (uint256 i = 0; i < slots; ++i) {
            _wordClasses[jobId][i] = wordClasses[i];
        }
        _classBooks[jobId] = ClassBook({multipliers: terms.multipliers, approvedWeight: 0, freeFunds: funds});
    }

    /* CHECKS */

    function _checkTerms(JobTerms calldata terms) private view {
        require(terms.feeBps == feeBps, FeeChanged(terms.feeBps, feeBps));
        _bound("reward", terms.reward, 1, type(uint96).max);
        _bound("taskCount", terms.taskCount, 1, MAX_TASKS);
        _bound("claimWindow", terms.claimWindow, MIN_CLAIM_WINDOW, MAX_WINDOW);
        _bound("reviewWindow", terms.reviewWindow, MIN_WINDOW, MAX_WINDOW);
        _bound("deadline", terms.deadline, block.timestamp + terms.claimWindow, block.timestamp + MAX_DURATION);
        _bound("maxOpen", terms.maxOpen, 1, type(uint16).max);
        _bound("bondBps", terms.bondBps, 0, MAX_BOND_BPS);
        _bound("royaltyBps", terms.royaltyBps, 0, MAX_ROYALTY_BPS);
        bool disputes = terms.arbiter != address(0);
        _bound("appealWindow", terms.appealWindow, disputes ? MIN_WINDOW : 0, disputes ? MAX_WINDOW : 0);
        _bound("decisionWindow", terms.decisionWindow, disputes ? MIN_WINDOW : 0, disputes ? MAX_WINDOW : 0);
        _bound("rejectFeeBps", terms.rejectFeeBps, disputes ? MIN_REJECT_FEE_BPS : 0, disputes ? MAX_REJECT_FEE_BPS : 0);
        _bound("arbiterFee", terms.arbiterFee, 0, disputes ? terms.reward * MAX_ARBITER_FEE_REWARDS : 0);
        _checkCode(terms.token);
        _checkCode(terms.hook);
    }

    /// @dev The arbiter is nobody's own judge, and has agreed to these very terms.
    function _checkArbiter(
        JobTerms calldata terms,
        bytes32 termsHash,
        uint256 arbiterDeadline,
        bytes calldata arbiterSignature
    ) private view {
        address arbiter = terms.arbiter;
        require(msg.sender != feeRecipient, RoleConflict(msg.sender));
        if (arbiter == address(0)) return;
        require(arbiter != msg.sender && arbiter != feeRecipient, RoleConflict(arbiter));
        bytes32 structHash = keccak256(abi.encode(ACCEPTANCE_TYPEHASH, termsHash, arbiter, arbiterDeadline));
        _checkSignature(arbiter, structHash, arbiterDeadline, arbiterSignature);
    }

    function _bound(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, TermOutOfBounds(field, value, min, max));
    }

    function _checkCode(address account) private view {
        require(account == address(0) || account.code.length != 0, NotAContract(account));
    }
}
