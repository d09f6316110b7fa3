// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainRule} from "./PlainRule.sol";

/// @title MajorityRule
/// @notice The class with most votes, where its share of them reaches the job's threshold. Every answer counts the same.
/// @custom:kill None needed: it holds nothing.
contract MajorityRule is PlainRule {
    function _threshold(Ballot calldata ballot) internal pure override returns (uint256) {
        return ballot.acceptBps;
    }
}
