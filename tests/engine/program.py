"""A program as data: what is called, by whom, when, and what has to come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from tests.engine.chain import Contract
from tests.engine.codec import Encode
from tests.engine.interface import Log


class View(NamedTuple):
    """A question and the answer that the model gives. Without contract, it is the native balance of
    `args[0]`.
    """

    contract: Contract | None
    function: str
    args: tuple[Any, ...]
    expected: Any

    @classmethod
    def balance(cls, account: str, expected: int) -> View:
        """The native balance of an account, in wei."""
        return cls(None, "balance", (account,), expected)

    @classmethod
    def each(cls, contract: Contract, getter: str, entries: Iterable[tuple[Any, Any]]) -> Iterator[View]:
        """What a public mapping holds under each of these keys; those of a nested mapping are tuples."""
        for key, expected in entries:
            yield cls(contract, getter, key if isinstance(key, tuple) else (key,), expected)


class Probe(NamedTuple):
    """A view made ready: what is asked (target, length of the calldata, calldata: as the Lookout reads it),
    and the bytes that must come back.
    """

    view: View
    ask: bytes
    answer: bytes


@dataclass(slots=True)
class Step:
    """One call that changes state, with what the model says of it: `revert` is the whole return data of a
    call that has to fail, else None. `told` are the arguments as a person reads them, `model` is what
    predicts the step where that is not the act of the same name.
    """

    action: str
    contract: Contract
    function: str
    told: tuple[Any, ...]
    sender: str
    value: int
    time: int
    data: str
    revert: str | None
    outcome: str
    logs: Mapping[str, list[Log]] = field(default_factory=dict)
    result: str | None = None
    probes: list[Probe] = field(default_factory=list)
    model: Callable[..., Any] | None = None

    @property
    def succeeds(self) -> bool:
        return self.revert is None


@dataclass(slots=True)
class Program:
    """Steps in the order of their time, and views to be compared when all of them are done."""

    steps: list[Step]
    ending: list[Probe] = field(default_factory=list)
    silent: tuple[str, ...] = ()

    @property
    def actors(self) -> int:
        """How many accounts call."""
        return len({step.sender for step in self.steps})


def probe_of(view: View) -> Probe:
    """A view made ready to be asked."""
    contract, function, args, expected = view
    if contract is None:
        return Probe(view, _balance_ask(args[0]), expected.to_bytes(32, "big"))
    try:
        ask, encode = contract.asked[function, args]
    except KeyError:
        ask, encode = contract.asked[function, args] = _ready(contract, function, args)
    except TypeError:  # a struct among the arguments: not hashable, so not kept
        ask, encode = _ready(contract, function, args)
    return Probe(view, ask, encode(expected))


def _ready(contract: Contract, function: str, args: tuple[Any, ...]) -> tuple[bytes, Encode]:
    code = contract.interface.function(function, len(args))
    one = len(code.entry["outputs"]) == 1
    encode = code.answer
    return ask_of(contract.address, code.call(args)), (lambda told: encode((told,))) if one else encode


@lru_cache(maxsize=4_096)
def _balance_ask(address: str) -> bytes:
    return ask_of(address, b"")


def ask_of(target: str, calldata: bytes) -> bytes:
    """A view as the Lookout reads it; the balance of the target without calldata."""
    return bytes.fromhex(target[2:]) + len(calldata).to_bytes(2, "big") + calldata
