// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Confusion
/// @notice How often an annotator gave each answer where the truth is known: a confusion matrix in 1 to 4 words.
/// @dev Cell `truth * classes + answer` has 15 bits; 16 cells stand in a word. The top 16 bits of the first word count the
/// known tasks that the annotator left without an answer. A job has at most `MOST` known tasks, so nothing overflows.
library Confusion {
    uint256 internal constant MOST = (1 << CELL_BITS) - 1;
    uint256 private constant CELL_BITS = 15;
    uint256 private constant CELLS = 16;
    uint256 private constant MISSED_AT = 240;

    /// @notice Words of a matrix of so many classes.
    function size(uint256 classes) internal pure returns (uint256) {
        return (classes * classes + CELLS - 1) / CELLS;
    }

    /// @notice Counts one known task in the matrix that starts offset `offset` of `words`.
    /// @param label The answer: 0 for none, else its class and one.
    function add(uint256[] memory words, uint256 offset, uint256 classes, uint256 truth, uint256 label) internal pure {
        if (label == 0) {
            words[offset] += 1 << MISSED_AT;
            return;
        }
        unchecked {
            uint256 cell = truth * classes + label - 1;
            words[offset + cell / CELLS] += 1 << CELL_BITS * (cell % CELLS);
        }
    }

    /// @notice How often `answer` was given where `truth` was right.
    function count(uint256[] memory words, uint256 offset, uint256 classes, uint256 truth, uint256 answer)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 cell = truth * classes + answer;
            return words[offset + cell / CELLS] >> CELL_BITS * (cell % CELLS) & MOST;
        }
    }

    /// @notice Known tasks that were the annotator's and that he did not answer.
    function missed(uint256[] memory words, uint256 offset) internal pure returns (uint256) {
        return words[offset] >> MISSED_AT;
    }
}
