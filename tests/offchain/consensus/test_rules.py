import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import (
    RULES,
    Ballot,
    Matrix,
    answered,
    decode_labels,
    encode_labels,
    majority,
    pooled,
    unanimous,
    weighted,
)

NO_GOLD = (0, 0)
TASKS = 12


@st.composite
def ballots(draw, least=1):
    """Answers of up to seven annotators to a short word, and what gold says of them."""
    classes = draw(st.integers(2, 4))
    many = draw(st.integers(least, 7))
    answer = st.none() | st.integers(0, classes - 1)
    given_ = [draw(st.lists(answer, min_size=TASKS, max_size=TASKS)) for _ in range(many)]
    cells = st.lists(st.integers(0, 9), min_size=classes**2, max_size=classes**2)
    matrices = tuple(Matrix(classes, tuple(draw(cells))) for _ in range(many))
    gold = tuple(draw(st.lists(st.integers(0, 9), min_size=classes, max_size=classes)))
    labels = tuple(encode_labels(dict(enumerate(row)), TASKS, classes) for row in given_)
    return Ballot(classes, draw(st.integers(5_000, 9_999)), gold, matrices, labels)


def votes(*answers: int | None, accept_bps: int = 5_000, classes: int = 2) -> Ballot:
    """One task, an answer of each annotator, no gold."""
    labels = tuple(encode_labels({0: answer}, 1, classes) for answer in answers)
    matrices = (Matrix(classes),) * len(answers)
    return Ballot(classes, accept_bps, (0,) * classes, matrices, labels)


@pytest.mark.parametrize("rule", RULES)
@given(case=ballots(), rng=st.randoms())
def test_rule__annotators_in_another_order__same_verdict(rule, case, rng) -> None:
    """T31."""
    pairs = list(zip(case.matrices, case.labels, strict=True))
    rng.shuffle(pairs)
    matrices, labels = zip(*pairs, strict=True)
    shuffled = Ballot(case.classes, case.accept_bps, case.gold, matrices, labels)
    assert RULES[rule](shuffled) == RULES[rule](case)


@pytest.mark.parametrize("rule", RULES)
@given(case=ballots(), rng=st.randoms())
def test_rule__classes_with_other_numbers__same_verdict(rule, case, rng) -> None:
    new = rng.sample(range(case.classes), case.classes)
    old = [new.index(number) for number in range(case.classes)]
    matrices = tuple(
        Matrix(
            case.classes,
            tuple(
                one.count(old[truth], old[answer])
                for truth in range(case.classes)
                for answer in range(case.classes)
            ),
        )
        for one in case.matrices
    )
    labels = tuple(bytes(new[label - 1] + 1 if label else 0 for label in row) for row in case.labels)
    gold = tuple(case.gold[number] for number in old)
    renamed = RULES[rule](Ballot(case.classes, case.accept_bps, gold, matrices, labels))
    verdict = RULES[rule](case)
    assert renamed.voted == verdict.voted
    assert decode_labels(renamed.labels) == {
        task: new[label] for task, label in decode_labels(verdict.labels).items()
    }


@pytest.mark.parametrize("rule", RULES)
@given(case=ballots())
def test_rule__fewer_than_three_votes__no_label(rule, case) -> None:
    """T31."""
    verdict = RULES[rule](case)
    voted = sum(1 << task for task in range(TASKS) if sum(row[task] > 0 for row in case.labels) >= 3)
    assert verdict.voted == voted
    assert answered(verdict.labels) & ~voted == 0


@pytest.mark.parametrize("rule", RULES)
def test_rule__two_who_agree__are_not_enough_and_three_are(rule) -> None:
    assert RULES[rule](votes(1, 1)).labels[0] == 0
    assert RULES[rule](votes(1, 1, None)).voted == 0
    assert RULES[rule](votes(1, 1, 1)).labels[0] == 2


@pytest.mark.parametrize("rule", RULES)
def test_rule__nobody__nothing(rule) -> None:
    verdict = RULES[rule](Ballot(2, 5_000, NO_GOLD, (), ()))
    assert (verdict.labels, verdict.voted) == (b"", 0)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("answers", set(permutations([0, 0, 1, 1])))
def test_rule__tie__no_label(rule, answers) -> None:
    """T31."""
    verdict = RULES[rule](votes(*answers))
    assert verdict.labels[0] == 0
    assert verdict.voted == 1


@pytest.mark.parametrize(("accept_bps", "label"), [(6_666, 1), (6_667, 0)])
def test_majority__two_of_three__reach_their_share_and_no_more(accept_bps, label) -> None:
    assert majority(votes(0, 0, 1, accept_bps=accept_bps)).labels[0] == label


def test_majority__plurality_below_the_threshold__no_label() -> None:
    assert majority(votes(0, 0, 1, 2, classes=3)).labels[0] == 1
    assert majority(votes(0, 0, 1, 2, accept_bps=5_001, classes=3)).labels[0] == 0


@given(case=ballots(least=3))
def test_majority__is_the_most_frequent_answer(case) -> None:
    verdict = majority(case)
    for task in range(TASKS):
        given_ = [row[task] for row in case.labels if row[task]]
        counts = sorted(((given_.count(label), label) for label in set(given_)), reverse=True)
        best = counts[0] if counts else (0, 0)
        enough = len(given_) >= 3 and best[0] * 10_000 >= len(given_) * case.accept_bps
        tied = len(counts) > 1 and counts[1][0] == best[0]
        assert verdict.labels[task] == (best[1] if enough and not tied else 0)


@given(case=ballots(least=3))
def test_unanimous__one_other_answer__no_label(case) -> None:
    verdict = unanimous(case)
    for task in range(TASKS):
        given_ = {row[task] for row in case.labels if row[task]}
        many = sum(row[task] > 0 for row in case.labels)
        assert verdict.labels[task] == (min(given_) if len(given_) == 1 and many >= 3 else 0)


def likelihoods(case: Ballot, task: int) -> list[float]:
    """By class, the binary logarithm of how likely the answers to a task are, in floating point."""
    pool = pooled(case.matrices, case.classes)
    every = range(case.classes)
    found = [math.log2((case.gold[of] + 1) / (sum(case.gold) + case.classes)) for of in every]
    for matrix, row in zip(case.matrices, case.labels, strict=True):
        answer = row[task] - 1
        for of in every if answer >= 0 else ():
            shared = (pool.count(of, answer) + 1 + (of == answer)) / (
                sum(pool.count(of, other) for other in every) + case.classes + 1
            )
            asked = sum(matrix.count(of, other) for other in every)
            found[of] += math.log2((matrix.count(of, answer) + 4 * shared) / (asked + 4))
    return found


@given(case=ballots(least=3))
def test_weighted__is_the_likeliest_class_by_the_odds_of_the_threshold(case) -> None:
    verdict = weighted(case)
    odds = math.log2(case.accept_bps / (10_000 - case.accept_bps))
    blurred = 3 * 8 / 4_096  # of a sum of eight logarithms that are rounded down, three each
    for task in range(TASKS):
        if not verdict.voted >> task & 1:
            continue
        found = likelihoods(case, task)
        second, best = sorted(found)[-2:]
        if best - second > odds + blurred:
            assert verdict.labels[task] == found.index(best) + 1
        elif best - second < odds - blurred:
            assert verdict.labels[task] == 0


def test_weighted__annotator_who_is_always_wrong__counts_against_his_answer() -> None:
    good, bad = Matrix(2, (20, 0, 0, 20)), Matrix(2, (0, 20, 20, 0))
    labels = tuple(encode_labels({0: answer}, 1, 2) for answer in (0, 1, 1))
    assert weighted(Ballot(2, 5_000, (20, 20), (good, bad, bad), labels)).labels[0] == 1
