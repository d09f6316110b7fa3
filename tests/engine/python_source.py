"""Values as Python that makes them again on another deployment of the stage: accounts by name, moments since
the beginning, dataclasses and enum members by their constructors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from tests.engine.capability import NATIVE
from tests.engine.chain import EPOCH, Chain, Person

CENTURY = 100 * 365 * 86_400
ACCOUNT = re.compile(r"0x[0-9a-fA-F]{40}")
LONG = 64
"""Characters of a longer text of hexadecimal are told in parts."""

REPEATED = 8
"""Bytes or characters at the end that are told as a product when they are as many and the same."""


class Untellable(ValueError):  # noqa: N818 - what it is
    """No Python makes this value anew; the message says which and what to do."""


class Source:
    """Writes expressions and notes what they import. `spell` tells what only a play can tell."""

    def __init__(self, chain: Chain, spell: Callable[[Any], str | None]) -> None:
        self._names = {address: name for address, name in chain.names.items() if name}
        self._spell = spell
        self.imports: set[tuple[str, str]] = set()

    def of(self, value: Any) -> str:
        """An expression for the value. Raises Untellable."""
        spelt = None if isinstance(value, (str, int)) else self._spell(value)
        if spelt is not None:
            return spelt
        for kinds, write in self._writers():
            if isinstance(value, kinds):
                return write(value)
        return self._dataclass(value)

    def name(self, thing: Any) -> str:
        """A class or function of a module, imported. Raises Untellable for a local one."""
        if "<" in thing.__qualname__:
            raise Untellable(
                f"{thing.__qualname__} is local to a function: make it a method or a function of a module"
            )
        self.imports.add((thing.__module__, thing.__qualname__.partition(".")[0]))
        return str(thing.__qualname__)

    def name_constant(self, module: str, name: str) -> str:
        """A constant of a module, imported."""
        self.imports.add((module, name))
        return name

    def _writers(self) -> Sequence[tuple[Any, Callable[[Any], str]]]:
        return (
            ((bool, type(None)), repr),
            (Enum, lambda value: f"{self.name(type(value))}.{value.name}"),
            (int, self._int),
            (str, self._str),
            (bytes, _bytes),
            (Person, lambda value: f"{self.name(Person)}({_quoted(value.name)})"),
            (Mapping, self._mapping),
            ((list, tuple), self._sequence),
        )

    def _int(self, value: int) -> str:
        if EPOCH - CENTURY // 100 <= value < EPOCH + CENTURY:
            since, epoch = value - EPOCH, self.name_constant("tests.engine.chain", "EPOCH")
            return f"{epoch} {'-' if since < 0 else '+'} {abs(since):_}" if since else epoch
        return f"{value:_}" if abs(value) < 1 << 96 else hex(value)

    def _str(self, value: str) -> str:
        if value == NATIVE:
            return self.name_constant("tests.engine.capability", "NATIVE")
        if value in self._names:
            return f"who[{_quoted(self._names[value])}]"
        if ACCOUNT.fullmatch(value):
            return _quoted(value)
        stem = value.rstrip(value[-1:])
        tail = len(value) - len(stem)
        if tail < REPEATED:
            return _quoted(value)
        return " + ".join([_quoted(stem)] * bool(stem) + [f"{_quoted(value[-1])} * {tail}"])

    def _mapping(self, value: Mapping[Any, Any]) -> str:
        return f"{{{', '.join(f'{self.of(key)}: {self.of(one)}' for key, one in value.items())}}}"

    def _sequence(self, value: Sequence[Any]) -> str:
        if len(value) >= REPEATED and all(one == value[0] for one in value):
            return f"{self._sequence(value[:1])} * {len(value)}"
        told = [self.of(one) for one in value]
        if isinstance(value, list):
            return f"[{', '.join(told)}]"
        return f"({', '.join(told)}{',' if len(told) == 1 else ''})"

    def _dataclass(self, value: Any) -> str:
        if not is_dataclass(value):
            raise Untellable(
                f"{value!r} has no expression: make it a dataclass, or spell it in `Capability.spell`"
            )
        told = [
            f"{field.name}={self.of(getattr(value, field.name))}"
            for field in fields(value)
            if field.init and getattr(value, field.name) != _default(field)
        ]
        return f"{self.name(type(value))}({', '.join(told)})"


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _quoted(text: str) -> str:
    """In double quotes where that needs no escape."""
    return repr(text) if '"' in text or "\\" in repr(text) else f'"{text}"'


def _bytes(value: bytes) -> str:
    if len(value) >= REPEATED and len(set(value)) == 1:
        return f'b"\\x{value[0]:02x}" * {len(value)}' if value[0] else f"bytes({len(value)})"
    if not value:
        return 'b""'
    text = value.hex()
    parts = [f'"{text[at : at + LONG]}"' for at in range(0, len(text), LONG)]
    return f"bytes.fromhex({' '.join(parts)})"
