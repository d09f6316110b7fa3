// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";

/// @dev A claim, and the submission it becomes, in one word. From the lowest bit:
/// annotator (160) · time (40) · word (16) · first (8) · last (8) · claim state (8) · dispute state (8) · scattered (8).
/// A struct of the same fields costs about 3,000 gas more over the life of a batch.
type Record is uint256;

using Records for Record global;

/// @title Records
/// @notice Reads and changes the packed record of a claim.
library Records {
    uint256 private constant TIME = 160;
    uint256 private constant WORD = 200;
    uint256 private constant FIRST = 216;
    uint256 private constant LAST = 224;
    uint256 private constant STATE = 232;
    uint256 private constant DISPUTE = 240;
    uint256 private constant SCATTERED = 248;

    /// @notice A new claim of `annotator` on tasks of `word` that lasts until `expiry`; its tasks are set by `withTasks`.
    function claimed(address account, uint256 expiry, uint256 word_) internal pure returns (Record) {
        uint256 state_ = uint256(IAnnotationMarket.ClaimState.Claimed);
        return Record.wrap(
            uint256(uint160(account)) | uint256(uint40(expiry)) << TIME | uint256(uint16(word_)) << WORD | state_
                << STATE
        );
    }

    /// @notice The submission that a claim becomes at `time_`.
    function submitted(Record self, uint256 time_) internal pure returns (Record) {
        Record moved = _with(self, STATE, 0xff, uint256(IAnnotationMarket.ClaimState.Submitted));
        return _with(moved, TIME, type(uint40).max, uint40(time_));
    }

    /// @notice The same record in another dispute state.
    function withDispute(Record self, IAnnotationMarket.DisputeState dispute_) internal pure returns (Record) {
        return _with(self, DISPUTE, 0xff, uint256(dispute_));
    }

    /// @notice The same record with the run of tasks from `first_` to `last_`, or with tasks that are kept elsewhere.
    function withTasks(Record self, bool scattered, uint256 first_, uint256 last_) internal pure returns (Record) {
        return _with(self, FIRST, 0xffff, first_ | last_ << 8).withScattered(scattered);
    }

    /// @notice The same record with its tasks kept elsewhere, or not.
    function withScattered(Record self, bool scattered) internal pure returns (Record) {
        return _with(self, SCATTERED, 0xff, scattered ? 1 : 0);
    }

    function annotator(Record self) internal pure returns (address) {
        return address(uint160(Record.unwrap(self)));
    }

    /// @notice Claimed: last second of the claim. Submitted: second of the submission.
    function time(Record self) internal pure returns (uint256) {
        return uint40(Record.unwrap(self) >> TIME);
    }

    function word(Record self) internal pure returns (uint256) {
        return uint16(Record.unwrap(self) >> WORD);
    }

    /// @notice First task of the run; meaningless where `isScattered`.
    function first(Record self) internal pure returns (uint256) {
        return uint8(Record.unwrap(self) >> FIRST);
    }

    /// @notice Last task of the run; meaningless where `isScattered`.
    function last(Record self) internal pure returns (uint256) {
        return uint8(Record.unwrap(self) >> LAST);
    }

    function state(Record self) internal pure returns (IAnnotationMarket.ClaimState) {
        return IAnnotationMarket.ClaimState(uint8(Record.unwrap(self) >> STATE));
    }

    function dispute(Record self) internal pure returns (IAnnotationMarket.DisputeState) {
        return IAnnotationMarket.DisputeState(uint8(Record.unwrap(self) >> DISPUTE));
    }

    /// @notice Whether the tasks are no run and their mask is kept in a slot of its own.
    function isScattered(Record self) internal pure returns (bool) {
        return Record.unwrap(self) >> SCATTERED != 0;
    }

    function _with(Record self, uint256 offset, uint256 mask, uint256 value) private pure returns (Record) {
        return Record.wrap(Record.unwrap(self) & ~(mask << offset) | value << offset);
    }
}
