// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BatchTree} from "../libraries/BatchTree.sol";
import {FlowRoot} from "../libraries/FlowRoot.sol";

/// @title TreeHarness
/// @notice The project's two hash trees as external functions.
contract TreeHarness {
    function leaf(address market, uint256 jobId, uint256 task, address annotator, bytes32 resultHash, bytes32 salt)
        external
        view
        returns (bytes32)
    {
        return BatchTree.leaf(market, jobId, task, annotator, resultHash, salt);
    }

    function verify(bytes32 root, bytes32 node, uint256 index, uint256 size, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return BatchTree.verify(root, node, index, size, proof);
    }

    function fold(bytes32[] calldata nodes) external pure returns (bytes32) {
        return FlowRoot.fold(nodes);
    }
}
