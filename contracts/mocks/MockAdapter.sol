// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IFeeSource} from "../../interfaces/IFeeSource.sol";

/// @title MockAdapter
/// @notice Another source of the fees of a market: it tells `less` base units less of each amount, as one does that rounds.
contract MockAdapter is IFeeSource {
    IFeeSource public immutable market;
    uint256 public immutable less;

    constructor(IFeeSource market_, uint256 less_) {
        (market, less) = (market_, less_);
    }

    /// @inheritdoc IFeeSource
    function origin() external view returns (address) {
        return address(market);
    }

    /// @inheritdoc IFeeSource
    function feesOf(uint256 jobId, address account) external view returns (address token, uint256 fees) {
        (token, fees) = market.feesOf(jobId, account);
        return (token, Math.saturatingSub(fees, less));
    }

    /// @inheritdoc IFeeSource
    function feesOfJob(uint256 jobId) external view returns (address token, uint256 fees) {
        (token, fees) = market.feesOfJob(jobId);
        return (token, Math.saturatingSub(fees, less));
    }
}
