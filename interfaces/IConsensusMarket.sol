// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusTypes} from "./IConsensusTypes.sol";
import {IEscrow} from "./IEscrow.sol";
import {IGoverned} from "./IGoverned.sol";
import {IReputation} from "./IReputation.sol";
import {IStaking} from "./IStaking.sol";

/// @title IConsensusMarket
/// @notice Jobs, seats and settlement: the half of `ILabelConsensus` that `LabelConsensus` has itself.
interface IConsensusMarket is IConsensusTypes, IEscrow, IGoverned {
    /* JOBS */

    /// @notice Holds the annotators' stakes; fixed for ever.
    function staking() external view returns (IStaking);

    /// @notice Where answers are counted, or zero where nowhere; fixed for ever.
    function reputation() external view returns (IReputation);

    /// @notice What has the code of `IConsensusTruth`; fixed for ever.
    function extension() external view returns (address);

    /// @notice Opens a job and locks its money.
    /// @param wordClasses As in `IAnnotationMarket`: empty without multipliers.
    function createJob(JobTerms calldata terms, uint256[] calldata wordClasses) external payable returns (uint256 jobId);

    /* ANNOTATORS */

    /// @notice Takes a seat and commits to its labels.
    /// @param hookData For the job's hook, if it has one.
    function seat(SeatRequest calldata request, bytes calldata hookData) external;

    /// @notice `seat` in the name of `auth.signer`.
    /// @dev Signed struct: `Seat(uint256 jobId,uint256 word,uint256 layer,uint256 mask,bytes32 commitment,uint128 maxStake,
    /// bytes32 termsHash,address account,uint256 nonce,uint256 deadline)` (one line).
    function seatBySig(SeatRequest calldata request, bytes calldata hookData, Authorization calldata auth) external;

    /// @notice Burns the stakes of seats that were not revealed, and frees the money that was kept for them. Anyone, after
    /// the reveal phase; after the lock is over nothing burns.
    /// @param seats With their commitments; at least one.
    function slashSilent(uint256 jobId, uint256 word, SealedSeat[] calldata seats) external;

    /* SETTLEMENT */

    /// @notice Decides the labels of a word, and pays and slashes its seats. Anyone, in the settle phase, or as soon as all
    /// words are scored, or the gold was not opened in time.
    /// @dev Pay is sent in the order of the seats until that took 3 million gas; what is left then becomes credits
    /// (`IEscrow`). 64 accounts that take a payment as accounts do stay below, so that only recipients who burn gas make
    /// credits of others' pay.
    /// @param truth Needed for reputation only; as in `score`.
    /// @param seats All revealed seats of the word, in ascending order of their annotators; at least one.
    function settle(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats) external;

    /// @notice `score` and `settle` in one call, which saves most of the labels' calldata: for the last word of a job that
    /// is not scored yet, and for jobs of one word. The largest words need two calls: both together exceed 15 million gas.
    function scoreAndSettle(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats) external;

    /// @notice Pays revealed seats of a word that nobody settled in full. Anyone, after the settle phase. Pay is sent as in
    /// `settle`.
    /// @param seats At least one, in ascending order of their annotators.
    function expire(uint256 jobId, uint256 word, RevealedSeat[] calldata seats) external;
}
