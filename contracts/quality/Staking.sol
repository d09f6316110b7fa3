// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IStaking} from "../../interfaces/IStaking.sol";
import {Owned} from "../access/Owned.sol";
import {Escrow} from "../payments/Escrow.sol";

/// @title Staking
/// @notice Security for work: see `IStaking` for the buckets and for who may do what.
/// @custom:kill None: the owner can stop new locks of a market by taking it off the list; what is locked ends by itself.
contract Staking is IStaking, Escrow, Owned {
    using SafeCast for uint256;

    struct Buckets {
        uint128 available;
        uint128 locked;
    }

    /// @dev What a lock needs stands in one slot. `former` is a higher limit from before, which holds for slashes through
    /// `formerUntil`.
    struct Bond {
        uint104 limit;
        uint104 locked;
        uint40 until;
        uint104 former;
        uint40 formerUntil;
    }

    /// @inheritdoc IStaking
    uint256 public constant MAX_LOCK = 180 days;
    /// @inheritdoc IStaking
    uint256 public constant MAX_UNBONDINGS = 8;
    /// @inheritdoc IStaking
    address public constant BURN_ADDRESS = 0x000000000000000000000000000000000000dEaD;

    /// @dev The highest limit there is, and so the most that a market can lock of an account.
    uint256 private constant MOST_LOCKED = type(uint104).max;
    bytes32 private constant STAKE_TYPEHASH =
        keccak256("Stake(uint256 amount,address account,uint256 nonce,uint256 deadline)");
    bytes32 private constant ALLOW_TYPEHASH =
        keccak256("Allow(address market,uint128 limit,address account,uint256 nonce,uint256 deadline)");
    bytes32 private constant UNBOND_TYPEHASH =
        keccak256("Unbond(uint256 amount,address account,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IStaking
    address public immutable stakeToken;
    /// @inheritdoc IStaking
    address public immutable feeRecipient;
    /// @inheritdoc IStaking
    uint256 public immutable UNBONDING_PERIOD;

    /// @inheritdoc IStaking
    mapping(address market => bool listed) public isListed;

    mapping(address account => Buckets) private _buckets;
    mapping(address account => Unbonding[]) private _unbondings;
    mapping(address account => mapping(address market => Bond)) private _bonds;

    constructor(address owner_, address feeRecipient_, address stakeToken_, uint256 unbondingPeriod)
        EIP712("Winnow Staking", "1")
        Ownable(owner_)
    {
        require(feeRecipient_ != address(0) && stakeToken_ != address(0), BadConstruction());
        require(unbondingPeriod != 0 && unbondingPeriod <= MAX_LOCK, BadConstruction());
        stakeToken = stakeToken_;
        feeRecipient = feeRecipient_;
        UNBONDING_PERIOD = unbondingPeriod;
    }

    /* OWNER */

    /// @inheritdoc IStaking
    function setMarket(address market, bool listed) external onlyOwner {
        isListed[market] = listed;
        emit MarketSet(market, listed);
    }

    /* STAKERS */

    /// @inheritdoc IStaking
    function stake(address account, uint256 amount) external nonReentrant {
        _stake(account, msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function stakeBySig(uint256 amount, Authorization calldata auth) external nonReentrant {
        _authorize(keccak256(abi.encode(STAKE_TYPEHASH, amount, auth.signer, auth.nonce, auth.deadline)), auth);
        _stake(auth.signer, auth.signer, amount);
    }

    /// @inheritdoc IStaking
    function allow(address market, uint128 limit) external nonReentrant {
        _allow(msg.sender, market, limit);
    }

    /// @inheritdoc IStaking
    function allowBySig(address market, uint128 limit, Authorization calldata auth) external nonReentrant {
        _authorize(keccak256(abi.encode(ALLOW_TYPEHASH, market, limit, auth.signer, auth.nonce, auth.deadline)), auth);
        _allow(auth.signer, market, limit);
    }

    /// @inheritdoc IStaking
    function unbond(uint256 amount) external nonReentrant {
        _unbond(msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function unbondBySig(uint256 amount, Authorization calldata auth) external nonReentrant {
        _authorize(keccak256(abi.encode(UNBOND_TYPEHASH, amount, auth.signer, auth.nonce, auth.deadline)), auth);
        _unbond(auth.signer, amount);
    }

    /// @inheritdoc IStaking
    function collect(address account) external nonReentrant returns (uint256 amount) {
        Unbonding[] storage queue = _unbondings[account];
        uint256 length = queue.length;
        uint256 over;
        while (over < length && block.timestamp > queue[over].until) {
            amount += queue[over++].amount;
        }
        require(amount != 0, NothingToMove());
        for (uint256 i = over; i < length; ++i) {
            queue[i - over] = queue[i];
        }
        for (uint256 i = 0; i < over; ++i) {
            queue.pop();
        }
        emit UnbondingCollected(account, amount);
        _pay(stakeToken, account, amount);
    }

    /// @inheritdoc IStaking
    function reclaim(address account, address market) external nonReentrant {
        Bond storage bond = _bonds[account][market];
        require(block.timestamp > bond.until, StillLocked(bond.until, block.timestamp));
        _unlock(account, market, bond, bond.locked);
    }

    /* MARKETS */

    /// @inheritdoc IStaking
    function lock(address account, uint256 amount, uint256 until) external nonReentrant {
        require(isListed[msg.sender], NotListed(msg.sender));
        require(amount != 0, NothingToMove());
        require(until <= block.timestamp + MAX_LOCK, LockTooLong(until, block.timestamp + MAX_LOCK));
        Bond storage bond = _bonds[account][msg.sender];
        uint256 wanted = bond.locked + amount;
        require(wanted <= bond.limit, LimitExceeded(account, msg.sender, bond.limit, wanted));
        _takeAvailable(account, amount);

        _buckets[account].locked += uint128(amount);
        // Not above the limit.
        bond.locked = uint104(wanted);
        bond.until = uint40(Math.max(until, bond.until));
        emit StakeLocked(account, msg.sender, amount, bond.until);
    }

    /// @inheritdoc IStaking
    function unlock(address account, uint256 amount) external nonReentrant {
        Bond storage bond = _bonds[account][msg.sender];
        require(amount <= bond.locked, LockTooLow(account, msg.sender, bond.locked, amount));
        _unlock(account, msg.sender, bond, amount);
    }

    /// @inheritdoc IStaking
    function slash(address account, Split calldata split) external nonReentrant returns (uint256 slashed) {
        uint256 wanted = uint256(split.payout) + split.burn + split.fee;
        require(wanted != 0, NothingToMove());
        Bond storage bond = _bonds[account][msg.sender];
        uint256 slashable = _slashable(bond, msg.sender);
        require(wanted <= slashable, LimitExceeded(account, msg.sender, slashable, wanted));

        (uint256 fromLock, uint256 fromAvailable, uint256 fromUnbonding) = _seize(account, bond, wanted);
        slashed = fromLock + fromAvailable + fromUnbonding;
        bond.limit -= uint104(Math.min(bond.limit, slashed));
        bond.former -= uint104(Math.min(bond.former, slashed));

        uint256 payout = Math.min(split.payout, slashed);
        uint256 burned = Math.min(split.burn, slashed - payout);
        uint256 fee = slashed - payout - burned;
        emit StakeSlashed(account, msg.sender, split.payee, fromLock, fromAvailable, fromUnbonding, payout, burned, fee);
        _credit(stakeToken, feeRecipient, fee);
        _burn(burned);
        _pay(stakeToken, split.payee, payout);
    }

    /* VIEWS */

    /// @inheritdoc IStaking
    function stakeOf(address account) external view returns (Stake memory stake_) {
        Buckets storage buckets = _buckets[account];
        Unbonding[] storage queue = _unbondings[account];
        (stake_.available, stake_.locked) = (buckets.available, buckets.locked);
        for (uint256 i = 0; i < queue.length; ++i) {
            stake_.unbonding += queue[i].amount;
        }
    }

    /// @inheritdoc IStaking
    function lockOf(address account, address market) external view returns (Lock memory) {
        Bond storage bond = _bonds[account][market];
        return Lock({locked: bond.locked, limit: bond.limit, slashable: _slashable(bond, market), until: bond.until});
    }

    /// @inheritdoc IStaking
    function unbondingsOf(address account) external view returns (Unbonding[] memory) {
        return _unbondings[account];
    }

    /* INSIDE */

    function _stake(address account, address payer, uint256 amount) private {
        require(amount != 0, NothingToMove());
        _buckets[account].available += amount.toUint128();
        emit Staked(account, payer, amount);
        _receive(stakeToken, payer, amount);
    }

    /// @dev A lower limit holds for slashes only after the period, counted anew from each lowering; to raise it again in
    /// the meantime changes nothing of that.
    function _allow(address account, address market, uint128 wanted) private {
        Bond storage bond = _bonds[account][market];
        uint104 limit = uint104(Math.min(wanted, MOST_LOCKED));
        uint104 before = _limitForSlashes(bond);
        if (limit < bond.limit) {
            (bond.former, bond.formerUntil) = (before, uint40(block.timestamp + UNBONDING_PERIOD));
        }
        bond.limit = limit;
        emit LimitSet(account, market, limit, limit < before ? bond.formerUntil : block.timestamp);
    }

    function _unbond(address account, uint256 amount) private {
        require(amount != 0, NothingToMove());
        require(_unbondings[account].length < MAX_UNBONDINGS, TooManyUnbondings(MAX_UNBONDINGS));
        _takeAvailable(account, amount);
        uint40 until = uint40(block.timestamp + UNBONDING_PERIOD);
        _unbondings[account].push(Unbonding({amount: uint128(amount), until: until}));
        emit UnbondingStarted(account, amount, until);
    }

    function _takeAvailable(address account, uint256 amount) private {
        uint256 available = _buckets[account].available;
        require(amount <= available, StakeTooLow(account, available, amount));
        _buckets[account].available = uint128(available - amount);
    }

    function _unlock(address account, address market, Bond storage bond, uint256 amount) private {
        require(amount != 0, NothingToMove());
        bond.locked -= uint104(amount);
        _buckets[account].locked -= uint128(amount);
        _buckets[account].available += uint128(amount);
        emit StakeUnlocked(account, market, amount);
    }

    function _limitForSlashes(Bond storage bond) private view returns (uint104) {
        return uint104(Math.max(bond.limit, block.timestamp <= bond.formerUntil ? bond.former : 0));
    }

    function _slashable(Bond storage bond, address market) private view returns (uint256) {
        return isListed[market] ? Math.max(_limitForSlashes(bond), bond.locked) : bond.locked;
    }

    /// @dev Takes up to `wanted` out of the buckets that the market of `bond` can reach.
    function _seize(address account, Bond storage bond, uint256 wanted)
        private
        returns (uint256 fromLock, uint256 fromAvailable, uint256 fromUnbonding)
    {
        Buckets storage buckets = _buckets[account];
        fromLock = Math.min(wanted, bond.locked);
        bond.locked -= uint104(fromLock);
        buckets.locked -= uint128(fromLock);
        fromAvailable = Math.min(wanted - fromLock, buckets.available);
        buckets.available -= uint128(fromAvailable);
        fromUnbonding = _seizeUnbonding(account, wanted - fromLock - fromAvailable);
    }

    /// @dev The latest request first; one that is over is out of reach, and so are all before it.
    function _seizeUnbonding(address account, uint256 wanted) private returns (uint256 seized) {
        Unbonding[] storage queue = _unbondings[account];
        for (uint256 i = queue.length; i != 0 && seized < wanted; --i) {
            Unbonding storage last = queue[i - 1];
            if (block.timestamp > last.until) break;
            uint256 part = Math.min(wanted - seized, last.amount);
            seized += part;
            if (part == last.amount) queue.pop();
            else last.amount -= uint128(part);
        }
    }

    /// @dev Tokens that know no `burn` leave for an address that nobody has the key of.
    function _burn(uint256 amount) private {
        if (amount == 0) return;
        uint256 burned = _spend(stakeToken, abi.encodeCall(ERC20Burnable.burn, (amount)), amount);
        liabilities[stakeToken] -= burned;
        _pay(stakeToken, BURN_ADDRESS, amount - burned);
    }
}
