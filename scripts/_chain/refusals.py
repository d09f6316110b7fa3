"""Trying a call before it is sent, and saying in words why a contract refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from offchain.hashing import keccak256
from scripts._chain.events import abi_type, named_value
from scripts._chain.system import System
from scripts._cli import HINTS, clean

STRING = keccak256(b"Error(string)")[:4]
PANIC = keccak256(b"Panic(uint256)")[:4]


class Refused(click.ClickException):
    """The contract would refuse the call; `error` is the name of its custom error, if it has one."""

    def __init__(self, message: str, error: str = "") -> None:
        super().__init__(message)
        self.error = error


def try_call(system: System, sender: str, target: str, data: bytes, value: int) -> None:
    """Raises Refused if the call would revert; nothing is sent, so it costs no gas. `value` in the
    RPC's unit.
    """
    _ask(system, "eth_call", sender, target, data, value)


def estimate_call(system: System, sender: str, target: str, data: bytes) -> int:
    """The gas that the call would take. Raises Refused as above."""
    return int(_ask(system, "eth_estimateGas", sender, target, data, 0), 16)


def _ask(system: System, method: str, sender: str, target: str, data: bytes, value: int) -> Any:
    call = {"from": sender, "to": target, "data": "0x" + data.hex(), "value": hex(value)}
    answer = system.provider.web3.provider.make_request(method, [call, "latest"])
    error = answer.get("error")
    if error is None:
        return answer["result"]
    raw = error.get("data") if isinstance(error, Mapping) else None
    if isinstance(raw, Mapping):  # some nodes wrap it
        raw = raw.get("data") or raw.get("result")
    data = bytes.fromhex(raw[2:]) if isinstance(raw, str) and raw.startswith("0x") else b""
    name = _name(system, data)
    text, hint = refusal(system, data), HINTS.get(name)
    if not data:
        text = error.get("message", str(error)) if isinstance(error, Mapping) else str(error)
    message = f"the contract refused: {text}"
    raise Refused(clean(f"{message}. {hint}" if hint else message), name)


def refusal(system: System, data: bytes) -> str:
    """Revert data in words: a custom error with its values, or the text that came with it."""
    from eth_abi import decode  # noqa: PLC0415 - scripts start fast

    if data[:4] == STRING:
        return str(decode(["string"], data[4:])[0])
    if data[:4] == PANIC:
        return f"panic {decode(['uint256'], data[4:])[0]:#x}"
    item = _errors(system).get(data[:4])
    if item is None:
        return f"custom error 0x{data.hex()}" if data else "without a reason"
    values = decode([abi_type(part) for part in item["inputs"]], data[4:])
    named = zip(item["inputs"], values, strict=True)
    shown = ", ".join(f"{part['name']}={_shown(part, value)}" for part, value in named)
    return f"{item['name']}({shown})"


def _name(system: System, data: bytes) -> str:
    return str(_errors(system).get(data[:4], {}).get("name", ""))


def _errors(system: System) -> dict[bytes, Mapping[str, Any]]:
    """Custom errors of everything that is deployed, by selector."""
    found = {}
    for entry in system.entries.values():
        for item in entry["abi"]:
            if item["type"] == "error":
                signature = f"{item['name']}({','.join(map(abi_type, item['inputs']))})"
                found[keccak256(signature.encode())[:4]] = item
    return found


def _shown(part: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, bytes):
        text = value.rstrip(b"\0")
        readable = bool(text) and all(32 < byte < 127 for byte in text)
        return text.decode() if readable else "0x" + value.hex()
    return str(named_value(part, value))
