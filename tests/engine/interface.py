"""What a contract's ABI says, ready for use: calldata, expected answers, logs and reverts as bytes, and what
bytes from the chain mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from offchain.hashing import keccak256
from tests.engine.codec import Item, decoded, encoder, named_encoder, selector_of, signature_of

ERROR_STRING: Item = {"name": "Error", "inputs": [{"name": "reason", "type": "string"}]}
PANIC: Item = {"name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]}

Log = tuple[str, tuple[str, ...], str]
"""Emitter in lower case, topics and data in hexadecimal: as a node tells it."""


@dataclass(frozen=True)
class Function:
    """A function of a contract. `call` makes calldata of arguments, `answer` what it returns of values."""

    entry: Item
    call: Callable[[Sequence[Any]], bytes]
    answer: Callable[[Sequence[Any]], bytes]

    @property
    def changes_state(self) -> bool:
        return self.entry["stateMutability"] not in {"view", "pure"}


@dataclass(frozen=True)
class EventCode:
    """How an event is logged: its first topic, then the indexed values, then the others."""

    topic: str
    indexed: Callable[[Mapping[str, Any]], bytes]
    plain: Callable[[Mapping[str, Any]], bytes]


class Interface:
    """The functions, events and errors of one ABI. An overloaded function is found by its number of
    arguments. Indexed values must have a size of one word.
    """

    def __init__(self, name: str, abi: Sequence[Item]) -> None:
        self.name, self.abi = name, abi
        self._functions: dict[tuple[str, int], Function] = {}
        self._events: dict[str, EventCode] = {}
        self.errors: dict[str, Item] = {}
        for entry in abi:
            if entry["type"] == "function":
                self._functions[entry["name"], len(entry["inputs"])] = _function(entry)
            elif entry["type"] == "event":
                self._events[entry["name"]] = _event(entry)
            elif entry["type"] == "error":
                self.errors[entry["name"]] = entry

    def function(self, name: str, arguments: int) -> Function:
        """Raises KeyError with what there is, if there is no such function."""
        try:
            return self._functions[name, arguments]
        except KeyError:
            known = sorted(f"{known}/{count}" for known, count in self._functions)
            raise KeyError(f"{self.name} has no {name} with {arguments} arguments, but {known}") from None

    def functions(self) -> Iterable[Function]:
        return self._functions.values()

    def log(self, emitter: str, name: str, values: Mapping[str, Any]) -> Log:
        """The log of an event with these values by name. Raises KeyError for one that there is not."""
        if name not in self._events:
            raise KeyError(f"{self.name} has no event {name}, but {sorted(self._events)}")
        code = self._events[name]
        words = code.indexed(values).hex()
        topics = [f"0x{words[at : at + 64]}" for at in range(0, len(words), 64)]
        return emitter.lower(), (code.topic, *topics), f"0x{code.plain(values).hex()}"

    def constructor(self) -> Sequence[Item]:
        """The constructor's inputs."""
        for entry in self.abi:
            if entry["type"] == "constructor":
                return list(entry["inputs"])
        return []


@dataclass
class Lexicon:
    """Everything that the contracts of a stage can say, to encode the model's errors and to explain what the
    chain answered. Two errors of one name must have one signature.
    """

    errors: dict[str, tuple[bytes, Callable[[Sequence[Any]], bytes], Item]] = field(default_factory=dict)
    events: dict[tuple[str, int], Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in (ERROR_STRING, PANIC):
            self._add_error(entry)
        self.learn(ERC20)

    def learn(self, interface: Interface) -> None:
        """Add an interface. Raises ValueError where one name has two signatures."""
        for entry in interface.errors.values():
            known = self.errors.get(entry["name"])
            if known and known[0] != selector_of(entry):
                raise ValueError(f"there are two errors {entry['name']}: rename one of them")
            self._add_error(entry)
        for entry in interface.abi:
            if entry["type"] == "event":
                indexed = sum(item["indexed"] for item in entry["inputs"])
                self.events["0x" + keccak256(signature_of(entry).encode()).hex(), indexed] = entry

    def revert(self, error: str, values: Sequence[Any]) -> str:
        """The return data of a call that reverts so; nothing for the empty name. Raises KeyError for an error
        that no contract of the stage declares.
        """
        if not error:
            return "0x"
        if error not in self.errors:
            raise KeyError(f"no contract of the stage has an error {error}, but {sorted(self.errors)}")
        selector, encode, _ = self.errors[error]
        return "0x" + (selector + encode(values)).hex()

    def explain_revert(self, data: str) -> tuple[str, tuple[Any, ...]]:
        """Name and values of an error; an unknown one is told in hexadecimal."""
        raw = bytes.fromhex(data[2:])
        if not raw:
            return "", ()
        for name, (selector, _, entry) in self.errors.items():
            if raw[:4] == selector:
                return name, tuple(decoded(entry.get("inputs") or [], raw[4:]))
        return "unknown error", (data,)

    def explain_log(self, log: Log) -> tuple[str, dict[str, Any]]:
        """Name and values of an event."""
        _, topics, data = log
        entry = self.events.get((topics[0], len(topics) - 1)) if topics else None
        if entry is None:
            return "unknown event", {"topics": list(topics), "data": data}
        items: list[Item] = entry["inputs"]
        indexed, plain = [i for i in items if i["indexed"]], [i for i in items if not i["indexed"]]
        found = zip(indexed, topics[1:], strict=True)
        values = {item["name"]: decoded([item], bytes.fromhex(topic[2:]))[0] for item, topic in found}
        rest = decoded(plain, bytes.fromhex(data[2:]))
        values |= dict(zip((item["name"] for item in plain), rest, strict=True))
        return str(entry["name"]), {item["name"]: values[item["name"]] for item in items}

    def _add_error(self, entry: Item) -> None:
        encode = encoder(entry.get("inputs") or [])
        self.errors[entry["name"]] = (selector_of(entry), encode, entry)


def _function(entry: Item) -> Function:
    selector, encode = selector_of(entry), encoder(entry["inputs"])
    return Function(entry, lambda args: selector + encode(args), encoder(entry["outputs"]))


def _event(entry: Item) -> EventCode:
    topic = "0x" + keccak256(signature_of(entry).encode()).hex()
    indexed = [item for item in entry["inputs"] if item["indexed"]]
    plain = [item for item in entry["inputs"] if not item["indexed"]]
    return EventCode(topic, named_encoder(indexed), named_encoder(plain))


TRANSFER: Item = {
    "type": "event",
    "name": "Transfer",
    "inputs": [
        {"name": "from", "type": "address", "indexed": True},
        {"name": "to", "type": "address", "indexed": True},
        {"name": "value", "type": "uint256", "indexed": False},
    ],
}
ERC20 = Interface("ERC-20", [TRANSFER])
"""What every ERC-20 logs (EIP-20)."""
