"""Processes that play programs on one node until time is up or one of them finds a difference.

A node simulates the programs of several clients at the same time, so the workers share the one that Ape owns.
They are forked, with everything that is compiled and deployed already there.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from random import Random
from threading import BrokenBarrierError
from typing import Any

from tests.engine.check import Disagreement, Troupe
from tests.engine.corpus import Find
from tests.engine.stream import Stream
from tests.engine.tally import Tally
from tests.engine.trial import Trial

REPORT = 0.5
"""Seconds between a worker's reports."""

SAMPLE = 40
"""Programs that each worker hands back, evenly out of all that it played."""

CLOSING = 5
"""One program in so many is asked for all views at the end; each step for those that it may have changed."""

PATIENCE = 150
"""Seconds that workers wait for each other: more than a node may take for one answer."""

GARBAGE = 1_000_000
"""New objects between two searches for garbage: programs hold millions that are not."""

FORK = multiprocessing.get_context("fork")


class WorkerLost(RuntimeError):  # noqa: N818 - what happened
    """A worker ended without a word."""


@dataclass(frozen=True)
class Failure:
    """A program that the contract plays otherwise than its model, or that breaks the model. `number` counts
    the worker's programs from 0, `what` is the first difference.
    """

    capability: str
    seed: int
    chain_id: int
    worker: int
    number: int
    trial: Trial
    what: str


@dataclass
class Harvest:
    """What all workers together have brought so far. `began` and `ended` are on the clock `perf_counter`."""

    tally: Tally = field(default_factory=Tally)
    finds: dict[str, list[Find]] = field(default_factory=dict)
    sample: list[tuple[str, Trial]] = field(default_factory=list)
    failure: Failure | None = None
    began: float = float("inf")
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """From the beginning of the first program to the end of the last."""
        return max(self.ended - self.began, 0.0)

    def merge(self, other: Harvest) -> None:
        """Add what one worker brings."""
        self.tally.merge(other.tally)
        for name, finds in other.finds.items():
            self.finds.setdefault(name, []).extend(finds)
        self.sample += other.sample
        self.failure = self.failure or other.failure
        self.began, self.ended = min(self.began, other.began), max(self.ended, other.ended)


@dataclass(frozen=True)
class Leg:
    """A part of a campaign: until when, on the clock `perf_counter`, and as which chain."""

    until: float
    chain_id: int


class Worker:
    """One process's part of a campaign: troupes that share the time, each with its stream of programs.
    Whoever has played least plays next, so that a slow model takes nobody's time.
    """

    def __init__(self, number: int, seed: int, cast: Sequence[tuple[Troupe, Stream]]) -> None:
        self.number, self.seed, self._cast = number, seed, cast
        self._random = Random(seed)
        self._count = 0
        self._played = [0.0] * len(cast)
        self._sample: list[tuple[str, Trial]] = []
        self._bag = Harvest()

    def run(self, legs: Sequence[Leg], post: Connection, stop: Any, barrier: Any) -> None:
        """Play until the last leg is over, and post what there is to tell now and then; None is the end."""
        for troupe, _ in self._cast:
            troupe.chain.node = troupe.chain.node.again()
        self._bag.began = time.perf_counter()
        try:
            for leg in legs:
                self._move(leg.chain_id, barrier)
                self._play(leg.until, post, stop)
        except BrokenBarrierError:
            stop.set()
        if self._bag.failure:
            barrier.abort()
        self._bag.sample = self._sample
        self._bag.finds = {troupe.capability.name: stream.finds for troupe, stream in self._cast}
        self._send(post)
        post.send(None)

    def _move(self, chain_id: int, barrier: Any) -> None:
        """The first worker moves the chain while nobody plays."""
        barrier.wait(PATIENCE)
        if self.number == 0:
            self._cast[0][0].chain.move_to(chain_id)
        barrier.wait(PATIENCE)
        for troupe, _ in self._cast:
            troupe.chain.chain_id = chain_id

    def _play(self, until: float, post: Connection, stop: Any) -> None:
        report = time.perf_counter() + REPORT
        while (now := time.perf_counter()) < until and not stop.is_set():
            if now > report:
                self._send(post)
                report = now + REPORT
            turn = min(range(len(self._cast)), key=self._played.__getitem__)
            self._bag.failure = self._one(*self._cast[turn])
            self._played[turn] += time.perf_counter() - now
            if self._bag.failure:
                stop.set()
            self._count += 1

    def _one(self, troupe: Troupe, stream: Stream) -> Failure | None:
        trial, name = stream.next(), troupe.capability.name
        try:
            program, outcome = troupe.check(trial.tapes, closing=not self._count % CLOSING, **trial.silence)
        except Exception as error:  # noqa: BLE001 - whatever stops a program is told with the program
            chain_id, what = troupe.chain.chain_id, difference_of(error)
            return Failure(name, self.seed, chain_id, self.number, self._count, trial, what)
        self._bag.tally.add(name, trial, program, outcome.gas)
        stream.learn(trial, program)
        if len(self._sample) < SAMPLE:
            self._sample.append((name, trial))
        elif (at := self._random.randint(0, self._count)) < SAMPLE:
            self._sample[at] = name, trial
        return None

    def _send(self, post: Connection) -> None:
        self._bag.ended = time.perf_counter()
        post.send(self._bag)
        self._bag = Harvest(began=self._bag.began)


def difference_of(error: Exception) -> str:
    """What stopped a program, in a line or so."""
    if not isinstance(error, Disagreement):
        return f"{type(error).__name__}: {error}"
    where = error.difference.step
    return f"{where.function if where else 'the end'}: {error.difference}"


def labour(
    workers: Sequence[Worker], legs: Sequence[tuple[float, int]], tell: Callable[[Harvest], None]
) -> Harvest:
    """Let the workers play for the legs, which are (seconds, chain id); the first failure ends it. `tell` is
    called a few times a second. Raises WorkerLost.
    """
    gc.collect()
    gc.freeze()  # what is there now stays, in memory that the processes share
    stop, barrier = FORK.Event(), FORK.Barrier(len(workers))
    began = time.perf_counter()
    ends = [Leg(began + sum(each for each, _ in legs[: at + 1]), legs[at][1]) for at in range(len(legs))]
    harvest = Harvest()
    crew: dict[Connection, Any] = {}
    try:
        for worker in workers:
            post, mail = FORK.Pipe(duplex=False)
            crew[post] = _started(worker, ends, mail, stop, barrier)
        _gather(crew, harvest, tell)
    except BaseException:
        for process in crew.values():
            process.kill()
        raise
    finally:
        gc.unfreeze()
    return harvest


def _started(worker: Worker, legs: Sequence[Leg], mail: Connection, stop: Any, barrier: Any) -> Any:
    process = FORK.Process(target=_work, args=(worker, legs, mail, stop, barrier), daemon=True)
    with warnings.catch_warnings():
        # Newer Pythons warn of threads at a fork; the one here only reads what Anvil prints.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    mail.close()  # or its end would never be seen
    return process


def _work(worker: Worker, legs: Sequence[Leg], mail: Connection, stop: Any, barrier: Any) -> None:
    # Ape's own handler would end Anvil; at Ctrl-C it is the parent who ends its workers.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(GARBAGE)
    worker.run(legs, mail, stop, barrier)


def _gather(crew: dict[Connection, Any], harvest: Harvest, tell: Callable[[Harvest], None]) -> None:
    """Merge what is posted until everybody has said that it is over."""
    waiting = set(crew)
    while waiting:
        for post in wait(list(waiting), timeout=REPORT):
            assert isinstance(post, Connection)
            try:
                bag = post.recv()
            except EOFError:
                raise WorkerLost("a worker ended without a word; what it printed says why") from None
            if bag is None:
                waiting.discard(post)
                crew[post].join()
            else:
                harvest.merge(bag)
        tell(harvest)
