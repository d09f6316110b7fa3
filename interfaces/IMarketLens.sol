// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "./IAnnotationMarket.sol";

/// @title IMarketLens
/// @notice What clients want to know about an annotation market, told from what the market keeps. No state, no powers.
interface IMarketLens {
    /// @notice A claim or submission as a client wants to see it.
    /// @param mask Claimed: the tasks of the claim. Submitted: the tasks that await approval.
    /// @param disputed Tasks in a live dispute; after it, the tasks whose rejection stood.
    /// @param unlocksAt Last second of the live dispute's move, or else of the claim or the review; after it anyone may move
    /// things on. 0 when Done.
    /// @param reviewEndsAt Last second of the review of pending tasks; 0 unless Submitted.
    /// @param pay What the tasks in `mask` bring when they are approved, pay plus bond, in base units.
    struct ClaimView {
        uint256 jobId;
        address annotator;
        IAnnotationMarket.ClaimState state;
        IAnnotationMarket.DisputeState dispute;
        uint256 word;
        uint256 mask;
        uint256 disputed;
        uint256 unlocksAt;
        uint256 reviewEndsAt;
        uint256 pay;
    }

    /// @notice What proves that one result was accepted; see `isAccepted`.
    /// @param done Mask that was submitted, as in `LabelsSubmitted`.
    /// @param root Merkle root that was submitted.
    /// @param task Task number in the job.
    struct Acceptance {
        uint256 claimId;
        address annotator;
        uint256 done;
        bytes32 root;
        uint256 task;
        bytes32 resultHash;
        bytes32 salt;
        bytes32[] proof;
    }

    /// @notice The market that this lens looks at.
    function market() external view returns (IAnnotationMarket);

    /// @notice The claim or submission `claimId`.
    function claimOf(uint256 claimId) external view returns (ClaimView memory);

    /// @notice Ids of the live claims and submissions of `annotator` among those with sequence numbers in `[from, to)`.
    /// @dev Reads every record of the range: page through up to `market.job(jobId).records`.
    function claimsOf(uint256 jobId, address annotator, uint256 from, uint256 to)
        external
        view
        returns (uint256[] memory);

    /// @notice Whether one result was submitted under `root` and accepted, by approval, silence or decision.
    /// @dev The leaf is `keccak256(keccak256(abi.encode(chainId, market, jobId, task, annotator, resultHash, salt)))`, its
    /// place in the tree is the number of tasks below it in `done`. False, never a revert, for whatever does not prove it.
    function isAccepted(Acceptance calldata acceptance) external view returns (bool);

    /// @notice The leaf of one result, as in `isAccepted`; for parity with off-chain code.
    function resultLeaf(uint256 jobId, uint256 task, address annotator, bytes32 resultHash, bytes32 salt)
        external
        view
        returns (bytes32);
}
