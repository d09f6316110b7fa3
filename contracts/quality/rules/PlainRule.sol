// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tally} from "../../libraries/Tally.sol";
import {SumRule} from "./SumRule.sol";

/// @title PlainRule
/// @notice The class with most votes, if no other has as many and its share of the votes reaches a threshold.
abstract contract PlainRule is SumRule {
    function _entries(Ballot calldata ballot) internal pure override returns (uint256[] memory entries) {
        uint256 digits = ballot.classes + 1;
        entries = new uint256[](ballot.labels.length * digits);
        for (uint256 i = 0; i < entries.length; ++i) {
            if (i % digits != 0) entries[i] = Tally.vote() | Tally.lane(1, i % digits - 1);
        }
    }

    function _scale(Ballot calldata ballot) internal pure override returns (Scale memory) {
        return Scale({classes: ballot.classes, before: 0, threshold: _threshold(ballot)});
    }

    /// @dev The share of the votes that a class needs, in basis points.
    function _threshold(Ballot calldata ballot) internal pure virtual returns (uint256);

    function _choose(uint256 sum, Scale memory scale) internal pure override returns (uint256) {
        uint256 classes = scale.classes;
        uint256 votes = Tally.votes(sum);
        uint256 most;
        uint256 label;
        unchecked {
            for (uint256 class = 1; class <= classes; ++class) {
                uint256 count = sum & Tally.LANE;
                sum >>= Tally.LANE_BITS;
                if (count > most) {
                    most = count;
                    label = class;
                } else if (count == most) {
                    label = 0;
                }
            }
            return most * BPS < votes * scale.threshold ? 0 : label;
        }
    }
}
