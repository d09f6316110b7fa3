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
    uint256 private constant EIGHT_BYTES = type(uint64).max;
    /// @dev Brings the lowest bit of eight bytes together: byte `i` from the top is moved by `9 * i`, and no two sums meet.
    uint256 private constant GATHER = 0x8040201008040201;

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
        for (uint256 start = 0; start < size; start += CHUNK) {
            labelled |= _labelled(uint256(bytes32(labels[start:start + CHUNK])), classes, start) << start;
        }
    }

    /// @notice The same of labels in memory.
    function checkMemory(bytes memory labels, uint256 classes) internal pure returns (uint256 labelled) {
        for (uint256 start = 0; start < labels.length; start += CHUNK) {
            labelled |= _labelled(uint256(LibBytes.load(labels, start)), classes, start) << start;
        }
    }

    /// @notice Both, of the same length, where no task has a label in both.
    function merge(bytes calldata labels, bytes calldata more) internal pure returns (bytes memory merged) {
        merged = labels;
        for (uint256 i = 0; i < more.length; ++i) {
            merged[i] |= more[i];
        }
    }

    /// @dev Bit `i` of the result is set where byte `i` from the top is not 0.
    function _labelled(uint256 chunk, uint256 classes, uint256 start) private pure returns (uint256 bits) {
        unchecked {
            // A byte reaches its high bit by the sum if it is above `classes`, or, the second time, above 0.
            require(((chunk & ~HIGH) + ONES * (SEVEN - classes) | chunk) & HIGH == 0, BadLabels(start));
            uint256 filled = (chunk + ONES * SEVEN & HIGH) >> 7;
            for (uint256 i = 0; i < CHUNK; i += 8) {
                uint256 eight = filled >> (CHUNK - 8 - i) * 8 & EIGHT_BYTES;
                bits |= (eight * GATHER >> 56 & 0xff) << i;
            }
        }
    }
}
