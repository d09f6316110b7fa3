// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IFeeSource} from "../../interfaces/IFeeSource.sol";

/// @title MockFees
/// @notice A market of which everybody can say what fees were paid, or one that does not answer.
contract MockFees is IFeeSource {
    error Silent();

    bool public silent;

    address private _origin = address(this);
    mapping(uint256 jobId => address) private _tokens;
    mapping(uint256 jobId => uint256) private _totals;
    mapping(uint256 jobId => mapping(address account => uint256)) private _fees;

    /// @notice From now on `fees` base units of `token` were paid for what `account` did in a job.
    function setFees(uint256 jobId, address token, address account, uint256 fees) external {
        _tokens[jobId] = token;
        _totals[jobId] = _totals[jobId] + fees - _fees[jobId][account];
        _fees[jobId][account] = fees;
    }

    function setSilent(bool silent_) external {
        silent = silent_;
    }

    function setOrigin(address origin_) external {
        _origin = origin_;
    }

    /// @inheritdoc IFeeSource
    function origin() external view returns (address) {
        require(!silent, Silent());
        return _origin;
    }

    /// @inheritdoc IFeeSource
    function feesOf(uint256 jobId, address account) external view returns (address token, uint256 fees) {
        require(!silent, Silent());
        return (_tokens[jobId], _fees[jobId][account]);
    }

    /// @inheritdoc IFeeSource
    function feesOfJob(uint256 jobId) external view returns (address token, uint256 fees) {
        require(!silent, Silent());
        return (_tokens[jobId], _totals[jobId]);
    }
}
