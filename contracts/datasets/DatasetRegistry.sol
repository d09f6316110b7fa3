// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {IDatasetRegistry} from "../../interfaces/IDatasetRegistry.sol";
import {Governed} from "../access/Governed.sol";
import {FlowRoot} from "../libraries/FlowRoot.sol";
import {Escrow} from "../payments/Escrow.sol";
import {AnnotatorPool} from "./AnnotatorPool.sol";

/// @title DatasetRegistry
/// @notice See `IDatasetRegistry`.
/// @custom:kill `pause` stops new data sets and purchases; versions, prices, royalties, withdrawals and licence transfers go
/// on. There is no other switch.
contract DatasetRegistry is IDatasetRegistry, Escrow, Governed, AnnotatorPool, ERC721, IERC2981 {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_RESALE_BPS = 1_000;
    uint256 private constant MAX_URI_BYTES = 256;
    uint256 private constant MAX_NODES = 64;

    /// @inheritdoc IDatasetRegistry
    IAnnotationMarket public immutable market;

    /// @inheritdoc IDatasetRegistry
    uint256 public licencesSold;

    /// @inheritdoc IDatasetRegistry
    mapping(uint256 jobId => uint256 datasetId) public datasetOfJob;

    /// @inheritdoc IDatasetRegistry
    mapping(uint256 datasetId => mapping(address account => uint256 licences)) public licenceCount;

    mapping(uint256 datasetId => Dataset) private _datasets;
    mapping(uint256 datasetId => mapping(uint256 version => Version)) private _versions;
    mapping(uint256 datasetId => mapping(uint256 version => string uri)) private _uris;
    mapping(uint256 licenceId => Licence) private _licences;

    /// @param owner_ See `IGoverned` for his powers.
    /// @param feeRecipient_ Takes protocol fees, for ever.
    /// @param market_ The market whose jobs can be published; zero for none.
    constructor(address owner_, address feeRecipient_, IAnnotationMarket market_)
        EIP712("Winnow DatasetRegistry", "1")
        ERC721("Winnow Data Licence", "WINNOW")
        Governed(owner_, feeRecipient_)
    {
        market = market_;
    }

    /* PUBLISHING */

    /// @inheritdoc IDatasetRegistry
    function publish(Version calldata content, Listing calldata listing, string calldata uri)
        external
        nonReentrant
        whenNotPaused
        returns (uint256)
    {
        return _publish(0, 0, content, listing, uri);
    }

    /// @inheritdoc IDatasetRegistry
    function publishFromJob(
        uint256 jobId,
        IAnnotationMarket.JobTerms calldata terms,
        uint256[] calldata wordClasses,
        Version calldata content,
        Listing calldata listing,
        string calldata uri
    ) external nonReentrant whenNotPaused returns (uint256 datasetId) {
        _checkJob(jobId, terms, wordClasses);
        bool sameSource = content.sourceRoot == terms.dataRoot && content.sourceLength == terms.dataLength;
        require(sameSource, SourceMismatch(terms.dataRoot, terms.dataLength));

        uint256 published = datasetOfJob[jobId];
        require(published == 0, JobAlreadyPublished(jobId, published));
        datasetId = datasetIdOf(msg.sender, content.packageRoot);
        datasetOfJob[jobId] = datasetId;
        return _publish(jobId, terms.royaltyBps, content, listing, uri);
    }

    /// @inheritdoc IDatasetRegistry
    function addVersion(uint256 datasetId, Version calldata content, string calldata uri)
        external
        nonReentrant
        returns (uint256)
    {
        Dataset storage dataset_ = _ownDataset(datasetId);
        if (dataset_.jobId != 0) {
            Version storage first = _versions[datasetId][1];
            bool same = content.sourceRoot == first.sourceRoot && content.sourceLength == first.sourceLength;
            require(same, SourceMismatch(first.sourceRoot, first.sourceLength));
        }
        return _addVersion(datasetId, dataset_, content, uri);
    }

    /// @inheritdoc IDatasetRegistry
    function setPrice(uint256 datasetId, uint96 price) external nonReentrant {
        _ownDataset(datasetId).price = price;
        emit PriceSet(datasetId, price);
    }

    /// @inheritdoc IDatasetRegistry
    function setLicence(uint256 datasetId, bytes32 licenceHash) external nonReentrant {
        require(licenceHash != 0, Missing("licenceHash"));
        _ownDataset(datasetId).licenceHash = licenceHash;
        emit LicenceSet(datasetId, licenceHash);
    }

    /// @inheritdoc IDatasetRegistry
    function setForSale(uint256 datasetId, bool forSale) external nonReentrant {
        _ownDataset(datasetId).forSale = forSale;
        emit ForSaleSet(datasetId, forSale);
    }

    function _publish(
        uint256 jobId,
        uint16 royaltyBps,
        Version calldata content,
        Listing calldata listing,
        string calldata uri
    ) private returns (uint256 datasetId) {
        require(listing.licenceHash != 0, Missing("licenceHash"));
        require(listing.resaleBps <= MAX_RESALE_BPS, ResaleRoyaltyAboveCap(listing.resaleBps, MAX_RESALE_BPS));
        require(listing.token == NATIVE || listing.token.code.length != 0, Missing("token"));
        datasetId = datasetIdOf(msg.sender, content.packageRoot);
        Dataset storage dataset_ = _datasets[datasetId];
        require(dataset_.publisher == address(0), AlreadyPublished(datasetId));

        dataset_.publisher = msg.sender;
        dataset_.price = listing.price;
        dataset_.token = listing.token;
        dataset_.royaltyBps = royaltyBps;
        dataset_.feeBps = feeBps;
        dataset_.resaleBps = listing.resaleBps;
        dataset_.forSale = true;
        dataset_.licenceHash = listing.licenceHash;
        dataset_.schema = listing.schema;
        dataset_.jobId = uint64(jobId);
        emit DatasetPublished(datasetId, msg.sender, jobId, listing, royaltyBps, dataset_.feeBps);
        _addVersion(datasetId, dataset_, content, uri);
    }

    function _addVersion(uint256 datasetId, Dataset storage dataset_, Version calldata content, string calldata uri)
        private
        returns (uint256 version)
    {
        require(content.packageRoot != 0, Missing("packageRoot"));
        require(content.packageLength != 0, Missing("packageLength"));
        require(content.manifestHash != 0, Missing("manifestHash"));
        require(bytes(uri).length <= MAX_URI_BYTES, TooLong(bytes(uri).length, MAX_URI_BYTES));
        version = ++dataset_.versions;
        _versions[datasetId][version] = content;
        _uris[datasetId][version] = uri;
        emit VersionAdded(datasetId, version, content, uri);
    }

    /// @dev The caller created the job, the job is over with something to show, and these are its terms.
    function _checkJob(uint256 jobId, IAnnotationMarket.JobTerms calldata terms, uint256[] calldata wordClasses)
        private
        view
    {
        require(address(market) != address(0), NoJob());
        IAnnotationMarket.Job memory job = market.job(jobId);
        require(msg.sender == job.creator, NotJobCreator(msg.sender, job.creator));
        require(job.state == IAnnotationMarket.JobState.Closed, JobNotClosed(jobId, job.state));
        require(job.approved != 0, NothingApproved(jobId));
        bytes32 given = market.hashTerms(msg.sender, terms, wordClasses);
        require(given == job.termsHash, TermsMismatch(jobId, job.termsHash, given));
    }

    /* PURCHASE AND ROYALTIES */

    /// @inheritdoc IDatasetRegistry
    function purchase(uint256 datasetId, uint256 version, bytes32 licenceHash, uint256 maxPrice, address recipient)
        external
        payable
        nonReentrant
        whenNotPaused
        returns (uint256 licenceId)
    {
        Dataset storage dataset_ = _dataset(datasetId);
        uint256 price = dataset_.price;
        require(dataset_.forSale, NotForSale(datasetId));
        require(price <= maxPrice, PriceAboveMax(price, maxPrice));
        require(licenceHash == dataset_.licenceHash, LicenceChanged(licenceHash, dataset_.licenceHash));
        require(version == dataset_.versions, VersionChanged(version, dataset_.versions));

        uint256 fee = price * dataset_.feeBps / BPS;
        uint256 royalty = price * dataset_.royaltyBps / BPS;
        licenceId = ++licencesSold;
        _licences[licenceId] = Licence(datasetId, licenceHash, uint32(version), uint40(block.timestamp));
        _fill(datasetId, royalty);
        _mint(recipient, licenceId);
        emit LicencePurchased(datasetId, licenceId, recipient, msg.sender, version, licenceHash, price, fee, royalty);
        _receive(dataset_.token, msg.sender, price);
        _credit(dataset_.token, feeRecipient, fee);
        _pay(dataset_.token, dataset_.publisher, price - fee - royalty);
    }

    /// @inheritdoc IDatasetRegistry
    function payRoyalty(uint256 datasetId, address annotator) external nonReentrant returns (uint256 amount) {
        Dataset storage dataset_ = _dataset(datasetId);
        (uint256 weight, uint256 totalWeight) = _weights(dataset_, annotator);
        amount = _collect(datasetId, annotator, weight, totalWeight);
        if (amount == 0) return 0;
        emit RoyaltyPaid(datasetId, annotator, amount);
        _pay(dataset_.token, annotator, amount);
    }

    /// @dev A closed job's weights never change, so they are read where they are kept.
    function _weights(Dataset storage dataset_, address annotator)
        private
        view
        returns (uint256 weight, uint256 totalWeight)
    {
        uint256 jobId = dataset_.jobId;
        require(jobId != 0, NoJob());
        return (market.accountOf(jobId, annotator).weight, market.approvedWeight(jobId));
    }

    /* VIEWS */

    /// @inheritdoc IDatasetRegistry
    function dataset(uint256 datasetId) external view returns (Dataset memory) {
        return _datasets[datasetId];
    }

    /// @inheritdoc IDatasetRegistry
    function versionOf(uint256 datasetId, uint256 version) external view returns (Version memory) {
        Dataset storage dataset_ = _dataset(datasetId);
        require(version != 0 && version <= dataset_.versions, UnknownVersion(datasetId, version));
        return _versions[datasetId][version];
    }

    /// @inheritdoc IDatasetRegistry
    function datasetIdOf(address publisher, bytes32 packageRoot) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(publisher, packageRoot)));
    }

    /// @inheritdoc IDatasetRegistry
    function licenceOf(uint256 licenceId) external view returns (Licence memory) {
        return _licences[licenceId];
    }

    /// @inheritdoc IDatasetRegistry
    function poolOf(uint256 datasetId) external view returns (Pool memory) {
        return _pools[datasetId];
    }

    /// @inheritdoc IDatasetRegistry
    function royaltyDue(uint256 datasetId, address annotator) external view returns (uint256) {
        (uint256 weight, uint256 totalWeight) = _weights(_dataset(datasetId), annotator);
        return _collectable(datasetId, annotator, weight, totalWeight);
    }

    /// @inheritdoc IDatasetRegistry
    function rootOfNodes(bytes32[] calldata nodes) external pure returns (bytes32) {
        require(nodes.length <= MAX_NODES, TooLong(nodes.length, MAX_NODES));
        return FlowRoot.fold(nodes);
    }

    /// @notice Where the version that a licence was bought for is.
    function tokenURI(uint256 licenceId) public view override returns (string memory) {
        _requireOwned(licenceId);
        Licence storage licence = _licences[licenceId];
        return _uris[licence.datasetId][licence.version];
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 licenceId, uint256 salePrice) external view returns (address, uint256) {
        Dataset storage dataset_ = _datasets[_licences[licenceId].datasetId];
        return (dataset_.publisher, salePrice / BPS * dataset_.resaleBps + salePrice % BPS * dataset_.resaleBps / BPS);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }

    /* INTERNAL */

    /// @dev Keeps count of who holds licences for what, at every mint and transfer.
    function _update(address to, uint256 licenceId, address auth) internal override returns (address from) {
        from = super._update(to, licenceId, auth);
        uint256 datasetId = _licences[licenceId].datasetId;
        if (from != address(0)) --licenceCount[datasetId][from];
        if (to != address(0)) ++licenceCount[datasetId][to];
    }

    function _dataset(uint256 datasetId) private view returns (Dataset storage dataset_) {
        dataset_ = _datasets[datasetId];
        require(dataset_.publisher != address(0), UnknownDataset(datasetId));
    }

    function _ownDataset(uint256 datasetId) private view returns (Dataset storage dataset_) {
        dataset_ = _dataset(datasetId);
        require(msg.sender == dataset_.publisher, NotPublisher(msg.sender, dataset_.publisher));
    }
}
