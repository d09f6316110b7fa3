// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LibBit} from "solady/utils/LibBit.sol";

/// @title Labels
/// @notice Label bytes of a word of tasks: 0 for no answer, `c + 1` for class `c`.
library Labels {
    uint256 private constant CHUNK = 32;
    uint256 private constant CHUNK_MASK = type(uint32).max;
    uint256 private constant ONES = type(uint256).max / 0xff;
    uint256 private constant HIGH = ONES << 7;
    uint256 private constant SEVEN = 0x7f;

    /// @notice Thrown when labels have another length, name a class that is not there, or stand where there is no task of
    /// theirs; `index` is the first such byte, or the length.
    error BadLabels(uint256 index);

    /// @notice Bytes of the labels of a word whose tasks are `tasks`, which is a run from bit 0 on.
    function length(uint256 tasks) internal pure returns (uint256) {
        return (LibBit.fls(tasks) / CHUNK + 1) * CHUNK;
    }

    /// @notice Reverts unless there are `size` labels of `classes` classes, and none outside of `allowed`.
    function check(bytes calldata labels, uint256 size, uint256 classes, uint256 allowed) internal pure {
        require(labels.length == size, BadLabels(labels.length));
        for (uint256 start = 0; start < size; start += CHUNK) {
            uint256 chunk = uint256(bytes32(labels[start:start + CHUNK]));
            bool free = allowed >> start & CHUNK_MASK == CHUNK_MASK;
            // A byte reaches its high bit by this sum if it is above `classes`; 32 bytes at once.
            bool known = (((chunk & ~HIGH) + ONES * (SEVEN - classes)) | chunk) & HIGH == 0;
            if (free && known || chunk == 0) continue;
            for (uint256 i = start; i < start + CHUNK; ++i) {
                uint256 label = uint8(labels[i]);
                require(label == 0 || (label <= classes && allowed >> i & 1 != 0), BadLabels(i));
            }
        }
    }

    /// @notice Reverts unless every task of `mask` has a label.
    function requireAll(bytes calldata labels, uint256 mask) internal pure {
        for (; mask != 0; mask &= mask - 1) {
            uint256 task = LibBit.ffs(mask);
            require(labels[task] != 0, BadLabels(task));
        }
    }

    /// @notice Both, of the same length, where no task has a label in both.
    function merge(bytes calldata labels, bytes calldata more) internal pure returns (bytes memory merged) {
        merged = labels;
        for (uint256 i = 0; i < more.length; ++i) {
            merged[i] |= more[i];
        }
    }
}
