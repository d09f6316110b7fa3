// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainRule} from "./PlainRule.sol";

/// @title ExpertRule
/// @notice Accepts what all annotators agree on, and leaves the rest to the job's experts.
/// @custom:kill None needed: it holds nothing.
contract ExpertRule is PlainRule {
    function _threshold(Ballot calldata) internal pure override returns (uint256) {
        return BPS;
    }
}
