"""Acts by signature: the worker signs, the file travels, anybody sends it and pays the gas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from offchain.exceptions import InputError
from offchain.hashing import address_bytes, bytes32, checksum_address
from scripts._chain.system import System
from scripts._chain.transactions import Sent, send

ACT = "winnow_act"
LIFETIME = 7 * 86_400  # seconds that a signature may travel, unless --valid says otherwise
#: Which field of the struct names the signer.
SIGNERS = {"Withdraw": "account", "Seat": "account"}
HASHES = {"termsHash", "root"}


@dataclass(frozen=True)
class SignedAct:
    """A struct of `offchain.signing.TYPES` with its signature. `contract` is its name in the manifest."""

    primary: str
    contract: str
    message: Mapping[str, Any]
    signature: bytes

    @property
    def signer(self) -> str:
        """Whose act it is."""
        return str(self.message[SIGNERS.get(self.primary, "annotator")])

    def authorization(self) -> tuple[Any, ...]:
        """As the contracts take it."""
        return self.signer, self.message["nonce"], self.message["deadline"], self.signature


def sign_act(
    system: System,
    account: AccountAPI,
    primary: str,
    values: Mapping[str, Any],
    *,
    lifetime: int = LIFETIME,
    contract: str = "AnnotationMarket",
) -> SignedAct:
    """Sign an act with a fresh nonce, good for `lifetime` seconds from the latest block."""
    from offchain.signing import fresh_nonce  # noqa: PLC0415

    signer = SIGNERS.get(primary, "annotator")
    common = {signer: account.address, "nonce": fresh_nonce(), "deadline": system.now + lifetime}
    message = {**values, **common}
    return SignedAct(primary, contract, message, sign_struct(system, account, primary, message, contract))


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
    }


def read_act(system: System, path: Path) -> SignedAct:
    """A signed act from its file, its signature checked against its signer if that is no contract.

    Raises InputError for another document or another network, SigningError for a signature that is none.
    """
    from offchain.signing import TYPES, struct_fields  # noqa: PLC0415

    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        primary, contract = value[ACT], value["contract"]
        message, signature = value["message"], bytes.fromhex(value["signature"].removeprefix("0x"))
        where = (value["chain_id"], value["address"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{path} is no signed act: make one with --sign-only ({error!r})") from error
    if primary not in TYPES or where != (system.network.chain_id, str(system.entry(contract)["address"])):
        raise InputError(f"{path} is for {where[1]} on chain {where[0]}: choose that network with --network")
    fields = {name: _read(kind, message.get(name)) for kind, name in struct_fields(primary)}
    return SignedAct(primary, contract, fields, signature)


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
) -> Sent:
    """Send a signed act. `value`: the deposit that comes with it in the native coin, base units."""
    said, auth, contract = act.message, act.authorization(), system.contract(act.contract)
    if act.primary == "Claim":
        place = (said["jobId"], said["word"], said["mask"])
        arguments: tuple[Any, ...] = (*place, hook_data, list(expired), auth)
        return send(system, "claimBySig", contract.claimBySig, *arguments, sender=sender, value=value)
    if act.primary == "SubmitBatch":
        arguments = (said["claimId"], said["root"], said["done"], said["uri"], auth)
        return send(system, "submitBatchBySig", contract.submitBatchBySig, *arguments, sender=sender)
    if act.primary == "Release":
        return send(system, "releaseBySig", contract.releaseBySig, said["claimId"], auth, sender=sender)
    if act.primary == "Appeal":
        arguments = (said["claimId"], auth)
        return send(system, "appealBySig", contract.appealBySig, *arguments, sender=sender, value=value)
    if act.primary == "Seat":
        names = ("jobId", "word", "layer", "mask", "commitment", "maxStake")
        request = tuple(said[name] for name in names)
        return send(system, "seatBySig", contract.seatBySig, request, hook_data, auth, sender=sender)
    if act.primary == "Withdraw":
        arguments = (said["token"], said["to"], said["amount"], auth)
        return send(system, "withdrawBySig", contract.withdrawBySig, *arguments, sender=sender)
    raise click.ClickException(f"a {act.primary} is not sent by itself")


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
