// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusTypes} from "./IConsensusTypes.sol";
import {IEscrow} from "./IEscrow.sol";
import {IFeeSource} from "./IFeeSource.sol";

/// @title IConsensusTruth
/// @notice Reveals, gold, challenges, experts, scores and views: the half of `ILabelConsensus` that `LabelConsensus` has from
/// its extension.
interface IConsensusTruth is IConsensusTypes, IEscrow, IFeeSource {
    /* REVEALS */

    /// @notice Reveals the labels of a seat. Whoever knows the salt may; it is the annotator's secret.
    function reveal(uint256 jobId, uint256 word, Seat calldata seat_, bytes calldata labels, bytes32 salt) external;

    /* GOLD AND CHALLENGES */

    /// @notice Opens the gold of words. Whoever knows the salts may; they are the creator's secret. It counts only if the gold
    /// of all words with seats is opened. Words that are open already are passed over: whoever comes second does no harm.
    function openGold(uint256 jobId, GoldOpening[] calldata openings) external;

    /// @notice Says that the gold of the tasks in `mask` is false, with a bond for each. Any annotator with a revealed seat on
    /// the word, about tasks of his seat.
    /// @param sealed_ His seat with the hash of his labels.
    function challenge(uint256 jobId, uint256 word, uint256 mask, SealedSeat calldata sealed_, Truth calldata truth)
        external
        payable;

    /// @notice `challenge` in the name of `auth.signer`, who pays a bond in a token himself; one in the native coin comes with
    /// the call and is his from then on.
    /// @dev Signed struct: `Challenge(uint256 jobId,uint256 word,uint256 mask,address account,uint256 nonce,uint256 deadline)`.
    function challengeBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        SealedSeat calldata sealed_,
        Truth calldata truth,
        Authorization calldata auth
    ) external payable;

    /// @notice Says what is true of tasks that were challenged or drawn for an audit. Experts only, who have no seat on the
    /// word; paid at once, as long as the budget lasts.
    /// @param mask The tasks.
    /// @param verdicts Their truth; no answer where there is none, and elsewhere.
    /// @param audited Seats for whose audit tasks in `mask` were drawn, with the hash of their labels (see `auditOf`).
    /// @param panelData For a list `abi.encode(bytes32[] proof)`, for a contract whatever it wants.
    function decide(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        Truth calldata truth,
        SealedSeat[] calldata audited,
        bytes calldata panelData
    ) external;

    /// @notice `decide` in the name of `auth.signer`.
    /// @dev Signed struct: `Decide(uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,address account,uint256 nonce,
    /// uint256 deadline)` (one line).
    function decideBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        Truth calldata truth,
        SealedSeat[] calldata audited,
        bytes calldata panelData,
        Authorization calldata auth
    ) external;

    /// @notice Ends a challenge once experts have decided all of it, or can no longer: the bonds of tasks whose gold they
    /// confirmed go to the sink, all others back. Anyone.
    function settleChallenge(uint256 jobId, uint256 word, uint256 index, Truth calldata truth) external;

    /// @notice Counts the known tasks of a word for its annotators, once all challenged gold of the word is decided. Anyone.
    /// @param seats All revealed seats of the word, in ascending order of their annotators.
    function score(uint256 jobId, uint256 word, Truth calldata truth, RevealedSeat[] calldata seats) external;

    /// @notice Labels tasks of a settled word for which no label was accepted. Experts only, who have no seat on the word;
    /// paid at once, as long as the budget lasts. Until the settle phase and one expert phase are over.
    /// @param mask The tasks.
    /// @param verdicts Their labels; no answer elsewhere.
    /// @param labels The word's labels so far.
    function resolve(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        bytes calldata labels,
        bytes calldata panelData
    ) external;

    /// @notice `resolve` in the name of `auth.signer`.
    /// @dev Signed struct: `Resolve(uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,address account,uint256 nonce,
    /// uint256 deadline)` (one line).
    function resolveBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        bytes calldata labels,
        bytes calldata panelData,
        Authorization calldata auth
    ) external;

    /* OWNER */

    /// @notice Sets what an answer's reputation costs in fees, for jobs that open later (F17: no ring gains more than it
    /// burns). Owner only.
    function setUnit(address token, uint96 unit) external;

    /* THE END */

    /// @notice Ends a job in which no seat is live and gives the creator what is left. Anyone, once seats can no longer be
    /// taken, and where experts may still resolve tasks, once their time is over; the creator at any time before the first
    /// seat.
    function close(uint256 jobId) external;

    /* VIEWS */

    /// @notice Number of jobs; ids are 1 to it.
    function jobCount() external view returns (uint64);

    /// @notice Most seats of a word.
    function MAX_SEATS() external view returns (uint256);

    /// @notice Seconds after the last phase in which stake is still locked: those who were silent can be slashed until then.
    function GRACE() external view returns (uint256);

    /// @notice Fees in base units of `token` for each answer that counts for reputation; 0 where none does.
    function unitOf(address token) external view returns (uint96);

    /// @notice Reverts where terms are out of bounds; what depends on the day (the fee) is for `createJob`.
    /// @param stakeToken The token that annotators stake.
    function checkTerms(address creator, JobTerms calldata terms, address stakeToken) external view;

    /// @notice What an annotator commits to: bound to chain, contract, job, word, annotator and tasks.
    function hashCommitment(
        uint256 jobId,
        uint256 word,
        address annotator,
        uint256 mask,
        bytes calldata labels,
        bytes32 salt
    ) external view returns (bytes32);

    /// @notice The hash of the terms that `createJob` would store.
    /// @dev `keccak256(abi.encode(creator, terms, wordClasses))`.
    function hashTerms(address creator, JobTerms calldata terms, uint256[] calldata wordClasses)
        external
        pure
        returns (bytes32);

    /// @notice A job as it is kept.
    function job(uint256 jobId) external view returns (Job memory);

    /// @notice What changes in a job.
    function bookOf(uint256 jobId) external view returns (Book memory);

    /// @notice A word as it is kept.
    function wordOf(uint256 jobId, uint256 word) external view returns (Word memory);

    /// @notice Tasks of a layer that can be taken.
    function freeTasks(uint256 jobId, uint256 word, uint256 layer) external view returns (uint256 mask);

    /// @notice What is kept of an account's seat: zero for none; for one that is done zero too, or one where the job has a
    /// panel.
    function seatDigest(uint256 jobId, uint256 word, address account) external view returns (bytes32);

    /// @notice What is kept of a word: of its gold and verdicts, and once it is settled, of its labels (`keccak256(labels)`).
    function wordDigest(uint256 jobId, uint256 word) external view returns (bytes32);

    /// @notice Tasks of a settled word for which no label is accepted.
    function unresolvedTasks(uint256 jobId, uint256 word) external view returns (uint256 mask);

    /// @notice The confusion matrix of an account in a job (see `Confusion`), as far as words are scored. Those of the
    /// word that is paid last are gone once every seat of the job is done.
    function matrixOf(uint256 jobId, address account) external view returns (uint256[] memory words);

    /// @notice Full pay, fee and stake (for a perfect reputation) of a task of the word, base units.
    function taskTerms(uint256 jobId, uint256 word) external view returns (uint256 pay, uint256 fee, uint256 stake);

    /// @notice A challenge of a word's gold.
    function challengeOf(uint256 jobId, uint256 word, uint256 index) external view returns (Challenge memory);

    /// @notice Tasks of a seat that are drawn for an audit: with a chance of `audit / 256` each, by a seed that nobody knew
    /// when labels were committed, and that is the same whenever it is asked.
    /// @param goldSalt Of the word's gold, opened.
    function auditOf(uint256 jobId, uint256 word, Seat calldata seat_, bytes32 goldSalt)
        external
        view
        returns (uint256 mask);
}
