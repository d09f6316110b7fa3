// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusRule} from "../../../interfaces/IConsensusRule.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {Log2} from "../../libraries/Log2.sol";
import {Tally} from "../../libraries/Tally.sol";

/// @title WeightedRule
/// @notice The class under which the answers were most likely, where it is likelier than the next by the odds of the job's
/// threshold. How likely an annotator gives an answer is what the gold says of him, class by class.
/// @dev Dawid and Skene (1979) with error rates measured instead of estimated. An annotator's own answers are smoothed by
/// four that are drawn from all annotators of the word. Everything is a sum of binary logarithms in units of 1 / 4,096, the
/// same integers as `offchain/consensus/_rules.py`. Without gold every annotator is taken to be right a little more often
/// than wrong, which makes it a vote.
/// @custom:kill None needed: it holds nothing.
contract WeightedRule is IConsensusRule {
    uint256 private constant BPS = 10_000;
    uint256 private constant PSEUDO_ANSWERS = 4;
    uint256 private constant GOLD_BITS = 24;
    uint256 private constant GOLD = (1 << GOLD_BITS) - 1;

    /// @dev What is the same for every task: costs of the classes before any answer, and the odds to win by.
    struct Scale {
        uint256 classes;
        uint256 prior;
        uint256 odds;
    }

    /// @inheritdoc IConsensusRule
    function tally(Ballot calldata ballot) external pure returns (bytes memory labels, uint256 voted) {
        uint256[] memory sums = new uint256[](ballot.labels.length == 0 ? 0 : ballot.labels[0].length);
        _addUp(ballot, sums);
        Scale memory scale = Scale({classes: ballot.classes, prior: _prior(ballot), odds: _odds(ballot.acceptBps)});
        labels = new bytes(sums.length);
        for (uint256 task = 0; task < sums.length; ++task) {
            if (Tally.votes(sums[task]) < Tally.MIN_VOTES) continue;
            voted |= 1 << task;
            labels[task] = _choose(sums[task] + scale.prior, scale);
        }
    }

    function _addUp(Ballot calldata ballot, uint256[] memory sums) private pure {
        uint256[] memory matrices = ballot.matrices;
        uint256[] memory seen = _pool(ballot.classes, matrices);
        uint256[] memory entries = new uint256[](ballot.classes + 1);
        uint256 size = Confusion.size(ballot.classes);
        for (uint256 i = 0; i < ballot.labels.length; ++i) {
            _fill(entries, ballot.classes, matrices, i * size, seen);
            Tally.add(sums, entries, ballot.labels[i]);
        }
    }

    /// @dev All annotators of the word together, with the one answer more that each class has to begin with, two for the
    /// right one. Cell `truth * classes + answer`.
    function _pool(uint256 classes, uint256[] memory matrices) private pure returns (uint256[] memory seen) {
        seen = new uint256[](classes * classes);
        uint256 size = Confusion.size(classes);
        for (uint256 truth = 0; truth < classes; ++truth) {
            for (uint256 answer = 0; answer < classes; ++answer) {
                uint256 count = truth == answer ? 2 : 1;
                for (uint256 offset = 0; offset < matrices.length; offset += size) {
                    count += Confusion.count(matrices, offset, classes, truth, answer);
                }
                seen[truth * classes + answer] = count;
            }
        }
    }

    /// @dev What each answer of an annotator costs each class: -log2 of how likely he gives it where the class is right.
    function _fill(
        uint256[] memory entries,
        uint256 classes,
        uint256[] memory matrices,
        uint256 offset,
        uint256[] memory seen
    ) private pure {
        for (uint256 answer = 0; answer < classes; ++answer) {
            entries[answer + 1] = Tally.vote();
        }
        for (uint256 truth = 0; truth < classes; ++truth) {
            uint256 row = PSEUDO_ANSWERS;
            uint256 everybody;
            for (uint256 answer = 0; answer < classes; ++answer) {
                row += Confusion.count(matrices, offset, classes, truth, answer);
                everybody += seen[truth * classes + answer];
            }
            uint256 whole = Log2.log2(row * everybody);
            for (uint256 answer = 0; answer < classes; ++answer) {
                uint256 own = Confusion.count(matrices, offset, classes, truth, answer);
                uint256 part = own * everybody + PSEUDO_ANSWERS * seen[truth * classes + answer];
                entries[answer + 1] += Tally.lane(whole - Log2.log2(part), truth);
            }
        }
    }

    /// @dev What the share of each class among the gold says before any answer.
    function _prior(Ballot calldata ballot) private pure returns (uint256 prior) {
        uint256 total = ballot.classes;
        for (uint256 class = 0; class < ballot.classes; ++class) {
            total += ballot.gold >> GOLD_BITS * class & GOLD;
        }
        for (uint256 class = 0; class < ballot.classes; ++class) {
            uint256 count = (ballot.gold >> GOLD_BITS * class & GOLD) + 1;
            prior |= Tally.lane(Log2.log2(total) - Log2.log2(count), class);
        }
    }

    /// @dev A threshold of `p` asks for odds of `p / (1 - p)`; it is at least one half.
    function _odds(uint256 acceptBps) private pure returns (uint256) {
        return Log2.log2(acceptBps) - Log2.log2(BPS - acceptBps);
    }

    function _choose(uint256 sum, Scale memory scale) private pure returns (bytes1) {
        uint256 least = type(uint256).max;
        uint256 second = type(uint256).max;
        uint256 best;
        for (uint256 class = 0; class < scale.classes; ++class) {
            uint256 cost = Tally.sumOf(sum, class);
            if (cost < least) (second, least, best) = (least, cost, class);
            else if (cost < second) second = cost;
        }
        return second == least || second - least < scale.odds ? bytes1(0) : bytes1(uint8(best + 1));
    }
}
