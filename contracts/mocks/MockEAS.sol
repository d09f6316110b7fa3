// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEAS} from "../../interfaces/IEAS.sol";

/// @title MockEAS
/// @notice An attestation service in which a test writes what it likes, under whatever id it likes.
contract MockEAS is IEAS {
    mapping(bytes32 uid => Attestation attestation) private _attestations;

    function set(bytes32 key, Attestation calldata attestation) external {
        _attestations[key] = attestation;
    }

    /// @inheritdoc IEAS
    function getAttestation(bytes32 uid) external view returns (Attestation memory) {
        return _attestations[uid];
    }
}
