// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Difficulty
/// @notice Difficulty classes of words of tasks: a nibble a word names one of 8 multipliers.
/// @dev Multipliers are basis points, class `i` in bits `16i` to `16i + 15`. Nibbles stand 64 to a slot, word 0 in the lowest.
library Difficulty {
    uint256 internal constant WORDS_PER_SLOT = 64;

    /// @notice The multiplier of a word whose nibble is number `index` of `nibbles`; 0 for a class above 7.
    function multiplierAt(uint256 multipliers, uint256 nibbles, uint256 index) internal pure returns (uint256) {
        uint256 class = (nibbles >> (4 * index)) & 0xf;
        return (multipliers >> (16 * class)) & 0xffff;
    }

    /// @notice The multiplier of a word of a job whose nibbles are kept in `wordClasses`.
    function multiplierOf(
        uint256 multipliers,
        mapping(uint256 index => uint256 nibbles) storage wordClasses,
        uint256 word
    ) internal view returns (uint256) {
        return multiplierAt(multipliers, wordClasses[word / WORDS_PER_SLOT], word % WORDS_PER_SLOT);
    }
}
