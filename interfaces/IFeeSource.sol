// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IFeeSource
/// @notice Tells what protocol fees were really paid for final work, which is what rewards are measured by.
/// @dev Both amounts are sums over all time in base units of `token`, never more than what was paid; a job's token never
/// changes. Where an amount falls, what was rewarded before stays rewarded, and nothing is until it has risen above it again.
interface IFeeSource {
    /// @notice The contract that the fees were paid to, whose numbers of jobs all functions take; it never changes. All sources
    /// of one origin tell of the same fees, so what one of them told is not counted again when another tells it.
    function origin() external view returns (address);

    /// @notice The fees paid for what `account` did in a job, as far as that is final.
    function feesOf(uint256 jobId, address account) external view returns (address token, uint256 fees);

    /// @notice The fees paid for everything in a job that is final.
    function feesOfJob(uint256 jobId) external view returns (address token, uint256 fees);
}
