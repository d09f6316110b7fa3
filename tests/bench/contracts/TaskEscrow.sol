// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title TaskEscrow
/// @notice The yardstick of the gas bench: a plain escrow that keeps one record a task and pays each task by itself, in the
/// native coin. It is no part of the product and is deployed nowhere but in the bench and its tests.
/// @dev Written to be cheap within that design: a record is two slots, one timestamp serves claim and review, there is no
/// counter per job, and work and approval may be sent for many tasks at once.
contract TaskEscrow {
    /// @dev Open → Claimed → Submitted → Paid. An expired claim and a rejection lead back to Open, a refund ends an open task.
    enum Status {
        Open,
        Claimed,
        Submitted,
        Paid,
        Refunded
    }

    /// @param creator who pays and judges
    /// @param reward pay of each task, in wei
    /// @param taskCount how many tasks there are, numbered from 0
    /// @param claimWindow time to work on a task, in seconds
    /// @param reviewWindow time to judge work, in seconds
    /// @param contentHash hash of the data and of the instructions
    struct Job {
        address creator; // slot 0
        uint96 reward;
        uint32 taskCount; // slot 1
        uint32 claimWindow;
        uint32 reviewWindow;
        bytes32 contentHash; // slot 2
    }

    /// @param annotator who claimed the task last
    /// @param until end of the claim, and of the review once work is in; Unix seconds
    /// @param status where the task stands
    /// @param result hash of the work
    struct Task {
        address annotator; // slot 0
        uint40 until;
        Status status;
        bytes32 result; // slot 1
    }

    event JobCreated(
        uint256 indexed jobId, address indexed creator, uint256 reward, uint256 taskCount, bytes32 contentHash
    );
    event TaskClaimed(uint256 indexed jobId, uint256 indexed taskId, address indexed annotator, uint256 until);
    event TaskSubmitted(uint256 indexed jobId, uint256 indexed taskId, address indexed annotator, bytes32 result);
    event TaskRejected(uint256 indexed jobId, uint256 indexed taskId);
    event TaskPaid(uint256 indexed jobId, uint256 indexed taskId, address indexed annotator, uint256 reward);
    event TaskRefunded(uint256 indexed jobId, uint256 indexed taskId, uint256 reward);

    error WrongBounty(uint256 sent, uint256 needed);
    error NoSuchTask(uint256 jobId, uint256 taskId);
    error WrongStatus(uint256 jobId, uint256 taskId, Status status);
    error WrongAccount(address account);
    error TooLate(uint256 until);
    error LengthMismatch(uint256 taskIds, uint256 results);

    /// @notice How many jobs were created; they are numbered from 1.
    uint256 public jobCount;

    /// @notice The terms of each job.
    mapping(uint256 jobId => Job) public jobs;

    /// @notice The record of each task.
    mapping(uint256 jobId => mapping(uint256 taskId => Task)) public tasks;

    /* JOBS */

    /// @notice Opens a job and locks the pay of all its tasks.
    function createJob(uint96 reward, uint32 taskCount, uint32 claimWindow, uint32 reviewWindow, bytes32 contentHash)
        external
        payable
        returns (uint256 jobId)
    {
        uint256 bounty = uint256(reward) * taskCount;
        require(msg.value == bounty, WrongBounty(msg.value, bounty));
        jobId = ++jobCount;
        jobs[jobId] = Job(msg.sender, reward, taskCount, claimWindow, reviewWindow, contentHash);
        emit JobCreated(jobId, msg.sender, reward, taskCount, contentHash);
    }

    /// @notice Gives the creator back the pay of a task on which nobody works.
    function refund(uint256 jobId, uint256 taskId) external {
        Job storage job = jobs[jobId];
        _requireCreator(job);
        Task storage task = _freeTask(jobId, taskId);
        task.status = Status.Refunded;
        emit TaskRefunded(jobId, taskId, job.reward);
        Address.sendValue(payable(msg.sender), job.reward);
    }

    /* WORK */

    /// @notice Takes a task that is open, or whose claim has expired.
    function claim(uint256 jobId, uint256 taskId) external {
        Task storage task = _freeTask(jobId, taskId);
        uint256 until = block.timestamp + jobs[jobId].claimWindow;
        (task.annotator, task.until, task.status) = (msg.sender, uint40(until), Status.Claimed);
        emit TaskClaimed(jobId, taskId, msg.sender, until);
    }

    /// @notice Hands in the work on one task.
    function submit(uint256 jobId, uint256 taskId, bytes32 result) external {
        _submit(jobId, taskId, result);
    }

    /// @notice Hands in the work on many tasks.
    function submitBatch(uint256 jobId, uint256[] calldata taskIds, bytes32[] calldata results) external {
        require(taskIds.length == results.length, LengthMismatch(taskIds.length, results.length));
        for (uint256 i = 0; i < taskIds.length; ++i) {
            _submit(jobId, taskIds[i], results[i]);
        }
    }

    /* REVIEW AND PAYMENT */

    /// @notice Pays one task: at the creator's word, or at anybody's once the review window is over.
    function approve(uint256 jobId, uint256 taskId) external {
        _approve(jobId, taskId);
    }

    /// @notice Pays many tasks, each by a transfer of its own: they may be different annotators' tasks.
    function approveBatch(uint256 jobId, uint256[] calldata taskIds) external {
        for (uint256 i = 0; i < taskIds.length; ++i) {
            _approve(jobId, taskIds[i]);
        }
    }

    /// @notice Opens a task again whose work is not good enough.
    function reject(uint256 jobId, uint256 taskId) external {
        _requireCreator(jobs[jobId]);
        Task storage task = tasks[jobId][taskId];
        require(task.status == Status.Submitted, WrongStatus(jobId, taskId, task.status));
        require(block.timestamp <= task.until, TooLate(task.until));
        delete tasks[jobId][taskId];
        emit TaskRejected(jobId, taskId);
    }

    function _submit(uint256 jobId, uint256 taskId, bytes32 result) private {
        Task storage task = tasks[jobId][taskId];
        require(task.status == Status.Claimed, WrongStatus(jobId, taskId, task.status));
        require(task.annotator == msg.sender, WrongAccount(msg.sender));
        require(block.timestamp <= task.until, TooLate(task.until));
        (task.until, task.status) = (uint40(block.timestamp + jobs[jobId].reviewWindow), Status.Submitted);
        task.result = result;
        emit TaskSubmitted(jobId, taskId, msg.sender, result);
    }

    function _approve(uint256 jobId, uint256 taskId) private {
        Job storage job = jobs[jobId];
        Task storage task = tasks[jobId][taskId];
        require(task.status == Status.Submitted, WrongStatus(jobId, taskId, task.status));
        require(msg.sender == job.creator || block.timestamp > task.until, WrongAccount(msg.sender));
        task.status = Status.Paid;
        (address annotator, uint256 reward) = (task.annotator, job.reward);
        emit TaskPaid(jobId, taskId, annotator, reward);
        Address.sendValue(payable(annotator), reward);
    }

    function _requireCreator(Job storage job) private view {
        require(msg.sender == job.creator, WrongAccount(msg.sender));
    }

    /// @dev A task that is open, or whose claim has expired.
    function _freeTask(uint256 jobId, uint256 taskId) private view returns (Task storage task) {
        require(taskId < jobs[jobId].taskCount, NoSuchTask(jobId, taskId));
        task = tasks[jobId][taskId];
        bool expired = task.status == Status.Claimed && block.timestamp > task.until;
        require(task.status == Status.Open || expired, WrongStatus(jobId, taskId, task.status));
    }
}
