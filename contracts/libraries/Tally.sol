// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Tally
/// @notice Adds up what the answers of several annotators say of each task, all classes at once.
/// @dev An entry is what one answer adds: 28 bits for each of up to 8 classes, from class 0 in the lowest bits on, and a
/// vote in the top 32 bits. Sums of 63 entries of less than 2^22 a class do not overflow.
library Tally {
    /// @notice A label needs as many votes; with less no rule accepts any.
    uint256 internal constant MIN_VOTES = 3;
    uint256 internal constant LANE_BITS = 28;
    uint256 internal constant LANE = (1 << LANE_BITS) - 1;
    uint256 private constant VOTES_AT = 224;
    uint256 private constant CHUNK = 32;

    /// @notice Adds the answers of one annotator to the sums of all.
    /// @param sums One sum a task.
    /// @param entries What each label byte adds; entry 0 is no answer and adds nothing. At least 256 entries would be needed
    /// for any byte: labels above the last entry must not occur.
    function add(uint256[] memory sums, uint256[] memory entries, bytes calldata labels) internal pure {
        for (uint256 start = 0; start < sums.length; start += CHUNK) {
            uint256 chunk = uint256(bytes32(labels[start:start + CHUNK]));
            for (uint256 task = start; chunk != 0; ++task) {
                unchecked {
                    sums[task] += entries[chunk >> 248];
                }
                chunk <<= 8;
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

    /// @notice The part of a sum that belongs to a class.
    function sumOf(uint256 sum, uint256 class) internal pure returns (uint256) {
        return sum >> LANE_BITS * class & LANE;
    }

    /// @notice How many answers a sum is of.
    function votes(uint256 sum) internal pure returns (uint256) {
        return sum >> VOTES_AT;
    }
}
