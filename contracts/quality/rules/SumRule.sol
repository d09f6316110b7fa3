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

    /// @dev What the sums of a task are held against: `before` is added to them, what `threshold` means is up to the rule.
    struct Scale {
        uint256 classes;
        uint256 before;
        uint256 threshold;
    }

    /// @inheritdoc IConsensusRule
    function tally(Ballot calldata ballot) external pure returns (bytes memory labels, uint256 voted) {
        uint256[] memory sums = Tally.sums(_entries(ballot), ballot.labels, ballot.classes);
        Scale memory scale = _scale(ballot);
        uint256[] memory chunks = new uint256[](sums.length / CHUNK);
        unchecked {
            for (uint256 i = 0; i < chunks.length; ++i) {
                uint256 chunk;
                for (uint256 task = i * CHUNK; task < (i + 1) * CHUNK; ++task) {
                    uint256 sum = sums.get(task);
                    chunk <<= 8;
                    if (Tally.votes(sum) < Tally.MIN_VOTES) continue;
                    voted |= 1 << task;
                    chunk |= _choose(sum, scale);
                }
                chunks.set(i, chunk);
            }
        }
        labels = abi.encodePacked(chunks);
    }

    /// @dev What each label byte of each annotator adds, `classes + 1` for each.
    function _entries(Ballot calldata ballot) internal pure virtual returns (uint256[] memory);

    function _scale(Ballot calldata ballot) internal pure virtual returns (Scale memory);

    /// @return The label byte; 0 for none.
    function _choose(uint256 sum, Scale memory scale) internal pure virtual returns (uint256);
}
