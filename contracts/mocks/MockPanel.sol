// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IExpertPanel} from "../../interfaces/IExpertPanel.sol";

/// @title MockPanel
/// @notice A panel of one expert for each job.
contract MockPanel is IExpertPanel {
    mapping(uint256 jobId => mapping(address account => bool)) public known;

    function setExpert(uint256 jobId, address account, bool isKnown) external {
        known[jobId][account] = isKnown;
    }

    /// @inheritdoc IExpertPanel
    function isExpert(uint256 jobId, address account, bytes calldata) external view returns (bool) {
        return known[jobId][account];
    }
}
