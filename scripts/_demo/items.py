"""What an annotator is shown and what he answers: pictures with marks, texts with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Box = tuple[int, int, int, int]
Point = tuple[float, float]
Polygon = tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """One object in a picture. `box` is (xmin, ymin, xmax, ymax) in pixels, the maximum excluded."""

    label: str
    box: Box
    polygon: Polygon | None = None


@dataclass(frozen=True)
class Picture:
    """One image task: the file's own bytes, its size in pixels and the marks that are known to be right."""

    name: str
    width: int
    height: int
    data: bytes = field(repr=False)
    media_type: str
    truth: tuple[Mark, ...]


@dataclass(frozen=True)
class Text:
    """One text task. `truth` is the right label, or None where nobody knows it."""

    id: str
    text: str
    truth: str | None = None


@dataclass(frozen=True)
class Answer:
    """What one real worker answered to one text task."""

    question: str
    worker: str
    label: str


@dataclass(frozen=True)
class TextSet:
    """Text tasks in a fixed order, the label set, and real workers' answers (empty where they are
    simulated).
    """

    texts: tuple[Text, ...]
    labels: tuple[str, ...]
    answers: tuple[Answer, ...] = ()

    def reference(self) -> dict[str, str]:
        """The label to judge by, per text id: the truth, else the workers' majority (a tie: the earlier
        label).
        """
        votes: dict[str, Counter[str]] = {}
        for answer in self.answers:
            votes.setdefault(answer.question, Counter())[answer.label] += 1
        known = {text.id: text.truth for text in self.texts if text.truth is not None}
        return {text.id: known.get(text.id) or self._majority(votes[text.id]) for text in self.texts}

    def workers(self) -> tuple[str, ...]:
        """Who gave the answers that `assign` picks, in its order; nobody where they are simulated."""
        return tuple(assign(self.answers))

    def _majority(self, votes: Counter[str]) -> str:
        return max(self.labels, key=lambda label: (votes[label], -self.labels.index(label)))


@dataclass(frozen=True)
class ImageSet:
    """Image tasks in a fixed order, the label set, and the files of the folder that have no box."""

    pictures: tuple[Picture, ...]
    labels: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def assign(answers: Sequence[Answer]) -> dict[str, dict[str, str]]:
    """One worker for each question: {worker: {question: label}}.

    A market task has one annotator, a crowd data set several answers for each question. The worker with the
    most answers takes all of his questions, then the next one what is left, so few batches cover everything.
    """
    by_worker: dict[str, dict[str, str]] = {}
    for answer in answers:
        by_worker.setdefault(answer.worker, {})[answer.question] = answer.label
    chosen: dict[str, dict[str, str]] = {}
    taken: set[str] = set()
    for worker in sorted(by_worker, key=lambda name: (-len(by_worker[name]), name)):
        fresh = {q: label for q, label in by_worker[worker].items() if q not in taken}
        if fresh:
            chosen[worker] = fresh
            taken |= fresh.keys()
    return chosen


def labels_of(marks: Mapping[str, Sequence[Mark]]) -> tuple[str, ...]:
    """All labels that occur, sorted: the label set of a job made from a user's own boxes."""
    return tuple(sorted({mark.label for group in marks.values() for mark in group}))
