// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEscrow} from "./IEscrow.sol";
import {IOwned} from "./IOwned.sol";

/// @title IStaking
/// @notice Stakes in one ERC-20 token, which markets lock as security for work and slash for offences.
///
/// @dev Three buckets for each account, all of them slashable, all in base units of the token:
/// ```
///           stake                    lock                       unlock; reclaim once the lock is over
///   token ---------> available ----------------> locked[market] ------------------------------------> available
///                        |
///                        | unbond                        collect, once UNBONDING_PERIOD is over
///                        \------------------> unbonding --------------------------------------> token
/// ```
/// This contract knows nothing of labels. A market has power over an account where both agree: the owner has listed the
/// market, and the account allows it to lock and slash up to a limit. The owner alone can take nothing from anybody; an
/// account alone cannot invent a market. A limit is raised at once and lowered only after UNBONDING_PERIOD, and stake leaves
/// only through the same period, so that neither outruns an offence.
///
/// A market can count on what it has locked, and on nothing else. What is available is within its reach, too, and whatever
/// the account does by itself leaves it there for the period; but another listed market can lock it at any time, where the
/// account allows that, and a market may do so for anybody who asks: with `IStakeHook` an account opens a job of one wei,
/// says what a task of it costs, and pledges all that it has. From then on that market alone can slash it.
///
/// Ledger: `liabilities(token)` is the sum of all buckets and of all credits.
///
/// A market that is no longer listed locks nothing more; what it has locked it can still slash and unlock, and nothing else.
///
/// A slash takes from the market's own lock first, then from what is available, then from what is unbonding, the latest
/// request first. It never touches another market's lock, nor what has finished unbonding.
///
/// Every lock ends: a market states until when, at most `MAX_LOCK` ahead, and after that anyone can give the stake back.
/// Adding stake or another lock never shortens one.
interface IStaking is IEscrow, IOwned {
    /* TYPES */

    /// @notice What an account has here, in base units.
    /// @param available Can be locked or unbonded.
    /// @param locked Sum of what all markets have locked.
    /// @param unbonding On its way out, whether the period is over or not.
    struct Stake {
        uint256 available;
        uint256 locked;
        uint256 unbonding;
    }

    /// @notice What one market may do with one account's stake, in base units.
    /// @param locked What the market has locked.
    /// @param limit The most that it may have locked.
    /// @param slashable The most that it may slash now: the limit, or a higher one that was lowered lately; never less
    /// than `locked`, and not more where the market is not listed.
    /// @param until Unix seconds: after it anyone may `reclaim` what is locked.
    struct Lock {
        uint256 locked;
        uint256 limit;
        uint256 slashable;
        uint256 until;
    }

    /// @notice A request to leave: `amount` base units that can be collected after `until`, Unix seconds.
    struct Unbonding {
        uint128 amount;
        uint40 until;
    }

    /// @notice How a slash is split, in base units; the sum of the three is slashed.
    /// @param payout For `payee`.
    /// @param burn Destroyed, or sent to `BURN_ADDRESS` where the token cannot destroy it.
    /// @param fee A credit of the fee recipient.
    /// @param payee Who is compensated; ignored where `payout` is 0.
    struct Split {
        uint128 payout;
        uint128 burn;
        uint128 fee;
        address payee;
    }

    /* EVENTS */

    /// @notice Emitted when `payer` adds `amount` to the stake of `account`.
    event Staked(address indexed account, address indexed payer, uint256 amount);
    /// @notice Emitted when `account` changes what `market` may lock and slash. A lower limit holds for new locks at once,
    /// for slashes after `effectiveAt`, Unix seconds.
    event LimitSet(address indexed account, address indexed market, uint256 limit, uint256 effectiveAt);
    /// @notice Emitted when the owner lists a market, or takes it off the list.
    event MarketSet(address indexed market, bool listed);
    /// @notice Emitted when a market locks stake, at least until `until`.
    event StakeLocked(address indexed account, address indexed market, uint256 amount, uint256 until);
    /// @notice Emitted when locked stake is available again.
    event StakeUnlocked(address indexed account, address indexed market, uint256 amount);
    /// @notice Emitted when stake starts to leave; it can be collected after `until`.
    event UnbondingStarted(address indexed account, uint256 amount, uint256 until);
    /// @notice Emitted when stake has left.
    event UnbondingCollected(address indexed account, uint256 amount);
    /// @notice Emitted when a market slashes an account; `fromLock`, `fromAvailable` and `fromUnbonding` are where it was
    /// taken from, `payout`, `burned` and `fee` where it went: both sums are what was slashed.
    event StakeSlashed(
        address indexed account,
        address indexed market,
        address indexed payee,
        uint256 fromLock,
        uint256 fromAvailable,
        uint256 fromUnbonding,
        uint256 payout,
        uint256 burned,
        uint256 fee
    );

    /* ERRORS */

    /// @notice Thrown when a market that is not listed tries to lock stake.
    error NotListed(address market);
    /// @notice Thrown when an act that moves stake is asked to move none.
    error NothingToMove();
    /// @notice Thrown when an account has less available than the act needs.
    error StakeTooLow(address account, uint256 available, uint256 needed);
    /// @notice Thrown when a market would lock or slash more than the account allows it.
    error LimitExceeded(address account, address market, uint256 limit, uint256 wanted);
    /// @notice Thrown when a market asks to unlock more than it has locked.
    error LockTooLow(address account, address market, uint256 locked, uint256 asked);
    /// @notice Thrown when a lock would last longer than `MAX_LOCK`.
    error LockTooLong(uint256 until, uint256 latest);
    /// @notice Thrown when a lock lasts until `until`.
    error StillLocked(uint256 until, uint256 currentTime);
    /// @notice Thrown when an account has as many requests to leave as it can have.
    error TooManyUnbondings(uint256 max);
    /// @notice Thrown when the token (zero stands for the native coin) or the fee recipient would be the zero address, or the
    /// period is 0 or longer than `MAX_LOCK`.
    error BadConstruction();

    /* CONSTANTS */

    /// @notice The token that is staked; fixed for ever.
    function stakeToken() external view returns (address);

    /// @notice Where the fee of every slash goes, as a credit.
    function feeRecipient() external view returns (address);

    /// @notice Seconds from a request to leave to the end of it; fixed for ever.
    function UNBONDING_PERIOD() external view returns (uint256);

    /// @notice The longest lock, in seconds.
    function MAX_LOCK() external view returns (uint256);

    /// @notice Most requests to leave that an account can have at once.
    function MAX_UNBONDINGS() external view returns (uint256);

    /// @notice Where a token goes that cannot be destroyed.
    function BURN_ADDRESS() external view returns (address);

    /* OWNER */

    /// @notice Lists a market, or takes it off the list; what it has locked stays as it is. Owner only.
    function setMarket(address market, bool listed) external;

    /// @notice Whether a market may lock stake of those who allow it.
    function isListed(address market) external view returns (bool);

    /* STAKERS */

    /// @notice Adds `amount` to the stake of `account`, paid by the caller, who has approved the token before. It changes
    /// nothing for the account but what is available.
    function stake(address account, uint256 amount) external;

    /// @notice `stake` by and for `auth.signer`.
    /// @dev Signed struct: `Stake(uint256 amount,address account,uint256 nonce,uint256 deadline)`.
    function stakeBySig(uint256 amount, Authorization calldata auth) external;

    /// @notice Allows `market` to have up to `limit` of the caller's stake locked, and to slash as much.
    /// @dev What a market slashes counts against its limit, so a limit is the most that can be lost to it until it is
    /// raised again. Warning: a market decides by itself what an offence is. Allow only markets whose code you trust.
    /// @param limit Replaces the limit before. A market can lock up to 2^104 - 1 base units of an account; any
    /// higher limit is this one: `type(uint128).max` for no limit but the stake itself.
    function allow(address market, uint128 limit) external;

    /// @notice `allow` in the name of `auth.signer`.
    /// @dev Signed struct: `Allow(address market,uint128 limit,address account,uint256 nonce,uint256 deadline)`.
    function allowBySig(address market, uint128 limit, Authorization calldata auth) external;

    /// @notice Starts to take `amount` of what is available out; it stays slashable until it is over.
    function unbond(uint256 amount) external;

    /// @notice `unbond` in the name of `auth.signer`.
    /// @dev Signed struct: `Unbond(uint256 amount,address account,uint256 nonce,uint256 deadline)`.
    function unbondBySig(uint256 amount, Authorization calldata auth) external;

    /// @notice Pays `account` all stake that has finished unbonding; anyone may call.
    /// @return amount What was paid, in base units; never 0.
    function collect(address account) external returns (uint256 amount);

    /// @notice Gives `account` back what `market` has locked, after the lock is over; anyone may call.
    function reclaim(address account, address market) external;

    /* MARKETS */

    /// @notice Locks `amount` of what `account` has available, for the calling market.
    /// @param until The lock, and every earlier one of the same market and account, lasts at least until then.
    function lock(address account, uint256 amount, uint256 until) external;

    /// @notice Makes `amount` of what the calling market has locked available again.
    function unlock(address account, uint256 amount) external;

    /// @notice Slashes an account by the sum of `split`, as far as there is stake that the calling market can reach: where
    /// that is less, the fee is cut first, then the burn, then the payout.
    /// @dev Reverts where the sum is more than `slashable` of `lockOf`: a market that must go on asks for no more.
    /// @return slashed What was taken, in base units.
    function slash(address account, Split calldata split) external returns (uint256 slashed);

    /* VIEWS */

    /// @notice The buckets of an account.
    function stakeOf(address account) external view returns (Stake memory);

    /// @notice What a market has, and may have, of an account.
    function lockOf(address account, address market) external view returns (Lock memory);

    /// @notice An account's requests to leave, the oldest first.
    function unbondingsOf(address account) external view returns (Unbonding[] memory);
}
