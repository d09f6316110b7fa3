// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ISignedActs} from "../../interfaces/ISignedActs.sol";
import {Signatures} from "../libraries/Signatures.sol";

/// @title SignedActs
/// @notice EIP-712 acts with unordered nonces and deadlines.
abstract contract SignedActs is ISignedActs, EIP712 {
    mapping(address account => mapping(uint256 word => uint256 used)) private _nonces;

    /// @inheritdoc ISignedActs
    function cancelNonce(uint256 nonce) external {
        _useNonce(msg.sender, nonce);
    }

    /// @inheritdoc ISignedActs
    function isNonceUsed(address account, uint256 nonce) external view returns (bool) {
        return _nonces[account][nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @inheritdoc ISignedActs
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @dev Uses up `auth` for the act that hashes to `structHash`. A signature that does not hold reverts the whole call.
    function _authorize(bytes32 structHash, Authorization calldata auth) internal {
        _useNonce(auth.signer, auth.nonce);
        _checkSignature(auth.signer, structHash, auth.deadline, auth.signature);
    }

    /// @dev Checks a signature that has a deadline, but no nonce.
    function _checkSignature(address signer, bytes32 structHash, uint256 deadline, bytes calldata signature)
        internal
        view
    {
        require(block.timestamp <= deadline, SignatureExpired(deadline, block.timestamp));
        require(Signatures.isValid(signer, _hashTypedDataV4(structHash), signature), InvalidSignature(signer));
    }

    function _useNonce(address account, uint256 nonce) private {
        uint256 bit = 1 << (nonce & 0xff);
        uint256 used = _nonces[account][nonce >> 8];
        require(used & bit == 0, NonceAlreadyUsed(account, nonce));
        _nonces[account][nonce >> 8] = used | bit;
        emit NonceUsed(account, nonce);
    }
}
