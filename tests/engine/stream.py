"""Where a campaign's programs come from: what is kept is replayed, then Hypothesis draws new ones, and every
third is made of those that reached something new.

A stream belongs to one capability, seed and worker, and is the same each time if it starts from the same
corpus: a program follows from those before it, not from the clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import combinations
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

from tests.engine.corpus import Find, Mark
from tests.engine.dice import TAPE
from tests.engine.program import Program
from tests.engine.strategies import STEPS
from tests.engine.trial import Trial

ROUND = 50
"""Examples that Hypothesis draws at once."""

HANDFUL = max(1, 8_000 // (STEPS * TAPE))
"""Programs of one example: as many as it can hold, since an example costs as much as fifty of its bytes."""

MUTATED = 3
"""One in so many programs is made of earlier ones, once there are any."""

POOL = 2_000
"""Programs that new ones are made of: the latest finds."""


class EvenProvider(HypothesisProvider):
    """Draws evenly, from nothing but the seed: Hypothesis's own provider mixes in constants that it finds in
    whatever modules are loaded, and draws bytes one by one.
    """

    def draw_bytes(self, min_size: int = 0, max_size: int = TAPE * STEPS) -> bytes:
        """As many as there have to be; evenly many where that is open."""
        assert self._random is not None
        return self._random.randbytes(self._random.randint(min_size, max_size))

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """Evenly between two bounds."""
        assert self._random is not None
        if min_value is None or max_value is None or weights:
            return super().draw_integer(min_value, max_value, weights=weights, shrink_towards=shrink_towards)
        return self._random.randint(min_value, max_value)


BACKEND = "winnow-even"
AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.{EvenProvider.__name__}"


@st.composite
def handfuls(draw: st.DrawFn) -> list[bytes]:
    """The tapes of some programs, each program's in one: quicker to draw than by `strategies.programs`, but
    worse to shrink.
    """
    turns = [draw(st.integers(0, STEPS)) for _ in range(HANDFUL)]
    return [draw(st.binary(min_size=each * TAPE, max_size=each * TAPE)) for each in turns]


def cut(tape: bytes) -> tuple[bytes, ...]:
    """A long tape in pieces, one a turn."""
    return tuple(tape[at : at + TAPE] for at in range(0, len(tape), TAPE))


def drawn(number: int, examples: int = ROUND) -> list[tuple[bytes, ...]]:
    """The programs that Hypothesis draws for a seed, without the empty ones that it always tries."""
    found: list[tuple[bytes, ...]] = []

    @settings(
        backend=BACKEND,
        database=None,
        deadline=None,
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(number)
    @given(handfuls())
    def draw(handful: list[bytes]) -> None:
        found.extend(cut(tape) for tape in handful if tape)

    draw()
    return found


class Stream:
    """The programs of one worker for one capability. `learn` is told what became of each."""

    def __init__(
        self, number: int, worker: int, roles: Sequence[str] = (), kept: Iterable[Trial] = ()
    ) -> None:
        self._random = Random(f"{number}/{worker}")
        self._subsets = subsets(roles)
        self._kept = deque(kept)
        self._fresh: deque[tuple[bytes, ...]] = deque()
        self._count = worker * 5  # workers silence different parties at first
        self._seen: set[Mark] = set()
        self._pool: deque[Trial] = deque(maxlen=POOL)
        self.finds: list[Find] = []

    def next(self) -> Trial:
        """The next program."""
        if self._kept:
            return self._kept.popleft()
        if self._pool and self._random.randrange(MUTATED) == 0:
            tapes = mutated(self._random, [trial.tapes for trial in self._random.choices(self._pool, k=2)])
        else:
            tapes = self._draw()
        self._count += 1
        turn, odd = divmod(self._count, 2)
        if not odd or not self._subsets:
            return Trial(tapes)
        return Trial(tapes, self._subsets[turn % len(self._subsets)], self._random.randint(0, len(tapes)))

    def learn(self, trial: Trial, program: Program) -> None:
        """Keep a program that reached something new."""
        outcomes = [(step.function, step.outcome) for step in program.steps]
        marks: set[Mark] = {*outcomes, *map(tuple.__add__, outcomes, outcomes[1:])}
        news = marks - self._seen
        if news:
            self._seen |= news
            self._pool.append(trial)
            self.finds.append(Find(trial, frozenset(news)))

    def _draw(self) -> tuple[bytes, ...]:
        if not self._fresh:
            self._fresh.extend(drawn(self._random.getrandbits(64)))
        return self._fresh.popleft()


def subsets(roles: Sequence[str]) -> list[tuple[str, ...]]:
    """All choices of at least one."""
    return [some for size in range(1, len(roles) + 1) for some in combinations(sorted(roles), size)]


def mutated(random: Random, parents: Sequence[tuple[bytes, ...]]) -> tuple[bytes, ...]:
    """A program made of two: the beginning of the first, often the end of the second, a few turns changed."""
    first, second = parents
    tapes = list(first)
    if random.random() < 0.5:
        tapes[random.randint(0, len(first)) :] = second[random.randint(0, len(second)) :]
    for _ in range(random.randint(1, 3)):
        _change(random, tapes, second)
    return tuple(tapes[: STEPS + 1])


def _change(random: Random, tapes: list[bytes], other: Sequence[bytes]) -> None:
    at, kind = random.randint(0, len(tapes)), random.randrange(4)
    if kind == 0:
        tapes.insert(at, random.choice(other) if other else random.randbytes(TAPE))
    elif kind == 1:
        tapes.insert(at, random.randbytes(TAPE))
    elif kind == 2:
        del tapes[at : at + random.randint(1, 4)]
    elif at < len(tapes):
        tape = bytearray(tapes[at])
        for _ in range(random.randint(1, 4)):
            tape[random.randrange(TAPE)] = random.randrange(256)
        tapes[at] = bytes(tape)
