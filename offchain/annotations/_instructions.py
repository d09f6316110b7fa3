"""What annotators are told: the document whose hash is in the terms of the job, so that nobody can change
the label set later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from offchain.annotations._labels import LabelSet
from offchain.exceptions import SchemaError
from offchain.hashing import canonical_json, keccak256, parse_canonical_json

Kind = Literal["image", "text"]
VERSION = 1


@dataclass(frozen=True)
class Instructions:
    """The kind of a job's tasks, its labels and the words of its creator."""

    kind: Kind
    labels: LabelSet
    text: str

    def __post_init__(self) -> None:
        """Refuse a kind that no task has; raises SchemaError."""
        if self.kind not in {"image", "text"}:
            raise SchemaError(f"a job is about 'image' or 'text', not {self.kind!r}")

    def to_bytes(self) -> bytes:
        """The document as it is stored: canonical JSON."""
        document = {"version": VERSION, "kind": self.kind, "labels": list(self.labels), "text": self.text}
        return canonical_json(document)

    @property
    def hash(self) -> bytes:
        """Keccak-256 of the document, 32 bytes: `instructionsHash` of the terms."""
        return keccak256(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Instructions:
        """The instructions in a document; raises SchemaError for another one, AnnotationError for
        impossible labels.
        """
        value = parse_canonical_json(data)
        keys = {"version", "kind", "labels", "text"}
        if not isinstance(value, dict) or set(value) != keys or value["version"] != VERSION:
            raise SchemaError(
                f"instructions are an object of {', '.join(sorted(keys))} with version {VERSION}"
            )
        if not isinstance(value["labels"], list) or not isinstance(value["text"], str):
            raise SchemaError("`labels` of the instructions is a list of names, `text` a text")
        return cls(value["kind"], LabelSet(value["labels"]), value["text"])
