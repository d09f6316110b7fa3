// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {ISignedActs} from "../../interfaces/ISignedActs.sol";

/// @title Signatures
/// @notice Checks a signature by key first, then by the signer's ERC-1271 wallet with bounded gas.
library Signatures {
    /// @dev Passkey wallets verify P-256 in Solidity, which takes several hundred thousand gas.
    uint256 internal constant WALLET_GAS = 500_000;

    /// @notice Whether `signer` signed `digest`. The zero address never did.
    /// @dev Reverts with `InsufficientGas` rather than letting a relayer starve the wallet's check.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError err,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (err == ECDSA.RecoverError.NoError && recovered == signer) return signer != address(0);
        if (signer.code.length == 0) return false;

        uint256 available = gasleft();
        require(available * 63 / 64 > WALLET_GAS, ISignedActs.InsufficientGas(WALLET_GAS * 64 / 63 + 1, available));
        (bool success,, bytes memory answer) = LibCall.tryStaticCall(
            signer, WALLET_GAS, 32, abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && answer.length == 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }
}
