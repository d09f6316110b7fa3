"""The embedded text set: short messages to a support desk, with four labels."""

from __future__ import annotations

from pathlib import Path

from scripts._demo.items import Text, TextSet
from scripts._demo.tables import read_csv

_SOURCE = Path(__file__).parent / "data" / "messages.csv"


def load() -> TextSet:
    """All messages in the file's order, with their true labels and without workers' answers."""
    texts = tuple(
        Text(row.fields["id"], row.fields["text"], row.fields["label"])
        for row in read_csv(_SOURCE, ("id", "text", "label"))
    )
    return TextSet(texts, tuple(sorted({text.truth for text in texts if text.truth})))
