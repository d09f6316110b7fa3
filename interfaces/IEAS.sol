// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IEAS
/// @notice The part of the Ethereum Attestation Service that is read here; see attest.org.
interface IEAS {
    /// @param revocationTime Second of the revocation; 0 if it was not revoked.
    /// @param expirationTime Second of the expiry; 0 if it never expires.
    struct Attestation {
        bytes32 uid;
        bytes32 schema;
        uint64 time;
        uint64 expirationTime;
        uint64 revocationTime;
        bytes32 refUID;
        address recipient;
        address attester;
        bool revocable;
        bytes data;
    }

    /// @notice The attestation with this id; all zero if there is none.
    function getAttestation(bytes32 uid) external view returns (Attestation memory);
}
