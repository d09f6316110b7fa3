"""How the commands show things: results on stdout as a table or as JSON, notes and progress on stderr."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

__all__ = ["clean", "facts", "note", "progress", "table"]

WIDE = 200  # columns of a table that is written to a file or a pipe


def clean(value: object) -> str:
    """Text from a chain or a file as it may be shown: control characters could steer the terminal, so they
    go.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in str(value)
    )


def note(message: str) -> None:
    """A line for the person at the keyboard, on stderr."""
    click.echo(clean(message), err=True)


def table(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], *, title: str = "", as_json: bool = False
) -> None:
    """Print rows. `columns` maps keys to headings, in order; JSON has all keys and exact integers."""
    rows = list(rows)
    if as_json:
        _print_json(rows)
        return
    _print_table(title, list(columns.values()), [[row.get(key, "") for key in columns] for row in rows])


def facts(values: Mapping[str, Any], *, title: str = "", as_json: bool = False) -> None:
    """Print one thing's properties, a line each, or a JSON object."""
    if as_json:
        _print_json(dict(values))
        return
    _print_table(title, None, [[name.replace("_", " "), value] for name, value in values.items()])


def _print_table(title: str, headings: Sequence[str] | None, rows: Sequence[Sequence[Any]]) -> None:
    width = max(len(row) for row in rows) if rows else len(headings or [""])
    shown = Table(title=title or None, title_justify="left", show_header=headings is not None)
    for index in range(width):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        heading = headings[index] if headings else ""
        shown.add_column(Text(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_shown(value)) for value in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(shown)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean("0x" + value.hex() if isinstance(value, bytes) else value)


def _print_json(value: object) -> None:
    def plain(item: object) -> str:
        return "0x" + item.hex() if isinstance(item, bytes) else str(item)

    click.echo(json.dumps(value, indent=2, default=plain, ensure_ascii=False))


@contextlib.contextmanager
def progress(
    label: str, total: int, *, unit: str = "bytes", as_json: bool = False
) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for something long; yields `advance(amount)`. Nothing is drawn for machines and pipes.

    `unit` is "bytes" (shown as kB and MB) or the name of what is counted.
    """
    counter = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counter, TimeRemainingColumn())
    hidden = as_json or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True) as bar:
        task = bar.add_task(clean(label if unit == "bytes" else f"{label} ({unit})"), total=total)
        yield lambda amount: bar.advance(task, amount)
