"""Programs that reached something new, kept between campaigns: a file each, a folder a capability."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.engine.trial import Trial

MOST = 500
"""Files of a capability."""

Mark = tuple[str, ...]
"""Something that a program reached: (function, outcome), or two of them in a row."""


@dataclass(frozen=True)
class Find:
    """A program and what it was the first to reach."""

    trial: Trial
    news: frozenset[Mark]

    @property
    def rank(self) -> tuple[bool, int, tuple[bytes, ...]]:
        """What is kept first: programs that reached an outcome of their own, then small ones."""
        return not any(len(mark) == 2 for mark in self.news), len(self.trial.tapes), self.trial.tapes


class Corpus:
    """The programs of one capability in a folder; without folder nothing is kept."""

    def __init__(self, folder: Path | None, capability: str) -> None:
        self._folder = folder and folder / capability

    def load(self) -> list[Trial]:
        """Smallest first. A file that cannot be read is left out: it is of an older engine."""
        trials = []
        for path in sorted(self._folder.glob("*.json")) if self._folder else []:
            try:
                trials.append(Trial.of_json(json.loads(path.read_text(encoding="utf-8"))))
            except (KeyError, TypeError, ValueError):
                continue
        return sorted(trials, key=lambda trial: (len(trial.tapes), trial.tapes))

    def keep(self, finds: Iterable[Find]) -> int:
        """Replace what is in the folder by the best of these; returns how many they are."""
        best = {_name_of(trial): trial for trial in chosen(finds)}
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, trial in best.items():
                (self._folder / name).write_text(json.dumps(trial.to_json()) + "\n", encoding="utf-8")
            for path in self._folder.glob("*.json"):
                if path.name not in best:
                    path.unlink()
        return len(best)


def chosen(finds: Iterable[Find], most: int = MOST) -> list[Trial]:
    """The programs that are worth keeping: each reaches something that those before it do not."""
    reached: set[Mark] = set()
    kept: list[Trial] = []
    for find in sorted(finds, key=lambda find: find.rank):
        if len(kept) < most and not find.news <= reached:
            reached |= find.news
            kept.append(find.trial)
    return kept


def _name_of(trial: Trial) -> str:
    return sha256(json.dumps(trial.to_json()).encode()).hexdigest()[:16] + ".json"
