// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEscrow} from "./IEscrow.sol";
import {IOwned} from "./IOwned.sol";

/// @title IRewardDistributor
/// @notice Holds the supply of a reward token and hands it out for work that protocol fees were paid for.
///
/// @dev Markets do not push rewards: anyone asks a listed source (`IFeeSource`) what fees were paid for an account's final
/// work, and what was not counted before is rewarded at the day's rate. So markets need no gas and no trust for it, nobody can
/// stop a reward, and calling twice gives nothing twice.
///
/// Everything is kept by origin, the contract that the fees were paid to, of which one source tells at a time. Listing another
/// source for an origin takes the old one off the list in the same act and goes on from what was counted, so the same fees are
/// never rewarded twice. A source that has come to name another origin is asked no more.
///
/// `reward = fees * rate / RATE_UNIT`, rounded down. As long as the owner keeps a rate below the price of the reward token in
/// the fee's token, nobody gains by paying fees to himself; without fees there are no rewards. Warning: fees that nobody has
/// asked rewards for are rewarded at the rate and the price of a later day, so a rate needs a margin.
///
/// What does not fit into the epoch's cap, or into the supply that is left, is not counted and can be asked for again later.
///
/// Rewards are credits (`creditOf`), which their owners take out by `claim`, `withdraw` or a signature. For very many
/// accounts, the owner can switch a job to the tree before anything of it was assigned: what he collects for the job's fees
/// goes into one budget, whose shares he publishes as the root of a cumulative Merkle tree; they can never exceed the budget.
/// A root counts on all jobs that were collected before it: they stay in the tree. Where he publishes none for `ROOT_WINDOW`,
/// anyone switches the job back. Warning: who gets which share of the tree is the owner's word, and a later root can tell
/// another.
///
/// Ledger: `liabilities(rewardToken)` is the sum of credits, plus `total` of the tree minus what it has paid.
interface IRewardDistributor is IEscrow, IOwned {
    /* TYPES */

    /// @notice How a job's rewards are handed out; `None` before the first.
    enum Mode {
        None,
        Direct,
        Tree
    }

    /// @notice A job in the tree.
    /// @param budget What it has added to the budget, base units of the reward token.
    /// @param since Unix seconds of the first addition; of the switch while there is none.
    /// @param roots How many roots were published before the first addition.
    struct TreeJob {
        uint128 budget;
        uint40 since;
        uint40 roots;
    }

    /* EVENTS */

    /// @notice Emitted when the owner lists a source for an origin in place of the last one; the zero address for none.
    event SourceSet(address indexed origin, address indexed source);
    /// @notice Emitted when the rate for fees in `feeToken` changes.
    event RateSet(address indexed feeToken, uint256 rate);
    /// @notice Emitted when the cap of each epoch changes, base units.
    event EpochCapSet(uint256 cap);
    /// @notice Emitted when `account` is rewarded for `fees` base units of `feeToken`.
    event RewardAssigned(
        address indexed origin,
        uint256 indexed jobId,
        address indexed account,
        address feeToken,
        uint256 fees,
        uint256 reward
    );
    /// @notice Emitted when a job's rewards go to the tree, or to its accounts.
    event ModeSet(address indexed origin, uint256 indexed jobId, Mode mode);
    /// @notice Emitted when a job adds `reward` to the budget of the tree for `fees` base units of `feeToken`.
    event RewardCollected(
        address indexed origin, uint256 indexed jobId, address feeToken, uint256 fees, uint256 reward
    );
    /// @notice Emitted when a job that waited too long takes `reward` out of the budget again.
    event RewardReturned(address indexed origin, uint256 indexed jobId, uint256 reward);
    /// @notice Emitted when a new tree holds; `total` is the sum of all its leaves, base units.
    event RootSet(bytes32 indexed root, uint256 total);
    /// @notice Emitted when an account is paid from the tree.
    event TreeClaimed(address indexed account, uint256 amount);

    /* ERRORS */

    /// @notice Thrown when no source is listed for an origin.
    error NotListed(address origin);
    /// @notice Thrown when a source names another origin than the one that it is listed for.
    error OtherOrigin(address source, address named, address origin);
    /// @notice Thrown when a job's rewards are handed out in another mode than the act needs.
    error WrongMode(address origin, uint256 jobId, Mode mode);
    /// @notice Thrown when a rate or a cap is above its bound.
    error AboveBound(uint256 value, uint256 bound);
    /// @notice Thrown when an array argument is longer than documented.
    error TooMany(uint256 length, uint256 max);
    /// @notice Thrown when there is nothing to hand out or to pay.
    error NothingToClaim(address account);
    /// @notice Thrown when the sum of a tree is below the last one's, or more than budget and supply allow; or when a tree would
    /// pay more than its sum.
    error BadTotal(uint256 total, uint256 min, uint256 max);
    /// @notice Thrown when a proof does not lead to the root.
    error BadProof(address account, uint256 cumulative);
    /// @notice Thrown when the owner's time to publish lasts until `deadline`.
    error RootPending(uint256 deadline, uint256 currentTime);
    /// @notice Thrown when a root counts on a job, which therefore stays in the tree.
    error InTree(address origin, uint256 jobId);
    /// @notice Thrown when the reward token would be the zero address, which stands for the native coin.
    error BadConstruction();

    /* CONSTANTS */

    /// @notice The token of rewards.
    function rewardToken() external view returns (address);

    /// @notice A rate of one base unit of reward for one base unit of fee.
    function RATE_UNIT() external view returns (uint256);

    /// @notice The highest rate that can ever be set.
    function MAX_RATE() external view returns (uint256);

    /// @notice Seconds of an epoch; epochs count from the Unix epoch.
    function EPOCH() external view returns (uint256);

    /// @notice The highest cap of an epoch that can ever be set, base units.
    function MAX_EPOCH_CAP() external view returns (uint256);

    /// @notice Seconds that the owner has to publish a root after a job was first collected.
    function ROOT_WINDOW() external view returns (uint256);

    /// @notice Most accounts of one `assign`.
    function MAX_ACCOUNTS() external view returns (uint256);

    /* OWNER */

    /// @notice Lists the source that tells an origin's fees, in place of the last one. Owner only.
    /// @param source Has to name the origin; the zero address for none.
    function setSource(address origin, address source) external;

    /// @notice Sets the reward for fees in `feeToken`, in base units of reward times `RATE_UNIT` for each base unit of fee; 0 for
    /// none. It holds for everything that is not assigned yet. Owner only.
    function setRate(address feeToken, uint256 rate) external;

    /// @notice Sets what can be handed out in each epoch, base units. Owner only.
    function setEpochCap(uint256 cap) external;

    /// @notice Sends a job's rewards to the tree. Owner only, before anything of the job was assigned; before the origin has a
    /// source, too.
    /// @dev Warning: it has to be executed before the job's first fee is final, which an approval or a silent creator makes it.
    /// From then on anyone's `assign` keeps the job out of the tree for good, and where the owner is a timelock, everybody reads
    /// of the plan for its whole delay.
    function useTree(address origin, uint256 jobId) external;

    /// @notice Adds the rewards for a job's fees to the budget of the tree. Nothing is owed before a root says to whom. Owner
    /// only, so that he knows what his next root counts on.
    /// @return reward What was added, base units; may be 0.
    function collect(address origin, uint256 jobId) external returns (uint256 reward);

    /// @notice Publishes a tree of cumulative rewards: leaf `keccak256(keccak256(abi.encode(account, cumulative)))`, pairs sorted.
    /// From then on its sum is owed. Owner only.
    /// @dev A root of the same sum, which corrects the last one, counts on everything that was collected before it, too: it may
    /// give some of what is owed to annotators of those jobs, whom `assign` would reward again if the jobs left the tree. So a
    /// correction is published before anything else is collected; else what was collected waits for a root of a greater sum.
    /// @param total Sum of all leaves, base units: not below the last tree's, not above the budget, and backed by supply.
    function setRoot(bytes32 root, uint256 total) external;

    /* EVERYBODY */

    /// @notice Rewards accounts for the fees that were paid for their work in a job and not counted before.
    /// @param accounts At most `MAX_ACCOUNTS`.
    /// @return reward What was assigned to all of them, base units; may be 0.
    function assign(address origin, uint256 jobId, address[] calldata accounts) external returns (uint256 reward);

    /// @notice Gives a job that waited for a root longer than `ROOT_WINDOW` to `assign`, for good.
    function leaveTree(address origin, uint256 jobId) external;

    /// @notice Sends all of the caller's rewards to `to`.
    /// @return amount What was sent, base units; never 0.
    function claim(address to) external returns (uint256 amount);

    /// @notice `claim` in the name of `auth.signer`.
    /// @dev Signed struct: `ClaimReward(address to,address account,uint256 nonce,uint256 deadline)`.
    function claimBySig(address to, Authorization calldata auth) external returns (uint256 amount);

    /// @notice Pays `account` what the tree owes it; anyone may call.
    /// @param cumulative The account's leaf, base units.
    /// @return amount What was paid, base units; never 0.
    function claimFromTree(address account, uint256 cumulative, bytes32[] calldata proof)
        external
        returns (uint256 amount);

    /* VIEWS */

    /// @notice The source that tells an origin's fees; the zero address for none.
    function sourceOf(address origin) external view returns (address);

    /// @notice Reward for each base unit of fee in `feeToken`, times `RATE_UNIT`.
    function rateOf(address feeToken) external view returns (uint256);

    /// @notice What can be handed out in each epoch, base units.
    function epochCap() external view returns (uint256);

    /// @notice What can still be handed out now, base units: the less of the epoch's rest and the supply that is owed to nobody.
    function available() external view returns (uint256);

    /// @notice Fees of an account in a job that were rewarded, base units; those of the tree under the zero address.
    function countedFees(address origin, uint256 jobId, address account) external view returns (uint256);

    /// @notice How a job's rewards are handed out.
    function modeOf(address origin, uint256 jobId) external view returns (Mode);

    /// @notice A job in the tree.
    function treeJob(address origin, uint256 jobId) external view returns (TreeJob memory);

    /// @notice The tree that holds: its root, the sum of its leaves, what it has paid, and what its jobs have added, base units;
    /// how many roots were published.
    function tree() external view returns (bytes32 root, uint256 total, uint256 paid, uint256 budget, uint40 roots);

    /// @notice What an account was paid from the tree, base units.
    function paidFromTree(address account) external view returns (uint256);
}
