"""Binary logarithms of integers, the same bits as `Log2.sol`: by squaring, a bit of the fraction a square."""

from __future__ import annotations

FRACTION_BITS = 12
"""A logarithm is an integer in units of `2 ** -FRACTION_BITS`, rounded down."""
ONE = 1 << FRACTION_BITS
_MANTISSA = 127


def log2(number: int) -> int:
    """The binary logarithm of a number from 1 to `2 ** 128 - 1`, in units of 1 / 4,096."""
    whole = number.bit_length() - 1
    square = number << _MANTISSA - whole
    fraction = 0
    for _ in range(FRACTION_BITS):
        square = square * square >> _MANTISSA
        carry = square >> _MANTISSA + 1
        fraction = fraction << 1 | carry
        square >>= carry
    return whole << FRACTION_BITS | fraction
