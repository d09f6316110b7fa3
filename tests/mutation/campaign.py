"""A sample of mutants, judged by several workers at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Protocol

from tests.mutation.journal import Journal, Verdict
from tests.mutation.sampling import Draw
from tests.mutation.sites import Site

WORKERS = 2


class Worker(Protocol):
    """Judges mutants; belongs to one thread."""

    def judge(self, site: Site) -> Verdict: ...

    def close(self) -> None: ...


class Progress:
    """One line on stderr, drawn anew on a terminal, now and then elsewhere."""

    def __init__(self, total: Callable[[], int]) -> None:
        self._total = total
        self._started = time.monotonic()
        self._fresh = self._done = self._killed = 0

    def count(self, verdict: Verdict, *, fresh: bool) -> None:
        """`fresh`: judged in this run, not remembered from another."""
        self._done += 1
        self._killed += bool(verdict.killer)
        self._fresh += fresh
        drawn = sys.stderr.isatty()
        if drawn or self._done % 10 == 0 or self._done == self._total():
            end = "" if drawn and self._done < self._total() else "\n"
            sys.stderr.write(("\r" if drawn else "") + self.line() + end)
            sys.stderr.flush()

    def line(self) -> str:
        passed = time.monotonic() - self._started
        left = self._total() - self._done
        minutes = f"about {passed / self._fresh * left / 60:.0f} min left" if self._fresh else "going on"
        survived = self._done - self._killed
        return f"mutants: {self._done}/{self._total()}, {self._killed} killed, {survived} survived, {minutes}"


def run(
    draw: Draw,
    journal: Journal,
    worker: Callable[[], Worker],
    workers: int = WORKERS,
    reviewed: Collection[tuple[str, str]] = (),
) -> dict[str, Verdict]:
    """The verdicts on a sample, by id; those that the journal knows are not asked for again. The first error
    of a worker ends the campaign.

    `reviewed` survivors (file and mutation) count as what they are without being tried: that nothing notices
    one takes all of the tests to see.
    """
    verdicts: dict[str, Verdict] = {}
    progress, lock = Progress(lambda: draw.total), Lock()
    failed: list[BaseException] = []

    def work() -> None:
        judge = worker()
        try:
            while not failed and (site := draw.take()) is not None:
                known = journal.verdict(site.id)
                if known is None and (site.file, site.mutation) in reviewed:
                    known = Verdict(site.id)
                verdict = known or judge.judge(site)
                if known is None:
                    journal.add(verdict)
                with lock:
                    verdicts[site.id] = verdict
                    if verdict.compiles:
                        progress.count(verdict, fresh=known is None)
                if not verdict.compiles:
                    draw.replace(site)
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            judge.close()

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(work) for _ in range(workers)]:
            future.result()
    return verdicts


def chosen(sites: Sequence[Site], only: str) -> list[Site]:
    """The sites of the files whose name contains `only`."""
    return [site for site in sites if only in site.file]
