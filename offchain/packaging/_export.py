"""From a job to a data set: a pure function of the job's terms, its source data, and the accepted batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from offchain.annotations import ImageResult, Instructions, TextItem, TextResult
from offchain.exceptions import InputError, MismatchError, ProvenanceError
from offchain.hashing import canonical_json, checksum_address, zerog_root
from offchain.packaging._archive import zip_bytes
from offchain.packaging._card import Card, card_bytes
from offchain.packaging._coco import coco_document
from offchain.packaging._jsonl import SCHEMAS, Schema, training_row, write_jsonl
from offchain.packaging._manifest import manifest_bytes
from offchain.packaging._provenance import AcceptedBatch, AcceptedResult, JobReference, accepted_results
from offchain.packaging._source import read_image_source, read_text_source


@dataclass(frozen=True)
class Export:
    """The files of a data set by name.

    annotations, package: the names of the two files whose roots a publication states besides the
    source's; `package` is what a buyer downloads. `manifest.json` covers every other file.
    """

    annotations: str
    package: str
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class _Core:
    """The data files of an export, before card and manifest."""

    annotations: str
    package: str
    files: dict[str, bytes]
    counts: dict[str, int]


def export_job(  # noqa: PLR0913, PLR0917 - the parts that an export is computed from, all of them
    job: JobReference,
    instructions: Instructions,
    source: bytes,
    accepted: Iterable[AcceptedBatch],
    card: Card,
    schema: Schema = "chat",
) -> Export:
    """The data set of a job. `schema` picks which of the three JSONL files is the package of a text job.

    Raises MismatchError where source or instructions are not those of the job's terms, ProvenanceError
    for a batch that does not fit its root, LabelError and AnnotationError for a result that breaks the
    job's rules.
    """
    _check_terms(job, instructions, source)
    batches = sorted(accepted, key=lambda batch: batch.claim_id)
    results = accepted_results(job, batches)
    if not results:
        raise InputError("nothing was accepted in this job, so there is nothing to export")
    core = _images(job, instructions, source, results) if instructions.kind == "image" else None
    core = core or _texts(instructions, source, results, schema)
    facts = _facts(job, batches, results)
    files = {**core.files, "README.md": card_bytes(card, instructions.kind, core.counts, facts)}
    origin = {"kind": instructions.kind, "labels": list(instructions.labels), "batches": _batches(batches)}
    manifest = manifest_bytes(
        files,
        _source(job),
        annotations=core.annotations,
        package=core.package,
        origin=origin,
        card=card.title,
    )
    return Export(core.annotations, core.package, {**files, "manifest.json": manifest})


def _check_terms(job: JobReference, instructions: Instructions, source: bytes) -> None:
    root = zerog_root(source)
    if (root.root, root.length) != (job.data_root, job.data_length):
        said = f"0x{job.data_root.hex()} with {job.data_length} bytes"
        raise MismatchError(
            f"the source data has the root {root.hex} with {root.length} bytes, the job's is {said}"
        )
    if instructions.hash != job.instructions_hash:
        raise MismatchError("the instructions are not those whose hash is in the job's terms")


def _images(
    job: JobReference, instructions: Instructions, source: bytes, results: list[AcceptedResult]
) -> _Core:
    items = read_image_source(source)
    counts = dict.fromkeys(instructions.labels, 0)
    pictures = []
    for entry in results:
        item, result = _item(items, entry), entry.result
        if not isinstance(result, ImageResult):
            raise ProvenanceError(
                f"batch {entry.claim_id}: task {entry.task} is an image, its result is about a text"
            )
        pictures.append((entry.task, item, result))
        for shape in result.objects:
            counts[instructions.labels.check(shape.label)] += 1
    document = canonical_json(coco_document(pictures, instructions.labels, _source(job)))
    inside = {f"images/{item.name}": item.data for _, item, _ in pictures}
    archive = zip_bytes({**inside, "annotations/instances.json": document})
    files = {"annotations/instances.json": document, "dataset.zip": archive}
    return _Core("annotations/instances.json", "dataset.zip", files, counts)


def _texts(instructions: Instructions, source: bytes, results: list[AcceptedResult], schema: Schema) -> _Core:
    items = read_text_source(source)
    counts = dict.fromkeys(instructions.labels, 0)
    rows: list[tuple[AcceptedResult, TextItem, str]] = []
    for entry in results:
        if not isinstance(entry.result, TextResult):
            raise ProvenanceError(
                f"batch {entry.claim_id}: task {entry.task} is a text, its result is about an image"
            )
        label = instructions.labels.check(entry.result.label.label)
        counts[label] += 1
        rows.append((entry, _item(items, entry), label))
    labels = [
        {"task": e.task, "id": item.name, "label": label, "annotator": e.annotator} for e, item, label in rows
    ]
    files = {"annotations.json": canonical_json({"labels": labels, "version": 1})}
    for name in SCHEMAS:
        lines = [training_row(name, instructions.text, item.text, label) for _, item, label in rows]
        files[f"{name}.jsonl"] = write_jsonl(name, lines)
    if schema not in SCHEMAS:
        raise InputError(f"there is no schema {schema!r}: choose one of {', '.join(SCHEMAS)}")
    return _Core("annotations.json", f"{schema}.jsonl", files, counts)


def _item(items: Sequence[Any], entry: AcceptedResult) -> Any:
    if entry.task >= len(items):
        raise ProvenanceError(
            f"batch {entry.claim_id}: the source has no task {entry.task}, only {len(items)} items"
        )
    return items[entry.task]


def _source(job: JobReference) -> dict[str, Any]:
    return {
        "chain_id": job.chain_id,
        "contract": checksum_address(job.contract),
        "job_id": job.job_id,
        "data_root": "0x" + job.data_root.hex(),
        "data_length": job.data_length,
        "instructions_hash": "0x" + job.instructions_hash.hex(),
    }


def _batches(batches: Iterable[AcceptedBatch]) -> list[dict[str, Any]]:
    return [
        {
            "claim_id": batch.claim_id,
            "annotator": checksum_address(batch.annotator),
            "root": "0x" + batch.root.hex(),
            "word": batch.word,
            "done": hex(batch.done_mask),
            "accepted": hex(batch.accepted_mask),
        }
        for batch in batches
    ]


def _facts(
    job: JobReference, batches: Sequence[AcceptedBatch], results: Sequence[AcceptedResult]
) -> list[tuple[str, str]]:
    return [
        ("chain id", str(job.chain_id)),
        ("contract", checksum_address(job.contract)),
        ("job", str(job.job_id)),
        ("source 0G root", "0x" + job.data_root.hex()),
        ("source length in bytes", str(job.data_length)),
        ("tasks accepted", str(len(results))),
        ("batches", str(len(batches))),
        ("annotators", str(len({entry.annotator for entry in results}))),
    ]
