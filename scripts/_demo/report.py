"""Writes the report of a demo run: one HTML page that needs nothing else, and the same as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts._demo import accounts, crowd_section, sections
from scripts._demo.figures import Money
from scripts._demo.markup import Markup, join, tag
from scripts._demo.schema import Summary
from scripts._demo.summary import validate

_STYLE = Path(__file__).with_name("report.css")


def render(data: Mapping[str, Any]) -> str:
    """The page for a summary (see `summary.Summary`), as UTF-8 text. Raises SummaryError for a wrong
    shape.
    """
    summary = validate(data)
    money = Money(summary)
    parts = [
        ("actors", "Who took part", sections.actors(summary)),
        ("jobs", "The life of each job", sections.jobs(summary, money)),
        ("pictures", "What the annotators drew", sections.pictures(summary)),
        ("texts", "What the annotators read", sections.texts(summary)),
        ("consensus", "Several annotators, one label", crowd_section.consensus(summary, money)),
        ("payments", "Who was paid what, and why", accounts.payments(summary, money)),
        ("datasets", "Data sets, published and sold", accounts.datasets(summary, money)),
        ("gas", "Gas", accounts.gas(summary)),
        ("books", "The books", accounts.books(summary, money)),
        ("run", "This run", accounts.run(summary)),
    ]
    present = [(key, title, content) for key, title, content in parts if content]
    links = [tag("li", tag("a", title, href=f"#{key}")) for key, title, _ in present]
    contents = tag("nav", tag("ol", links), aria_label="Contents")
    body = [tag("section", tag("h2", title), content, id=key) for key, title, content in present]
    return _page(summary, join([sections.head(summary, money), contents, tag("main", body)]))


def write(data: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Writes `report.html` and `summary.json` into a folder, which is made where it is missing; returns both
    paths.
    """
    page = render(data)
    folder.mkdir(parents=True, exist_ok=True)
    report, summary = folder / "report.html", folder / "summary.json"
    report.write_text(page, encoding="utf-8")
    summary.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return report, summary


def data_uri(data: bytes, media_type: str) -> str:
    """Bytes as a `data:` address, so that the page holds its pictures itself."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _page(summary: Summary, body: Markup) -> str:
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", summary["title"]),
        tag("style", Markup(_STYLE.read_text(encoding="utf-8"))),
    ]
    return "<!doctype html>\n" + tag("html", tag("head", head), tag("body", body), lang="en") + "\n"
