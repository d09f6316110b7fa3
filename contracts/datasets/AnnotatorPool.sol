// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDatasetRegistry} from "../../interfaces/IDatasetRegistry.sol";

/// @title AnnotatorPool
/// @notice Shares what flows into a data set's pool among the annotators of its job, by weight.
/// @dev Everything is counted from the beginning, so it makes no difference in how many parts the money came or who
/// collects when. What rounding leaves, less than one base unit for each annotator, is carried to the next sale.
abstract contract AnnotatorPool {
    mapping(uint256 datasetId => IDatasetRegistry.Pool) internal _pools;
    mapping(uint256 datasetId => mapping(address annotator => uint256 amount)) private _collected;

    /// @dev Adds the annotators' share of one sale.
    function _fill(uint256 datasetId, uint256 amount) internal {
        if (amount != 0) _pools[datasetId].total += uint128(amount);
    }

    /// @dev Books what an annotator of `weight` out of `totalWeight` collects now, and returns it.
    function _collect(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        internal
        returns (uint256 amount)
    {
        amount = _collectable(datasetId, annotator, weight, totalWeight);
        _collected[datasetId][annotator] += amount;
        _pools[datasetId].collected += uint128(amount);
    }

    /// @dev What `_collect` would return: earned, rounded down, minus collected.
    function _collectable(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        internal
        view
        returns (uint256)
    {
        if (weight == 0) return 0;
        return uint256(_pools[datasetId].total) * weight / totalWeight - _collected[datasetId][annotator];
    }
}
