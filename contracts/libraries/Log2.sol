// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LibBit} from "solady/utils/LibBit.sol";

/// @title Log2
/// @notice Binary logarithms of integers with 12 bits of fraction, rounded down.
/// @dev By squaring (Knuth, The Art of Computer Programming 1, 1.2.2, exercise 25): every square gives one bit of the
/// fraction. The same bits as `offchain/consensus/_logs.py`.
library Log2 {
    uint256 internal constant FRACTION_BITS = 12;
    uint256 private constant MANTISSA = 127;

    /// @notice The logarithm of a number from 1 to 2^128 - 1, in units of 1 / 4,096.
    function log2(uint256 number) internal pure returns (uint256 result) {
        unchecked {
            uint256 whole = LibBit.fls(number);
            uint256 square = number << (MANTISSA - whole);
            // Three bits a round: the loop would cost as much as the squares.
            for (uint256 i = 0; i < FRACTION_BITS; i += 3) {
                (square, result) = _bit(square, result);
                (square, result) = _bit(square, result);
                (square, result) = _bit(square, result);
            }
            result |= whole << FRACTION_BITS;
        }
    }

    /// @dev One more bit of the fraction.
    function _bit(uint256 square, uint256 bits) private pure returns (uint256, uint256) {
        unchecked {
            square = (square * square) >> MANTISSA;
            uint256 carry = square >> (MANTISSA + 1);
            return (square >> carry, bits << 1 | carry);
        }
    }
}
