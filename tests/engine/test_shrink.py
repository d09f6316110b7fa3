"""What the engine's own shrinker makes of failures."""

from dataclasses import dataclass, field
from itertools import count
from random import Random
from time import monotonic
from types import SimpleNamespace

import pytest

from tests.engine.ape_project import ape_chain
from tests.engine.check import Disagreement, Troupe
from tests.engine.dice import TAPE
from tests.engine.executor import MODEL, Difference, Reverted
from tests.engine.flawed import RoundingPlay, StrictPlay
from tests.engine.program import Program, View
from tests.engine.shrink import Shrinker, kind_of, shrink

PROGRAMS = 3_000
"""So many random programs are tried before a bug counts as not found."""


@dataclass
class Fake:
    """A play in which each turn is a step. `bug` says of the tapes which step differs, and how."""

    bug: object
    runs: int = 0
    longest: list[int] = field(default_factory=list)

    def write(self, tapes, **silence):
        del silence
        return Program([SimpleNamespace(function="turn", tape=tape) for tape in tapes])

    def run(self, program, tapes, **silence):
        self.runs += 1
        self.longest.append(len(program.steps))
        found = self.bug([step.tape for step in program.steps])
        if found is not None:
            at, what = found
            difference = Difference(at, program.steps[at], what, "a", "b")
            raise Disagreement(self, program, difference, tapes, silence)

    def fail(self, tapes):
        with pytest.raises(Disagreement) as failure:
            self.run(self.write(tapes), tapes)
        return failure.value


def failure_of(capability, seed):
    """The first failing one of random programs."""
    troupe, random = Troupe(capability, ape_chain()), Random(seed)
    for _ in range(PROGRAMS):
        try:
            troupe.check([random.randbytes(TAPE) for _ in range(random.randint(1, 40))])
        except Disagreement as failure:
            return failure
    pytest.fail(f"none of {PROGRAMS} programs fails")


def pair(tapes):
    """A turn with at least 7 in its second byte fails once a turn before it had a 3 in its first."""
    for at, tape in enumerate(tapes):
        if tape[1] >= 7 and any(before[0] == 3 for before in tapes[:at]):
            return at, "pair"
    return None


def some_tapes(count, seed=1):
    random = Random(seed)
    return [bytes([random.randint(4, 255), random.randint(0, 6), *random.randbytes(6)]) for _ in range(count)]


def test_shrink__turns_that_do_not_matter_go__bytes_are_the_lowest() -> None:
    tapes = [
        *some_tapes(9),
        bytes([3, 5, 9, 9]),
        *some_tapes(9, 2),
        bytes([77, 200, 4, 4]),
        *some_tapes(5, 3),
    ]
    small = shrink(Fake(pair).fail(tapes))
    assert small.tapes == (bytes([3, 0, 0, 0]), bytes([0, 7, 0, 0]))
    assert small.length == 2


def test_shrink__fewer_steps_count_more_than_lower_bytes() -> None:
    """A program that fails at once with a high byte is better than one that fails late with low ones."""

    def late_or_high(tapes):
        for at, tape in enumerate(tapes):
            if tape[0] == 255 or at == 5:
                return at, "late"
        return None

    small = shrink(Fake(late_or_high).fail([bytes([1])] * 3 + [bytes([255])] + [bytes([1])] * 4))
    assert small.tapes == (bytes([255]),)


def test_shrink__another_kind_of_difference_does_not_count() -> None:
    """Nearly every smaller program fails, too, but otherwise."""

    def either(tapes):
        return pair(tapes) or ((0, "another") if len(tapes) == 1 else None)

    small = shrink(Fake(either).fail([*some_tapes(3), bytes([3, 0, 1]), bytes([1, 8, 1])]))
    assert (small.difference.what, small.length) == ("pair", 2)


def test_shrink__tries_run_no_steps_after_the_best_difference() -> None:
    """Only the last run is of the whole program."""
    fake = Fake(pair)
    failure = fake.fail([bytes([3, 0]), bytes([0, 7]), *some_tapes(20)])
    fake.longest.clear()
    shrink(failure)
    assert max(fake.longest) == 2


def test_shrink__no_time__gives_back_the_failure() -> None:
    tapes = [*some_tapes(9), bytes([3, 5]), bytes([1, 9])]
    fake = Fake(pair)
    failure = fake.fail(tapes)
    assert list(shrink(failure, 0).tapes) == tapes
    assert fake.runs == 2


def test_shrink__keeps_heading_and_silence() -> None:
    fake = Fake(pair)
    failure = fake.fail([*some_tapes(4), bytes([3, 5]), bytes([1, 9])])
    failure.heading, failure.silence = ("seed 7",), {"silent": ("creators",), "after": 1}
    small = shrink(failure)
    assert (small.heading, small.silence) == (failure.heading, failure.silence)


def test_kind__neither_values_nor_accounts_but_function_and_errors() -> None:
    def kind(what, expected, found, view=None, function="claim"):
        difference = Difference(0, SimpleNamespace(function=function), what, expected, found, view)
        return kind_of(SimpleNamespace(difference=difference))

    late, early = Reverted("TooLate", (1, 2)), Reverted("TooEarly", (1, 2))
    assert kind("result", "success", late) == kind("result", "success", Reverted("TooLate", (3, 4)))
    assert kind("result", "success", late) != kind("result", "success", early)
    assert kind("result", "success", late) != kind("result", late, "success")
    assert kind("result", "success", late) != kind("result", "success", late, function="release")
    views = [View(None, "balance", (account,), 1) for account in ("0x1", "0x2")]
    assert kind("balance of a", 1, 2, views[0]) == kind("balance of b", 3, 4, views[1])
    assert kind(MODEL, "kept", "5 is stuck") == kind(MODEL, "kept", "6 is stuck")


def test_shrink__difference_in_the_views_at_the_end__shortest_program_not_fewest_turns() -> None:
    """Without the turn that begins with a 9 the program takes ten steps more."""

    class Ending(Fake):
        def write(self, tapes, **silence):
            program = super().write(tapes, **silence)
            if not any(tape[0] == 9 for tape in tapes):
                program.steps.extend(SimpleNamespace(function="end", tape=b"") for _ in range(10))
            return program

        def run(self, program, tapes, **silence):
            assert program.steps
            raise Disagreement(self, program, Difference(None, None, "views", "a", "b"), tapes, silence)

    small = shrink(Ending(None).fail([bytes([5, 5]), bytes([9, 9]), bytes([7, 7])]))
    assert small.tapes == (bytes([9, 0]),)
    assert small.length == 1


def test_shrink__time_that_runs_out__ends_a_pass_in_its_middle(monkeypatch) -> None:
    seconds = count()
    monkeypatch.setattr("tests.engine.shrink.monotonic", lambda: next(seconds))
    fake = Fake(pair)
    shrink(fake.fail([*some_tapes(30), bytes([3, 5]), bytes([1, 9])]), 6)
    assert 3 < fake.runs < 9


@pytest.mark.parametrize("seed", [1, 3])
def test_shrink__wrong_model_seen_in_a_decision__six_steps(seed) -> None:
    """A decision takes five steps before it: job, claim, submission, rejection, appeal. Shrinking takes two
    seconds, on a busy machine more; the seeds are of those that fail soon.
    """
    failure = failure_of(RoundingPlay, seed)
    shrinker = Shrinker(failure, monotonic() + 400)
    small = shrinker.run()
    assert kind_of(small) == kind_of(failure) == ("logs of market", "decide", "", "")
    assert small.length == 6
    with pytest.raises(Disagreement) as again:
        small.play.check(small.tapes)
    assert str(again.value) == str(small)


def test_shrink__model_that_breaks_its_own_rule__three_steps() -> None:
    small = shrink(failure_of(StrictPlay, 1))
    assert small.difference.what == MODEL
    assert small.length == 3
    assert "something was submitted" in str(small)
