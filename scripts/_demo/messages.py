"""The embedded text sets: short messages to a support desk, with four labels, and comments on things that
were bought, with three.
"""

from __future__ import annotations

from pathlib import Path

from scripts._demo.items import Text, TextSet
from scripts._demo.tables import read_csv

_DATA = Path(__file__).parent / "data"
COMMENTS = "comments.csv"


def load(name: str = "messages.csv") -> TextSet:
    """All texts of a set in the file's order, with their true labels and without workers' answers."""
    texts = tuple(
        Text(row.fields["id"], row.fields["text"], row.fields["label"])
        for row in read_csv(_DATA / name, ("id", "text", "label"))
    )
    return TextSet(texts, tuple(sorted({text.truth for text in texts if text.truth})))
