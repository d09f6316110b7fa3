// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {IEligibilityHook} from "../../interfaces/IEligibilityHook.sol";
import {Masks} from "../libraries/Masks.sol";

/// @title MockJobs
/// @notice What a hook asks an annotation market for, as everybody likes it to be; claims ask the hook, as they do there.
contract MockJobs {
    using Masks for uint256;

    mapping(uint256 jobId => IAnnotationMarket.Job) private _jobs;
    mapping(uint256 jobId => mapping(address annotator => IAnnotationMarket.Account)) private _accounts;
    mapping(uint256 claimId => IAnnotationMarket.RecordView) private _records;

    /// @notice From now on a job is `creator`'s, with this hook, and each of its four windows lasts `window` seconds.
    function setJob(uint256 jobId, address creator, address hook, uint24 window) external {
        IAnnotationMarket.Job storage job_ = _jobs[jobId];
        (job_.creator, job_.hook) = (creator, hook);
        (job_.claimWindow, job_.reviewWindow) = (window, window);
        (job_.appealWindow, job_.decisionWindow) = (window, window);
    }

    /// @notice `annotator` holds so many tasks more, if the job's hook lets him.
    function take(uint256 jobId, address annotator, uint24 tasks) external {
        bool eligible = IEligibilityHook(_jobs[jobId].hook).isEligible(jobId, annotator, tasks, "");
        require(eligible, IAnnotationMarket.NotEligible(jobId, annotator));
        _accounts[jobId][annotator].open += tasks;
    }

    /// @notice What became of a claim; `settled` of the tasks that `annotator` holds are no longer open, and those that are
    /// rejected for good now, and were not before, count against him.
    function setRecord(
        uint256 claimId,
        address annotator,
        uint24 settled,
        IAnnotationMarket.ClaimState state,
        IAnnotationMarket.DisputeState dispute,
        uint256 disputed,
        bytes32 commitment
    ) external {
        IAnnotationMarket.Account storage account = _accounts[claimId >> 24][annotator];
        IAnnotationMarket.RecordView storage record = _records[claimId];
        account.open -= settled;
        account.rejected -= _standing(record);
        (record.state, record.dispute) = (state, dispute);
        (record.disputed, record.commitment) = (disputed, commitment);
        account.rejected += _standing(record);
    }

    function job(uint256 jobId) external view returns (IAnnotationMarket.Job memory) {
        return _jobs[jobId];
    }

    function accountOf(uint256 jobId, address annotator) external view returns (IAnnotationMarket.Account memory) {
        return _accounts[jobId][annotator];
    }

    function claimRecord(uint256 claimId) external view returns (IAnnotationMarket.RecordView memory) {
        return _records[claimId];
    }

    function _standing(IAnnotationMarket.RecordView storage record) private view returns (uint32) {
        bool done = record.state == IAnnotationMarket.ClaimState.Done;
        bool over = done || record.dispute == IAnnotationMarket.DisputeState.Ended;
        return over ? uint32(record.disputed.count()) : 0;
    }
}
