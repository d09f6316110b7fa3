"""State that takes back what a reverted call wrote."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_ABSENT = object()


class Journal:
    """What was overwritten since the last call ended."""

    def __init__(self) -> None:
        self._entries: list[tuple[dict[Any, Any], Any, Any]] = []

    def note(self, data: dict[Any, Any], key: Any) -> None:
        """Remember what stands under `key` before it is overwritten."""
        self._entries.append((data, key, data.get(key, _ABSENT)))

    def keep(self) -> None:
        """The call succeeded: what it wrote stays."""
        self._entries.clear()

    def roll_back(self) -> None:
        """The call reverted: everything is as it was before."""
        for data, key, old in reversed(self._entries):
            if old is _ABSENT:
                del data[key]
            else:
                data[key] = old
        self._entries.clear()


class Table(Generic[K, V]):
    """A mapping under a journal. Its values are immutable, so that an old one can be put back."""

    def __init__(self, journal: Journal, default: V) -> None:
        self._journal, self._default = journal, default
        self._data: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        return self._data.get(key, self._default)

    def __setitem__(self, key: K, value: V) -> None:
        self._journal.note(self._data, key)
        self._data[key] = value

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def items(self) -> ItemsView[K, V]:
        """All entries, in the order in which their keys came."""
        return self._data.items()
