// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusRule} from "../../../interfaces/IConsensusRule.sol";
import {Tally} from "../../libraries/Tally.sol";

/// @title PlainRule
/// @notice The class with most votes, if no other has as many and its share of the votes reaches a threshold.
abstract contract PlainRule is IConsensusRule {
    uint256 internal constant BPS = 10_000;

    /// @inheritdoc IConsensusRule
    function tally(Ballot calldata ballot) external pure returns (bytes memory labels, uint256 voted) {
        uint256[] memory entries = new uint256[](ballot.classes + 1);
        for (uint256 class = 0; class < ballot.classes; ++class) {
            entries[class + 1] = Tally.vote() | Tally.lane(1, class);
        }
        uint256[] memory sums = new uint256[](ballot.labels.length == 0 ? 0 : ballot.labels[0].length);
        for (uint256 i = 0; i < ballot.labels.length; ++i) {
            Tally.add(sums, entries, ballot.labels[i]);
        }
        uint256 threshold = _threshold(ballot);
        labels = new bytes(sums.length);
        for (uint256 task = 0; task < sums.length; ++task) {
            if (Tally.votes(sums[task]) < Tally.MIN_VOTES) continue;
            voted |= 1 << task;
            labels[task] = _choose(sums[task], ballot.classes, threshold);
        }
    }

    /// @dev The share of the votes that a class needs, in basis points.
    function _threshold(Ballot calldata ballot) internal pure virtual returns (uint256);

    function _choose(uint256 sum, uint256 classes, uint256 threshold) private pure returns (bytes1) {
        uint256 most;
        uint256 best;
        bool tie;
        for (uint256 class = 0; class < classes; ++class) {
            uint256 count = Tally.sumOf(sum, class);
            if (count > most) (most, best, tie) = (count, class, false);
            else if (count == most) tie = true;
        }
        return tie || most * BPS < Tally.votes(sum) * threshold ? bytes1(0) : bytes1(uint8(best + 1));
    }
}
