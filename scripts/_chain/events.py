"""Events from a node as plain records, in the form that `offchain.indexer` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from ape.api.providers import ProviderAPI

from offchain.hashing import checksum_address, keccak256
from offchain.indexer import Indexer, MarketEvent
from scripts._chain.system import System

SPAN = 5_000  # blocks asked for at once where a node limits the range
Topics = Sequence[str | None]


@dataclass(frozen=True)
class EventType:
    """An event of an ABI. Types are ABI types; structs have parts by name."""

    name: str
    inputs: tuple[Mapping[str, Any], ...]


Decoder = dict[tuple[str, str], EventType]


def decoder(system: System) -> Decoder:
    """Events by (contract, topic) of everything that is deployed."""
    found: Decoder = {}
    for entry in system.entries.values():
        address = checksum_address(entry["address"])
        for item in entry["abi"]:
            if item["type"] == "event":
                signature = f"{item['name']}({','.join(map(abi_type, item['inputs']))})"
                topic = "0x" + keccak256(signature.encode()).hex()
                found[address, topic] = EventType(item["name"], tuple(item["inputs"]))
    return found


def decoded(known: Decoder, log: Mapping[str, Any], timestamp: int) -> MarketEvent | None:
    """A log as a record; None for one of a contract or an event that is not ours."""
    address = checksum_address(_text(log["address"]))
    topics = [_text(topic) for topic in log["topics"]]
    kind = known.get((address, topics[0])) if topics else None
    if kind is None:
        return None
    place = _int(log["blockNumber"]), _int(log["logIndex"])
    return MarketEvent(kind.name, _values(kind, topics[1:], _bytes(log["data"])), timestamp, *place, address)


def read_events(
    system: System,
    contract: str,
    topics: Topics = (),
    from_block: int | None = None,
    to_block: int | None = None,
) -> list[MarketEvent]:
    """The events of a contract (by its name), oldest first: since its deployment, up to the latest block,
    where nothing else is said. `topics` as in eth_getLogs.
    """
    entry = system.entry(contract)
    first = int(entry["block"]) if from_block is None else from_block
    query = {"address": str(entry["address"]), "topics": list(topics)}
    last = _int(system.provider.make_request("eth_blockNumber", [])) if to_block is None else to_block
    logs = _logs(system.provider, query, first, last)
    known, clock = decoder(system), _Clock(system.provider)
    records = [decoded(known, log, clock.of(log)) for log in logs]
    return sorted((record for record in records if record), key=lambda record: (record.block, record.index))


def market_state(system: System, job_id: int | None = None) -> Indexer:
    """The market's state from its events: of one job (credits and fees left out), or of everything."""
    topics: Topics = () if job_id is None else (None, topic(job_id))
    state = Indexer(checksum_address(system.entry("AnnotationMarket")["address"]))
    for event in read_events(system, "AnnotationMarket", topics):
        state.apply(event)
    if job_id is not None and job_id not in state.jobs:
        raise click.ClickException(
            f"there is no job {job_id} on {system.network.name}: `ape run job status --network "
            f"{system.choice}` "
            "lists them"
        )
    return state


def event_of(events: Iterable[MarketEvent], name: str) -> list[MarketEvent]:
    """Those of one name."""
    return [event for event in events if event.name == name]


def topic(value: int | str) -> str:
    """A number or an address as an indexed topic."""
    number = int(value, 16) if isinstance(value, str) else value
    return f"0x{number:064x}"


class _Clock:
    """Times of blocks; nodes that put them into logs are not asked."""

    def __init__(self, provider: ProviderAPI) -> None:
        self._provider = provider
        self._times: dict[int, int] = {}

    def of(self, log: Mapping[str, Any]) -> int:
        if log.get("blockTimestamp") is not None:
            return _int(log["blockTimestamp"])
        number = _int(log["blockNumber"])
        if number not in self._times:
            block = self._provider.make_request("eth_getBlockByNumber", [hex(number), False])
            self._times[number] = _int(block["timestamp"])
        return self._times[number]


def _logs(provider: ProviderAPI, query: dict[str, Any], first: int, last: int) -> list[Mapping[str, Any]]:
    """In one request, or in spans where the node refuses so much at once."""
    from ape.exceptions import ApeException  # noqa: PLC0415

    try:
        return _request(provider, query, first, last)
    except (ApeException, ValueError):
        if last - first < SPAN:
            raise
    spans = range(first, last + 1, SPAN)
    return [log for start in spans for log in _request(provider, query, start, min(start + SPAN - 1, last))]


def _request(provider: ProviderAPI, query: dict[str, Any], first: int, last: int) -> list[Mapping[str, Any]]:
    where = {**query, "fromBlock": hex(first), "toBlock": hex(last)}
    return list(provider.make_request("eth_getLogs", [where]))


def _values(kind: EventType, topics: Sequence[str], data: bytes) -> dict[str, Any]:
    from eth_abi import decode  # noqa: PLC0415 - scripts start fast

    plain = [item for item in kind.inputs if not item["indexed"]]
    rest = iter(decode([abi_type(item) for item in plain], data))
    indexed = iter(topics)
    values = {}
    for item in kind.inputs:
        if item["indexed"]:
            value = decode([abi_type(item)], bytes.fromhex(next(indexed)[2:]))[0]
        else:
            value = next(rest)
        values[item["name"]] = named_value(item, value)
    return values


def named_value(item: Mapping[str, Any], value: Any) -> Any:
    """A decoded value of an ABI item: addresses with their checksum, structs as mappings."""
    if item["type"] == "address":
        return checksum_address(value)
    if item["type"] == "tuple":
        parts = zip(item["components"], value, strict=True)
        return {part["name"]: named_value(part, entry) for part, entry in parts}
    return value


def abi_type(item: Mapping[str, Any]) -> str:
    """The type of an ABI item as signatures and codecs spell it."""
    kind = str(item["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(abi_type, item['components']))}){kind.removeprefix('tuple')}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "0x" + bytes(value).hex()


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else bytes(value)


def _int(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
