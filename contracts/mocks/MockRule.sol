// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusRule} from "../../interfaces/IConsensusRule.sol";

/// @title MockRule
/// @notice Accepts what it was made with, whatever was answered. Not quite a rule: it reads what it was made with.
contract MockRule {
    uint256 private immutable _label;
    uint256 private immutable _extra;

    /// @param label Of every task, also of those that are not there.
    /// @param extra Bytes more than there should be.
    constructor(uint256 label, uint256 extra) {
        (_label, _extra) = (label, extra);
    }

    function tally(IConsensusRule.Ballot calldata ballot) external view returns (bytes memory labels, uint256 voted) {
        labels = new bytes(ballot.labels[0].length + _extra);
        for (uint256 i = 0; i < labels.length; ++i) {
            labels[i] = bytes1(uint8(_label));
        }
        voted = type(uint256).max;
    }
}
