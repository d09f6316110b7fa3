"""Sets of real answers whose truth is known, read from CSV files."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from offchain.consensus import MAX_CLASSES, MIN_CLASSES
from offchain.exceptions import InputError

SETS = ("duck", "face_sentiment", "product_match")
"""The folders of the data, in the order in which they are reported."""
LEAST_QUESTIONS = 20
LEAST_WORKERS = 4

Answers = tuple[dict[int, int], ...]
"""By question, the class that each worker gave; workers and classes are numbers from 0."""


@dataclass(frozen=True)
class Crowd:
    """What workers answered, and what is true. `truth` is a class for each question."""

    name: str
    classes: int
    workers: int
    answers: Answers
    truth: tuple[int, ...]

    @cached_property
    def tasks_of(self) -> tuple[int, ...]:
        """How many questions each worker answered."""
        counts = Counter(worker for given in self.answers for worker in given)
        return tuple(counts[worker] for worker in range(self.workers))

    @cached_property
    def skill(self) -> tuple[float, ...]:
        """The share of each worker's answers that are right."""
        right = Counter(
            worker
            for given, truth in zip(self.answers, self.truth, strict=True)
            for worker, answer in given.items()
            if answer == truth
        )
        return tuple(right[worker] / tasks for worker, tasks in enumerate(self.tasks_of))

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """How many questions have each class as their truth."""
        counts = Counter(self.truth)
        return tuple(counts[number] for number in range(self.classes))

    @property
    def redundancy(self) -> int:
        """The most answers that a question has."""
        return max(map(len, self.answers))


def load_crowds(folder: Path) -> list[Crowd]:
    """The three sets of `folder`; InputError says which file is wrong, in which line."""
    return [load_crowd(folder / name) for name in SETS]


def load_crowd(folder: Path) -> Crowd:
    """One set: answer.csv (question,worker,answer) and truth.csv (question,truth)."""
    truth: dict[str, str] = {}
    for line, (question, label) in _rows(folder / "truth.csv", ("question", "truth")):
        if question in truth:
            raise InputError(f"{folder / 'truth.csv'} line {line}: question {question!r} is there twice")
        truth[question] = label
    given: dict[str, dict[str, str]] = {question: {} for question in truth}
    for line, (question, worker, label) in _rows(folder / "answer.csv", ("question", "worker", "answer")):
        where = f"{folder / 'answer.csv'} line {line}"
        if question not in given:
            raise InputError(f"{where}: question {question!r} has no truth in truth.csv; remove its answers")
        if worker in given[question]:
            raise InputError(f"{where}: worker {worker!r} answers question {question!r} twice")
        given[question][worker] = label
    return _numbered(folder, truth, given)


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The columns of every line, with its number."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{path}: the first line has to name {','.join(columns)}; no {missing[0]}")
            for row in reader:
                cells = [(row[name] or "").strip() for name in columns]
                if not all(cells):
                    empty = columns[cells.index("")]
                    raise InputError(f"{path} line {reader.line_num}: {empty} is empty")
                yield reader.line_num, cells
    except FileNotFoundError as error:
        wanted = f"DATA has the folders {', '.join(SETS)}, each with answer.csv and truth.csv"
        raise InputError(f"there is no {path}: {wanted}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is not a CSV file in UTF-8: {error}") from error


def _numbered(folder: Path, truth: dict[str, str], given: dict[str, dict[str, str]]) -> Crowd:
    labels = {*truth.values(), *(label for answers in given.values() for label in answers.values())}
    names = sorted(labels, key=_natural)
    workers = sorted({worker for answers in given.values() for worker in answers}, key=_natural)
    if not MIN_CLASSES <= len(names) <= MAX_CLASSES:
        raise InputError(f"{folder}: {len(names)} classes, not {MIN_CLASSES} to {MAX_CLASSES}")
    if len(truth) < LEAST_QUESTIONS or len(workers) < LEAST_WORKERS:
        least = f"at least {LEAST_QUESTIONS} questions and {LEAST_WORKERS} workers are needed"
        raise InputError(f"{folder}: {len(truth)} questions of {len(workers)} workers; {least}")
    if len(set(truth.values())) < MIN_CLASSES:
        raise InputError(f"{folder / 'truth.csv'}: all truths are the same, so that nothing can be measured")
    if unanswered := [question for question, answers in given.items() if not answers]:
        raise InputError(f"{folder}: nobody answers question {unanswered[0]!r}; remove its truth")
    class_of = {name: number for number, name in enumerate(names)}
    number_of = {name: number for number, name in enumerate(workers)}
    questions = sorted(truth, key=_natural)
    answers = tuple(
        {number_of[worker]: class_of[label] for worker, label in sorted(given[question].items())}
        for question in questions
    )
    return Crowd(
        folder.name, len(names), len(workers), answers, tuple(class_of[truth[name]] for name in questions)
    )


def _natural(text: str) -> tuple[int, int, str]:
    """Numbers by size, before everything else."""
    return (0, int(text), text) if text.isascii() and text.isdigit() else (1, 0, text)
