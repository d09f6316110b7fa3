// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDatasetRegistry} from "../../interfaces/IDatasetRegistry.sol";
import {AnnotatorPool} from "../datasets/AnnotatorPool.sol";

/// @title PoolHarness
/// @notice The annotators' pool alone, with weights and money that a test makes up.
contract PoolHarness is AnnotatorPool {
    event Collected(uint256 indexed datasetId, address indexed annotator, uint256 amount);

    function fill(uint256 datasetId, uint256 amount) external {
        _fill(datasetId, amount);
    }

    function collect(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        external
        returns (uint256 amount)
    {
        amount = _collect(datasetId, annotator, weight, totalWeight);
        emit Collected(datasetId, annotator, amount);
    }

    function collectable(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        external
        view
        returns (uint256)
    {
        return _collectable(datasetId, annotator, weight, totalWeight);
    }

    function poolOf(uint256 datasetId) external view returns (IDatasetRegistry.Pool memory) {
        return _pools[datasetId];
    }
}
