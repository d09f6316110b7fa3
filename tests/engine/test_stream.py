"""Where a campaign's programs come from."""

from collections import Counter
from itertools import islice, pairwise
from random import Random
from types import SimpleNamespace

import pytest

from tests.engine.dice import TAPE
from tests.engine.strategies import STEPS
from tests.engine.stream import Stream, drawn, mutated, subsets
from tests.engine.trial import Trial

ROLES = ("sellers", "buyers", "judge")


def played(*outcomes):
    """A program of which all that counts is what came of its steps."""
    return SimpleNamespace(steps=[SimpleNamespace(function="f", outcome=outcome) for outcome in outcomes])


def some(stream, count, *, outcomes=()):
    """The next programs of a stream whose first ones come to these outcomes, the others to nothing new."""
    found = []
    for number in range(count):
        found.append(stream.next())
        stream.learn(found[-1], played(*outcomes[number : number + 1]))
    return found


def test_stream__same_seed_and_worker__same_programs() -> None:
    first, second = (some(Stream(7, 1, ROLES), 250, outcomes="abc") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("other", [Stream(8, 1, ROLES), Stream(7, 0, ROLES)], ids=["seed", "worker"])
def test_stream__other_seed_or_worker__other_programs(other) -> None:
    mine = {trial.tapes for trial in some(Stream(7, 1, ROLES), 200) if len(trial.tapes) > 1}
    assert mine.isdisjoint(trial.tapes for trial in some(other, 200))


def test_stream__silences_every_choice_of_parties_in_half_of_the_programs() -> None:
    trials = some(Stream(7, 0, ROLES), 56)
    silenced = Counter(trial.silent for trial in trials if trial.silent)
    assert sorted(silenced) == sorted(subsets(ROLES))
    assert set(silenced.values()) == {4}
    assert {0 <= trial.after <= len(trial.tapes) for trial in trials} == {True}
    assert len({trial.after for trial in trials if trial.silent}) > 10


def test_stream__no_parties__nobody_is_silent() -> None:
    assert {trial.silent for trial in some(Stream(7, 0), 20)} == {()}


def test_stream__replays_what_is_kept_first_and_as_it_was() -> None:
    kept = [Trial((bytes([number]) * TAPE,), ("judge",), number) for number in range(3)]
    assert some(Stream(7, 0, ROLES, kept), 4)[:3] == kept


def test_stream__makes_a_third_of_the_programs_from_finds() -> None:
    stream = Stream(7, 0)
    seed = Trial((b"\xaa" * TAPE, b"\xbb" * TAPE, b"\xcc" * TAPE, b"\xdd" * TAPE))
    stream.learn(seed, played("new"))
    related = [trial for trial in some(stream, 600) if set(trial.tapes) & set(seed.tapes)]
    assert 120 < len(related) < 240


def test_stream__finds_are_programs_with_new_outcomes_or_new_pairs() -> None:
    stream = Stream(7, 0)
    one, two, three = (Trial((bytes([number]) * TAPE,)) for number in range(3))
    stream.learn(one, played("a", "b"))
    stream.learn(two, played("a", "b"))
    stream.learn(three, played("b", "a"))
    assert [(find.trial, len(find.news)) for find in stream.finds] == [(one, 3), (three, 1)]


def test_drawn__even_and_of_every_length() -> None:
    programs = drawn(3, 400)
    lengths = [len(tapes) for tapes in programs]
    assert {len(tape) for tapes in programs for tape in tapes} == {TAPE}
    assert max(lengths) == STEPS
    assert 0.4 * STEPS < sum(lengths) / len(lengths) < 0.6 * STEPS
    raw = b"".join(tape for tapes in programs for tape in tapes)
    assert max(Counter(raw).values()) < 2 * len(raw) / 256
    assert all(one != two for one, two in pairwise(tapes for tapes in programs if len(tapes) > 1))


def test_mutated__within_bounds_and_mostly_of_its_parents() -> None:
    random = Random(1)
    parents = [tuple(random.randbytes(TAPE) for _ in range(STEPS)) for _ in range(2)]
    known = {*parents[0], *parents[1]}
    children = [mutated(random, parents) for _ in range(200)]
    assert all(len(child) <= STEPS + 1 and {len(tape) for tape in child} <= {TAPE} for child in children)
    assert all(sum(tape not in known for tape in child) <= 3 for child in children)
    assert len({child for child in children if child not in parents}) > 190
    assert any(set(child) & set(parents[0]) and set(child) & set(parents[1]) for child in children)
    assert mutated(random, [(), ()]) is not None


def test_subsets__all_but_the_empty_one() -> None:
    assert len(set(islice(subsets(ROLES), 100))) == 7
