// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "./IAnnotationMarket.sol";
import {IEscrow} from "./IEscrow.sol";
import {IGoverned} from "./IGoverned.sol";

/// @title IDatasetRegistry
/// @notice Data sets with their provenance, versions, price and licence; sold as licence tokens (ERC-721, ERC-2981).
///
/// @dev A data set is known by its publisher and the root of its first package: `uint256(keccak256(abi.encode(publisher,
/// packageRoot)))`. Roots are not exclusive: whoever publishes somebody else's root first has an entry of his own beside
/// the author's, and no right over it.
///
/// ```
/// None --publish / publishFromJob--> Listed <--setForSale--> Unlisted       versions: 1, 2, 3 … append-only
/// ```
/// A purchase pays at once, of the price: the protocol fee (basis points, rounded down, the fee of the day the data set was
/// published) to the sink, the annotators' share (basis points, rounded down) into the pool of the job's annotators, the
/// rest to the publisher. With a share of 0 the publisher receives everything but the fee.
///
/// The annotators' pool is shared by approved work: `weight / total weight` of the closed job, both frozen. An annotator has
/// earned `pool * weight / totalWeight`, rounded down, of everything that ever flowed in, however many sales it came from.
/// What rounding leaves, less than one base unit for each annotator, is carried to the next sale.
///
/// What this contract binds, and what it cannot: it proves that the publisher of a job's data set is the creator of that
/// job, that the job is closed, that the source data are the ones the annotators saw, and that royalties follow the job's
/// terms. It cannot know whether a package holds the accepted results: that is a pure function of events and payloads,
/// which everyone can recompute off chain. It cannot keep a publisher from listing the same content again without a job,
/// nor a buyer from passing the content on: who has the package can read it.
interface IDatasetRegistry is IEscrow, IGoverned {
    /* TYPES */

    /// @notice What a version consists of. Roots are 0G Storage roots, which do not commit to the length: both count.
    /// @param sourceRoot Root of the data that were annotated; zero if unknown.
    /// @param sourceLength Bytes.
    /// @param annotationsRoot Root of the annotations alone; zero if they are only in the package.
    /// @param annotationsLength Bytes.
    /// @param packageRoot Root of the package that a buyer downloads; never zero.
    /// @param packageLength Bytes; at least 1.
    /// @param manifestHash SHA-256 of the manifest, which names every file with SHA-256, root, length and CID; never zero.
    struct Version {
        bytes32 sourceRoot;
        bytes32 annotationsRoot;
        bytes32 packageRoot;
        bytes32 manifestHash;
        uint64 sourceLength;
        uint64 annotationsLength;
        uint64 packageLength;
    }

    /// @notice On what terms licences are sold.
    /// @param token Payment token for good; `address(0)` is the native coin.
    /// @param price In the token's base units; 0 gives licences away.
    /// @param licenceHash Hash of the licence text; never zero.
    /// @param schema What is in the package, for instance `coco`, `jsonl-chat`, as a short string.
    /// @param resaleBps ERC-2981 royalty to the publisher on resale of a licence, at most 1,000 basis points. Advisory:
    /// market places may ignore it.
    struct Listing {
        address token;
        uint96 price;
        bytes32 licenceHash;
        bytes32 schema;
        uint16 resaleBps;
    }

    /// @notice A data set as it is kept.
    /// @param jobId The job it came from; 0 if none.
    /// @param royaltyBps Annotators' share of every sale, from the job's terms; 0 without job. Never changes.
    /// @param feeBps Protocol fee from the day of publication. Never changes.
    /// @param versions Number of versions; the latest is what licences are sold for.
    struct Dataset {
        // slot 0
        address publisher;
        uint96 price;
        // slot 1
        address token;
        uint16 royaltyBps;
        uint16 feeBps;
        uint16 resaleBps;
        uint32 versions;
        bool forSale;
        // slot 2
        bytes32 licenceHash;
        // slot 3
        bytes32 schema;
        // slot 4
        uint64 jobId;
    }

    /// @notice What a licence token stands for: fixed at its purchase.
    struct Licence {
        uint256 datasetId;
        bytes32 licenceHash;
        uint32 version;
        uint40 purchasedAt;
    }

    /// @notice The annotators' pool of a data set, in base units.
    /// @param total Everything that ever flowed in.
    /// @param collected Everything that was paid out of it.
    struct Pool {
        uint128 total;
        uint128 collected;
    }

    /* EVENTS */

    /// @notice Emitted when a data set is published, with its first version.
    event DatasetPublished(
        uint256 indexed datasetId,
        address indexed publisher,
        uint256 indexed jobId,
        Listing listing,
        uint16 royaltyBps,
        uint16 feeBps
    );
    /// @notice Emitted for each version, the first included.
    event VersionAdded(uint256 indexed datasetId, uint256 indexed version, Version content, string uri);
    /// @notice Emitted when the price changes for later purchases.
    event PriceSet(uint256 indexed datasetId, uint256 price);
    /// @notice Emitted when the licence changes for later purchases.
    event LicenceSet(uint256 indexed datasetId, bytes32 licenceHash);
    /// @notice Emitted when a data set goes on or off sale.
    event ForSaleSet(uint256 indexed datasetId, bool forSale);
    /// @notice Emitted when a licence is sold: `price` = `fee` to the sink + `royalty` to the annotators' pool + the rest to
    /// the publisher.
    event LicencePurchased(
        uint256 indexed datasetId,
        uint256 indexed licenceId,
        address indexed recipient,
        address buyer,
        uint256 version,
        bytes32 licenceHash,
        uint256 price,
        uint256 fee,
        uint256 royalty
    );
    /// @notice Emitted when an annotator's royalties are paid.
    event RoyaltyPaid(uint256 indexed datasetId, address indexed annotator, uint256 amount);

    /* ERRORS */

    /// @notice Thrown when this publisher has published this package root before.
    error AlreadyPublished(uint256 datasetId);
    /// @notice Thrown when a job's data set was published before; add a version to it.
    error JobAlreadyPublished(uint256 jobId, uint256 datasetId);
    /// @notice Thrown when there is no such data set.
    error UnknownDataset(uint256 datasetId);
    /// @notice Thrown when something that is required is zero.
    error Missing(bytes32 field);
    /// @notice Thrown when a resale royalty is above the cap.
    error ResaleRoyaltyAboveCap(uint256 resaleBps, uint256 cap);
    /// @notice Thrown when the caller is not the publisher.
    error NotPublisher(address caller, address publisher);
    /// @notice Thrown when the caller is not the creator of the job.
    error NotJobCreator(address caller, address creator);
    /// @notice Thrown when the job is not closed.
    error JobNotClosed(uint256 jobId, IAnnotationMarket.JobState state);
    /// @notice Thrown when nothing in the job was approved.
    error NothingApproved(uint256 jobId);
    /// @notice Thrown when the terms handed over are not the job's.
    error TermsMismatch(uint256 jobId, bytes32 expected, bytes32 given);
    /// @notice Thrown when a version of a job's data set names other source data than the job.
    error SourceMismatch(bytes32 expectedRoot, uint256 expectedLength);
    /// @notice Thrown by `publishFromJob` and by royalty calls where no market, or no job, stands behind them.
    error NoJob();
    /// @notice Thrown when a data set is not for sale.
    error NotForSale(uint256 datasetId);
    /// @notice Thrown when the price is above what the buyer would pay.
    error PriceAboveMax(uint256 price, uint256 maxPrice);
    /// @notice Thrown when the licence is not the one that the buyer accepts.
    error LicenceChanged(bytes32 expected, bytes32 current);
    /// @notice Thrown when the latest version is not the one that the buyer wants.
    error VersionChanged(uint256 expected, uint256 current);
    /// @notice Thrown when there is no such version.
    error UnknownVersion(uint256 datasetId, uint256 version);
    /// @notice Thrown when a string is longer than documented.
    error TooLong(uint256 length, uint256 max);

    /* PUBLISHING */

    /// @notice Publishes a data set that came from nowhere in particular: all of its price is the publisher's.
    /// @dev Blocked while paused.
    /// @param uri Where the package is; at most 256 bytes.
    function publish(Version calldata content, Listing calldata listing, string calldata uri)
        external
        returns (uint256 datasetId);

    /// @notice Publishes the data set of a closed job, with the annotators' share that its terms promised.
    /// @dev The job's creator only, once per job; `terms` and `wordClasses` as in `createJob`, proven by the job's terms hash.
    /// The content's source must be the job's data. Blocked while paused.
    function publishFromJob(
        uint256 jobId,
        IAnnotationMarket.JobTerms calldata terms,
        uint256[] calldata wordClasses,
        Version calldata content,
        Listing calldata listing,
        string calldata uri
    ) external returns (uint256 datasetId);

    /// @notice Adds a version; licences sold before stay what they are. Publisher only.
    function addVersion(uint256 datasetId, Version calldata content, string calldata uri)
        external
        returns (uint256 version);

    /// @notice Sets the price of later purchases; a buyer's `maxPrice` protects him. Publisher only.
    function setPrice(uint256 datasetId, uint96 price) external;

    /// @notice Sets the licence of later purchases; a buyer's licence hash protects him. Publisher only.
    function setLicence(uint256 datasetId, bytes32 licenceHash) external;

    /// @notice Puts a data set on or off sale; licences sold before stay what they are. Publisher only.
    function setForSale(uint256 datasetId, bool forSale) external;

    /* PURCHASE AND ROYALTIES */

    /// @notice Buys a licence for the latest version. Native coin: send exactly the price. Blocked while paused.
    /// @param version The version that the buyer saw.
    /// @param licenceHash The licence that the buyer accepts.
    /// @param maxPrice The most that the buyer pays, base units.
    /// @param recipient Who gets the licence token; not called, so a contract needs no receiver hook.
    function purchase(uint256 datasetId, uint256 version, bytes32 licenceHash, uint256 maxPrice, address recipient)
        external
        payable
        returns (uint256 licenceId);

    /// @notice Pays an annotator what he has earned of a data set's sales; anyone may call. Nothing earned pays nothing.
    function payRoyalty(uint256 datasetId, address annotator) external returns (uint256 amount);

    /* VIEWS */

    /// @notice The market whose jobs can be published; zero for none.
    function market() external view returns (IAnnotationMarket);

    /// @notice A data set as it is kept.
    function dataset(uint256 datasetId) external view returns (Dataset memory);

    /// @notice The content of a version, counted from 1.
    function versionOf(uint256 datasetId, uint256 version) external view returns (Version memory);

    /// @notice The id that a publisher's data set with this package root has or would have.
    function datasetIdOf(address publisher, bytes32 packageRoot) external pure returns (uint256);

    /// @notice The data set of a job; 0 if none is published.
    function datasetOfJob(uint256 jobId) external view returns (uint256);

    /// @notice What a licence token stands for.
    function licenceOf(uint256 licenceId) external view returns (Licence memory);

    /// @notice How many licences for a data set an account holds.
    function licenceCount(uint256 datasetId, address account) external view returns (uint256);

    /// @notice Number of licences sold; ids run from 1 to this.
    function licencesSold() external view returns (uint256);

    /// @notice The annotators' pool of a data set.
    function poolOf(uint256 datasetId) external view returns (Pool memory);

    /// @notice What `payRoyalty` would pay now.
    function royaltyDue(uint256 datasetId, address annotator) external view returns (uint256);

    /// @notice The 0G Storage root of a file from the nodes of its Flow submission, highest first (at most 64).
    /// @dev The right fold `H(n0, H(n1, H(n2, …)))` of keccak256 over pairs.
    function rootOfNodes(bytes32[] calldata nodes) external pure returns (bytes32);
}
