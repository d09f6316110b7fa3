// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title FlowRoot
/// @notice The root of a file in 0G Storage, from the subtree roots of its Flow submission.
library FlowRoot {
    /// @notice Right fold of the nodes, highest subtree first; the root of an empty list is zero, which no file has.
    function fold(bytes32[] calldata nodes) internal pure returns (bytes32 root) {
        uint256 left = nodes.length;
        if (left == 0) return 0;
        root = nodes[--left];
        while (left != 0) {
            root = keccak256(abi.encode(nodes[--left], root));
        }
    }
}
