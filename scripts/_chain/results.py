"""Results as annotators have them, a folder or a JSONL file, checked against the job before they are
signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from offchain.annotations import (
    ImageItem,
    ImageResult,
    Instructions,
    Item,
    Result,
    TextResult,
    result_from_json,
)
from offchain.exceptions import AnnotationError, InputError, SchemaError
from scripts._chain.places import Stores, Work


def read_results(path: Path, items: Sequence[Item] | None) -> dict[int, Result]:
    """Results by task, from a JSONL file (`{"task": 3, …}` or `{"name": "a.png", …}` on each line) or a
    folder of `3.json` or `a.png.json`. What stands beside task or name is the result: `{"result": {…}}`,
    or `label`, or `objects`. Names need the job's source. Raises SchemaError that names the line.
    """
    names = {item.name: task for task, item in enumerate(items or ())}
    found: dict[int, Result] = {}
    for where, key, value in _entries(path):
        task = _task(where, key, names)
        if task in found:
            raise SchemaError(f"{where}: task {task} has a result already")
        try:
            found[task] = result_from_json(_result(value))
        except AnnotationError as error:
            raise type(error)(f"{where}: {error}") from error
    if not found:
        raise InputError(f"{path} holds no results")
    return found


def check_results(
    results: Mapping[int, Result], instructions: Instructions, items: Sequence[Item] | None
) -> None:
    """Labels and shapes against the job's rules; the size of pictures only where the source is there.

    Raises LabelError or AnnotationError that names the task.
    """
    wanted = ImageResult if instructions.kind == "image" else TextResult
    for task, result in results.items():
        if not isinstance(result, wanted):
            raise SchemaError(f"task {task} is about an {instructions.kind}, its result is not")
        try:
            _check(result, instructions, items[task] if items and task < len(items) else None)
        except AnnotationError as error:
            raise type(error)(f"task {task}: {error}") from error


def job_rules(
    terms: Any, stores: Stores, work: Work, instructions: Path | None, source: Path | None
) -> tuple[Instructions, bytes | None]:
    """The job's instructions and its source data, from files or from where `job create` kept them, each
    compared with the hash in the terms. ClickException where there are no instructions.
    """
    from offchain.hashing import zerog_root  # noqa: PLC0415
    from scripts._chain.terms import read_instructions  # noqa: PLC0415

    kept = work.read(instructions_name(terms.instructions_hash))
    if instructions is not None:
        told = read_instructions(instructions)
    elif kept is not None:
        told = Instructions.from_bytes(kept)
    else:
        raise click.ClickException("this needs the job's instructions: pass --instructions FILE")
    if told.hash != terms.instructions_hash:
        raise click.ClickException(f"{instructions or 'what is kept'} is not what the job's terms name")
    data = source.read_bytes() if source else stores.local(terms.data_root, terms.data_length)
    if source and data is not None and zerog_root(data).root != terms.data_root:
        raise click.ClickException(f"{source} is not the job's source data: its root is another one")
    return told, data


def items_of(instructions: Instructions, source: bytes | None) -> list[Item] | None:
    """The items of a source, by task."""
    from offchain.packaging import read_image_source, read_text_source  # noqa: PLC0415

    if source is None:
        return None
    return list(read_image_source(source) if instructions.kind == "image" else read_text_source(source))


def instructions_name(digest: bytes) -> str:
    """Where the work folder keeps instructions."""
    return f"instructions/0x{digest.hex()}.json"


def _check(result: Result, instructions: Instructions, item: Item | None) -> None:
    if isinstance(result, TextResult):
        result.check(instructions.labels)
    elif isinstance(item, ImageItem):
        result.check(instructions.labels, item.width, item.height)
    else:
        for shape in result.objects:
            instructions.labels.check(shape.label)


def _entries(path: Path) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield str(file), file.stem, _object(file.read_text(encoding="utf-8"), str(file))
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            where = f"{path}, line {number}"
            value = _object(line, where)
            key = value.pop("task", None) if "task" in value else value.pop("name", None)
            yield where, key, value


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise SchemaError(f"{where}: a result is an object")
    return value


def _task(where: str, key: Any, names: Mapping[str, int]) -> int:
    if isinstance(key, str) and key in names:
        return names[key]
    if not isinstance(key, bool) and str(key).isdigit():
        return int(key)
    raise SchemaError(f"{where}: say which task it is, by number, or by name where the source data are known")


def _result(value: dict[str, Any]) -> Any:
    if "result" in value:
        return value["result"]
    return {"type": "text" if "label" in value else "image", **value}
