// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LibBit} from "solady/utils/LibBit.sol";

/// @title Masks
/// @notice Sets of tasks of one word, one bit each.
/// @dev Most claims are runs of neighbouring tasks. A run is named by its first and last bit, two bytes, which saves the
/// storage slot that an arbitrary mask needs.
library Masks {
    uint256 internal constant WORD = 256;

    /// @notice Number of tasks in `mask`.
    function count(uint256 mask) internal pure returns (uint256) {
        return LibBit.popCount(mask);
    }

    /// @notice The mask of the run from bit `first` to bit `last`, both included.
    function run(uint256 first, uint256 last) internal pure returns (uint256) {
        unchecked {
            return (type(uint256).max >> (WORD - 1 + first - last)) << first;
        }
    }

    /// @notice Whether `mask` is one run, and its first and last bit if so.
    function asRun(uint256 mask) internal pure returns (bool isRun, uint256 first, uint256 last) {
        unchecked {
            // Adding the lowest bit carries through the lowest run and leaves it; what is left over lies outside of it.
            isRun = mask != 0 && (mask + (mask & (~mask + 1))) & mask == 0;
        }
        if (isRun) (first, last) = (LibBit.ffs(mask), LibBit.fls(mask));
    }

    /// @notice Words of a job with `taskCount` tasks.
    function words(uint256 taskCount) internal pure returns (uint256) {
        return (taskCount + WORD - 1) / WORD;
    }

    /// @notice The tasks that exist in `word` of a job with `taskCount` tasks.
    function inWord(uint256 taskCount, uint256 word) internal pure returns (uint256) {
        if (word > taskCount / WORD) return 0;
        uint256 left = taskCount - word * WORD;
        return left >= WORD ? type(uint256).max : (1 << left) - 1;
    }
}
