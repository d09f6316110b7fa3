// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEscrow} from "./IEscrow.sol";
import {IGoverned} from "./IGoverned.sol";

/// @title IAnnotationMarket
/// @notice Jobs of up to 1,048,576 annotation tasks with a locked bounty: claimed for a while, submitted in batches under
/// one Merkle root, paid on approval or after silence.
///
/// @dev Tasks are numbered from 0. The unit of bookkeeping is a word of 256 tasks: task `t` is bit `t % 256` of word
/// `t / 256`, and a mask names tasks of one word. A claim and the submission made from it share one id,
/// `jobId << 24 | sequence number in the job`.
///
/// Every party may act up to and including its deadline (`now <= deadline`); a time-out works after it (`now > deadline`).
///
/// Job:
/// ```
/// None --createJob--> Open --close (creator; anyone after the deadline)--> Closing --last taken task settled--> Closed
///                      \------------------- last task approved ---------------------------------------------> Closed
/// ```
/// Claim, and the submission it becomes:
/// ```
/// None --claim--> Claimed --submitBatch--> Submitted --every task approved, finalized or decided--> Done
///                    \--release / expired--> Done
/// ```
/// Dispute of a submission (at most one):
/// ```
/// None --reject--> Rejected --settleRejection (after the appeal window)--> Ended: the tasks reopen
///                     \--appeal--> Appealed --decide (arbiter)--> Ended: bit by bit
///                                     \--settleAppeal (after the decision window)--> Ended: the annotator is paid
/// ```
/// Money per task of a word with pay `R` (the reward times the word's difficulty, rounded down): the creator locks
/// `R + fee`, `fee = R * feeBps / 10_000` rounded down, when the job opens; the annotator adds the claim bond
/// `b = reward * bondBps / 10_000` rounded up. Ledger of a job: funds of open and taken tasks, plus bonds of taken tasks,
/// plus deposits of live disputes. `open + taken + approved + refunded == taskCount`.
///
/// Sink below means `feeRecipient`: it takes protocol fees and forfeited deposits, so that nobody who plays gains by
/// another's forfeit. Deposits that somebody pays for an annotator (`…BySig` with the native coin) become the annotator's.
interface IAnnotationMarket is IEscrow, IGoverned {
    /* TYPES */

    /// @notice The life of a job; transitions in the interface's head.
    enum JobState {
        None,
        Open,
        Closing,
        Closed
    }

    /// @notice The life of a claim and the submission it becomes.
    enum ClaimState {
        None,
        Claimed,
        Submitted,
        Done
    }

    /// @notice The life of a dispute.
    enum DisputeState {
        None,
        Rejected,
        Appealed,
        Ended
    }

    /// @notice The terms of a job: fixed when it opens, covered by `termsHash`, which every claim signature covers.
    /// @param token Payment token; `address(0)` is the native coin.
    /// @param reward Pay per task of difficulty 1.00, in the token's base units; at least 1.
    /// @param taskCount 1 to 1,048,576.
    /// @param claimWindow Seconds from claim to expiry, 1 minute to 30 days.
    /// @param reviewWindow Seconds after a submission in which the creator may reject, 1 hour to 30 days.
    /// @param appealWindow Seconds after a rejection in which the annotator may appeal, 1 hour to 30 days; 0 without arbiter.
    /// @param decisionWindow Seconds after an appeal in which the arbiter may decide, as above.
    /// @param deadline Unix seconds: every claim expires before it; after it anyone may close the job. At most 2 years ahead.
    /// @param maxOpen Most tasks that one annotator may hold claimed or under review, at least 1.
    /// @param bondBps Claim bond per task in basis points of `reward`, at most 10,000. Warning: with a bond below
    /// `rejectFeeBps` an annotator who hands in junk loses less than the creator who rejects it.
    /// @param feeBps Protocol fee in basis points of the pay; must be the fee of the day.
    /// @param rejectFeeBps What a rejection costs the creator per task, in basis points of the pay, rounded up: 500 to 5,000;
    /// 0 without arbiter.
    /// @param royaltyBps Annotators' share of every later sale of the data set, in basis points, at most 9,000.
    /// @param arbiter Decides appeals and has agreed by signature; zero means that nothing can be rejected.
    /// @param arbiterFee Deposited by the creator with a rejection and by the annotator with an appeal, in base units; at
    /// most 100 times `reward`, so that nobody is priced out of an appeal; 0 without arbiter.
    /// @param hook Optional `IEligibilityHook`; zero means that everyone may claim.
    /// @param dataRoot 0G Storage root of the source data.
    /// @param dataLength Its length in bytes (the root alone does not commit to it).
    /// @param instructionsHash Hash of the instructions for annotators.
    /// @param multipliers Difficulty of up to 8 classes, basis points, class `i` in bits `16i` to `16i + 15`; 0 means that
    /// every task counts 1.00.
    struct JobTerms {
        address token;
        uint96 reward;
        uint24 taskCount;
        uint24 claimWindow;
        uint24 reviewWindow;
        uint24 appealWindow;
        uint24 decisionWindow;
        uint40 deadline;
        uint16 maxOpen;
        uint16 bondBps;
        uint16 feeBps;
        uint16 rejectFeeBps;
        uint16 royaltyBps;
        address arbiter;
        uint96 arbiterFee;
        address hook;
        bytes32 dataRoot;
        uint64 dataLength;
        bytes32 instructionsHash;
        uint128 multipliers;
    }

    /// @notice A job as it is kept.
    /// @param open Tasks that can be claimed.
    /// @param taken Tasks that are claimed, under review or in dispute.
    /// @param approved Tasks that were paid.
    /// @param records Claims made so far; the next claim's sequence number.
    /// @param flags Bit 0: has a hook; bit 1: has difficulty classes; bit 2: paid in a token; bit 3: has a fee. They save the
    /// common job the look at what it has not.
    struct Job {
        // slot 0
        uint24 open;
        uint24 taken;
        uint24 approved;
        uint24 taskCount;
        uint24 records;
        uint24 claimWindow;
        uint24 reviewWindow;
        uint40 deadline;
        uint16 maxOpen;
        uint16 bondBps;
        JobState state;
        uint8 flags;
        // slot 1
        address creator;
        uint96 reward;
        // slot 2
        address token;
        uint16 feeBps;
        uint16 rejectFeeBps;
        uint16 royaltyBps;
        uint24 appealWindow;
        uint24 decisionWindow;
        // slot 3
        address arbiter;
        uint96 arbiterFee;
        // slot 4
        bytes32 termsHash;
        // slot 5
        address hook;
    }

    /// @notice An annotator's standing in one job.
    /// @param open Tasks that he holds claimed, under review or in dispute.
    /// @param approved Tasks that he was paid for.
    /// @param weight The same, each task counted with its difficulty in basis points: what royalties are shared by.
    /// @param earned Pay so far in base units, bonds not counted.
    /// @param rejected Tasks whose rejection stood, each as often as it did; counted in the act in which it comes to stand, so
    /// that a hook that asks for security knows of it before anything else can happen.
    struct Account {
        uint24 open;
        uint24 approved;
        uint48 weight;
        uint128 earned;
        uint32 rejected;
    }

    /// @notice A claim, or the submission it became, as it is kept. Only `state`, `disputed` and `commitment` outlive Done.
    /// @param time Claimed: last second of the claim. Submitted: second of the submission.
    /// @param mask Claimed: the tasks of the claim. Submitted: the tasks that await approval.
    /// @param disputed Tasks in a live dispute; after it, the tasks whose rejection stood.
    /// @param disputedAt Second of the last move in a live dispute, rejection or appeal.
    /// @param commitment `keccak256(abi.encode(annotator, word, root, done))` of what was submitted; zero before.
    struct RecordView {
        address annotator;
        ClaimState state;
        DisputeState dispute;
        uint256 word;
        uint256 time;
        uint256 mask;
        uint256 disputed;
        uint256 disputedAt;
        bytes32 commitment;
    }

    /* EVENTS */

    /// @notice Emitted when a job opens; `funded` base units are locked.
    event JobCreated(
        uint256 indexed jobId,
        address indexed creator,
        bytes32 indexed termsHash,
        JobTerms terms,
        uint256[] wordClasses,
        uint256 funded
    );
    /// @notice Emitted when a job takes no more claims; `refunded` base units of `tasks` open tasks went back to the creator.
    event JobClosing(uint256 indexed jobId, uint256 tasks, uint256 refunded);
    /// @notice Emitted when the last task of a job is settled; its counts never change again.
    event JobClosed(uint256 indexed jobId, uint256 approved);
    /// @notice Emitted when tasks are claimed; `bond` is the whole bond of the claim.
    event TasksClaimed(
        uint256 indexed jobId,
        uint256 indexed claimId,
        address indexed annotator,
        uint256 word,
        uint256 mask,
        uint256 expiry,
        uint256 bond
    );
    /// @notice Emitted when tasks of a claim go back undone; of their bond, `forfeited` went to the sink, the rest back.
    event TasksReturned(
        uint256 indexed jobId, uint256 indexed claimId, address indexed annotator, uint256 mask, uint256 forfeited
    );
    /// @notice Emitted when an expired claim ends; its whole bond `forfeited` went to the sink.
    event ClaimExpired(
        uint256 indexed jobId, uint256 indexed claimId, address indexed annotator, uint256 mask, uint256 forfeited
    );
    /// @notice Emitted when a batch is submitted: the results of the tasks in `done` under the Merkle root `root`, found at `uri`.
    event LabelsSubmitted(
        uint256 indexed jobId,
        uint256 indexed claimId,
        address indexed annotator,
        uint256 done,
        bytes32 root,
        string uri
    );
    /// @notice Emitted when tasks are paid: `reward` and the returned `bond` to the annotator, `fee` to the sink.
    event RewardPaid(
        uint256 indexed jobId,
        uint256 indexed claimId,
        address indexed annotator,
        uint256 mask,
        uint256 reward,
        uint256 bond,
        uint256 fee
    );
    /// @notice Emitted when results are rejected; the creator deposited `rejectFee` (all tasks) and `arbiterFee`.
    event LabelsRejected(
        uint256 indexed jobId,
        uint256 indexed claimId,
        address indexed annotator,
        uint256 mask,
        bytes32 reasonHash,
        uint256 rejectFee,
        uint256 arbiterFee
    );
    /// @notice Emitted when the annotator calls the arbiter, with the deposit `arbiterFee`.
    event RejectionAppealed(
        uint256 indexed jobId, uint256 indexed claimId, address indexed annotator, uint256 arbiterFee
    );
    /// @notice Emitted when a dispute ends. The rejection of `upheld` stands and those tasks reopen; `overturned` was paid
    /// (see `RewardPaid`).
    /// @param forfeited Bonds and rejection fees that went to the sink.
    /// @param compensation Rejection fees that went to the annotator.
    /// @param toAnnotator What came back of his arbiter deposit.
    /// @param toCreator What came back of his deposits.
    /// @param toArbiter The arbiter's pay.
    event DisputeEnded(
        uint256 indexed jobId,
        uint256 indexed claimId,
        uint256 upheld,
        uint256 overturned,
        uint256 forfeited,
        uint256 compensation,
        uint256 toAnnotator,
        uint256 toCreator,
        uint256 toArbiter
    );
    /// @notice Emitted when tasks that reopened in a closing job give their funds back to the creator.
    event TasksRefunded(uint256 indexed jobId, uint256 tasks, uint256 refunded);

    /* ERRORS: TERMS */

    /// @notice Thrown when a field of the terms is outside its bounds.
    error TermOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max);
    /// @notice Thrown when the terms state another fee than the one of the day.
    error FeeChanged(uint256 stated, uint256 current);
    /// @notice Thrown when the arbiter is the creator or the sink, the creator is the sink, or the arbiter would appeal to
    /// himself.
    error RoleConflict(address account);
    /// @notice Thrown when dispute terms are set in a job without arbiter.
    error NoArbiter(uint256 jobId);
    /// @notice Thrown when the class words do not match the task count, or name a class without multiplier.
    error BadWordClasses(uint256 index);
    /// @notice Thrown when an address that must be a contract has no code.
    error NotAContract(address account);

    /* ERRORS: ACTS */

    /// @notice Thrown when a job is not in the state that the act needs.
    error WrongJobState(uint256 jobId, JobState state);
    /// @notice Thrown when a claim is not in the state that the act needs.
    error WrongClaimState(uint256 claimId, ClaimState state);
    /// @notice Thrown when a dispute is not in the state that the act needs.
    error WrongDisputeState(uint256 claimId, DisputeState state);
    /// @notice Thrown when the caller (or signer) is not the one whose act it is.
    error NotAuthorized(address caller, address required);
    /// @notice Thrown when the party's time ended at `deadline`.
    error TooLate(uint256 deadline, uint256 currentTime);
    /// @notice Thrown when somebody else's time lasts until `deadline`.
    error TooEarly(uint256 deadline, uint256 currentTime);
    /// @notice Thrown when a mask is empty, or has bits outside `allowed`.
    error BadMask(uint256 mask, uint256 allowed);
    /// @notice Thrown when tasks of a claim are taken already; `taken` names them.
    error TasksTaken(uint256 jobId, uint256 word, uint256 taken);
    /// @notice Thrown when a claim would put an annotator above the job's cap.
    error OpenCapExceeded(address annotator, uint256 wouldHold, uint256 cap);
    /// @notice Thrown when the job's hook refuses the annotator.
    error NotEligible(uint256 jobId, address annotator);
    /// @notice Thrown when the creator, the sink, or the holder of an expired claim that is named tries to claim.
    error MayNotClaim(address annotator);
    /// @notice Thrown when an array argument is longer than documented.
    error TooMany(uint256 length, uint256 max);
    /// @notice Thrown when an expired claim that is named belongs to another job or word.
    error ClaimElsewhere(uint256 claimId, uint256 jobId, uint256 word);
    /// @notice Thrown when a batch comes without a root.
    error EmptyRoot();

    /* JOBS */

    /// @notice Opens a job and locks its bounty: for each task, its pay plus fee.
    /// @dev Native coin: send exactly the bounty. ERC-20: approve it before. The pieces of the terms are bounded as
    /// documented in `JobTerms`. Blocked while paused.
    /// Warning: the arbiter's word decides appeals. A creator who colludes with the arbiter can take results at the price
    /// of the rejection fee; annotators see the arbiter in the terms that they sign.
    /// @param terms See `JobTerms`.
    /// @param wordClasses Class of word `64 * j + i` in bits `4i` to `4i + 3` of element `j`; empty without `multipliers`.
    /// @param arbiterDeadline Last second at which the arbiter's acceptance holds; ignored without arbiter.
    /// @param arbiterSignature The arbiter's signature of `ArbiterAcceptance(bytes32 termsHash,address arbiter,uint256 deadline)`;
    /// it serves every job that the same creator opens with the same terms until that deadline.
    /// @return jobId Counts from 1.
    function createJob(
        JobTerms calldata terms,
        uint256[] calldata wordClasses,
        uint256 arbiterDeadline,
        bytes calldata arbiterSignature
    ) external payable returns (uint256 jobId);

    /// @notice Stops new claims and gives the funds of open tasks back to the creator. Taken tasks run their course.
    /// @dev The creator at any time; anyone after the job's deadline.
    function close(uint256 jobId) external;

    /* CLAIMS */

    /// @notice Reserves the tasks in `mask` for the caller until now plus the claim window, against `bond` for each.
    /// @dev Blocked while paused. ERC-20 bonds are pulled from the annotator. Whoever wants to be sure of the terms even
    /// across a reorganisation of the chain claims by signature, which covers their hash.
    /// @param mask Tasks of `word`, none of them taken after `expired` are ended.
    /// @param hookData Handed to the job's hook.
    /// @param expired At most 16 expired claims of the same job and word, none the caller's own, that are ended first.
    function claim(uint256 jobId, uint256 word, uint256 mask, bytes calldata hookData, uint256[] calldata expired)
        external
        payable
        returns (uint256 claimId);

    /// @notice `claim` in the name of `auth.signer`; a native bond comes with the call and becomes the signer's.
    /// @dev Signed struct: `Claim(bytes32 termsHash,uint256 jobId,uint256 word,uint256 mask,address annotator,uint256 nonce,
    /// uint256 deadline)`. `expired` and `hookData` are the relayer's to choose: they change nothing for the signer.
    function claimBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata hookData,
        uint256[] calldata expired,
        Authorization calldata auth
    ) external payable returns (uint256 claimId);

    /// @notice Gives all tasks of a claim back; the bond is forfeited in the proportion of the claim window that passed,
    /// rounded up per task.
    function release(uint256 claimId) external;

    /// @notice `release` in the name of `auth.signer`.
    /// @dev Signed struct: `Release(uint256 claimId,address annotator,uint256 nonce,uint256 deadline)`.
    function releaseBySig(uint256 claimId, Authorization calldata auth) external;

    /// @notice Ends expired claims of one job; anyone may call. Their bonds go to the sink, their tasks reopen.
    /// @param claimIds At most 64 claims of `jobId`, all of them expired.
    function releaseExpired(uint256 jobId, uint256[] calldata claimIds) external;

    /* BATCHES */

    /// @notice Submits the results of the tasks in `done`; the other tasks of the claim go back as by `release`.
    /// @param root Merkle root over the results in ascending task order; not checked here, see `IMarketLens.isAccepted`.
    /// @param done Part of the claim's mask, not empty.
    /// @param uri Where the payload is; at most 256 bytes.
    function submitBatch(uint256 claimId, bytes32 root, uint256 done, string calldata uri) external;

    /// @notice `submitBatch` in the name of `auth.signer`.
    /// @dev Signed struct: `SubmitBatch(uint256 claimId,bytes32 root,uint256 done,string uri,address annotator,uint256 nonce,
    /// uint256 deadline)`.
    function submitBatchBySig(
        uint256 claimId,
        bytes32 root,
        uint256 done,
        string calldata uri,
        Authorization calldata auth
    ) external;

    /* REVIEW AND PAYMENT */

    /// @notice Pays the tasks in `mask`. The creator only, at any time while they are pending.
    function approve(uint256 claimId, uint256 mask) external;

    /// @notice Pays all pending tasks of a submission after a silent review; anyone may call.
    function finalize(uint256 claimId) external;

    /* DISPUTES */

    /// @notice Rejects the tasks in `mask`, once per submission and within the review window. The creator deposits the
    /// rejection fee for each task and the arbiter fee.
    /// @param reasonHash Hash of the reasons, which are published off chain.
    function reject(uint256 claimId, uint256 mask, bytes32 reasonHash) external payable;

    /// @notice Calls the arbiter. The annotator deposits the arbiter fee.
    function appeal(uint256 claimId) external payable;

    /// @notice `appeal` in the name of `auth.signer`; a native deposit comes with the call and becomes the signer's.
    /// @dev Signed struct: `Appeal(uint256 claimId,address annotator,uint256 nonce,uint256 deadline)`.
    function appealBySig(uint256 claimId, Authorization calldata auth) external payable;

    /// @notice Ends a rejection that nobody appealed; anyone may call. The tasks reopen, bonds and rejection fee go to the
    /// sink, the arbiter fee goes back to the creator.
    function settleRejection(uint256 claimId) external;

    /// @notice The arbiter's decision: the rejection of `upheld` stands, everything else is paid, with its share of the
    /// rejection fee. Of `m` disputed tasks with `u` upheld the annotator bears `arbiterFee * u / m` rounded down of the
    /// arbiter's pay, the creator the rest.
    function decide(uint256 claimId, uint256 upheld) external;

    /// @notice Ends an appeal that the arbiter let lapse; anyone may call. The annotator is paid, every deposit returns.
    function settleAppeal(uint256 claimId) external;

    /* VIEWS */

    /// @notice The number of jobs; ids run from 1 to this.
    function jobCount() external view returns (uint64);

    /// @notice A job as it is kept.
    function job(uint256 jobId) external view returns (Job memory);

    /// @notice The claim or submission `claimId` as it is kept; `IMarketLens` tells what it means.
    function claimRecord(uint256 claimId) external view returns (RecordView memory);

    /// @notice The tasks of `word` that can be claimed at once. Tasks of expired claims are not among them before somebody
    /// ends those claims; a claim can do so itself.
    function freeTasks(uint256 jobId, uint256 word) external view returns (uint256 mask);

    /// @notice Pay, fee and bond for one task of `word`, in base units.
    function taskPay(uint256 jobId, uint256 word) external view returns (uint256 reward, uint256 fee, uint256 bond);

    /// @notice An annotator's standing in a job.
    function accountOf(uint256 jobId, address annotator) external view returns (Account memory);

    /// @notice The denominator for shares by `Account.weight`: approved tasks, each with its difficulty in basis points.
    function approvedWeight(uint256 jobId) external view returns (uint256);

    /// @notice The funds of open tasks in base units: what `close` would refund now.
    function freeFunds(uint256 jobId) external view returns (uint256);

    /// @notice The hash that a job with these terms would have: `hashStruct` of EIP-712 of
    /// `JobTerms(address creator, …the fields of JobTerms in order…, uint256[] wordClasses)`.
    function hashTerms(address creator, JobTerms calldata terms, uint256[] calldata wordClasses)
        external
        pure
        returns (bytes32);
}
