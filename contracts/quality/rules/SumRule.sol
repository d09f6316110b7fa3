// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

import {IConsensusRule} from "../../../interfaces/IConsensusRule.sol";
import {Tally} from "../../libraries/Tally.sol";

/// @title SumRule
/// @notice A rule by which every answer adds something to each class, and the sums decide.
abstract contract SumRule is IConsensusRule {
    using DynamicArrayLib for uint256[];

    uint256 internal constant BPS = 10_000;
    uint256 private constant CHUNK = 32;
    uint256 private constant VOTED_AT = 8;
    uint256 private constant LABEL = 0xff;
    uint256 private constant FOUND = 1 << 9;

    /// @dev What the sums of a task are held against: `before` is added to them, what `threshold` means is up to the rule.
    struct Scale {
        uint256 classes;
        uint256 before;
        uint256 threshold;
    }

    /// @inheritdoc IConsensusRule
    function tally(Ballot calldata ballot) external pure returns (bytes memory labels, uint256 voted) {
        uint256 numbers = Tally.numbersOf(ballot.labels.length, ballot.classes);
        uint256[] memory entries = _entries(ballot);
        Scale memory scale = _scale(ballot);
        return numbers == 0 ? _byTask(ballot, entries, scale) : _byNumber(ballot, entries, scale, numbers);
    }

    /// @dev Task by task.
    function _byTask(Ballot calldata ballot, uint256[] memory entries, Scale memory scale)
        private
        pure
        returns (bytes memory labels, uint256 voted)
    {
        uint256[] memory sums = Tally.sums(entries, ballot.labels, ballot.classes);
        uint256[] memory chunks = new uint256[](sums.length / CHUNK);
        unchecked {
            for (uint256 i = 0; i < chunks.length; ++i) {
                uint256 chunk;
                for (uint256 task = i * CHUNK; task < (i + 1) * CHUNK; ++task) {
                    uint256 verdict = _verdict(sums.get(task), scale);
                    voted |= (verdict >> VOTED_AT & 1) << task;
                    chunk = chunk << 8 | verdict & LABEL;
                }
                chunks.set(i, chunk);
            }
        }
        labels = abi.encodePacked(chunks);
    }

    /// @dev Once for all tasks that got the same answers.
    function _byNumber(Ballot calldata ballot, uint256[] memory entries, Scale memory scale, uint256 numbers)
        private
        pure
        returns (bytes memory labels, uint256 voted)
    {
        uint256[] memory verdicts = new uint256[](numbers);
        uint256[] memory chunks = new uint256[](ballot.labels[0].length / CHUNK);
        uint256 digits = ballot.classes + 1;
        unchecked {
            for (uint256 i = 0; i < chunks.length; ++i) {
                uint256 left = Tally.numbersAt(ballot.labels, 0, ballot.labels.length, digits, i * CHUNK);
                uint256 chunk;
                for (uint256 task = i * CHUNK; task < (i + 1) * CHUNK; ++task) {
                    uint256 verdict = verdicts.get(left >> 248);
                    if (verdict == 0) {
                        verdict = _verdict(Tally.sumOf(entries, left >> 248, digits), scale);
                        verdicts.set(left >> 248, verdict);
                    }
                    left <<= 8;
                    voted |= (verdict >> VOTED_AT & 1) << task;
                    chunk = chunk << 8 | verdict & LABEL;
                }
                chunks.set(i, chunk);
            }
        }
        labels = abi.encodePacked(chunks);
    }

    /// @return The label byte, whether there were votes enough for one, and a bit that is always set.
    function _verdict(uint256 sum, Scale memory scale) private pure returns (uint256) {
        return FOUND | (Tally.votes(sum) < Tally.MIN_VOTES ? 0 : 1 << VOTED_AT | _choose(sum, scale));
    }

    /// @dev What each label byte of each annotator adds, `classes + 1` for each.
    function _entries(Ballot calldata ballot) internal pure virtual returns (uint256[] memory);

    function _scale(Ballot calldata ballot) internal pure virtual returns (Scale memory);

    /// @return The label byte; 0 for none.
    function _choose(uint256 sum, Scale memory scale) internal pure virtual returns (uint256);
}
