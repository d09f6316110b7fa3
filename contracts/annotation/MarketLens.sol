// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {IMarketLens} from "../../interfaces/IMarketLens.sol";
import {BatchTree} from "../libraries/BatchTree.sol";
import {Masks} from "../libraries/Masks.sol";

/// @title MarketLens
/// @notice Views on an annotation market that need no storage of their own.
/// @custom:kill None needed: it holds nothing and decides nothing.
contract MarketLens is IMarketLens {
    using Masks for uint256;

    uint256 private constant SEQUENCE_BITS = 24;

    /// @inheritdoc IMarketLens
    IAnnotationMarket public immutable market;

    constructor(IAnnotationMarket market_) {
        market = market_;
    }

    /// @inheritdoc IMarketLens
    function claimOf(uint256 claimId) external view returns (ClaimView memory view_) {
        uint256 jobId = claimId >> SEQUENCE_BITS;
        IAnnotationMarket.RecordView memory record = market.claimRecord(claimId);
        IAnnotationMarket.Job memory job = market.job(jobId);
        (uint256 reward,, uint256 bond) = market.taskPay(jobId, record.word);
        bool submitted = record.state == IAnnotationMarket.ClaimState.Submitted;
        return ClaimView({
            jobId: jobId,
            annotator: record.annotator,
            state: record.state,
            dispute: record.dispute,
            word: record.word,
            mask: record.mask,
            disputed: record.disputed,
            unlocksAt: _unlocksAt(record, job),
            reviewEndsAt: submitted ? record.time + job.reviewWindow : 0,
            pay: record.mask.count() * (reward + bond)
        });
    }

    /// @inheritdoc IMarketLens
    function claimsOf(uint256 jobId, address annotator, uint256 from, uint256 to)
        external
        view
        returns (uint256[] memory ids)
    {
        uint256 records = market.job(jobId).records;
        if (to > records) to = records;
        uint256[] memory found = new uint256[](from < to ? to - from : 0);
        uint256 count;
        for (uint256 sequence = from; sequence < to; ++sequence) {
            uint256 claimId = jobId << SEQUENCE_BITS | sequence;
            address holder = market.claimRecord(claimId).annotator;
            if (holder == annotator && holder != address(0)) found[count++] = claimId;
        }
        ids = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            ids[i] = found[i];
        }
    }

    /// @inheritdoc IMarketLens
    function isAccepted(Acceptance calldata a) external view returns (bool) {
        IAnnotationMarket.RecordView memory record = market.claimRecord(a.claimId);
        bytes32 commitment = keccak256(abi.encode(a.annotator, a.task / Masks.WORD, a.root, a.done));
        if (record.commitment != commitment) return false;
        (bool submitted, uint256 bit) = _bitOf(a);
        if (!submitted || (record.mask | record.disputed) >> bit & 1 != 0) return false;

        bytes32 node = resultLeaf(a.claimId >> SEQUENCE_BITS, a.task, a.annotator, a.resultHash, a.salt);
        uint256 index = (a.done & ((1 << bit) - 1)).count();
        return BatchTree.verify(a.root, node, index, a.done.count(), a.proof);
    }

    /// @inheritdoc IMarketLens
    function resultLeaf(uint256 jobId, uint256 task, address annotator, bytes32 resultHash, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return BatchTree.leaf(address(market), jobId, task, annotator, resultHash, salt);
    }

    function _bitOf(Acceptance calldata a) private pure returns (bool submitted, uint256 bit) {
        bit = a.task % Masks.WORD;
        submitted = a.done >> bit & 1 != 0;
    }

    function _unlocksAt(IAnnotationMarket.RecordView memory record, IAnnotationMarket.Job memory job)
        private
        pure
        returns (uint256)
    {
        if (record.dispute == IAnnotationMarket.DisputeState.Rejected) return record.disputedAt + job.appealWindow;
        if (record.dispute == IAnnotationMarket.DisputeState.Appealed) return record.disputedAt + job.decisionWindow;
        if (record.state == IAnnotationMarket.ClaimState.Submitted) return record.time + job.reviewWindow;
        return record.time;
    }
}
