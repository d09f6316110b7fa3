// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnotationMarket} from "../../interfaces/IAnnotationMarket.sol";
import {Masks} from "../libraries/Masks.sol";
import {Record, Records} from "../libraries/Records.sol";
import {Signatures} from "../libraries/Signatures.sol";

/// @title LibraryHarness
/// @notice The market's small libraries as external functions.
contract LibraryHarness {
    struct Fields {
        address annotator;
        uint256 time;
        uint256 word;
        uint256 first;
        uint256 last;
        IAnnotationMarket.ClaimState state;
        IAnnotationMarket.DisputeState dispute;
        bool scattered;
    }

    function count(uint256 mask) external pure returns (uint256) {
        return Masks.count(mask);
    }

    function run(uint256 first, uint256 last) external pure returns (uint256) {
        return Masks.run(first, last);
    }

    function asRun(uint256 mask) external pure returns (bool isRun, uint256 first, uint256 last) {
        return Masks.asRun(mask);
    }

    function inWord(uint256 taskCount, uint256 word) external pure returns (uint256) {
        return Masks.inWord(taskCount, word);
    }

    function claimed(address annotator, uint256 expiry, uint256 word) external pure returns (Record) {
        return Records.claimed(annotator, expiry, word);
    }

    function submitted(Record record, uint256 time) external pure returns (Record) {
        return record.submitted(time);
    }

    function withDispute(Record record, IAnnotationMarket.DisputeState dispute) external pure returns (Record) {
        return record.withDispute(dispute);
    }

    function withTasks(Record record, bool scattered, uint256 first, uint256 last) external pure returns (Record) {
        return record.withTasks(scattered, first, last);
    }

    function withScattered(Record record, bool scattered) external pure returns (Record) {
        return record.withScattered(scattered);
    }

    function fields(Record record) external pure returns (Fields memory) {
        return Fields({
            annotator: record.annotator(),
            time: record.time(),
            word: record.word(),
            first: record.first(),
            last: record.last(),
            state: record.state(),
            dispute: record.dispute(),
            scattered: record.isScattered()
        });
    }

    function isValid(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isValid(signer, digest, signature);
    }
}
