import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import MAX_CLASSES, Matrix, log2, matrix_words, pooled

MARKS = st.integers(2, MAX_CLASSES).flatmap(
    lambda classes: st.tuples(
        st.just(classes),
        st.lists(
            st.tuples(st.integers(0, classes - 1), st.none() | st.integers(0, classes - 1)), max_size=40
        ),
    )
)


@given(st.integers(1, 2**128 - 1))
def test_log2__is_the_logarithm_rounded_down(number) -> None:
    exact = math.log2(number) * 4_096
    assert -1e-6 < exact - log2(number) < 1 + 1e-6


@pytest.mark.parametrize("exponent", [0, 1, 12, 64, 127])
def test_log2__powers_of_two__are_exact(exponent) -> None:
    assert log2(2**exponent) == exponent * 4_096


@given(MARKS)
def test_matrix__packed__has_every_count_in_15_bits(case) -> None:
    classes, marks = case
    matrix = Matrix(classes).plus(marks)
    packed = matrix.pack()
    assert len(packed) == matrix_words(classes)
    for truth in range(classes):
        for answer in range(classes):
            cell = truth * classes + answer
            count = sum(mark == (truth, answer) for mark in marks)
            assert packed[cell // 16] >> 15 * (cell % 16) & 0x7FFF == count == matrix.count(truth, answer)
    missed = sum(answer is None for _, answer in marks)
    assert packed[0] >> 240 == missed
    assert matrix.asked == len(marks)
    assert all(word < 2**240 for word in packed[1:])


@given(MARKS, st.integers(0, 40))
def test_matrix__pooled__is_the_matrix_of_all_marks(case, cut) -> None:
    classes, marks = case
    parts = [Matrix(classes).plus(marks[:cut]), Matrix(classes).plus(marks[cut:])]
    assert pooled(parts, classes) == Matrix(classes).plus(marks)


def test_matrix__full_cells__stay_apart() -> None:
    most = 2**15 - 1
    matrix = Matrix(4, tuple(most if cell % 2 else 0 for cell in range(16)), 1)
    (word,) = matrix.pack()
    assert [word >> 15 * cell & most for cell in range(16)] == [0, most] * 8
    assert word >> 240 == 1


@pytest.mark.parametrize(("classes", "words"), [(2, 1), (4, 1), (5, 2), (6, 3), (7, 4), (8, 4)])
def test_matrix_words(classes, words) -> None:
    assert matrix_words(classes) == words
