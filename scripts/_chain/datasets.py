"""Data sets: what a registry says of them, their files, and the export of a job made anew from the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from offchain.exceptions import MismatchError
from offchain.hashing import ZeroGRoot, zerog_root
from offchain.packaging import (
    AcceptedBatch,
    Card,
    Export,
    JobReference,
    check_files,
    export_job,
    manifest_bytes,
    read_manifest,
)
from scripts._chain.events import event_of, market_state, read_events, topic
from scripts._chain.places import Stores, Work
from scripts._chain.results import job_rules
from scripts._chain.system import System

ZERO_HASH = bytes(32)
SCHEMAS = {"dataset.zip": "coco"}
FILES = {"coco": "dataset.zip"}


@dataclass(frozen=True)
class Content:
    """The files of a data set that is published: `package` is what a buyer downloads."""

    package_name: str
    package: bytes = field(repr=False)
    annotations: bytes | None = field(repr=False)
    manifest: bytes = field(repr=False)

    @property
    def schema(self) -> str:
        """What is in the package, as the registry calls it."""
        stem = Path(self.package_name).stem
        return SCHEMAS.get(self.package_name) or (
            f"jsonl-{stem}"
            if self.package_name.endswith(".jsonl")
            else Path(self.package_name).suffix[1:] or "file"
        )

    def version(self, source: ZeroGRoot | None) -> tuple[Any, ...]:
        """`IDatasetRegistry.Version`."""
        package = zerog_root(self.package)
        notes = zerog_root(self.annotations) if self.annotations else None
        roots = (source.root if source else ZERO_HASH, notes.root if notes else ZERO_HASH, package.root)
        lengths = (source.length if source else 0, notes.length if notes else 0, package.length)
        return (*roots, hashlib.sha256(self.manifest).digest(), *lengths)


def read_content(path: Path) -> Content:
    """A folder that `dataset export` wrote, every file checked against its manifest; or a single file, whose
    manifest is made here. Raises MismatchError that names the file, SchemaError.
    """
    if path.is_file():
        data = path.read_bytes()
        return Content(path.name, data, None, manifest_bytes({path.name: data}, {}, package=path.name))
    target = path / "manifest.json"
    if not target.is_file():
        raise click.ClickException(
            f"{path} holds no manifest.json: make it with `ape run dataset export JOB --out {path}`"
        )
    manifest = target.read_bytes()
    value, entries = read_manifest(manifest)
    files = {}
    for entry in entries:
        file = path / entry.name
        if not file.is_file() or not file.resolve().is_relative_to(path.resolve()):
            raise MismatchError(f"{path} lacks {entry.name}, which its manifest names")
        files[entry.name] = file.read_bytes()
    check_files(entries, files)
    return Content(
        value["package"], files[value["package"]], files.get(value.get("annotations", "")), manifest
    )


@dataclass(frozen=True)
class Recovered:
    """All that an export is made of, from events and payloads."""

    reference: JobReference
    instructions: Any
    source: bytes = field(repr=False)
    batches: list[AcceptedBatch] = field(repr=False)

    def export(self, card: Card, schema: str = "chat") -> Export:
        """The files of the data set."""
        return export_job(self.reference, self.instructions, self.source, self.batches, card, schema)  # type: ignore[arg-type]


def recover(
    system: System,
    job_id: int,
    stores: Stores,
    instructions: Path | None,
    data: Path | None,
    advance: Callable[[int, int], None] = lambda *_: None,
) -> Recovered:
    """Read a job back. `advance` hears (payloads read, payloads in all). Raises StorageError, MismatchError,
    ClickException where instructions or source are not at hand.
    """
    state = market_state(system, job_id)
    told, source = job_rules(state.jobs[job_id].terms, stores, Work.of(system), instructions, data)
    if source is None:
        raise click.ClickException("this needs the job's source data: pass --data FILE")
    count = sum(1 for claim in state.claims.values() if claim.accepted)
    done = 0

    def payload(claim: Any) -> bytes:
        nonlocal done
        found = stores.get(claim.uri)
        done += 1
        advance(done, count)
        return found

    batches = state.accepted_batches(job_id, payload)
    return Recovered(state.job_reference(job_id, system.network.chain_id), told, source, batches)


@dataclass(frozen=True)
class Entry:
    """A data set as the registry keeps it. `kept` and `content` have the fields of its structs."""

    number: int
    kept: Any
    version: int
    content: Any
    uri: str

    @property
    def schema(self) -> str:
        """As text."""
        return bytes(self.kept.schema).rstrip(b"\0").decode(errors="replace")

    @property
    def file_name(self) -> str:
        """A name for the package."""
        if self.schema.startswith("jsonl-"):
            return f"{self.schema.removeprefix('jsonl-')}.jsonl"
        return FILES.get(self.schema, "package.bin")


def entry_of(system: System, number: int, version: int | None = None) -> Entry:
    """A data set with a version of it, the latest unless one is named. ClickException where there is none."""
    kept = system.registry.dataset(number)
    if int(kept.publisher, 16) == 0:
        raise click.ClickException(
            f"there is no data set 0x{number:064x} on {system.network.name}: `ape run dataset status` "
            f"lists them"
        )
    chosen = int(kept.versions) if version is None else version
    if not 1 <= chosen <= int(kept.versions):
        raise click.ClickException(f"data set {number} has versions 1 to {kept.versions}, not {chosen}")
    filters = (None, topic(number), topic(chosen))
    added = event_of(read_events(system, "DatasetRegistry", filters), "VersionAdded")
    return Entry(number, kept, chosen, system.registry.versionOf(number, chosen), str(added[-1].args["uri"]))


def all_entries(system: System) -> list[Mapping[str, Any]]:
    """`DatasetPublished` of everything, oldest first."""
    return [event.args for event in event_of(read_events(system, "DatasetRegistry"), "DatasetPublished")]


def terms_of_job(system: System, job_id: int) -> Any:
    """The terms of a job from its events."""
    return market_state(system, job_id).jobs[job_id].terms


def first_difference(name: str, mine: bytes, other: bytes) -> str:
    """Where two files part: in which file of an archive, which line, which value of a JSON document."""
    if name.endswith(".zip"):
        return f"{name}: {_archive_difference(mine, other)}"
    if name.endswith(".json"):
        try:
            return f"{name}: {_json_difference('', json.loads(mine), json.loads(other))}"
        except ValueError:
            return f"{name}: one of the two is no JSON"
    lines = list(zip(mine.split(b"\n"), other.split(b"\n"), strict=False))
    number = next((i for i, (one, two) in enumerate(lines, 1) if one != two), len(lines) + 1)
    return f"{name}: line {number} differs"


def _archive_difference(mine: bytes, other: bytes) -> str:
    from offchain.exceptions import WinnowError  # noqa: PLC0415
    from offchain.packaging import read_zip  # noqa: PLC0415

    try:
        left, right = read_zip(mine), read_zip(other)
    except WinnowError as error:
        return f"the published one is no archive as this project writes them: {error}"
    for inner in sorted(set(left) | set(right)):
        if inner not in left or inner not in right:
            return f"{inner} is only in the {'recomputed' if inner in left else 'published'} one"
        if left[inner] != right[inner]:
            return first_difference(inner, left[inner], right[inner])
    return "the same files, packed in another way"


def _json_difference(path: str, mine: Any, other: Any) -> str:
    if isinstance(mine, dict) and isinstance(other, dict) and set(mine) == set(other):
        key = next((key for key in mine if mine[key] != other[key]), None)
        return _json_difference(f"{path}.{key}", mine[key], other[key]) if key else "the same values"
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        at = next((i for i, (one, two) in enumerate(zip(mine, other, strict=True)) if one != two), None)
        return "the same values" if at is None else _json_difference(f"{path}[{at}]", mine[at], other[at])
    return f"{path.lstrip('.') or 'the document'} is {_short(other)}, recomputed {_short(mine)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
