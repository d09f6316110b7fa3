"""The verdicts so far, one a line in out/mutants.jsonl: an interrupted campaign goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

ENGINE, UNIT, TIMEOUT = "engine", "unit", "timeout"
SAME_CODE = "same bytecode"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant. `killer` is "" for a survivor; `found` is the first line of what gave it away;
    `why` is said of a survivor that is no other program.
    """

    id: str
    compiles: bool = True
    killer: str = ""
    found: str = ""
    why: str = ""
    seconds: float = 0.0


class Journal:
    """Appends each verdict at once. `grounds` says on what an entry rests; where that has changed, the entry
    is as if it were not there.
    """

    def __init__(self, path: Path, grounds: Callable[[Mapping[str, Any]], str]) -> None:
        self.path, self.grounds = path, grounds
        self._lock = Lock()
        self._known: dict[str, dict[str, Any]] = {}
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        self._gap = "" if text.endswith("\n") or not text else "\n"  # after a line that was interrupted
        for line in text.splitlines():
            self._remember(line)

    def _remember(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:  # the line that an interrupted run did not finish
            return
        if entry.pop("key", None) == self.grounds(entry):
            self._known[entry["id"]] = entry

    def verdict(self, identity: str) -> Verdict | None:
        entry = self._known.get(identity)
        return Verdict(**entry) if entry is not None else None

    def times(self) -> dict[str, float] | None:
        """What the stages took without a mutation, in seconds."""
        entry = self._known.get("unmutated")
        return entry["times"] if entry is not None else None

    def add(self, verdict: Verdict) -> None:
        self._append(asdict(verdict))

    def add_times(self, times: dict[str, float]) -> None:
        self._append({"id": "unmutated", "times": times})

    def _append(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._known[entry["id"]] = entry
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(self._gap + json.dumps(entry | {"key": self.grounds(entry)}) + "\n")
                self._gap = ""
