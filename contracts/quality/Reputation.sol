// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IReputation} from "../../interfaces/IReputation.sol";
import {Owned} from "../access/Owned.sol";

/// @title Reputation
/// @notice Counters of answers that were checked against the truth: see `IReputation`.
/// @custom:kill None: the owner can list no market; what is counted fades by itself.
contract Reputation is IReputation, Owned {
    uint256 private constant BPS = 10_000;
    uint256 private constant CLASSES = 8;
    uint256 private constant COUNTER_BITS = 15;
    uint256 private constant CLASS_BITS = 30;
    uint256 private constant COUNTER = (1 << COUNTER_BITS) - 1;
    uint256 private constant PERIOD_AT = 240;

    /// @inheritdoc IReputation
    uint256 public constant PERIOD = 90 days;
    /// @inheritdoc IReputation
    uint256 public constant PRIOR = 5;
    /// @inheritdoc IReputation
    uint256 public constant GOOD = 9_000;
    /// @inheritdoc IReputation
    uint256 public constant POOR = 5_000;

    /// @inheritdoc IReputation
    mapping(address market => bool) public isWriter;

    mapping(address account => mapping(bytes32 domain => uint256)) private _slots;

    constructor(address owner_) Ownable(owner_) {}

    /// @inheritdoc IReputation
    function setWriter(address market, bool listed) external onlyOwner {
        isWriter[market] = listed;
        emit WriterSet(market, listed);
    }

    /// @inheritdoc IReputation
    function record(address account, bytes32 domain, uint256 answers) external {
        require(isWriter[msg.sender], NotListed(msg.sender));
        require(answers >> PERIOD_AT == 0, BadAnswers(answers));
        uint256 before = answersOf(account, domain);
        uint256 slot = (block.timestamp / PERIOD) << PERIOD_AT;
        for (uint256 class = 0; class < CLASSES; ++class) {
            (uint256 right, uint256 asked) = _counters(answers, class);
            require(right <= asked, BadAnswers(answers));
            (uint256 rightBefore, uint256 askedBefore) = _counters(before, class);
            if (asked + askedBefore > COUNTER) (rightBefore, askedBefore) = (rightBefore / 2, askedBefore / 2);
            if (asked + askedBefore > COUNTER) (right, asked) = (right / 2, asked / 2);
            slot |= (right + rightBefore | (asked + askedBefore) << COUNTER_BITS) << CLASS_BITS * class;
        }
        _slots[account][domain] = slot;
        emit AnswersRecorded(account, domain, msg.sender, answers);
    }

    /// @inheritdoc IReputation
    function answersOf(address account, bytes32 domain) public view returns (uint256 answers) {
        uint256 slot = _slots[account][domain];
        uint256 age = block.timestamp / PERIOD - (slot >> PERIOD_AT);
        for (uint256 class = 0; class < CLASSES; ++class) {
            (uint256 right, uint256 asked) = _counters(slot, class);
            answers |= (right >> age | (asked >> age) << COUNTER_BITS) << CLASS_BITS * class;
        }
    }

    /// @inheritdoc IReputation
    function standingOf(address account, bytes32 domain, uint256 classes) public view returns (uint256 standing) {
        require(classes >= 2 && classes <= CLASSES, BadClasses(classes));
        uint256 answers = answersOf(account, domain);
        for (uint256 class = 0; class < classes; ++class) {
            (uint256 right, uint256 asked) = _counters(answers, class);
            standing += right * BPS / (asked + PRIOR);
        }
        standing /= classes;
    }

    /// @inheritdoc IReputation
    function riskOf(address account, bytes32 domain, uint256 classes) external view returns (uint256) {
        uint256 standing = standingOf(account, domain, classes);
        uint256 missing = Math.min(Math.saturatingSub(GOOD, standing), GOOD - POOR);
        return Math.ceilDiv(missing * BPS, GOOD - POOR);
    }

    function _counters(uint256 answers, uint256 class) private pure returns (uint256 right, uint256 asked) {
        uint256 counters = answers >> CLASS_BITS * class;
        return (counters & COUNTER, counters >> COUNTER_BITS & COUNTER);
    }
}
