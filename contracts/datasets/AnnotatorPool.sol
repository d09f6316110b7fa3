// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDatasetRegistry} from "../../interfaces/IDatasetRegistry.sol";

/// @title AnnotatorPool
/// @notice Shares what flows into a data set's pool among the annotators of its job, by weight, exactly.
/// @dev Everything is counted from the beginning, so it makes no difference in how many parts the money came or when an
/// annotator collects. The remainder of rounding goes to the last of all annotators to collect.
abstract contract AnnotatorPool {
    struct Collector {
        // Base units paid to this annotator so far.
        uint128 collected;
        // The pool's total when he last collected.
        uint128 settledTotal;
    }

    mapping(uint256 datasetId => IDatasetRegistry.Pool) internal _pools;
    mapping(uint256 datasetId => mapping(address annotator => Collector)) private _collectors;

    /// @dev Adds the annotators' share of one sale. Whoever has collected before is behind again.
    function _fill(uint256 datasetId, uint256 amount) internal {
        if (amount == 0) return;
        IDatasetRegistry.Pool storage pool = _pools[datasetId];
        pool.total += uint128(amount);
        pool.settledWeight = 0;
    }

    /// @dev Books what an annotator of `weight` out of `totalWeight` collects now, and returns it.
    function _collect(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        internal
        returns (uint256 amount)
    {
        IDatasetRegistry.Pool storage pool = _pools[datasetId];
        Collector storage collector = _collectors[datasetId][annotator];
        if (weight == 0 || collector.settledTotal == pool.total) return 0;

        amount = _due(pool, collector, weight, totalWeight);
        collector.settledTotal = pool.total;
        collector.collected += uint128(amount);
        pool.collected += uint128(amount);
        pool.settledWeight += uint64(weight);
    }

    /// @dev What `_collect` would return.
    function _collectable(uint256 datasetId, address annotator, uint256 weight, uint256 totalWeight)
        internal
        view
        returns (uint256)
    {
        IDatasetRegistry.Pool storage pool = _pools[datasetId];
        Collector storage collector = _collectors[datasetId][annotator];
        if (weight == 0 || collector.settledTotal == pool.total) return 0;
        return _due(pool, collector, weight, totalWeight);
    }

    /// @dev Earned minus collected, but never more than the pool holds: a last collector may have taken a remainder that
    /// the others have earned since, and is then the one who waits.
    function _due(IDatasetRegistry.Pool storage pool, Collector storage collector, uint256 weight, uint256 totalWeight)
        private
        view
        returns (uint256)
    {
        uint256 left = pool.total - pool.collected;
        if (pool.settledWeight + weight == totalWeight) return left;
        uint256 earned = uint256(pool.total) * weight / totalWeight;
        uint256 due = earned > collector.collected ? earned - collector.collected : 0;
        return due < left ? due : left;
    }
}
