"""Labels as people have them: a JSONL file of `{"task": 3, "label": "cat"}`, or a CSV file with the columns
task and label.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from offchain.exceptions import InputError
from scripts._job.common import file_option
from scripts._quality.common import by_word

word_option = click.option("--word", type=int, help="Only this word of 256 tasks.")
instructions_option = file_option(
    "--instructions", help="The job's instructions, whose labels FILE uses, if they are not kept here."
)


def read_answers(path: Path, names: Sequence[str], classes: int, tasks: int) -> dict[int, int | None]:
    """Classes by task, None where there is no answer (an empty label, or null).

    A label is one of `names`, or the number of a class. Raises InputError that names the line.
    """
    found: dict[int, int | None] = {}
    for where, row in _rows(path):
        task = row.get("task")
        if isinstance(task, bool) or not str(task).isdigit() or int(str(task)) >= tasks:
            raise InputError(f"{where}: {task!r} is no task of the job: they are numbered 0 to {tasks - 1}")
        if int(str(task)) in found:
            raise InputError(f"{where}: task {task} has a label already")
        if "label" not in row:
            raise InputError(f"{where}: say its label, or null for no answer")
        found[int(str(task))] = _class(where, row["label"], names, classes)
    if not found:
        raise InputError(f"{path} holds no labels")
    return found


def answers_for(
    system: Any, job: Any, path: Path, instructions: Path | None, word: int | None
) -> Mapping[int, Mapping[int, int | None]]:
    """What a file says of a job's tasks, by word and bit: of all words, or of one. ClickException where it
    says nothing of that one.
    """
    terms = job.terms
    names = names_of(system, terms, instructions)
    found = by_word(read_answers(path, names, terms.classes, terms.task_count))
    if word is None:
        return found
    if word not in found:
        raise click.ClickException(f"{path} has no labels for word {word}, tasks {256 * word} and up")
    return {word: found[word]}


def names_of(system: Any, terms: Any, instructions: Path | None) -> Sequence[str]:
    """The job's labels in the order of their classes; none where its instructions are not at hand."""
    from offchain.annotations import Instructions  # noqa: PLC0415
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._chain.results import instructions_name  # noqa: PLC0415
    from scripts._chain.terms import read_instructions  # noqa: PLC0415

    kept = Work.of(system, "LabelConsensus").read(instructions_name(terms.instructions_hash))
    if instructions is not None:
        told = read_instructions(instructions)
    elif kept is not None:
        told = Instructions.from_bytes(kept)
    else:
        return ()
    if told.hash != terms.instructions_hash:
        raise click.ClickException(f"{instructions or 'what is kept'} is not what the job's terms name")
    return tuple(told.labels)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from scripts._chain.terms import read_text  # noqa: PLC0415

    text = read_text(path)
    if path.suffix == ".csv":
        reader = csv.DictReader(text.splitlines())
        if not {"task", "label"} <= set(reader.fieldnames or ()):
            raise InputError(f"{path} has no columns task and label: name them in its first line")
        for row in reader:
            yield f"{path}, line {reader.line_num}", row
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}, line {number}", _object(f"{path}, line {number}", line)


def _object(where: str, line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f'{where} is not JSON: write {{"task": 3, "label": "cat"}} ({error})') from error
    if not isinstance(value, dict):
        raise InputError(f'{where} is no object: write {{"task": 3, "label": "cat"}}')
    return value


def _class(where: str, label: Any, names: Sequence[str], classes: int) -> int | None:
    if label is None or label == "":
        return None
    if label in names:
        return list(names).index(label)
    if not isinstance(label, bool) and str(label).isdigit() and int(label) < classes:
        return int(label)
    known = ", ".join(names) if names else f"numbers from 0 to {classes - 1} (names need --instructions)"
    raise InputError(f"{where}: {label!r} is no label of the job: they are {known}")
