"""A consensus job by commands: who is who, and what tests do again and again."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts._chain.system import load_system
from scripts._cli import checked_network
from tests.scripts.conftest import LABELS, Commands

OWNER, CREATOR, ANN, BEN, CLEO, EXPERT, KEEPER = 0, 1, 2, 3, 4, 7, 8
CROWD = (ANN, BEN, CLEO)
TASKS, GOLD = 10, range(4)
HOUR, DAY = 3_600, 86_400


def truth(task: int) -> str:
    """The right label."""
    return LABELS[task % 2]


@dataclass
class Job:
    """A job of ten tasks, the first four of them gold. All phases last a day, seats are taken for two."""

    run: Commands
    content: dict[str, Path]
    folder: Path
    number: int = 0

    def labels(self, name: str, labels: dict[int, str | None]) -> Path:
        """A file of labels by task."""
        path = self.folder / f"{name}.jsonl"
        lines = [json.dumps({"task": task, "label": label}) + "\n" for task, label in labels.items()]
        path.write_text("".join(lines))
        return path

    def line(self, **more: object) -> list[object]:
        """The options of `create`; None leaves one out."""
        gold = self.labels("gold", {task: truth(task) for task in GOLD})
        values = {"pay": "0.01", "stake": "1", "gold": gold, "decide": "1d", "settle": "1d"}
        values |= {**self.content, **more}
        said = {name.replace("_", "-"): value for name, value in values.items() if value is not None}
        return [part for name, value in said.items() for part in (f"--{name}", value)]

    def create(self, **more: object) -> Any:
        """Open it."""
        done = self.run("quality", "create", *self.line(**more), by=CREATOR)
        self.number = done["job"]
        return done

    def answers(self, who: int, wrong: int = 0) -> Path:
        """The labels of one of the crowd, who is wrong about the first tasks."""
        said = {task: truth(task + (task < wrong)) for task in range(TASKS)}
        return self.labels(f"answers-{who}", said)

    def sit(self, who: int, wrong: int = 0) -> Any:
        """Take a seat."""
        labels = self.answers(who, wrong)
        return self.run("quality", "seat", self.number, "--labels", labels, by=who)[0]

    def do(self, act: str, by: int = KEEPER, *more: object) -> Any:
        """A command about the job."""
        return self.run("quality", act, self.number, *more, by=by)

    def nothing(self, act: str, by: int = KEEPER, *more: object) -> Any:
        """A command that has to leave the chain as it is."""
        return self.run.nothing_sent("quality", act, self.number, *more, by=by)

    def refused(self, act: str, by: int, *more: object) -> str:
        """The message of a command that has to fail."""
        return self.run.refused("quality", act, self.number, *more, by=by)

    def system(self) -> Any:
        """What is deployed, as the commands see it."""
        provider = self.run.chain.provider
        return load_system(checked_network(provider), provider)

    def status(self) -> Any:
        """Everything about it."""
        return self.do("status")

    def wait(self, phase: str) -> None:
        """Until the end of a phase."""
        end = self.status()["phases"][phase]
        self.run.wait(end + 1 - self.run.chain.blocks.head.timestamp)

    def revealed(self, *wrong: int, **more: object) -> "Job":
        """Opened, with seats of as many as are told, who are so often wrong, and revealed."""
        self.create(**more)
        for who, mistakes in zip(CROWD, wrong or (0, 0, 0), strict=False):
            self.sit(who, mistakes)
        self.wait("seats")
        for who, _ in zip(CROWD, wrong or (0, 0, 0), strict=False):
            self.do("reveal", who)
        return self

    def opened(self, *wrong: int, **more: object) -> "Job":
        """The same, and the gold is open."""
        self.revealed(*wrong, **more)
        self.wait("reveals")
        self.do("open-gold", CREATOR)
        return self
