"""The labels that a job allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from offchain.exceptions import AnnotationError, LabelError


class LabelSet:
    """The labels of a job, in their fixed order; category i of an export is label i - 1."""

    def __init__(self, names: Sequence[str]) -> None:
        """Raises AnnotationError for an empty set, an empty or blank-edged name, or a name given twice."""
        if isinstance(names, str) or not names:
            raise AnnotationError("a label set is a list of one or more names")
        for name in names:
            if not isinstance(name, str) or not name or name != name.strip() or not name.isprintable():
                raise AnnotationError(
                    f"{name!r} is no label: write printable text without blanks at its ends"
                )
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if list(names).count(name) > 1})
            raise AnnotationError(f"the label set names {', '.join(twice)} twice")
        self.names = tuple(names)

    def check(self, label: str) -> str:
        """The label itself; raises LabelError if the job does not know it."""
        if label not in self.names:
            raise LabelError(f"the label {label!r} is not one of this job's: {', '.join(self.names)}")
        return label

    def category(self, label: str) -> int:
        """The number of the label in an export, from 1; raises LabelError."""
        return self.names.index(self.check(label)) + 1

    def __contains__(self, label: object) -> bool:
        return label in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelSet) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)

    def __repr__(self) -> str:
        return f"LabelSet({list(self.names)!r})"
