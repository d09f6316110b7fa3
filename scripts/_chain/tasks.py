"""Tasks as people write them: `0-31,40`."""

from __future__ import annotations

from collections.abc import Iterable

from offchain.exceptions import InputError

LIMIT = 1 << 20


def parse_tasks(text: str) -> list[int]:
    """Ascending, each once. Raises InputError for anything but numbers and ranges."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise InputError(f"{part!r} names no tasks: write them like 0-31,40")
        low, high = int(first), int(last or first)
        if high < low or high >= LIMIT:
            raise InputError(f"{part!r} names no tasks: a range runs upwards, below {LIMIT}")
        found.update(range(low, high + 1))
    return sorted(found)


def show_tasks(tasks: Iterable[int]) -> str:
    """The shortest way to write them: `0-31, 40`."""
    runs: list[list[int]] = []
    for task in sorted(tasks):
        if runs and runs[-1][1] == task - 1:
            runs[-1][1] = task
        else:
            runs.append([task, task])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def show_mask(word: int, mask: int) -> str:
    """The tasks of a mask."""
    from offchain.hashing import tasks_of  # noqa: PLC0415 - pulls numbers in

    return show_tasks(tasks_of(word, mask))
