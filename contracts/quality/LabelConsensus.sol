// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IConsensusMarket} from "../../interfaces/IConsensusMarket.sol";
import {IConsensusTruth} from "../../interfaces/IConsensusTruth.sol";
import {IReputation} from "../../interfaces/IReputation.sol";
import {IStaking} from "../../interfaces/IStaking.sol";
import {Governed} from "../access/Governed.sol";
import {Difficulty} from "../libraries/Difficulty.sol";
import {Masks} from "../libraries/Masks.sol";
import {ConsensusBook} from "./consensus/ConsensusBook.sol";
import {ConsensusExtension} from "./consensus/ConsensusExtension.sol";
import {ConsensusSeats} from "./consensus/ConsensusSeats.sol";
import {ConsensusSettlement} from "./consensus/ConsensusSettlement.sol";

/// @title LabelConsensus
/// @notice Jobs: their terms, their money, their end. Seats stand in `ConsensusSeats`, labels and pay in
/// `ConsensusSettlement`, storage in `ConsensusBook`; reveals, gold, experts and views in the extension. See `ILabelConsensus`.
/// @dev The extension runs in this contract's storage, which begins alike in both. It is set once and for ever: nothing here
/// can be upgraded.
/// @custom:kill `pause` stops new jobs and seats; everything that is open runs to its end, and all exits and withdrawals
/// work. There is no other switch.
contract LabelConsensus is ConsensusSettlement, Proxy {
    /// @inheritdoc IConsensusMarket
    address public immutable extension;

    /// @dev The contracts that it belongs to may be deployed after it, at addresses that are known before; whoever deploys
    /// checks that they are what they should be, as `ape run deploy` does.
    /// @param extension_ A `ConsensusExtension` of the same fee recipient.
    constructor(
        address owner_,
        address feeRecipient_,
        IStaking staking_,
        IReputation reputation_,
        ConsensusExtension extension_
    )
        EIP712("Winnow LabelConsensus", "1")
        ConsensusBook(feeRecipient_)
        ConsensusSeats(staking_, reputation_)
        Governed(owner_, feeRecipient_)
    {
        extension = address(extension_);
    }

    /* JOBS */

    /// @inheritdoc IConsensusMarket
    function createJob(JobTerms calldata terms, uint256[] calldata wordClasses)
        external
        payable
        nonReentrant
        whenNotPaused
        returns (uint256 jobId)
    {
        _checkTerms(terms);
        bytes32 termsHash = _hashTerms(msg.sender, terms, wordClasses);
        jobId = ++_jobCount;
        _open(jobId, terms, termsHash);
        uint256 bounty = _bounty(jobId, terms, wordClasses);
        // 96 bits of pay, 3 of difficulty, 16 of tasks, 6 of annotators, and the fee.
        _books[jobId].balance = uint128(bounty);
        _books[jobId].expertBudget = terms.expertBudget;
        uint256 funds = bounty + terms.expertBudget;
        emit JobOpened(jobId, msg.sender, termsHash, terms, wordClasses, funds);
        _receive(terms.token, msg.sender, funds);
    }

    /* OPENING */

    function _open(uint256 jobId, JobTerms calldata terms, bytes32 termsHash) private {
        Job storage job_ = _jobs[jobId];
        job_.seatsUntil = terms.seatsUntil;
        job_.ends = _ends(terms.windows);
        job_.taskCount = terms.taskCount;
        job_.classes = terms.classes;
        job_.redundancy = terms.redundancy;
        job_.state = JobState.Open;
        job_.panelKind = terms.panelKind;
        job_.flags = _flags(terms);
        job_.minSeat = terms.minSeat;
        job_.stake = terms.stake;
        job_.maxStakeBps = terms.maxStakeBps;
        job_.auditBps = terms.auditBps;
        job_.maxAuditBps = terms.maxAuditBps;
        job_.goldBps = terms.goldBps;
        job_.creator = msg.sender;
        job_.pay = terms.pay;
        job_.token = terms.token;
        job_.feeBps = terms.feeBps;
        job_.acceptBps = terms.acceptBps;
        job_.noiseBps = terms.noiseBps;
        job_.slopeBps = terms.slopeBps;
        job_.rule = terms.rule;
        job_.expertFee = terms.expertFee;
        job_.hook = terms.hook;
        job_.challengeBond = terms.challengeBond;
        job_.multipliers = terms.multipliers;
        job_.parent = terms.parent;
        job_.unit = terms.domain == 0 ? 0 : _units[terms.token];
        job_.panel = terms.panel;
        job_.goldRoot = terms.goldRoot;
        job_.domain = terms.domain;
        job_.termsHash = termsHash;
    }

    function _flags(JobTerms calldata terms) private pure returns (uint8 flags) {
        if (terms.hook != address(0)) flags |= HAS_HOOK;
        if (terms.domain != 0) flags |= HAS_DOMAIN;
        if (terms.multipliers != 0) flags |= HAS_CLASSES;
        if (terms.parent != 0) flags |= HAS_PARENT;
    }

    /// @dev The last second of each phase, counted from the end of the phase in which seats are taken.
    function _ends(uint24[6] calldata windows) private pure returns (uint144 ends) {
        uint256 end;
        for (uint256 i = 0; i < windows.length; ++i) {
            end += windows[i];
            ends |= uint144(end << END_BITS * i);
        }
    }

    /// @dev Books the difficulty classes, if there are any, and returns what all labels can cost at most.
    function _bounty(uint256 jobId, JobTerms calldata terms, uint256[] calldata wordClasses)
        private
        returns (uint256 bounty)
    {
        uint256 words = Masks.words(terms.taskCount);
        uint256 slots = (words + Difficulty.WORDS_PER_SLOT - 1) / Difficulty.WORDS_PER_SLOT;
        require(wordClasses.length == (terms.multipliers == 0 ? 0 : slots), BadWordClasses(wordClasses.length));
        for (uint256 i = 0; i < wordClasses.length; ++i) {
            _wordClasses[jobId][i] = wordClasses[i];
        }
        Job storage job_ = _jobs[jobId];
        for (uint256 word = 0; word < words; ++word) {
            (uint256 pay, uint256 fee) = _taskPay(jobId, job_, word);
            require(pay != 0, BadWordClasses(word));
            // At most 2^16 tasks, 117 bits each.
            unchecked {
                bounty += Masks.count(_tasksIn(job_, word)) * (pay + fee) * terms.redundancy;
            }
        }
    }

    /* CHECKS */

    /// @dev What only this half can check; the rest is for the extension.
    function _checkTerms(JobTerms calldata terms) private view {
        require(terms.feeBps == feeBps, FeeChanged(terms.feeBps, feeBps));
        require(terms.domain == 0 || address(reputation) != address(0), NoReputation());
        IConsensusTruth(address(this)).checkTerms(msg.sender, terms, staking.stakeToken());
    }

    /* EXTENSION */

    /// @dev What this contract has no function for.
    function _implementation() internal view override returns (address) {
        return extension;
    }

    /// @dev What this contract calls of it by itself.
    function _extend(bytes memory call) internal override {
        // slither-disable-next-line unused-return
        Address.functionDelegateCall(extension, call);
    }
}
