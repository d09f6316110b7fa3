"""What has to hold: each check with what was wanted and what was measured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts._truth.campaign import JUDGED_SHARE
from scripts._truth.spam import HONEST, KINDS, Scenario
from scripts._truth.summary import SetSummary

LEAST_DRAWS = 20
BEHIND = {"duck": 3.0, "face_sentiment": 0.0, "product_match": 1.0}
"""Points of accuracy that the weighted rule may be behind Dawid-Skene, by set."""
SPAM_BEHIND = 5.0
RULE = "weighted"
"""The rule that is judged: the expert one would win by experts who are never wrong."""


@dataclass(frozen=True)
class Check:
    """`got` and `wanted` are for people; accuracies in percent of all tasks that are not gold."""

    name: str
    wanted: str
    got: str
    passed: bool

    def to_json(self) -> dict[str, Any]:
        """By field."""
        return dict(vars(self))


def checks(summaries: Sequence[SetSummary], draws: int) -> list[Check]:
    """All of them."""
    found = [Check("draws of gold", f">= {LEAST_DRAWS}", str(draws), draws >= LEAST_DRAWS)]
    for summary in summaries:
        found += [*_accuracy(summary), *_spammed(summary), *_profits(summary)]
    return found


def replay_checks(replays: Mapping[str, Mapping[str, Any]]) -> Iterator[Check]:
    """Of the draws that went through the contracts."""
    for name, replay in replays.items():
        many = int(replay["differences"])
        yield Check(f"{name}: contracts and reference model differ", "0", str(many), many == 0)


def overall(summary: SetSummary, scenario: Scenario) -> float:
    """The percent of tasks that the judged rule labels right."""
    return summary.scenarios[scenario].rules[RULE].overall.value


def least_accuracy(summary: SetSummary) -> float:
    """What the judged rule has to reach next to Dawid-Skene, percent."""
    return summary.scenarios[HONEST].peers["dawid_skene"].value - BEHIND[summary.crowd.name]


def _accuracy(summary: SetSummary) -> Iterator[Check]:
    name, got = summary.crowd.name, overall(summary, HONEST)
    majority, best = summary.scenarios[HONEST].peers["majority"].value, least_accuracy(summary)
    yield Check(f"{name}: {RULE} beats majority vote", f"> {majority:.2f} %", f"{got:.2f} %", got > majority)
    yield Check(
        f"{name}: {RULE} is at most {BEHIND[name]:g} points behind Dawid-Skene",
        f">= {best:.2f} %",
        f"{got:.2f} %",
        got >= best,
    )


def _spammed(summary: SetSummary) -> Iterator[Check]:
    clean = overall(summary, HONEST)
    for kind in KINDS:
        scenario = Scenario(kind, JUDGED_SHARE)
        got, peer = overall(summary, scenario), summary.scenarios[scenario].peers["dawid_skene"].value
        least = min(clean, peer) - SPAM_BEHIND
        yield Check(
            f"{summary.crowd.name}, {scenario.name}: {RULE} keeps up with Dawid-Skene or with itself",
            f">= {least:.2f} %",
            f"{got:.2f} %",
            got >= least,
        )


def _profits(summary: SetSummary) -> Iterator[Check]:
    name = summary.crowd.name
    for kind, spam in summary.spam.items():
        most = max(spam.by_seat.value, spam.by_task.value)
        yield Check(f"{name}: {kind} spammers lose", "< 0", f"{most:+.3f} of full pay", most < 0)
    least = min(result.median_profit.value for result in summary.scenarios.values())
    yield Check(f"{name}: honest workers of median skill earn", "> 0", f"{least:+.3f} of full pay", least > 0)
