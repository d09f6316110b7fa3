// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DynamicArrayLib} from "solady/utils/DynamicArrayLib.sol";

/// @title Tally
/// @notice Adds up what the answers of several annotators say of each task, all classes at once.
/// @dev An entry is what one answer adds: 28 bits for each of up to 8 classes, from class 0 in the lowest bits on, and a
/// vote in the top 32 bits. Sums of 63 entries of less than 2^22 a class do not overflow.
///
/// Several annotators are added at once: their labels of one task are the digits of a number, of which a table has the sum of
/// their entries. 32 tasks are numbered by one multiplication, since the numbers are bytes. A larger table would cost more to
/// make than it saves. Where a byte has room for all annotators there need be no table: few of the numbers occur, and what
/// follows from a sum is found once for each of them.
library Tally {
    using DynamicArrayLib for uint256[];

    /// @notice A label needs as many votes; with less no rule accepts any.
    uint256 internal constant MIN_VOTES = 3;
    uint256 internal constant LANE_BITS = 28;
    uint256 internal constant LANE = (1 << LANE_BITS) - 1;
    uint256 private constant VOTES_AT = 224;
    uint256 private constant CHUNK = 32;
    uint256 private constant TABLE = 64;
    uint256 private constant MOST_NUMBERS = 256;

    /// @notice The sums of all answers, one for each task.
    /// @param entries What each label byte of each annotator adds, `classes + 1` for each; the first of these, no answer, is 0.
    /// @param labels Answers of the annotators, of one length, with no byte above `classes`.
    function sums(uint256[] memory entries, bytes[] calldata labels, uint256 classes)
        internal
        pure
        returns (uint256[] memory found)
    {
        uint256 digits = classes + 1;
        found = new uint256[](labels.length == 0 ? 0 : labels[0].length);
        uint256 annotator;
        while (annotator < labels.length) {
            uint256 first = annotator;
            uint256[] memory group = new uint256[](TABLE);
            uint256 size = 1;
            while (annotator < labels.length && size * digits <= TABLE) {
                _widen(group, size, entries, annotator * digits, digits);
                size *= digits;
                ++annotator;
            }
            _look(found, group, labels, first, annotator, digits);
        }
    }

    /// @notice How many numbers the labels that all annotators give one task can make; 0 where a byte does not hold them.
    function numbersOf(uint256 annotators, uint256 classes) internal pure returns (uint256 count) {
        if (annotators == 0) return 0;
        count = 1;
        for (uint256 i = 0; i < annotators; ++i) {
            count *= classes + 1;
            if (count > MOST_NUMBERS) return 0;
        }
    }

    /// @notice The sum of the entries of all annotators for one number.
    function sumOf(uint256[] memory entries, uint256 number, uint256 digits) internal pure returns (uint256 sum) {
        // Sums do not overflow, and `i` ends at 0: there are `digits` entries for each annotator.
        unchecked {
            for (uint256 i = entries.length; number != 0; number /= digits) {
                i -= digits;
                sum += entries.get(i + number % digits);
            }
        }
    }

    /// @notice The numbers of the 32 tasks from `start` on, a byte each, the first in the highest.
    function numbersAt(bytes[] calldata labels, uint256 first, uint256 last, uint256 digits, uint256 start)
        internal
        pure
        returns (uint256 numbers)
    {
        // No number is above a byte.
        unchecked {
            for (uint256 i = first; i < last; ++i) {
                numbers = numbers * digits + uint256(bytes32(labels[i][start:start + CHUNK]));
            }
        }
    }

    /// @notice The entry that has a vote and nothing else.
    function vote() internal pure returns (uint256) {
        return 1 << VOTES_AT;
    }

    /// @notice What `amount` is as a part of an entry or sum.
    function lane(uint256 amount, uint256 class) internal pure returns (uint256) {
        return amount << LANE_BITS * class;
    }

    /// @notice How many answers a sum is of.
    function votes(uint256 sum) internal pure returns (uint256) {
        return sum >> VOTES_AT;
    }

    /// @dev One more digit: number `n` of `size` becomes `n * digits + label`. From the last on, so that none is overwritten
    /// before it is read.
    function _widen(uint256[] memory group, uint256 size, uint256[] memory entries, uint256 first, uint256 digits)
        private
        pure
    {
        unchecked {
            for (uint256 n = size; n != 0;) {
                --n;
                uint256 before = group.get(n);
                uint256 start = n * digits;
                for (uint256 label = 0; label < digits; ++label) {
                    group.set(start + label, before + entries.get(first + label));
                }
            }
        }
    }

    /// @dev Adds the entries of annotators `first` to `last - 1`, who are the digits of the table.
    function _look(
        uint256[] memory found,
        uint256[] memory group,
        bytes[] calldata labels,
        uint256 first,
        uint256 last,
        uint256 digits
    ) private pure {
        unchecked {
            for (uint256 start = 0; start < found.length; start += CHUNK) {
                uint256 numbers = numbersAt(labels, first, last, digits, start);
                for (uint256 task = start; numbers != 0; ++task) {
                    found.set(task, found.get(task) + group.get(numbers >> 248));
                    numbers <<= 8;
                }
            }
        }
    }
}
