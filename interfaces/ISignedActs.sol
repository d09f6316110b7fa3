// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ISignedActs
/// @notice Acts that an account authorises by an EIP-712 signature, so that anybody can send them and pay the gas.
/// @dev A signature names its account, a nonce and a deadline. Nonces are unordered: each of the 2^256 values can be used
/// once per account, in any order. What marks an act as done is the nonce, never the bytes of the signature.
/// Externally owned accounts sign with 65 bytes (r, s, v; low s). Contract wallets, and accounts with delegated code
/// (EIP-7702) whose key did not sign, are asked by ERC-1271 with at most 500,000 gas.
interface ISignedActs {
    /// @notice A signer's consent to one act.
    /// @param signer The account in whose name the act is done; it is part of the signed struct.
    /// @param nonce Any value that the signer has not used before.
    /// @param deadline Last second at which the signature may be used, Unix seconds.
    /// @param signature 65 bytes of ECDSA, or whatever the signer's ERC-1271 wallet accepts.
    struct Authorization {
        address signer;
        uint256 nonce;
        uint256 deadline;
        bytes signature;
    }

    /// @notice Emitted when a nonce is used up, by an act or by `cancelNonce`.
    event NonceUsed(address indexed account, uint256 indexed nonce);

    /// @notice Thrown when the deadline of a signature lies in the past.
    error SignatureExpired(uint256 deadline, uint256 currentTime);
    /// @notice Thrown when neither the signer's key nor his wallet made the signature over this act.
    error InvalidSignature(address signer);
    /// @notice Thrown when the nonce was used or cancelled before.
    error NonceAlreadyUsed(address account, uint256 nonce);
    /// @notice Thrown when too little gas is left to ask a wallet with the full ERC-1271 allowance.
    error InsufficientGas(uint256 required, uint256 available);

    /// @notice Makes signatures with this nonce of the caller worthless.
    /// @dev Reverts with `NonceAlreadyUsed` if there is nothing left to cancel.
    function cancelNonce(uint256 nonce) external;

    /// @notice Whether `nonce` of `account` was used or cancelled.
    function isNonceUsed(address account, uint256 nonce) external view returns (bool);

    /// @notice The EIP-712 domain separator for the present chain.
    function domainSeparator() external view returns (bytes32);
}
