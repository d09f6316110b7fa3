"""Everything that `make truth` found, and out/truth.json."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts._truth.arrange import arranged_words
from scripts._truth.campaign import Draw, LabelsDraw, ProfitDraw, Result
from scripts._truth.checks import Check, checks, replay_checks
from scripts._truth.crowd import Crowd
from scripts._truth.summary import SetSummary, terms_json
from scripts._truth.sweep import Sweep, sweep
from scripts._truth.trial import EXPERT_FEE

PEER_ITERATIONS = 50


@dataclass(frozen=True)
class Outcome:
    """A whole run. `data` says whose answers: "given" or "synthetic"."""

    data: str
    seed: int
    draws: int
    crowd_kit: str
    summaries: list[SetSummary]
    sweep: Sweep
    checks: list[Check]
    replays: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What out/truth.json has."""
        return {
            "data": self.data,
            "seed": self.seed,
            "draws": self.draws,
            "seeds": "draw d of a scenario of a set is seeded by the text 'SEED SET SCENARIO d', d from 0",
            "crowd_kit": self.crowd_kit,
            "defaults": terms_json(),
            "expert_fee": EXPERT_FEE,
            "sets": {summary.crowd.name: summary.to_json() for summary in self.summaries},
            "sweep": self.sweep.to_json(),
            "replays": self.replays,
            "checks": [check.to_json() for check in self.checks],
        }

    def failed(self) -> list[str]:
        """The names of the checks that did not pass."""
        return [check.name for check in self.checks if not check.passed]

    def write(self, path: Path) -> None:
        """As JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.to_json(), indent=1) + "\n", encoding="utf-8")


def concluded(
    crowds: Sequence[Crowd],
    results: Sequence[Result],
    *,
    data: str,
    seed: int,
    draws: int,
    crowd_kit: str,
    replays: dict[str, dict[str, Any]] | None = None,
) -> Outcome:
    """What the draws and the replays say."""
    replays = replays or {}
    summaries = [_summary(number, crowd, results) for number, crowd in enumerate(crowds)]
    labels = [one for one in results if isinstance(one, LabelsDraw)]
    return Outcome(
        data,
        seed,
        draws,
        crowd_kit,
        summaries,
        sweep(summaries, labels),
        [*checks(summaries, draws), *replay_checks(replays)],
        replays,
    )


def _summary(number: int, crowd: Crowd, results: Sequence[Result]) -> SetSummary:
    here = [one for one in results if one.unit.crowd == number]
    return SetSummary(
        crowd,
        arranged_words(crowd.answers),
        [one for one in here if isinstance(one, Draw)],
        [one for one in here if isinstance(one, ProfitDraw)],
    )
