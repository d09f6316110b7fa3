"""Calls and transactions straight through the node's RPC: about 3 ms each, everything decoded.

Every transaction is tried as a call first, whose revert is decoded into `CallReverted`; so a test sees the
exact custom error, and what is sent succeeds. Gas costs nothing, so balances change by what the contracts
move and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import ape
import pytest
from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

from tests.engine.node import Node, NodeError

ZERO = "0x" + "0" * 40
GAS = 15_000_000
ERROR_STRING, PANIC = keccak(b"Error(string)")[:4], keccak(b"Panic(uint256)")[:4]


class CallReverted(Exception):  # noqa: N818 - reads as what happened
    """A call or transaction reverted with this custom error and these values."""

    def __init__(self, error: str, args: tuple[Any, ...]) -> None:
        super().__init__(f"{error}{args}")
        self.error, self.values = error, args


class Event(NamedTuple):
    """A decoded log: who emitted it, its name, its values by name."""

    emitter: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    """A transaction that succeeded."""

    value: Any
    events: tuple[Event, ...]
    gas_used: int
    time: int

    def of(self, emitter: Contract) -> list[tuple[str, dict[str, Any]]]:
        """The events of one contract in order, as (name, values)."""
        return [(event.name, event.args) for event in self.events if event.emitter == emitter.address]


def rpc(method: str, *params: Any) -> Any:
    """The result of one RPC request; raises CallReverted where the node says that a call reverted."""
    try:
        return _node(ape.chain.provider.web3).rpc(method, *params)
    except NodeError as error:
        if error.data is not None and error.data.startswith("0x"):
            raise decode_revert(bytes.fromhex(error.data[2:])) from error
        if "revert" in str(error):
            raise CallReverted("", ()) from error
        raise


@lru_cache(maxsize=1)
def _node(_: object) -> Node:
    """The node behind Ape's connection; to ask through Ape takes twice as long."""
    return Node(str(ape.chain.provider.uri))


@dataclass(frozen=True)
class Contract:
    """A deployed contract, called by name with plain Python values; structs are mappings or sequences."""

    address: str
    functions: Mapping[str, list[Mapping[str, Any]]]

    def __repr__(self) -> str:
        return f"<contract at {self.address}>"

    def call(self, name: str, *args: Any, sender: str | None = None, value: int = 0) -> Any:
        """What a view returns, or what a transaction would."""
        function, data = self._encoded(name, args)
        return rpc_result(function, rpc("eth_call", self._request(data, sender, value), "latest"))

    def send(self, name: str, *args: Any, sender: str, value: int = 0, gas: int = GAS) -> Receipt:
        """Send a transaction; raises CallReverted, with nothing sent, if it would revert."""
        function, data = self._encoded(name, args)
        request = self._request(data, sender, value, gas)
        result = rpc_result(function, rpc("eth_call", request, "latest"))
        return _receipt(rpc("eth_sendTransactionSync", request), result)

    def queue(self, name: str, *args: Any, sender: str, value: int = 0, gas: int = 2_000_000) -> str:
        """Hand a transaction to the pool without trying it; for several in one block."""
        _, data = self._encoded(name, args)
        return str(rpc("eth_sendTransaction", self._request(data, sender, value, gas)))

    def data(self, name: str, *args: Any) -> bytes:
        """The calldata of a call."""
        return bytes.fromhex(self._encoded(name, args)[1][2:])

    def _request(self, data: str, sender: str | None, value: int, gas: int = GAS) -> dict[str, Any]:
        request = {"to": self.address, "data": data, "value": hex(value), "gas": hex(gas), "gasPrice": "0x0"}
        return request | ({"from": sender} if sender else {})

    def _encoded(self, name: str, args: Sequence[Any]) -> tuple[Mapping[str, Any], str]:
        fitting = [entry for entry in self.functions[name] if len(entry["inputs"]) == len(args)]
        function = fitting[0]
        values = [_plain(item, arg) for item, arg in zip(function["inputs"], args, strict=True)]
        types = [_type(item) for item in function["inputs"]]
        return function, "0x" + (_selector(function) + encode(types, values)).hex()


def contract_at(name: str, address: str) -> Contract:
    """The contract of the project with this name at an address."""
    functions: dict[str, list[Mapping[str, Any]]] = {}
    for entry in _abi(name):
        if entry["type"] == "function":
            functions.setdefault(entry["name"], []).append(entry)
    return Contract(to_checksum_address(address), functions)


def deploy(name: str, *args: Any, sender: str, value: int = 0) -> Contract:
    """Deploy a contract of the project; raises CallReverted if its constructor does."""
    constructor = next((entry for entry in _abi(name) if entry["type"] == "constructor"), {"inputs": []})
    types = [_type(item) for item in constructor["inputs"]]
    request = {
        "from": sender,
        "data": creation_code(name) + encode(types, list(args)).hex(),
        "value": hex(value),
    }
    request |= {"gas": hex(GAS), "gasPrice": "0x0"}
    rpc("eth_call", request, "latest")
    receipt = rpc("eth_sendTransactionSync", request)
    assert receipt["status"] == "0x1", f"{name} was not deployed"
    return contract_at(name, receipt["contractAddress"])


def creation_code(name: str) -> str:
    """What creates a contract of the project, as hexadecimal: from the JSON file {name: code} that
    WINNOW_ARTIFACTS names, if the contract is in it (so mutants are tested), else the project's own.
    """
    file = os.environ.get("WINNOW_ARTIFACTS")
    given = _artifacts(file).get(name) if file else None
    return given or str(getattr(ape.project, name).contract_type.deployment_bytecode.bytecode)


@cache
def _artifacts(file: str) -> dict[str, str]:
    return dict(json.loads(Path(file).read_text(encoding="utf-8")))


def outcome_of(tx_hash: str) -> bool:
    """Whether a transaction that was mined succeeded."""
    return bool(rpc("eth_getTransactionReceipt", tx_hash)["status"] == "0x1")


@contextmanager
def reverts(error: str, *values: Any) -> Iterator[None]:
    """The body must revert with exactly this custom error and these values."""
    with pytest.raises(CallReverted) as caught:
        yield
    assert (caught.value.error, caught.value.values) == (error, values)


@contextmanager
def one_block() -> Iterator[None]:
    """Everything that is queued in the body is mined in one block, in that order."""
    rpc("evm_setAutomine", False)
    try:
        yield
        rpc("evm_mine")
    finally:
        rpc("evm_setAutomine", True)


def balance(token: Contract | str, account: str) -> int:
    """What an account has of a token, or of the native coin for the zero address."""
    if isinstance(token, Contract):
        return int(token.call("balanceOf", account))
    return int(rpc("eth_getBalance", account, "latest"), 16)


def set_balance(account: str, amount: int) -> None:
    rpc("anvil_setBalance", account, hex(amount))


def now() -> int:
    """The time of the latest block."""
    return int(rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


def pass_time(seconds: int) -> None:
    """Mine a block this much later."""
    rpc("evm_setNextBlockTimestamp", hex(now() + seconds))
    rpc("evm_mine")


def field32(text: str) -> bytes:
    """A short name as Solidity stores it in bytes32."""
    return text.encode().ljust(32, b"\0")


_ABIS: dict[str, list[dict[str, Any]]] = {}
_ERRORS: dict[bytes, Mapping[str, Any]] = {}
# By signature and number of indexed values: the Transfer of ERC-20 and of ERC-721 differ only in the latter.
_EVENTS: dict[tuple[bytes, int], Mapping[str, Any]] = {}


def _abi(name: str) -> list[dict[str, Any]]:
    if name not in _ABIS:
        _ABIS[name] = json.loads(getattr(ape.project, name).contract_type.model_dump_json())["abi"]
        for entry in _ABIS[name]:
            if entry["type"] == "error":
                _ERRORS[_selector(entry)] = entry
            if entry["type"] == "event":
                indexed = sum(item["indexed"] for item in entry["inputs"])
                _EVENTS[bytes(keccak(_signature(entry).encode())), indexed] = entry
    return _ABIS[name]


def _type(item: Mapping[str, Any]) -> str:
    kind = str(item["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_type(part) for part in item['components'])}){kind.removeprefix('tuple')}"


def _signature(entry: Mapping[str, Any]) -> str:
    return f"{entry['name']}({','.join(_type(item) for item in entry.get('inputs') or [])})"


def _selector(entry: Mapping[str, Any]) -> bytes:
    return bytes(keccak(_signature(entry).encode())[:4])


def _plain(item: Mapping[str, Any], value: Any) -> Any:
    """What eth-abi wants: structs as sequences."""
    if item["type"].endswith("[]"):
        return [_plain({**item, "type": item["type"][:-2]}, one) for one in value]
    if item["type"] != "tuple":
        return value
    parts = item["components"]
    values = [value[part["name"]] for part in parts] if isinstance(value, Mapping) else value
    return tuple(_plain(part, one) for part, one in zip(parts, values, strict=True))


def _named(item: Mapping[str, Any], value: Any) -> Any:
    """What tests want: structs as mappings, addresses with their checksum, lists as lists."""
    if item["type"] == "tuple":
        return {part["name"]: _named(part, one) for part, one in zip(item["components"], value, strict=True)}
    if item["type"].endswith("[]"):
        inner = {**item, "type": item["type"][:-2]}
        return [_named(inner, one) for one in value]
    return to_checksum_address(value) if item["type"] == "address" else value


def _decoded(items: Sequence[Mapping[str, Any]], data: bytes) -> list[Any]:
    values = decode([_type(item) for item in items], data)
    return [_named(item, value) for item, value in zip(items, values, strict=True)]


def rpc_result(function: Mapping[str, Any], data: str) -> Any:
    values = _decoded(function["outputs"], bytes.fromhex(data[2:]))
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(values)


def _receipt(raw: Mapping[str, Any], value: Any) -> Receipt:
    assert raw["status"] == "0x1", "the transaction failed though its call did not"
    events = tuple(decode_log(log) for log in raw["logs"])
    time = raw["blockTimestamp"]  # a number in this one field, where every other one is hexadecimal
    return Receipt(value, events, int(raw["gasUsed"], 16), time if isinstance(time, int) else int(time, 16))


def decode_revert(data: bytes) -> CallReverted:
    if not data:
        return CallReverted("", ())
    if data[:4] == ERROR_STRING:
        return CallReverted("Error", tuple(decode(["string"], data[4:])))
    if data[:4] == PANIC:
        return CallReverted("Panic", tuple(decode(["uint256"], data[4:])))
    entry = _ERRORS.get(data[:4])
    if entry is None:
        return CallReverted("unknown error", (data.hex(),))
    return CallReverted(entry["name"], tuple(_decoded(entry.get("inputs") or [], data[4:])))


def decode_log(log: Mapping[str, Any]) -> Event:
    entry = _EVENTS[bytes.fromhex(log["topics"][0][2:]), len(log["topics"]) - 1]
    indexed = [item for item in entry["inputs"] if item["indexed"]]
    plain = [item for item in entry["inputs"] if not item["indexed"]]
    args: dict[str, Any] = {}
    for item, topic in zip(indexed, log["topics"][1:], strict=True):
        args[item["name"]] = _decoded([item], bytes.fromhex(topic[2:]))[0]
    args |= zip(
        (item["name"] for item in plain), _decoded(plain, bytes.fromhex(log["data"][2:])), strict=True
    )
    return Event(to_checksum_address(log["address"]), entry["name"], args)
