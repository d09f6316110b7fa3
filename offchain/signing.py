"""EIP-712 typed data of everything that the market accepts by signature.

`TYPES` is the one table of the structs; messages are checked against it before anything is hashed or signed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from offchain.exceptions import InputError, SigningError
from offchain.hashing import address_bytes, bytes32, checksum_address, keccak256
from offchain.hashing._keccak import uint_word
from offchain.terms import JobTerms

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

MARKET_NAME = "Winnow AnnotationMarket"
REGISTRY_NAME = "Winnow DatasetRegistry"  # for signed withdrawals from the registry
DISTRIBUTOR_NAME = "Winnow RewardDistributor"
STAKING_NAME = "Winnow Staking"
CONSENSUS_NAME = "Winnow LabelConsensus"
STAKE_HOOK_NAME = "Winnow StakeHook"
MARKET_VERSION = "1"
SIGNATURE_LENGTH = 65

TYPES: dict[str, str] = {
    "EIP712Domain": "string name,string version,uint256 chainId,address verifyingContract",
    "Claim": (
        "bytes32 termsHash,uint256 jobId,uint256 word,uint256 mask,"
        "address annotator,uint256 nonce,uint256 deadline"
    ),
    "SubmitBatch": (
        "uint256 claimId,bytes32 root,uint256 done,string uri,"
        "address annotator,uint256 nonce,uint256 deadline"
    ),
    "Release": "uint256 claimId,address annotator,uint256 nonce,uint256 deadline",
    "Appeal": "uint256 claimId,address annotator,uint256 nonce,uint256 deadline",
    "Withdraw": "address token,address to,uint256 amount,address account,uint256 nonce,uint256 deadline",
    "Stake": "uint256 amount,address account,uint256 nonce,uint256 deadline",
    "Allow": "address market,uint128 limit,address account,uint256 nonce,uint256 deadline",
    "Unbond": "uint256 amount,address account,uint256 nonce,uint256 deadline",
    "Pledge": (
        "uint256 jobId,uint24 tasks,uint96 stakePerTask,address annotator,uint256 nonce,uint256 deadline"
    ),
    "RequestUnpledge": "uint256 jobId,address annotator,uint256 nonce,uint256 deadline",
    "ClaimReward": "address to,address account,uint256 nonce,uint256 deadline",
    "Commitment": (
        "uint256 chainId,address market,uint256 jobId,uint256 word,address annotator,uint256 mask,"
        "bytes32 labelsHash,bytes32 salt"
    ),
    "Seat": (
        "uint256 jobId,uint256 word,uint256 layer,uint256 mask,bytes32 commitment,uint128 maxStake,"
        "bytes32 termsHash,address account,uint256 nonce,uint256 deadline"
    ),
    "Challenge": "uint256 jobId,uint256 word,uint256 mask,address account,uint256 nonce,uint256 deadline",
    "Decide": (
        "uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,"
        "address account,uint256 nonce,uint256 deadline"
    ),
    "Resolve": (
        "uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,"
        "address account,uint256 nonce,uint256 deadline"
    ),
    "ArbiterAcceptance": "bytes32 termsHash,address arbiter,uint256 deadline",
    "JobTerms": (
        "address creator,address token,uint96 reward,uint24 taskCount,"
        "uint24 claimWindow,uint24 reviewWindow,uint24 appealWindow,uint24 decisionWindow,uint40 deadline,"
        "uint16 maxOpen,uint16 bondBps,uint16 feeBps,uint16 rejectFeeBps,uint16 royaltyBps,"
        "address arbiter,uint96 arbiterFee,address hook,bytes32 dataRoot,uint64 dataLength,"
        "bytes32 instructionsHash,uint128 multipliers,uint256[] wordClasses"
    ),
}


@dataclass(frozen=True)
class Domain:
    """Which contract on which chain a signature is for."""

    chain_id: int
    contract: str
    name: str = MARKET_NAME
    version: str = MARKET_VERSION

    def message(self) -> dict[str, Any]:
        """The fields of EIP712Domain."""
        return {
            "name": self.name,
            "version": self.version,
            "chainId": self.chain_id,
            "verifyingContract": checksum_address(self.contract),
        }


@cache
def struct_fields(primary: str) -> tuple[tuple[str, str], ...]:
    """(type, name) of each field of a struct in order; raises InputError for a struct that is not in the
    table.
    """
    if primary not in TYPES:
        raise InputError(f"there is no typed data {primary!r}: choose one of {', '.join(TYPES)}")
    return tuple((kind, name) for kind, name in (field.split(" ") for field in TYPES[primary].split(",")))


@cache
def type_hash(primary: str) -> bytes:
    """Keccak-256 of the struct's type string, 32 bytes."""
    return keccak256(f"{primary}({TYPES[primary]})".encode())


def struct_hash(primary: str, message: Mapping[str, Any]) -> bytes:
    """`hashStruct` of EIP-712, 32 bytes. Raises InputError for a missing, surplus or impossible value."""
    expected = struct_fields(primary)
    if set(message) != {name for _, name in expected}:
        wrong = sorted(set(message) ^ {name for _, name in expected})
        raise InputError(f"the fields of {primary} do not fit its type: look at {', '.join(wrong)}")
    words = [_word(kind, message[name], f"{primary}.{name}") for kind, name in expected]
    return keccak256(type_hash(primary) + b"".join(words))


@lru_cache(maxsize=256)
def terms_hash(terms: JobTerms) -> bytes:
    """What the market keeps of the terms and what a claim signature covers, 32 bytes."""
    return struct_hash("JobTerms", terms.message())


def domain_separator(domain: Domain) -> bytes:
    """The domain's `hashStruct`, 32 bytes: equal to the contract's `domainSeparator()`."""
    return struct_hash("EIP712Domain", domain.message())


def typed_data(domain: Domain, primary: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """The document that wallets take as `eth_signTypedData_v4`, bytes as hex. Raises InputError."""
    struct_hash(primary, message)  # checks every value
    types = {
        name: [{"name": field, "type": kind} for kind, field in struct_fields(name)]
        for name in ("EIP712Domain", primary)
    }
    values = {name: _plain(kind, message[name]) for kind, name in struct_fields(primary)}
    return {"types": types, "primaryType": primary, "domain": domain.message(), "message": values}


def signable(document: Mapping[str, Any]) -> SignableMessage:
    """The typed data as eth-account and Ape accounts sign it."""
    from eth_account.messages import encode_typed_data  # noqa: PLC0415 - half a second that hashing does not need

    return encode_typed_data(full_message=dict(document))


def digest(document: Mapping[str, Any]) -> bytes:
    """The 32 bytes that are signed: what the contract recovers the signer from."""
    message = signable(document)
    return keccak256(b"\x19" + message.version + message.header + message.body)


def sign(account: LocalAccount, document: Mapping[str, Any]) -> bytes:
    """65 bytes (r, s, v) by a local account. Raises SigningError if the result does not recover to it."""
    signature = bytes(account.sign_message(signable(document)).signature)
    if recover(document, signature) != account.address:
        raise SigningError(f"the signature does not recover to {account.address}: do not send it")
    return signature


def recover(document: Mapping[str, Any], signature: bytes) -> str:
    """The address whose key signed. Raises SigningError for bytes that are no signature."""
    from eth_account import Account  # noqa: PLC0415 - see `signable`

    if len(signature) != SIGNATURE_LENGTH:
        raise SigningError(f"a signature has {SIGNATURE_LENGTH} bytes, this one has {len(signature)}")
    try:
        return str(Account.recover_message(signable(document), signature=signature))
    except Exception as error:  # eth-keys raises its own family, which has no root in common with ValueError
        raise SigningError(f"these 65 bytes are no signature: {error}") from error


def fresh_nonce() -> int:
    """A random 256-bit nonce: nonces are unordered, so two devices need not agree on a counter."""
    return secrets.randbits(256)


def _word(kind: str, value: Any, what: str) -> bytes:
    if kind.endswith("[]"):
        return keccak256(b"".join(_word(kind[:-2], item, what) for item in value))
    if kind == "string":
        return keccak256(value.encode())
    if kind == "address":
        return address_bytes(value).rjust(32, b"\0")
    if kind == "bytes32":
        return bytes32(value, what)
    return uint_word(value, what, int(kind.removeprefix("uint")))


def _plain(kind: str, value: Any) -> Any:
    if kind == "bytes32":
        return "0x" + bytes32(value).hex()
    if kind == "address":
        return checksum_address(value)
    return list(value) if kind.endswith("[]") else value
