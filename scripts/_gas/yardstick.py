"""The yardstick: a plain escrow with one record a task, measured in the same run as Winnow."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scripts._gas.bench import DAY, FULL, REWARD, Bench, digest

SOURCE = Path("tests/bench/contracts/TaskEscrow.sol")


def compile_yardstick(project: Any) -> Any:
    """Compiled by Ape with the settings of the project's own contracts, of which it is none."""
    from ape import Project, compilers  # noqa: PLC0415 - Ape loads every script for every command
    from ape.contracts import ContractContainer  # noqa: PLC0415

    # In a folder of its own: Ape would rewrite what it keeps of the project, while other commands read it.
    with TemporaryDirectory() as folder:
        apart = Path(folder).resolve()
        source = Path(shutil.copy(project.path / SOURCE, apart))
        shutil.copy(project.path / "ape-config.yaml", apart)
        (apart / "node_modules").symlink_to(project.path / "node_modules")
        (kind,) = compilers.compile([source], project=Project(apart))
    return ContractContainer(kind)


class Yardstick:
    """A deployed escrow. The annotator has a balance; the escrow keeps nothing that outlives a task."""

    def __init__(self, bench: Bench, container: Any) -> None:
        self.bench, self.creator = bench, bench.creator
        self.annotator = bench.people[-1]
        self.escrow = bench.owner.deploy(container)

    def create(self, tasks: int) -> tuple[int, Any]:
        """Opens a job on Winnow's terms as far as there are any; returns its id and the receipt."""
        terms = (REWARD, tasks, 1_800, 3 * DAY, digest("data", tasks))
        receipt = self.escrow.createJob(*terms, sender=self.creator, value=REWARD * tasks)
        return self.escrow.jobCount(), receipt

    def measure(self, size: int = FULL, single: int = 16) -> Iterator[str]:
        """Adds the rows, of `size` tasks and one in batches, of `single` tasks one by one (each of them costs
        the same); yields what it is about to do.
        """
        yield "the yardstick in batches"
        # An earlier job made the counter, as in the rows of Winnow.
        self.create(1)
        self.bench.add("baseline.naive.job.create", self.create(1_024)[1])
        acts = self._in_batches(size)
        for act, receipts in acts.items():
            self.bench.add(f"baseline.naive.batch{size}.{act}", *receipts, units=size)
        self._total(f"batch{size}", acts, size)
        yield "the yardstick task by task"
        self._total("batch1", self._one_by_one(1), 1)
        self._total(f"single{single}", self._one_by_one(single), single)

    def _in_batches(self, size: int) -> dict[str, list[Any]]:
        """In the cheapest way that there is."""
        job, _ = self.create(1_024)
        tasks = list(range(size))
        return {
            "claim": self._claim(job, size),
            "submit": [
                self.escrow.submitBatch(
                    job, tasks, [digest(job, task) for task in tasks], sender=self.annotator
                )
            ],
            "approve": [self.escrow.approveBatch(job, tasks, sender=self.creator)],
        }

    def _one_by_one(self, size: int) -> dict[str, list[Any]]:
        """Three transactions a task."""
        job, _ = self.create(1_024)
        return {
            "claim": self._claim(job, size),
            "submit": [
                self.escrow.submit(job, task, digest(job, task), sender=self.annotator)
                for task in range(size)
            ],
            "approve": [self.escrow.approve(job, task, sender=self.creator) for task in range(size)],
        }

    def _claim(self, job: int, size: int) -> list[Any]:
        """There is one way to claim: a task at a time."""
        return [self.escrow.claim(job, task, sender=self.annotator) for task in range(size)]

    def _total(self, name: str, acts: dict[str, list[Any]], size: int) -> None:
        receipts = itertools.chain.from_iterable(acts.values())
        self.bench.add(f"baseline.naive.{name}.total_per_task", *receipts, units=size)
