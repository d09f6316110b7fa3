// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ConsensusBook} from "./ConsensusBook.sol";
import {ConsensusReveals} from "./ConsensusReveals.sol";
import {ConsensusTerms} from "./ConsensusTerms.sol";
import {ConsensusTruth} from "./ConsensusTruth.sol";
import {ConsensusViews} from "./ConsensusViews.sol";

/// @title ConsensusExtension
/// @notice The half of `LabelConsensus` that does not fit into it: reveals, gold, challenges, experts, scores and views.
/// @dev Runs by delegate call in the storage of the market. Called at its own address it has no jobs, and holds no money.
/// @custom:kill None needed: what it may do is bounded by the jobs' phases.
contract ConsensusExtension is ConsensusReveals, ConsensusTerms, ConsensusTruth, ConsensusViews {
    constructor(address sink_) EIP712("Winnow LabelConsensus", "1") ConsensusBook(sink_) {}

    /// @notice Where forfeited bonds go: the fee recipient of the market that this is made for.
    function sink() external view returns (address) {
        return _sink;
    }
}
