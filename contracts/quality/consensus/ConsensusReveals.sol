// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {Labels} from "../../libraries/Labels.sol";
import {ConsensusBook} from "./ConsensusBook.sol";

/// @title ConsensusReveals
/// @notice What annotators committed to, told.
abstract contract ConsensusReveals is IConsensusTruth, ConsensusBook {
    /// @inheritdoc IConsensusTruth
    function reveal(uint256 jobId, uint256 word, Seat calldata seat_, bytes calldata labels, bytes32 salt)
        external
        nonReentrant
    {
        Job storage job_ = _openJob(jobId);
        _requireIn(job_, Phase.Reveal);
        require(salt != 0, SaltRequired());
        bytes32 commitment = _hashCommitment(jobId, word, seat_.annotator, seat_.mask, labels, salt);
        _requireSeated(jobId, word, seat_, commitment);
        uint256 labelled = Labels.check(labels, _labelsLength(job_, word), job_.classes);
        require(labelled & ~seat_.mask == 0, TasksNotLabelled(word, labelled, seat_.mask));

        Word storage word_ = _words[jobId][word];
        ++word_.revealed;
        unchecked {
            word_.saltSum += uint88(uint256(keccak256(abi.encode(salt))));
        }
        _seats[jobId][word][seat_.annotator] = _digestOf(seat_, REVEALED, keccak256(labels));
        emit LabelsRevealed(jobId, word, seat_.annotator, labels, salt);
    }
}
