// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAnnotationMarket} from "../../../interfaces/IAnnotationMarket.sol";
import {IFeeSource} from "../../../interfaces/IFeeSource.sol";

/// @title ReviewedFees
/// @notice The fees that were paid for approved tasks of an annotation market.
/// @dev The market keeps no sums of fees. In jobs without difficulty classes they follow from the counts; in others each task
/// rounds down twice, for which two base units a task are taken off, so that the answer is never too high. Only where a task's
/// fee is less than that can an approval make the answer fall, by at most two base units a task.
/// @custom:kill None needed: it holds nothing and decides nothing.
contract ReviewedFees is IFeeSource {
    uint256 private constant BPS = 10_000;
    uint256 private constant HAS_CLASSES = 2;
    uint256 private constant ROUNDINGS = 2;

    /// @notice The market.
    IAnnotationMarket public immutable market;

    constructor(IAnnotationMarket market_) {
        market = market_;
    }

    /// @inheritdoc IFeeSource
    function origin() external view returns (address) {
        return address(market);
    }

    /// @inheritdoc IFeeSource
    function feesOf(uint256 jobId, address account) external view returns (address token, uint256 fees) {
        IAnnotationMarket.Account memory standing = market.accountOf(jobId, account);
        return _fees(market.job(jobId), standing.approved, standing.weight);
    }

    /// @inheritdoc IFeeSource
    function feesOfJob(uint256 jobId) external view returns (address token, uint256 fees) {
        IAnnotationMarket.Job memory job = market.job(jobId);
        return _fees(job, job.approved, market.approvedWeight(jobId));
    }

    /// @param tasks Approved tasks.
    /// @param weight The same, each with its difficulty in basis points.
    function _fees(IAnnotationMarket.Job memory job, uint256 tasks, uint256 weight)
        private
        pure
        returns (address token, uint256 fees)
    {
        if (job.flags & HAS_CLASSES == 0) return (job.token, tasks * (uint256(job.reward) * job.feeBps / BPS));
        fees = Math.saturatingSub(uint256(job.reward) * weight * job.feeBps / (BPS * BPS), ROUNDINGS * tasks);
        return (job.token, fees);
    }
}
