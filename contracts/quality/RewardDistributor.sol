// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IFeeSource} from "../../interfaces/IFeeSource.sol";
import {IRewardDistributor} from "../../interfaces/IRewardDistributor.sol";
import {Owned} from "../access/Owned.sol";
import {Escrow} from "../payments/Escrow.sol";

/// @title RewardDistributor
/// @notice Rewards for work that fees were paid for: see `IRewardDistributor`.
/// @custom:kill None: the owner can list no source, or set rates and cap to 0; what was assigned stays claimable.
contract RewardDistributor is IRewardDistributor, Escrow, Owned {
    using SafeCast for uint256;

    struct Tree {
        bytes32 root;
        uint256 total;
        uint256 paid;
        uint256 budget;
        uint40 roots;
    }

    /// @inheritdoc IRewardDistributor
    uint256 public constant RATE_UNIT = 1e18;
    /// @inheritdoc IRewardDistributor
    uint256 public constant MAX_RATE = 1e36;
    /// @inheritdoc IRewardDistributor
    uint256 public constant EPOCH = 7 days;
    /// @inheritdoc IRewardDistributor
    uint256 public constant ROOT_WINDOW = 30 days;
    /// @inheritdoc IRewardDistributor
    uint256 public constant MAX_ACCOUNTS = 64;

    bytes32 private constant CLAIM_TYPEHASH =
        keccak256("ClaimReward(address to,address account,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IRewardDistributor
    address public immutable rewardToken;
    /// @inheritdoc IRewardDistributor
    uint256 public immutable MAX_EPOCH_CAP;

    /// @inheritdoc IRewardDistributor
    mapping(address origin => address) public sourceOf;
    /// @inheritdoc IRewardDistributor
    mapping(address feeToken => uint256) public rateOf;
    /// @inheritdoc IRewardDistributor
    mapping(address origin => mapping(uint256 jobId => Mode)) public modeOf;
    /// @inheritdoc IRewardDistributor
    mapping(address origin => mapping(uint256 jobId => mapping(address account => uint256))) public countedFees;
    /// @inheritdoc IRewardDistributor
    uint256 public epochCap;
    /// @inheritdoc IRewardDistributor
    Tree public tree;
    /// @inheritdoc IRewardDistributor
    mapping(address account => uint256) public paidFromTree;

    mapping(uint256 epoch => uint256) private _emitted;
    mapping(address origin => mapping(uint256 jobId => TreeJob)) private _treeJobs;

    constructor(address owner_, address rewardToken_, uint256 maxEpochCap)
        EIP712("Winnow RewardDistributor", "1")
        Ownable(owner_)
    {
        require(rewardToken_ != address(0), BadConstruction());
        rewardToken = rewardToken_;
        MAX_EPOCH_CAP = maxEpochCap;
    }

    /* OWNER */

    /// @inheritdoc IRewardDistributor
    function setSource(address origin, address source) external onlyOwner {
        if (source != address(0)) _requireOrigin(source, origin);
        sourceOf[origin] = source;
        emit SourceSet(origin, source);
    }

    /// @inheritdoc IRewardDistributor
    function setRate(address feeToken, uint256 rate) external onlyOwner {
        require(rate <= MAX_RATE, AboveBound(rate, MAX_RATE));
        rateOf[feeToken] = rate;
        emit RateSet(feeToken, rate);
    }

    /// @inheritdoc IRewardDistributor
    function setEpochCap(uint256 cap) external onlyOwner {
        require(cap <= MAX_EPOCH_CAP, AboveBound(cap, MAX_EPOCH_CAP));
        epochCap = cap;
        emit EpochCapSet(cap);
    }

    /// @inheritdoc IRewardDistributor
    function useTree(address origin, uint256 jobId) external onlyOwner {
        _requireMode(origin, jobId, Mode.None);
        _treeJobs[origin][jobId].since = uint40(block.timestamp);
        _setMode(origin, jobId, Mode.Tree);
    }

    /// @inheritdoc IRewardDistributor
    function collect(address origin, uint256 jobId) external onlyOwner nonReentrant returns (uint256 reward) {
        IFeeSource source = _sourceOf(origin);
        _requireMode(origin, jobId, Mode.Tree);
        (address feeToken, uint256 fees) = source.feesOfJob(jobId);
        (fees, reward) = _count(origin, jobId, address(0), feeToken, fees);
        if (reward == 0) return 0;
        TreeJob storage job = _treeJobs[origin][jobId];
        // Later additions do not put off the day on which the job can leave.
        if (job.budget == 0) (job.since, job.roots) = (uint40(block.timestamp), tree.roots);
        job.budget = (job.budget + reward).toUint128();
        tree.budget += reward;
        emit RewardCollected(origin, jobId, feeToken, fees, reward);
    }

    /// @inheritdoc IRewardDistributor
    function setRoot(bytes32 root, uint256 total) external onlyOwner nonReentrant {
        uint256 old = tree.total;
        uint256 most = old + Math.min(tree.budget - old, _supply());
        require(total >= old && total <= most, BadTotal(total, old, most));
        (tree.root, tree.total, tree.roots) = (root, total, tree.roots + 1);
        liabilities[rewardToken] += total - old;
        emit RootSet(root, total);
    }

    /* EVERYBODY */

    /// @inheritdoc IRewardDistributor
    function assign(address origin, uint256 jobId, address[] calldata accounts)
        external
        nonReentrant
        returns (uint256 reward)
    {
        IFeeSource source = _sourceOf(origin);
        require(accounts.length <= MAX_ACCOUNTS, TooMany(accounts.length, MAX_ACCOUNTS));
        bool first = modeOf[origin][jobId] == Mode.None;
        if (!first) _requireMode(origin, jobId, Mode.Direct);
        for (uint256 i = 0; i < accounts.length; ++i) {
            reward += _assign(source, origin, jobId, accounts[i]);
        }
        // Asking for nothing does not keep a job out of the tree.
        if (first && reward != 0) _setMode(origin, jobId, Mode.Direct);
    }

    /// @inheritdoc IRewardDistributor
    function leaveTree(address origin, uint256 jobId) external nonReentrant {
        _requireMode(origin, jobId, Mode.Tree);
        TreeJob storage job = _treeJobs[origin][jobId];
        (uint256 budget, uint256 deadline) = (job.budget, job.since + ROOT_WINDOW);
        require(budget == 0 || job.roots == tree.roots, InTree(origin, jobId));
        require(block.timestamp > deadline, RootPending(deadline, block.timestamp));
        delete _treeJobs[origin][jobId];
        delete countedFees[origin][jobId][address(0)];
        tree.budget -= budget;
        _setMode(origin, jobId, Mode.Direct);
        emit RewardReturned(origin, jobId, budget);
    }

    /// @inheritdoc IRewardDistributor
    function claim(address to) external nonReentrant returns (uint256 amount) {
        return _claim(msg.sender, to);
    }

    /// @inheritdoc IRewardDistributor
    function claimBySig(address to, Authorization calldata auth) external nonReentrant returns (uint256 amount) {
        _authorize(keccak256(abi.encode(CLAIM_TYPEHASH, to, auth.signer, auth.nonce, auth.deadline)), auth);
        return _claim(auth.signer, to);
    }

    /// @inheritdoc IRewardDistributor
    function claimFromTree(address account, uint256 cumulative, bytes32[] calldata proof)
        external
        nonReentrant
        returns (uint256 amount)
    {
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(account, cumulative))));
        require(MerkleProof.verifyCalldata(proof, tree.root, leaf), BadProof(account, cumulative));
        uint256 paid = paidFromTree[account];
        require(cumulative > paid, NothingToClaim(account));
        amount = cumulative - paid;
        // A root may promise more than its sum says: whoever comes late then waits for the next one.
        require(amount <= tree.total - tree.paid, BadTotal(tree.paid + amount, tree.paid, tree.total));
        paidFromTree[account] = cumulative;
        tree.paid += amount;
        emit TreeClaimed(account, amount);
        _pay(rewardToken, account, amount);
    }

    /* VIEWS */

    /// @inheritdoc IRewardDistributor
    function available() public view returns (uint256) {
        uint256 left = Math.saturatingSub(epochCap, _emitted[block.timestamp / EPOCH]);
        return Math.min(left, _supply());
    }

    /// @inheritdoc IRewardDistributor
    function treeJob(address origin, uint256 jobId) external view returns (TreeJob memory) {
        return _treeJobs[origin][jobId];
    }

    /* INSIDE */

    function _assign(IFeeSource source, address origin, uint256 jobId, address account)
        private
        returns (uint256 reward)
    {
        (address feeToken, uint256 fees) = source.feesOf(jobId, account);
        (fees, reward) = _count(origin, jobId, account, feeToken, fees);
        if (reward == 0) return 0;
        liabilities[rewardToken] += reward;
        emit RewardAssigned(origin, jobId, account, feeToken, fees, reward);
        _credit(rewardToken, account, reward);
    }

    /// @dev Counts as many new fees as there are rewards for; the caller books the rewards.
    function _count(address origin, uint256 jobId, address account, address feeToken, uint256 paid)
        private
        returns (uint256 fees, uint256 reward)
    {
        uint256 rate = rateOf[feeToken];
        uint256 counted = countedFees[origin][jobId][account];
        if (rate == 0 || paid <= counted) return (fees, reward);
        fees = Math.min(paid - counted, Math.mulDiv(available(), RATE_UNIT, rate));
        reward = Math.mulDiv(fees, rate, RATE_UNIT);
        if (reward == 0) return (fees, reward);
        countedFees[origin][jobId][account] = counted + fees;
        _emitted[block.timestamp / EPOCH] += reward;
    }

    function _claim(address account, address to) private returns (uint256 amount) {
        amount = creditOf[rewardToken][account];
        require(amount != 0, NothingToClaim(account));
        _withdraw(account, rewardToken, to, amount);
    }

    /// @dev What is owed to nobody, base units.
    function _supply() private view returns (uint256) {
        return Math.saturatingSub(IERC20(rewardToken).balanceOf(address(this)), liabilities[rewardToken]);
    }

    /// @dev The source to be asked. One that has come to name another origin is asked no more: what it tells by now would be
    /// counted as this origin's, and again as the other's.
    function _sourceOf(address origin) private view returns (IFeeSource) {
        address source = sourceOf[origin];
        require(source != address(0), NotListed(origin));
        _requireOrigin(source, origin);
        return IFeeSource(source);
    }

    function _requireOrigin(address source, address origin) private view {
        address named = IFeeSource(source).origin();
        require(named == origin, OtherOrigin(source, named, origin));
    }

    function _requireMode(address origin, uint256 jobId, Mode needed) private view {
        Mode mode = modeOf[origin][jobId];
        require(mode == needed, WrongMode(origin, jobId, mode));
    }

    function _setMode(address origin, uint256 jobId, Mode mode) private {
        modeOf[origin][jobId] = mode;
        emit ModeSet(origin, jobId, mode);
    }
}
