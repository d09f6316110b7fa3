// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAnnotationMarket} from "../../../interfaces/IAnnotationMarket.sol";
import {IStakeHook} from "../../../interfaces/IStakeHook.sol";
import {IStaking} from "../../../interfaces/IStaking.sol";
import {SignedActs} from "../../access/SignedActs.sol";
import {Masks} from "../../libraries/Masks.sol";

/// @title StakeHook
/// @notice Work in a reviewed market is backed by stake: see `IStakeHook` for how long, and for what is slashed.
/// @custom:kill None: the staking contract's owner can stop new pledges by taking the hook off the list. Claims stop when
/// the pledges end; those can be slashed and given back as before.
contract StakeHook is IStakeHook, SignedActs, ReentrancyGuardTransient {
    using Masks for uint256;

    /// @dev Locks of an account come in rounds: a pledge counts only in the round in which it was made. `slashed` are all
    /// tasks that were ever slashed for: pledges come and go, it stays. A claim looks at all of it, so it is one slot.
    struct Entry {
        uint24 tasks;
        uint40 claimsUntil;
        uint40 leavesAt;
        uint40 round;
        uint32 slashed;
    }

    /// @inheritdoc IStakeHook
    uint256 public constant PROOF_WINDOW = 7 days;

    uint256 private constant SEQUENCE_BITS = 24;
    bytes32 private constant PLEDGE_TYPEHASH = keccak256(
        "Pledge(uint256 jobId,uint24 tasks,uint96 stakePerTask,address annotator,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REQUEST_TYPEHASH =
        keccak256("RequestUnpledge(uint256 jobId,address annotator,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IStakeHook
    IAnnotationMarket public immutable market;
    /// @inheritdoc IStakeHook
    IStaking public immutable staking;

    /// @inheritdoc IStakeHook
    mapping(uint256 claimId => uint256) public slashedTasks;

    mapping(uint256 jobId => Terms) private _terms;
    mapping(address annotator => uint40) private _rounds;
    mapping(uint256 jobId => mapping(address annotator => Entry)) private _pledges;

    constructor(IAnnotationMarket market_, IStaking staking_) EIP712("Winnow StakeHook", "1") {
        market = market_;
        staking = staking_;
    }

    /* CREATORS */

    /// @inheritdoc IStakeHook
    function configure(uint256 jobId, uint96 stakePerTask) external nonReentrant {
        IAnnotationMarket.Job memory job = market.job(jobId);
        require(msg.sender == job.creator, NotCreator(msg.sender, job.creator));
        require(job.hook == address(this), OtherHook(jobId, job.hook));
        require(_terms[jobId].stakePerTask == 0, AlreadyConfigured(jobId));
        require(stakePerTask != 0, StakeRequired());
        uint256 exposure = PROOF_WINDOW + job.claimWindow + job.reviewWindow + job.appealWindow + job.decisionWindow;
        _terms[jobId] = Terms({stakePerTask: stakePerTask, exposure: uint32(exposure)});
        emit JobConfigured(jobId, stakePerTask, exposure);
    }

    /* ANNOTATORS */

    /// @inheritdoc IStakeHook
    function pledge(uint256 jobId, uint24 tasks, uint96 stakePerTask) external nonReentrant {
        _pledge(msg.sender, jobId, tasks, stakePerTask);
    }

    /// @inheritdoc IStakeHook
    function pledgeBySig(uint256 jobId, uint24 tasks, uint96 stakePerTask, Authorization calldata auth)
        external
        nonReentrant
    {
        _authorize(
            keccak256(abi.encode(PLEDGE_TYPEHASH, jobId, tasks, stakePerTask, auth.signer, auth.nonce, auth.deadline)),
            auth
        );
        _pledge(auth.signer, jobId, tasks, stakePerTask);
    }

    /// @inheritdoc IStakeHook
    function requestUnpledge(uint256 jobId) external nonReentrant {
        _requestUnpledge(msg.sender, jobId);
    }

    /// @inheritdoc IStakeHook
    function requestUnpledgeBySig(uint256 jobId, Authorization calldata auth) external nonReentrant {
        _authorize(keccak256(abi.encode(REQUEST_TYPEHASH, jobId, auth.signer, auth.nonce, auth.deadline)), auth);
        _requestUnpledge(auth.signer, jobId);
    }

    /* ANYONE */

    /// @inheritdoc IStakeHook
    function unpledge(uint256 jobId, address annotator) external nonReentrant {
        Entry storage entry = _held(jobId, annotator);
        uint256 leavesAt = entry.leavesAt;
        require(leavesAt != 0, NotLeaving(jobId, annotator));
        require(block.timestamp > leavesAt, StillExposed(leavesAt, block.timestamp));
        uint256 due = dueOf(jobId, annotator);
        require(due == 0, TasksDue(jobId, annotator, due));

        uint256 tasks = entry.tasks;
        (entry.tasks, entry.claimsUntil, entry.leavesAt, entry.round) = (0, 0, 0, 0);
        emit Unpledged(jobId, annotator, tasks);
        staking.unlock(annotator, tasks * _terms[jobId].stakePerTask);
    }

    /// @inheritdoc IStakeHook
    function slash(uint256 claimId, address annotator, uint256 word, bytes32 root, uint256 done) external nonReentrant {
        IAnnotationMarket.RecordView memory record = market.claimRecord(claimId);
        require(record.commitment == keccak256(abi.encode(annotator, word, root, done)), WrongOpening(claimId));
        uint256 due = _standing(record).count();
        require(due != 0, NoRejection(claimId));
        due -= slashedTasks[claimId];
        require(due != 0, AlreadySlashed(claimId));
        uint256 jobId = claimId >> SEQUENCE_BITS;
        Entry storage entry = _held(jobId, annotator);

        uint256 tasks = Math.min(due, entry.tasks);
        // 32 bits are enough: it is never more than the market's own count of what was rejected for good.
        (entry.tasks, entry.slashed) = (entry.tasks - uint24(tasks), entry.slashed + uint32(tasks));
        slashedTasks[claimId] += tasks;
        uint256 wanted = tasks * _terms[jobId].stakePerTask;
        IStaking.Split memory split = IStaking.Split({payout: 0, burn: uint128(wanted), fee: 0, payee: address(0)});
        emit PledgeSlashed(jobId, claimId, annotator, tasks, staking.slash(annotator, split));
    }

    /* VIEWS */

    /// @notice Whether the account's pledge is for as many tasks as it would hold and still has to pay for, and lasts for
    /// what may become of them.
    /// @dev A pledge that admits claims is locked: `claimsUntil` is before the end of its lock, and of its round.
    function isEligible(uint256 jobId, address annotator, uint256 tasks, bytes calldata) external view returns (bool) {
        Entry storage entry = _pledges[jobId][annotator];
        if (block.timestamp > entry.claimsUntil) return false;
        IAnnotationMarket.Account memory account = market.accountOf(jobId, annotator);
        uint256 due = account.rejected - entry.slashed;
        return account.open + due + tasks <= entry.tasks;
    }

    /// @inheritdoc IStakeHook
    function termsOf(uint256 jobId) external view returns (Terms memory) {
        return _terms[jobId];
    }

    /// @inheritdoc IStakeHook
    function pledgeOf(uint256 jobId, address annotator) external view returns (Pledge memory pledge_) {
        Entry storage entry = _pledges[jobId][annotator];
        if (!_isHeld(entry, annotator)) return pledge_;
        return Pledge({tasks: entry.tasks, claimsUntil: entry.claimsUntil, leavesAt: entry.leavesAt});
    }

    /// @inheritdoc IStakeHook
    function dueOf(uint256 jobId, address annotator) public view returns (uint256) {
        return market.accountOf(jobId, annotator).rejected - _pledges[jobId][annotator].slashed;
    }

    /* INSIDE */

    function _pledge(address annotator, uint256 jobId, uint24 tasks, uint96 stakePerTask) private {
        Terms memory terms = _terms[jobId];
        require(terms.stakePerTask != 0, NotConfigured(jobId));
        require(stakePerTask == terms.stakePerTask, OtherStake(stakePerTask, terms.stakePerTask));
        uint40 round = _roundOf(annotator);
        Entry storage entry = _pledges[jobId][annotator];
        uint24 held = entry.round == round ? entry.tasks : 0;
        uint256 until = block.timestamp + staking.MAX_LOCK();
        uint40 claimsUntil = uint40(until - terms.exposure);

        entry.tasks = held + tasks;
        (entry.claimsUntil, entry.leavesAt, entry.round) = (claimsUntil, 0, round);
        emit Pledged(jobId, annotator, tasks, claimsUntil);
        staking.lock(annotator, uint256(tasks) * stakePerTask, until);
    }

    function _requestUnpledge(address annotator, uint256 jobId) private {
        Entry storage entry = _held(jobId, annotator);
        uint256 open = market.accountOf(jobId, annotator).open;
        require(open == 0, TasksOpen(jobId, annotator, open));
        uint40 leavesAt = uint40(block.timestamp + PROOF_WINDOW);
        (entry.claimsUntil, entry.leavesAt) = (0, leavesAt);
        emit UnpledgeRequested(jobId, annotator, leavesAt);
    }

    /// @dev The round in which a new pledge counts. A lock that is over is given back, if nobody has done it before, and
    /// with it end all pledges of its round.
    function _roundOf(address annotator) private returns (uint40) {
        IStaking.Lock memory lock = staking.lockOf(annotator, address(this));
        if (block.timestamp <= lock.until) return _rounds[annotator];
        uint40 round = ++_rounds[annotator];
        if (lock.locked != 0) staking.reclaim(annotator, address(this));
        return round;
    }

    function _held(uint256 jobId, address annotator) private view returns (Entry storage entry) {
        entry = _pledges[jobId][annotator];
        require(_isHeld(entry, annotator), NoPledge(jobId, annotator));
    }

    /// @dev Until its lock is over, only this contract can take anything out of it; then anyone may reclaim it.
    function _isHeld(Entry storage entry, address annotator) private view returns (bool) {
        if (entry.tasks == 0 || entry.round != _rounds[annotator]) return false;
        return block.timestamp <= staking.lockOf(annotator, address(this)).until;
    }

    /// @dev The tasks whose rejection stands: those in dispute, once the dispute is over.
    function _standing(IAnnotationMarket.RecordView memory record) private pure returns (uint256) {
        bool over =
            record.state == IAnnotationMarket.ClaimState.Done || record.dispute == IAnnotationMarket.DisputeState.Ended;
        return over ? record.disputed : 0;
    }
}
