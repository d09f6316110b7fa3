// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

/// @title Confusion
/// @notice How often an annotator gave each answer where the truth is known: a confusion matrix in 1 to 4 words.
/// @dev Cell `truth * classes + answer` has 15 bits; 16 cells stand in a word. The top 16 bits of the first word count the
/// known tasks that the annotator left without an answer. A job has at most `MOST` known tasks, so nothing overflows.
library Confusion {
    using DynamicArrayLib for uint256[];

    uint256 internal constant MOST = (1 << CELL_BITS) - 1;
    uint256 private constant CELL_BITS = 15;
    uint256 private constant CELLS = 16;
    uint256 private constant MISSED_AT = 240;

    /// @notice Words of a matrix of so many classes.
    function size(uint256 classes) internal pure returns (uint256) {
        return (classes * classes + CELLS - 1) / CELLS;
    }

    /// @notice Counts one known task in a matrix.
    /// @param row The number of the first cell of the truth, `truth * classes`.
    /// @param label The answer: 0 for none, else its class and one.
    function add(uint256[] memory words, uint256 row, uint256 label) internal pure {
        unchecked {
            uint256 cell = row + label - 1;
            uint256 word = cell / CELLS;
            uint256 at = CELL_BITS * (cell % CELLS);
            if (label == 0) (word, at) = (0, MISSED_AT);
            words.set(word, words.get(word) + (1 << at));
        }
    }

    /// @notice The count of a cell of the matrix that starts at word `offset`.
    function count(uint256[] memory words, uint256 offset, uint256 cell) internal pure returns (uint256) {
        unchecked {
            return words.get(offset + cell / CELLS) >> CELL_BITS * (cell % CELLS) & MOST;
        }
    }

    /// @notice Known tasks that the annotator did not answer, of the matrix that starts at word `offset`.
    function missed(uint256[] memory words, uint256 offset) internal pure returns (uint256) {
        return words.get(offset) >> MISSED_AT;
    }
}
