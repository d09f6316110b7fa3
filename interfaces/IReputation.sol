// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IOwned} from "./IOwned.sol";

/// @title IReputation
/// @notice How often an account was right where the truth was known: counters for each domain and class, which fade.
///
/// @dev Only markets that the owner listed write, and only what is final. Nobody buys, moves or inherits a reputation, and an
/// account without one stands where the worst stand, so that a new account is no way to get rid of a bad name.
///
/// Counters of one account in one domain share a slot: for class `c` of 8, how often it was right in bits `30c` to `30c + 14`
/// and how often it was asked in bits `30c + 15` to `30c + 29`; the period of the last change in bits 240 to 255. With each
/// `PERIOD` that passes, all counters are halved, rounded down. Counters that would overflow are halved first.
///
/// `standing = mean over the classes of right / (asked + PRIOR)`, in basis points, rounded down. So an account without answers
/// stands at 0; whoever always gives one answer stands below `1 / classes`, however frequent that answer is; and answers that
/// are spread over several accounts, of which none is righter than the whole, never stand better than on one. (Where a class
/// has been asked more than 32,767 times, halving can cost one account a few basis points.)
interface IReputation is IOwned {
    /// @notice Emitted when the owner lists a market, or takes it off the list.
    event WriterSet(address indexed market, bool listed);
    /// @notice Emitted when a market counts answers; `answers` are laid out like a slot, without period.
    event AnswersRecorded(address indexed account, bytes32 indexed domain, address indexed market, uint256 answers);

    /// @notice Thrown when a market that is not listed tries to write.
    error NotListed(address market);
    /// @notice Thrown when a class was right more often than it was asked, or bits above the classes are set.
    error BadAnswers(uint256 answers);
    /// @notice Thrown when a domain would have less than 2 or more than 8 classes.
    error BadClasses(uint256 classes);

    /// @notice Seconds in which counters are halved once.
    function PERIOD() external view returns (uint256);

    /// @notice Wrong answers of each class that a standing begins with.
    function PRIOR() external view returns (uint256);

    /// @notice The standing, in basis points, from which on there is no `risk`.
    function GOOD() external view returns (uint256);

    /// @notice The standing, in basis points, from which on down the `risk` is whole.
    function POOR() external view returns (uint256);

    /// @notice Lists a market, or takes it off the list. Owner only.
    function setWriter(address market, bool listed) external;

    /// @notice Whether a market may write.
    function isWriter(address market) external view returns (bool);

    /// @notice Adds answers of an account. Listed markets only.
    function record(address account, bytes32 domain, uint256 answers) external;

    /// @notice An account's counters in a domain as they are now, laid out like a slot, without period.
    function answersOf(address account, bytes32 domain) external view returns (uint256);

    /// @notice An account's standing among `classes` classes, 2 to 8, in basis points.
    function standingOf(address account, bytes32 domain, uint256 classes) external view returns (uint256);

    /// @notice What is risked with an account, in basis points: 10,000 up to a standing of `POOR`, 0 from `GOOD` on, on a
    /// straight line between them, rounded up. Markets scale stakes and audits with it.
    function riskOf(address account, bytes32 domain, uint256 classes) external view returns (uint256);
}
