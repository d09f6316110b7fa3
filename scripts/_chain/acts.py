"""Acts by signature: the worker signs, the file travels, anybody sends it and pays the gas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from offchain.exceptions import InputError
from offchain.hashing import address_bytes, bytes32, checksum_address
from scripts._chain.consensus import whole_contract
from scripts._chain.system import DOMAINS, System, code_at
from scripts._chain.transactions import Sent, send

ACT = "winnow_act"
LIFETIME = 7 * 86_400  # seconds that a signature may travel, unless --valid says otherwise
FIELDS: dict[str, tuple[str, ...]] = {
    "Claim": ("jobId", "word", "mask"),
    "SubmitBatch": ("claimId", "root", "done", "uri"),
    "Release": ("claimId",),
    "Appeal": ("claimId",),
    "Seat": ("jobId", "word", "layer", "mask", "commitment", "maxStake"),
    "Withdraw": ("token", "to", "amount"),
}
"""What the calls take of the structs; in `Seat` it is a struct of its own."""


@dataclass(frozen=True)
class SignedAct:
    """A struct of `offchain.signing.TYPES` with its signature. `contract` is its name in the manifest;
    `handed` is what the call takes besides, and the chain does not know, such as what a hash was signed of.
    """

    primary: str
    contract: str
    message: Mapping[str, Any]
    signature: bytes
    handed: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def signer(self) -> str:
        """Whose act it is."""
        return str(self.message[signer_field(self.primary)])

    def authorization(self) -> tuple[Any, ...]:
        """As the contracts take it."""
        return self.signer, self.message["nonce"], self.message["deadline"], self.signature


def signer_field(primary: str) -> str:
    """Which field of a struct names the signer."""
    from offchain.signing import struct_fields  # noqa: PLC0415

    return next(name for _, name in struct_fields(primary) if name in {"account", "annotator"})


def sign_act(
    system: System,
    account: AccountAPI,
    primary: str,
    values: Mapping[str, Any],
    *,
    lifetime: int = LIFETIME,
    contract: str = "AnnotationMarket",
    handed: Mapping[str, bytes] | None = None,
) -> SignedAct:
    """Sign an act with a fresh nonce, good for `lifetime` seconds from the latest block."""
    from offchain.signing import fresh_nonce  # noqa: PLC0415

    signer = {signer_field(primary): account.address}
    message = {**values, **signer, "nonce": fresh_nonce(), "deadline": system.now + lifetime}
    signature = sign_struct(system, account, primary, message, contract)
    return SignedAct(primary, contract, message, signature, handed or {})


def sign_struct(
    system: System,
    account: AccountAPI,
    primary: str,
    message: Mapping[str, Any],
    contract: str = "AnnotationMarket",
) -> bytes:
    """65 bytes (r, s, v) over typed data. ClickException if the account did not sign."""
    from offchain.signing import signable, typed_data  # noqa: PLC0415

    signature = account.sign_message(signable(typed_data(system.domain(contract), primary, message)))
    if signature is None:
        raise click.ClickException(f"{account.address} did not sign")
    return bytes(signature.encode_rsv())


def act_document(system: System, act: SignedAct) -> dict[str, Any]:
    """The act as JSON; numbers of 256 bits as text, which JSON readers keep exact."""
    message = {name: _plain(value) for name, value in act.message.items()}
    return {
        ACT: act.primary,
        "chain_id": system.network.chain_id,
        "contract": act.contract,
        "address": str(system.entry(act.contract)["address"]),
        "message": message,
        "signature": "0x" + act.signature.hex(),
        "handed": {name: _plain(value) for name, value in act.handed.items()},
    }


def read_act(system: System, path: Path) -> SignedAct:
    """A signed act from its file, its signature checked against its signer if that is no contract.

    Raises InputError for another document or another network, SigningError for a signature that is none.
    """
    from offchain.signing import struct_fields  # noqa: PLC0415

    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        primary, contract = value[ACT], value["contract"]
        message, signature = dict(value["message"]), _bytes(value["signature"])
        handed = {name: _bytes(text) for name, text in value.get("handed", {}).items()}
        where, expected = (value["chain_id"], value["address"]), struct_fields(primary)
        DOMAINS[contract]  # it takes signatures
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{path} is no signed act: make one with --sign-only ({error!r})") from error
    if where != (system.network.chain_id, str(system.entry(contract)["address"])):
        raise InputError(f"{path} is for {where[1]} on chain {where[0]}: choose that network with --network")
    fields = {name: _read(kind, message.get(name)) for kind, name in expected}
    act = SignedAct(primary, contract, fields, signature, handed)
    _require_signed(system, act, path)
    return act


def _require_signed(system: System, act: SignedAct, path: Path) -> None:
    """A contract has its own idea of a signature; of all others it can be said before anything is sent."""
    from offchain.signing import recover, typed_data  # noqa: PLC0415

    if code_at(system.provider, act.signer):
        return
    document = typed_data(system.domain(act.contract), act.primary, act.message)
    if recover(document, act.signature) != act.signer:
        raise InputError(f"{path} is not what {act.signer} signed: it was changed afterwards, sign it again")


def refuse_used(system: System, act: SignedAct) -> None:
    """ClickException for an act that was sent before: its nonce is used up."""
    if system.contract(act.contract).isNonceUsed(act.signer, act.message["nonce"]):
        raise click.ClickException(f"this {act.primary} of {act.signer} was sent already, or cancelled")


def relay(
    system: System,
    act: SignedAct,
    sender: AccountAPI,
    *,
    expired: Sequence[int] = (),
    hook_data: bytes = b"",
    value: int = 0,
    arguments: tuple[Any, ...] | None = None,
) -> Sent:
    """Send a signed act. `value`: the deposit that comes with it in the native coin, base units. `arguments`:
    those before the authorization, where they do not follow from the act alone.
    """
    if arguments is None:
        arguments = _arguments(act, expired, hook_data)
    name = f"{act.primary[0].lower()}{act.primary[1:]}BySig"
    method = getattr(whole_contract(system, act.contract), name)
    return send(system, name, method, *arguments, act.authorization(), sender=sender, value=value)


def _arguments(act: SignedAct, expired: Sequence[int], hook_data: bytes) -> tuple[Any, ...]:
    """What comes before the authorization. ClickException for an act that is no call."""
    if act.primary not in FIELDS:
        raise click.ClickException(f"a {act.primary} is not sent by itself")
    said = tuple(act.message[name] for name in FIELDS[act.primary])
    if act.primary == "Claim":
        return (*said, hook_data, list(expired))
    return (said, hook_data) if act.primary == "Seat" else said


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value) if isinstance(value, int) else value


def _read(kind: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise InputError(f"the signed act lacks a value of type {kind}")
    if kind == "bytes32":
        return bytes32(value)
    if kind == "address":
        return checksum_address(address_bytes(value))
    return int(value) if kind.startswith("uint") else value
