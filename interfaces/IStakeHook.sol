// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "./IAnnotationMarket.sol";
import {IEligibilityHook} from "./IEligibilityHook.sol";
import {ISignedActs} from "./ISignedActs.sol";
import {IStaking} from "./IStaking.sol";

/// @title IStakeHook
/// @notice Lets only those claim tasks of a job who have pledged a stake to it, and slashes that stake for tasks whose
/// rejection stands.
///
/// @dev A hook of an annotation market that is, at the same time, a market of a staking contract: stake stays there, and
/// this contract holds nothing. A pledge is counted in tasks, each worth the job's `stakePerTask`; it locks that much of
/// what the annotator has available, where he allows this hook to (`IStaking.allow`).
/// ```
/// None --pledge--> Held --requestUnpledge (no task open)--> Leaving --unpledge (anyone, later, nothing due)--> None
///                   \ \<------------- pledge -----------------/
///                    \--slash: some tasks fewer--   lock over: None (anyone: IStaking.reclaim)
/// ```
/// What is **due** of an account in a job are its tasks whose rejection stands and that were not slashed for. The market
/// counts a rejection in the act in which it comes to stand, so nothing can happen in between, and
/// ```
/// tasks open + tasks due <= tasks pledged
/// ```
/// holds from a claim on for as long as the lock does: a claim is admitted only where it will hold, a rejection that stands
/// moves tasks from one to the other, a slash lowers both sides, and a pledge leaves only when nothing is open or due.
///
/// Whoever claims a task can be slashed for it, and the pledge outlasts whatever can become of it. From a claim to a
/// rejection that stands, or that anyone can make stand, pass at most the job's four windows; then anyone has at least
/// `PROOF_WINDOW` to prove it. A claim is admitted only while the lock lasts for both (`claimsUntil`), and to leave takes
/// `PROOF_WINDOW` from a second on in which nothing is open and nothing more can be claimed.
///
/// Nobody's silence keeps a pledge. Tasks of the market end by calls that are open to everyone, so does what is due, by
/// `slash`; the way out takes one call more, and the lock ends by itself, at most `MAX_LOCK` of the staking contract after
/// the account's latest pledge. Whoever works longer than that pledges again, if only for one task more: that renews the
/// lock.
///
/// What nobody slashed for before the lock was over stays due in that job, and in no other: it takes its part of any new
/// pledge there before a claim does, and can be slashed from it. Who pledges that many tasks more and has them slashed owes
/// nothing again; nobody owes anything for a task that was not rejected for good.
///
/// What is slashed is burnt, so that neither creator nor arbiter nor anyone who calls gains by it.
///
/// Warning: as with the rejection itself, a creator who colludes with the arbiter can have a pledge burnt at the price of
/// the rejection fee, and an annotator who lets a rejection stand that he could appeal loses his stake with his pay.
interface IStakeHook is IEligibilityHook, ISignedActs {
    /* TYPES */

    /// @notice What a job asks for; fixed once it is set.
    /// @param stakePerTask Base units of the staked token for each task that is held; 0 before it is set.
    /// @param exposure Seconds from a claim in which its offence can come to stand and be proven: the four windows of
    /// the job and `PROOF_WINDOW`.
    struct Terms {
        uint96 stakePerTask;
        uint32 exposure;
    }

    /// @notice An account's pledge to a job.
    /// @param tasks How many tasks it is for.
    /// @param claimsUntil Last second, Unix, in which it admits claims; 0 while it leaves.
    /// @param leavesAt Last second, Unix, in which it cannot be given back yet while it leaves; else 0.
    struct Pledge {
        uint24 tasks;
        uint40 claimsUntil;
        uint40 leavesAt;
    }

    /* EVENTS */

    /// @notice Emitted when the creator says what his job asks for.
    event JobConfigured(uint256 indexed jobId, uint256 stakePerTask, uint256 exposure);
    /// @notice Emitted when `annotator` pledges for `tasks` more tasks, and admits claims until `claimsUntil`.
    event Pledged(uint256 indexed jobId, address indexed annotator, uint256 tasks, uint256 claimsUntil);
    /// @notice Emitted when `annotator` wants his pledge back; it can be given back after `leavesAt`, when nothing is due.
    event UnpledgeRequested(uint256 indexed jobId, address indexed annotator, uint256 leavesAt);
    /// @notice Emitted when a pledge for `tasks` tasks is available again.
    event Unpledged(uint256 indexed jobId, address indexed annotator, uint256 tasks);
    /// @notice Emitted when `tasks` rejected tasks of a claim cost `annotator` `amount` base units of his pledge.
    event PledgeSlashed(
        uint256 indexed jobId, uint256 indexed claimId, address indexed annotator, uint256 tasks, uint256 amount
    );

    /* ERRORS */

    /// @notice Thrown when somebody else than the creator says what a job asks for.
    error NotCreator(address caller, address creator);
    /// @notice Thrown when a job has another hook than this.
    error OtherHook(uint256 jobId, address hook);
    /// @notice Thrown when it has been said already what a job asks for.
    error AlreadyConfigured(uint256 jobId);
    /// @notice Thrown when it has not been said what a job asks for.
    error NotConfigured(uint256 jobId);
    /// @notice Thrown when a job would ask for no stake.
    error StakeRequired();
    /// @notice Thrown when a pledge states another stake per task than the job asks for.
    error OtherStake(uint256 stated, uint256 current);
    /// @notice Thrown when an account has no pledge in a job, or none any more: its lock is over.
    error NoPledge(uint256 jobId, address annotator);
    /// @notice Thrown when an account that holds tasks of a job wants its pledge back.
    error TasksOpen(uint256 jobId, address annotator, uint256 open);
    /// @notice Thrown when nobody has asked for a pledge back.
    error NotLeaving(uint256 jobId, address annotator);
    /// @notice Thrown when a pledge that leaves stays until `until`.
    error StillExposed(uint256 until, uint256 currentTime);
    /// @notice Thrown when a pledge that leaves has to pay for `due` tasks first: anyone can slash for them.
    error TasksDue(uint256 jobId, address annotator, uint256 due);
    /// @notice Thrown when a claim's commitment is not opened by what is handed in.
    error WrongOpening(uint256 claimId);
    /// @notice Thrown when no rejection of a claim stands, or not yet.
    error NoRejection(uint256 claimId);
    /// @notice Thrown when all rejected tasks of a claim have been slashed.
    error AlreadySlashed(uint256 claimId);

    /* CONSTANTS */

    /// @notice The annotation market; fixed for ever.
    function market() external view returns (IAnnotationMarket);

    /// @notice Where the stake is; fixed for ever.
    function staking() external view returns (IStaking);

    /// @notice Seconds that anyone has to prove a rejection that stands, before the pledge can go.
    function PROOF_WINDOW() external view returns (uint256);

    /* CREATORS */

    /// @notice Says how much stake each task of a job takes that somebody holds, in base units of the staked token. The
    /// job's creator only, once, and for a job whose hook is this one. Until then nobody can pledge, so nobody can claim.
    /// @dev One hook serves every job: a hook for each amount would have to be listed by the staking contract's owner each
    /// time. Nobody pledges before the amount is fixed, and a pledge states it, so it cannot surprise anybody.
    function configure(uint256 jobId, uint96 stakePerTask) external;

    /* ANNOTATORS */

    /// @notice Pledges for `tasks` more tasks of a job: locks `tasks * stakePerTask` of what the caller has available and
    /// allows this hook to lock. It takes back a request for this pledge, and renews the lock, on which all pledges of the
    /// caller stand; only this one admits claims for longer by it.
    /// @dev A lock that was over is given back first, and with it ends whatever was pledged on it.
    /// @param stakePerTask What the job asks for, as the caller has seen it.
    function pledge(uint256 jobId, uint24 tasks, uint96 stakePerTask) external;

    /// @notice `pledge` in the name of `auth.signer`.
    /// @dev Signed struct:
    /// `Pledge(uint256 jobId,uint24 tasks,uint96 stakePerTask,address annotator,uint256 nonce,uint256 deadline)`.
    function pledgeBySig(uint256 jobId, uint24 tasks, uint96 stakePerTask, Authorization calldata auth) external;

    /// @notice Asks for the caller's pledge back, who holds no task of the job. It admits no claims from now on.
    function requestUnpledge(uint256 jobId) external;

    /// @notice `requestUnpledge` in the name of `auth.signer`.
    /// @dev Signed struct: `RequestUnpledge(uint256 jobId,address annotator,uint256 nonce,uint256 deadline)`.
    function requestUnpledgeBySig(uint256 jobId, Authorization calldata auth) external;

    /* ANYONE */

    /// @notice Makes a pledge available again that was asked for more than `PROOF_WINDOW` ago, when nothing is due of it.
    function unpledge(uint256 jobId, address annotator) external;

    /// @notice Burns the stake of the tasks of a claim whose rejection stands: `stakePerTask` for each, once, as far as the
    /// annotator's pledge to the job goes. What is missing stays due.
    /// @param annotator Who submitted; with `word`, `root` and `done`, as the market's `claim` and `submitBatch` had them,
    /// the opening of the claim's commitment.
    function slash(uint256 claimId, address annotator, uint256 word, bytes32 root, uint256 done) external;

    /* VIEWS */

    /// @notice What a job asks for.
    function termsOf(uint256 jobId) external view returns (Terms memory);

    /// @notice An account's pledge to a job; all 0 if it has none, or its lock is over.
    function pledgeOf(uint256 jobId, address annotator) external view returns (Pledge memory);

    /// @notice How many tasks of an account in a job are due: their rejection stands, and they were not slashed for.
    function dueOf(uint256 jobId, address annotator) external view returns (uint256);

    /// @notice How many rejected tasks of a claim have been slashed.
    function slashedTasks(uint256 claimId) external view returns (uint256);
}
