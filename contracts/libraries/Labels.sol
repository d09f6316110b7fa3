// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LibBit} from "solady/utils/LibBit.sol";
import {LibBytes} from "solady/utils/LibBytes.sol";

/// @title Labels
/// @notice Label bytes of a word of tasks: 0 for no answer, `c + 1` for class `c`; as many as the word has tasks, rounded up
/// to 32.
/// @dev 32 labels are looked at at once. Every byte is below 128 where it is a label.
library Labels {
    uint256 internal constant CHUNK = 32;
    uint256 private constant ONES = type(uint256).max / 0xff;
    uint256 private constant HIGH = ONES << 7;
    uint256 private constant SEVEN = 0x7f;
    /// @dev The lowest 2, 4, 8 and 16 bits of every 16, 32, 64 and 128.
    uint256 private constant PAIRS = type(uint256).max / 0xffff * 0x3;
    uint256 private constant FOURS = type(uint256).max / type(uint32).max * 0xf;
    uint256 private constant EIGHTS = type(uint256).max / type(uint64).max * 0xff;
    uint256 private constant SIXTEENS = type(uint256).max / type(uint128).max * 0xffff;

    /// @notice Thrown when labels have another length, or one of them names a class that is not there.
    error BadLabels(uint256 index);

    /// @notice Bytes of the labels of a word whose tasks are `tasks`, which is a run from bit 0 on.
    function length(uint256 tasks) internal pure returns (uint256) {
        return (LibBit.fls(tasks) / CHUNK + 1) * CHUNK;
    }

    /// @notice The tasks that have a label. Reverts unless there are `size` labels of at most `classes` classes; `index` of
    /// the error is the length, or the first task of the 32 among which there is a wrong one.
    function check(bytes calldata labels, uint256 size, uint256 classes) internal pure returns (uint256 labelled) {
        require(labels.length == size, BadLabels(labels.length));
        return checkMemory(labels, classes);
    }

    /// @notice The same of labels in memory, which are some number of times 32.
    function checkMemory(bytes memory labels, uint256 classes) internal pure returns (uint256 labelled) {
        for (uint256 start = 0; start < labels.length; start += CHUNK) {
            labelled |= _labelled(uint256(LibBytes.load(labels, start)), classes, start) << start;
        }
    }

    /// @notice The tasks whose label is `label`.
    function which(bytes calldata labels, uint256 label) internal pure returns (uint256) {
        return _equal(labels, labels, 0, ONES * label);
    }

    /// @notice The tasks whose label is the same in both, of one length.
    function same(bytes calldata labels, bytes calldata others) internal pure returns (uint256) {
        return _equal(labels, others, type(uint256).max, 0);
    }

    /// @notice Both, of the same length, where no task has a label in both.
    function merge(bytes calldata labels, bytes calldata more) internal pure returns (bytes memory merged) {
        merged = labels;
        for (uint256 i = 0; i < more.length; ++i) {
            merged[i] |= more[i];
        }
    }

    /// @dev The tasks of which every 32 labels are what `filter` leaves of the others', and `fixed_`.
    function _equal(bytes calldata labels, bytes calldata others, uint256 filter, uint256 fixed_)
        private
        pure
        returns (uint256 tasks)
    {
        for (uint256 start = 0; start < labels.length; start += CHUNK) {
            uint256 other = uint256(LibBytes.loadCalldata(others, start)) & filter | fixed_;
            uint256 differ = uint256(LibBytes.loadCalldata(labels, start)) ^ other;
            tasks |= (_labelled(differ, SEVEN, start) ^ type(uint32).max) << start;
        }
    }

    /// @dev Bit `i` of the result is set where byte `i` from the top is not 0.
    function _labelled(uint256 chunk, uint256 classes, uint256 start) private pure returns (uint256 bits) {
        unchecked {
            // A byte reaches its high bit by the sum if it is above `classes`, or, the second time, above 0.
            require(((chunk & ~HIGH) + ONES * (SEVEN - classes) | chunk) & HIGH == 0, BadLabels(start));
            bits = (chunk + ONES * SEVEN & HIGH) >> 7;
            // Of two neighbours the higher one comes first.
            bits = (bits >> 8 | bits << 1) & PAIRS;
            bits = (bits >> 16 | bits << 2) & FOURS;
            bits = (bits >> 32 | bits << 4) & EIGHTS;
            bits = (bits >> 64 | bits << 8) & SIXTEENS;
            bits = (bits >> 128 | bits << 16) & type(uint32).max;
        }
    }
}
