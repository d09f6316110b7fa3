// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

import {Confusion} from "./Confusion.sol";

/// @title Merit
/// @notice What share of its full pay a seat has earned, or of its stake it loses, by how well its annotator did where the
/// truth is known.
/// @dev The score is the mean over an annotator's known tasks of `weight(truth) if right else 0`, with
/// `weight(c) = G / (K * G_c)`: `G` known tasks in the job, `G_c` of class `c`, `K` classes that have any. Whoever answers
/// without looking at the task scores `1 / K` in the mean, whatever he answers. Above `tau = 1 / K + 0.04` pay rises with
/// `slope`, below it the loss is linear down to the whole stake: nothing is ever rounded up to a floor, since a floor is
/// what pays for noise (docs/consensus.md). The same integers as `offchain/consensus/_pay.py`.
library Merit {
    using DynamicArrayLib for uint256[];

    uint256 internal constant WAD = 1e18;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant GOLD_BITS = 24;
    uint256 internal constant GOLD = (1 << GOLD_BITS) - 1;
    /// @notice What a score has to be above chance before anything is paid.
    uint256 internal constant MARGIN = 0.04e18;

    /// @notice The measure of a job: `weights` by class, and the score above which one is paid.
    struct Measure {
        uint256[] weights;
        uint256 chance;
        uint256 slopeBps;
    }

    /// @notice Whether known tasks of at least two classes make a measure.
    function isMeasured(uint256 gold, uint256 classes) internal pure returns (bool) {
        return _kinds(gold, classes) > 1;
    }

    /// @param gold Known tasks by class, 24 bits each.
    function measure(uint256 gold, uint256 classes, uint256 slopeBps) internal pure returns (Measure memory made) {
        uint256 kinds = _kinds(gold, classes);
        uint256 all = total(gold, classes);
        made = Measure({weights: new uint256[](classes), chance: WAD / kinds + MARGIN, slopeBps: slopeBps});
        // 27 bits and 60 bits.
        unchecked {
            for (uint256 class = 0; class < classes; ++class) {
                uint256 count = gold >> GOLD_BITS * class & GOLD;
                if (count != 0) made.weights.set(class, all * WAD / (kinds * count));
            }
        }
    }

    /// @param words Confusion matrices, the annotator's from word `offset` on.
    /// @return earned Share of the full pay, in units of 1e18.
    /// @return lost Share of the stake, in units of 1e18.
    function shares(Measure memory made, uint256[] memory words, uint256 offset)
        internal
        pure
        returns (uint256 earned, uint256 lost)
    {
        uint256 classes = made.weights.length;
        uint256 asked = Confusion.missed(words, offset);
        uint256 score;
        // Counts of 15 bits, weights of 75 bits.
        unchecked {
            for (uint256 cell = 0; cell < classes * classes; ++cell) {
                asked += Confusion.count(words, offset, cell);
            }
            for (uint256 class = 0; class < classes; ++class) {
                score += Confusion.count(words, offset, class * (classes + 1)) * made.weights.get(class);
            }
            if (asked == 0) return (0, 0);
            score /= asked;
            if (score < made.chance) return (0, (made.chance - score) * WAD / made.chance);
            return (Math.min(WAD, (score - made.chance) * made.slopeBps / BPS), 0);
        }
    }

    /// @notice Known tasks of all classes.
    function total(uint256 gold, uint256 classes) internal pure returns (uint256 sum) {
        unchecked {
            for (uint256 class = 0; class < classes; ++class) {
                sum += gold >> GOLD_BITS * class & GOLD;
            }
        }
    }

    /// @dev Classes that have known tasks.
    function _kinds(uint256 gold, uint256 classes) private pure returns (uint256 kinds) {
        unchecked {
            for (uint256 class = 0; class < classes; ++class) {
                if (gold >> GOLD_BITS * class & GOLD != 0) ++kinds;
            }
        }
    }
}
