// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

import {Confusion} from "../../libraries/Confusion.sol";
import {Log2} from "../../libraries/Log2.sol";
import {Merit} from "../../libraries/Merit.sol";
import {Tally} from "../../libraries/Tally.sol";
import {SumRule} from "./SumRule.sol";

/// @title WeightedRule
/// @notice The class under which the answers were most likely, where it is likelier than the next by the odds of the job's
/// threshold. How likely an annotator gives an answer is what the gold says of him, class by class.
/// @dev Dawid and Skene (1979) with error rates measured instead of estimated. An annotator's own answers are smoothed by
/// four that are drawn from all annotators of the word. Everything is a sum of binary logarithms in units of 1 / 4,096, the
/// same integers as `offchain/consensus/_rules.py`. Without gold every annotator is taken to be right a little more often
/// than wrong, which makes it a vote.
/// @custom:kill None needed: it holds nothing.
contract WeightedRule is SumRule {
    using DynamicArrayLib for uint256[];

    uint256 private constant PSEUDO_ANSWERS = 4;

    function _entries(Ballot calldata ballot) internal pure override returns (uint256[] memory entries) {
        uint256[] memory matrices = ballot.matrices;
        uint256 classes = ballot.classes;
        uint256[] memory seen = _pool(classes, matrices);
        entries = new uint256[](ballot.labels.length * (classes + 1));
        uint256 size = Confusion.size(classes);
        for (uint256 i = 0; i < ballot.labels.length; ++i) {
            _fill(entries, i * (classes + 1), classes, matrices, i * size, seen);
        }
    }

    /// @dev Before any answer there is what the share of each class among the gold says. A threshold of `p`, which is at
    /// least one half, asks for odds of `p / (1 - p)`.
    function _scale(Ballot calldata ballot) internal pure override returns (Scale memory scale) {
        scale.classes = ballot.classes;
        scale.threshold = Log2.log2(ballot.acceptBps) - Log2.log2(BPS - ballot.acceptBps);
        uint256 all = Log2.log2(Merit.total(ballot.gold, ballot.classes) + ballot.classes);
        for (uint256 class = 0; class < ballot.classes; ++class) {
            uint256 count = (ballot.gold >> Merit.GOLD_BITS * class & Merit.GOLD) + 1;
            scale.before |= Tally.lane(all - Log2.log2(count), class);
        }
    }

    function _choose(uint256 sum, Scale memory scale) internal pure override returns (uint256) {
        uint256 classes = scale.classes;
        uint256 second = type(uint256).max;
        uint256 label = 1;
        unchecked {
            sum += scale.before;
            uint256 least = sum & Tally.LANE;
            // Two classes are the commonest, and need no loop.
            if (classes == 2) {
                second = sum >> Tally.LANE_BITS & Tally.LANE;
                if (second < least) (least, second, label) = (second, least, 2);
                return second == least || second - least < scale.threshold ? 0 : label;
            }
            for (uint256 class = 2; class <= classes; ++class) {
                sum >>= Tally.LANE_BITS;
                uint256 cost = sum & Tally.LANE;
                if (cost < least) {
                    second = least;
                    least = cost;
                    label = class;
                } else if (cost < second) {
                    second = cost;
                }
            }
            return second == least || second - least < scale.threshold ? 0 : label;
        }
    }

    /// @dev All annotators of the word together, with the one answer more that each class has to begin with, two for the
    /// right one. Cell `truth * classes + answer`.
    function _pool(uint256 classes, uint256[] memory matrices) private pure returns (uint256[] memory seen) {
        seen = new uint256[](classes * classes);
        uint256 size = Confusion.size(classes);
        unchecked {
            for (uint256 cell = 0; cell < seen.length; ++cell) {
                uint256 count = cell % (classes + 1) == 0 ? 2 : 1;
                for (uint256 offset = 0; offset < matrices.length; offset += size) {
                    count += Confusion.count(matrices, offset, cell);
                }
                seen.set(cell, count);
            }
        }
    }

    /// @dev What each answer of an annotator costs each class: -log2 of how likely he gives it where the class is right.
    function _fill(
        uint256[] memory entries,
        uint256 start,
        uint256 classes,
        uint256[] memory matrices,
        uint256 offset,
        uint256[] memory seen
    ) private pure {
        unchecked {
            for (uint256 label = 1; label <= classes; ++label) {
                entries.set(start + label, Tally.vote());
            }
            for (uint256 truth = 0; truth < classes; ++truth) {
                uint256 row = truth * classes;
                uint256 own = PSEUDO_ANSWERS;
                uint256 everybody;
                for (uint256 cell = row; cell < row + classes; ++cell) {
                    own += Confusion.count(matrices, offset, cell);
                    everybody += seen.get(cell);
                }
                uint256 whole = Log2.log2(own * everybody);
                for (uint256 answer = 0; answer < classes; ++answer) {
                    uint256 part = Confusion.count(matrices, offset, row + answer) * everybody + PSEUDO_ANSWERS
                        * seen.get(row + answer);
                    uint256 at = start + answer + 1;
                    entries.set(at, entries.get(at) + Tally.lane(whole - Log2.log2(part), truth));
                }
            }
        }
    }
}
