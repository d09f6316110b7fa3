"""Values as a person reads them: accounts by name, moments since the beginning, amounts with their coin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from tests.engine.capability import NATIVE, Argument, Capability
from tests.engine.chain import EPOCH, UNLIMITED, Chain
from tests.engine.codec import Item
from tests.engine.executor import Reverted
from tests.engine.program import Step, View

DAY, HOUR, MINUTE = 86_400, 3_600, 60
TIMES = re.compile(r"deadline|expiry|expires|time|until|[a-z]At$", re.IGNORECASE)
"""Names that moments have; a number of such a name, about as late as programs go, is one."""

SPANS = re.compile(r"window|delay|period", re.IGNORECASE)
"""Names that spans of time have, in seconds."""

FIRST, LAST = EPOCH - DAY, EPOCH + 10_000 * DAY
SHOWN = 4
"""Values of a sequence that are told."""

RUNS = 6
"""Runs of tasks that a mask may have to be told by its tasks."""

LONG = 40
"""Characters of the longest text that is told whole."""

NO_ITEM: Item = {"name": "", "type": ""}


def span(seconds: int) -> str:
    """`2 h 3 s`."""
    units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1, "s"))
    parts = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {unit}")
    return " ".join(parts) or "0 s"


def moment(time: int) -> str:
    """`day 3 04:00:01` of a Unix second: time since `EPOCH`."""
    days, rest = divmod(time - EPOCH, DAY)
    return f"day {days:,} {rest // HOUR:02}:{rest % HOUR // MINUTE:02}:{rest % MINUTE:02}"


def short(text: str) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= LONG else f"{text[:10]}…{text[-4:]}"


def told_value(name: str, value: Any) -> str:
    """A number, flag, enum member or sequence of them, whose name is known."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(told_value(name, one) for one in value)}]"
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool) or not isinstance(value, int):
        return short(str(value))
    return _number(name, value)


def _number(name: str, value: int) -> str:
    if FIRST <= value < LAST and TIMES.search(name):
        return moment(value)
    if value and SPANS.search(name):
        return span(value)
    if value == UNLIMITED:
        return "unlimited"
    return f"{value:,}" if abs(value) < 1 << 96 else short(hex(value))


def tasks(mask: int) -> str:
    """The tasks of a mask: `{0,1,2}`, `{0-255}`; in hexadecimal where they are scattered."""
    runs, at = [], 0
    while mask >> at:
        at += ((mask >> at) & -(mask >> at)).bit_length() - 1
        length = (~(mask >> at) & -~(mask >> at)).bit_length() - 1
        runs.append(range(at, at + length))
        at += length
    if len(runs) > RUNS:
        return hex(mask)
    told = [f"{run[0]}-{run[-1]}" if len(run) > RUNS else ",".join(map(str, run)) for run in runs]
    return f"{{{','.join(told)}}}"


class Words:
    """Tells the values of one capability's programs."""

    def __init__(self, chain: Chain, phrase: Callable[[Item, Any], str | None] = Capability.phrase) -> None:
        self.chain, self._phrase = chain, phrase
        self._names = {address.lower(): name for address, name in chain.names.items()}
        self._events = {entry["name"]: entry for entry in chain.lexicon.events.values()}

    def account(self, address: str) -> str:
        """An account's name, or its address if it has none."""
        return self._names.get(address.lower(), "nobody" if address == NATIVE else address)

    def coin(self, token: str) -> str:
        """What an amount of the token is called."""
        return "wei" if token == NATIVE else self.account(token)

    def value(self, item: Item, value: Any) -> str:
        """A value of a parameter, field or result."""
        told = self._phrase(item, value)
        if told is not None:
            return told
        if isinstance(value, Mapping):
            return f"{{{self.fields(item.get('components') or (), value)}}}"
        if isinstance(value, bytes):
            return short(f"0x{value.hex()}")
        if isinstance(value, (list, tuple)):
            return self._sequence(item, value)
        if isinstance(value, str):
            return self._text(item, value)
        return told_value(item["name"], value)

    def fields(self, items: Iterable[Item], values: Mapping[str, Any]) -> str:
        """`name value, ...` of a struct, an event or an error; what is empty is left out."""
        known = {item["name"]: item for item in items}
        told = [
            (name, self.value(known.get(name) or {"name": name, "type": ""}, value))
            for name, value in values.items()
        ]
        return ", ".join(f"{name} {value}" for name, value in told if value not in {"", "[]", "0x"})

    def call(self, step: Step) -> str:
        """`function(name value, ...)` of a step's call."""
        sizes = [len(arg.on_chain(self.chain)) if isinstance(arg, Argument) else 1 for arg in step.told]
        inputs: Sequence[Item] = step.contract.interface.function(step.function, sum(sizes)).entry["inputs"]
        parts, at = [], 0
        for arg, size in zip(step.told, sizes, strict=True):
            if isinstance(arg, Argument):
                parts.append(arg.tell(self.account))
            else:
                parts.append(self.fields([inputs[at]], {inputs[at]["name"]: arg}))
            at += size
        return f"{step.function}({', '.join(part for part in parts if part)})"

    def view(self, view: View) -> str:
        """A question to the chain."""
        if view.contract is None:
            return f"balance of {self.account(view.args[0])}"
        inputs = view.contract.interface.function(view.function, len(view.args)).entry["inputs"]
        args = [self.value(item, value) for item, value in zip(inputs, view.args, strict=True)]
        return f"{self.account(view.contract.address)}.{view.function}({', '.join(args)})"

    def error(self, reverted: Reverted) -> str:
        """A custom error with its values by name."""
        if not reverted.error:
            return "a revert without data"
        known = self.chain.lexicon.errors.get(reverted.error)
        items = known[2]["inputs"] if known else [NO_ITEM] * len(reverted.values)
        told = [
            f"{item['name']} {self.value(item, value)}".strip()
            for item, value in zip(items, reverted.values, strict=True)
        ]
        return f"{reverted.error}({', '.join(told)})"

    def event_items(self, name: str) -> Sequence[Item]:
        """The arguments of an event; none for an event that nobody declared."""
        entry = self._events.get(name)
        return entry["inputs"] if entry else ()

    def _sequence(self, item: Item, values: Sequence[Any]) -> str:
        inner = {**item, "type": str(item["type"]).removesuffix("[]")}
        told = [self.value(inner, value) for value in values[:SHOWN]]
        more = [f"… {len(values)} in all"] if len(values) > SHOWN else []
        return f"[{', '.join(told + more)}]"

    def _text(self, item: Item, value: str) -> str:
        if value.startswith("0x") and len(value) == len(NATIVE):
            return "native" if value == NATIVE and item["name"] == "token" else self.account(value)
        return short(value)
