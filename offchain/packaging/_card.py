"""The data card: a README.md with the YAML front matter that data-set hubs read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offchain.exceptions import InputError

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True)
class Card:
    """What a publisher says of his data set. `license` is an SPDX or hub identifier in lower case, such
    as `cc-by-4.0`.
    """

    title: str
    description: str
    license: str
    languages: tuple[str, ...] = ("en",)

    def __post_init__(self) -> None:
        """Refuse a card that says nothing; raises InputError."""
        if not (self.title.strip() and self.description.strip() and self.license.strip()):
            raise InputError("a data card has a title, a description and a licence")


def card_bytes(card: Card, kind: str, counts: Mapping[str, int], facts: Sequence[tuple[str, str]]) -> bytes:
    """The card. `counts`: annotations by label; `facts`: rows of the table of origins."""
    tasks = {"image": ["object-detection"], "text": ["text-classification"]}[kind]
    total = sum(counts.values())
    front = {
        "pretty_name": card.title,
        "license": card.license,
        "language": list(card.languages),
        "task_categories": tasks,
        "size_categories": [next((name for limit, name in SIZES if total < limit), "n>1M")],
        "tags": ["winnow", "human-annotated"],
    }
    lines = [
        "---",
        *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()),
        "---",
        "",
    ]
    lines += [f"# {card.title}", "", card.description, "", "## Labels", "", "| label | count |", "|---|---|"]
    lines += [f"| {_cell(label)} | {count} |" for label, count in counts.items()]
    lines += ["", "## Origin", "", "| what | value |", "|---|---|"]
    lines += [f"| {name} | {_cell(value)} |" for name, value in facts]
    lines += [
        "",
        "Anyone can recompute this data set from the events of the contract and the stored payloads.",
        "",
    ]
    return "\n".join(lines).encode()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
