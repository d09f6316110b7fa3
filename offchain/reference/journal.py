"""State that takes back what a reverted call wrote."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_ABSENT = object()


class Journal:
    """What was overwritten since the last call ended. `busy` says that a call is going on, of which another
    contract's call may be a part.
    """

    def __init__(self) -> None:
        self.busy = False
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
                dict.__delitem__(data, key)
            else:
                dict.__setitem__(data, key, old)
        self._entries.clear()


class Table(dict[K, V]):
    """A mapping under a journal, with a default for keys that it does not have. Its values are immutable, so
    that an old one can be put back.
    """

    def __init__(self, journal: Journal, default: V) -> None:
        super().__init__()
        self._journal, self._default = journal, default

    def __missing__(self, key: K) -> V:
        return self._default

    def __setitem__(self, key: K, value: V) -> None:
        self._journal.note(self, key)
        super().__setitem__(key, value)

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """The journal would not see it, and a call that reverts would leave it behind."""
        raise TypeError("a table is written by table[key] = value alone")

    __delitem__ = __ior__ = pop = popitem = setdefault = update = clear = _refuse
