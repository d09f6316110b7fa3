"""Batches in, data sets out. Pure: the same events and payloads always give the same bytes."""

from offchain.packaging._archive import read_zip, write_zip, zip_bytes
from offchain.packaging._batch import Batch, TaskResult, build_batch, parse_batch
from offchain.packaging._card import Card, card_bytes
from offchain.packaging._coco import check_coco, coco_document, read_coco
from offchain.packaging._export import Export, export_job
from offchain.packaging._jsonl import SCHEMAS, Schema, read_jsonl, training_row, write_jsonl
from offchain.packaging._manifest import FileEntry, check_files, file_entry, manifest_bytes, read_manifest
from offchain.packaging._provenance import (
    AcceptedBatch,
    AcceptedResult,
    JobReference,
    accepted_results,
    check_batch,
)
from offchain.packaging._source import image_source, read_image_source, read_text_source, text_source

__all__ = [
    "SCHEMAS",
    "AcceptedBatch",
    "AcceptedResult",
    "Batch",
    "Card",
    "Export",
    "FileEntry",
    "JobReference",
    "Schema",
    "TaskResult",
    "accepted_results",
    "build_batch",
    "card_bytes",
    "check_batch",
    "check_coco",
    "check_files",
    "coco_document",
    "export_job",
    "file_entry",
    "image_source",
    "manifest_bytes",
    "parse_batch",
    "read_coco",
    "read_image_source",
    "read_jsonl",
    "read_manifest",
    "read_text_source",
    "read_zip",
    "text_source",
    "training_row",
    "write_jsonl",
    "write_zip",
    "zip_bytes",
]
