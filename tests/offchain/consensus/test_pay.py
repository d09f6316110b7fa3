"""Pay for information: whoever does not look at the task loses, and nobody loses more than his stake."""

from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from offchain.consensus import WAD, WHOLE, ConsensusTerms, Matrix, Merit, is_measured, merit_of
from offchain.reference.consensus.terms import least_stake
from offchain.terms import ZERO_ADDRESS

FULL = 10**18
SLOPES = (10_000, 30_000, 200_000)


def stake_of(slope_bps: int) -> int:
    """The least stake for a task that pays `FULL`, base units of the same token."""
    terms = ConsensusTerms(
        pay=FULL, task_count=1, stake=0, slope_bps=slope_bps, seats_until=0, windows=(0,) * 6, rule=""
    )
    return least_stake(terms, ZERO_ADDRESS)


def net(merit: Merit, slope_bps: int) -> int:
    """Pay less slash of one task, base units."""
    return merit.pay(FULL) - merit.slash(stake_of(slope_bps))


@pytest.mark.parametrize("slope_bps", SLOPES)
@pytest.mark.parametrize(
    ("truth", "classes"),
    [
        ((0, 1), 2),
        ((0, 0, 1), 2),
        ((0, 0, 1, 1), 2),
        ((0, 0, 0, 0, 1), 2),
        ((0, 1, 2), 3),
        ((0, 0, 1, 2), 3),
    ],
)
def test_merit__strategy_that_ignores_the_task__loses_in_the_mean(truth, classes, slope_bps) -> None:
    """T-F1: every fixed row of answers, and so every mixture of them, over all orders of the truth."""
    gold = [truth.count(number) for number in range(classes)]
    orders = list(permutations(truth))
    for answers in product([None, *range(classes)], repeat=len(truth)):
        total = sum(
            net(merit_of(Matrix(classes).plus(zip(order, answers, strict=True)), gold, slope_bps), slope_bps)
            for order in orders
        )
        assert total < 0, answers


@pytest.mark.parametrize("slope_bps", SLOPES)
def test_merit__asked_a_part_of_the_gold__ignoring_it_loses_too(slope_bps) -> None:
    truth, asked = (0, 0, 0, 1, 1), 3
    for answers in product(range(2), repeat=asked):
        total = sum(
            net(merit_of(Matrix(2).plus(zip(order, answers, strict=False)), (3, 2), slope_bps), slope_bps)
            for order in permutations(truth)
        )
        assert total < 0, answers


@st.composite
def cases(draw):
    """A matrix, the gold of its job, and a slope."""
    classes = draw(st.integers(2, 8))
    cells = draw(st.lists(st.integers(0, 30), min_size=classes**2, max_size=classes**2))
    matrix = Matrix(classes, tuple(cells), draw(st.integers(0, 30)))
    rows = [sum(matrix.count(of, answer) for answer in range(classes)) for of in range(classes)]
    gold = tuple(row + draw(st.integers(0, 30)) for row in rows)
    assume(is_measured(gold))
    return matrix, gold, draw(st.integers(10_000, 200_000))


@given(cases())
def test_merit__is_the_mean_of_weights_over_chance(case) -> None:
    matrix, gold, slope_bps = case
    merit = merit_of(matrix, gold, slope_bps)
    if not matrix.asked:
        assert merit == Merit()
        return
    kinds, total = sum(count > 0 for count in gold), sum(gold)
    right = sum(
        Fraction(total, kinds * count) * matrix.right(number) for number, count in enumerate(gold) if count
    )
    over = right / matrix.asked - Fraction(1, kinds) - Fraction(4, 100)
    chance = Fraction(1, kinds) + Fraction(4, 100)
    earned = min(Fraction(1), max(Fraction(0), over * slope_bps / 10_000))
    lost = max(Fraction(0), -over / chance)
    assert abs(Fraction(merit.earned, WAD) - earned) < Fraction(10**4, WAD)
    assert abs(Fraction(merit.lost, WAD) - lost) < Fraction(10**4, WAD)


@given(cases(), st.integers(0, 2**96), st.integers(0, 2**96))
def test_merit__pays_no_more_than_all_and_slashes_no_more_than_the_stake(case, full, stake) -> None:
    merit = merit_of(*case)
    assert 0 <= merit.pay(full) <= full
    assert 0 <= merit.slash(stake) <= stake
    assert merit.pay(full) == 0 or merit.slash(stake) == 0
    assert merit.lost == 0 or stake == 0 or merit.slash(stake) > 0


def test_merit__pay_rounds_down_and_a_slash_up() -> None:
    assert Merit(earned=WAD - 1).pay(7) == 6
    assert Merit(lost=1).slash(1) == 1
    assert Merit(lost=WAD).slash(7) == 7


@given(cases(), st.data())
def test_merit__one_more_right_answer__is_never_worse(case, data) -> None:
    matrix, gold, slope_bps = case
    diagonal = range(0, matrix.classes**2, matrix.classes + 1)
    wrong = [cell for cell, count in enumerate(matrix.cells) if count and cell not in diagonal]
    assume(wrong)
    cell = data.draw(st.sampled_from(wrong))
    cells = list(matrix.cells)
    cells[cell] -= 1
    cells[cell // matrix.classes * (matrix.classes + 1)] += 1
    better = merit_of(Matrix(matrix.classes, tuple(cells), matrix.missed), gold, slope_bps)
    merit = merit_of(matrix, gold, slope_bps)
    assert better.earned >= merit.earned
    assert better.lost <= merit.lost
    assert (better.earned, -better.lost) > (merit.earned, -merit.lost) or better.earned == WAD


@given(cases())
def test_merit__an_answer_instead_of_none__is_never_worse(case) -> None:
    matrix, gold, slope_bps = case
    assume(matrix.missed)
    for answer in range(matrix.classes):
        cells = list(matrix.cells)
        cells[answer] += 1  # where class 0 is right
        given_ = merit_of(Matrix(matrix.classes, tuple(cells), matrix.missed - 1), gold, slope_bps)
        merit = merit_of(matrix, gold, slope_bps)
        assert (given_.earned, -given_.lost) >= (merit.earned, -merit.lost)


def test_merit__all_right_earns_all_and_all_wrong_loses_all() -> None:
    assert merit_of(Matrix(2, (8, 0, 0, 2)), (8, 2), 30_000) == WHOLE
    assert merit_of(Matrix(2, (0, 8, 2, 0)), (8, 2), 30_000) == Merit(lost=WAD)
    assert merit_of(Matrix(2, (0, 0, 0, 0), missed=3), (8, 2), 30_000) == Merit(lost=WAD)


def test_merit__asked_nothing__neither_earns_nor_loses() -> None:
    assert merit_of(Matrix(2), (8, 2), 30_000) == Merit()


@pytest.mark.parametrize(
    ("gold", "measured"), [((), False), ((0, 0), False), ((5, 0), False), ((0, 0, 9), False), ((1, 1), True)]
)
def test_is_measured__two_classes_at_least(gold, measured) -> None:
    assert is_measured(gold) is measured
