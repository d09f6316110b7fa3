"""A program as it is kept: tapes, and who falls silent. What it does follows from the capability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trial:
    """Tapes of a program whose roles in `silent` do nothing from turn number `after` on."""

    tapes: tuple[bytes, ...]
    silent: tuple[str, ...] = ()
    after: int = 0

    @property
    def silence(self) -> dict[str, Any]:
        """The arguments of `Troupe.check` besides the tapes."""
        return {"silent": self.silent, "after": self.after}

    def to_json(self) -> dict[str, Any]:
        """Tapes in hexadecimal."""
        tapes = [tape.hex() for tape in self.tapes]
        return {"tapes": tapes, "silent": list(self.silent), "after": self.after}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Trial:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        tapes = tuple(bytes.fromhex(tape) for tape in stored["tapes"])
        return cls(tapes, tuple(map(str, stored["silent"])), int(stored["after"]))
