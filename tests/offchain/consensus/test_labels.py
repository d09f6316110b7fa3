import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import (
    MAX_CLASSES,
    WORD,
    answered,
    decode_labels,
    encode_labels,
    merged,
    only,
    padded_length,
)
from offchain.exceptions import InputError

ANSWERS = st.integers(1, WORD).flatmap(
    lambda tasks: st.tuples(
        st.just(tasks),
        st.dictionaries(st.integers(0, tasks - 1), st.integers(0, MAX_CLASSES - 1)),
        st.integers(0, (1 << WORD) - 1),
    )
)


@given(ANSWERS)
def test_labels__decoded__are_the_answers(case) -> None:
    tasks, answers, _ = case
    labels = encode_labels(answers, tasks, MAX_CLASSES)
    assert decode_labels(labels) == answers
    assert answered(labels) == sum(1 << bit for bit in answers)
    assert len(labels) % 32 == 0
    assert 0 <= len(labels) - tasks < 32


@given(ANSWERS)
def test_labels__split_by_a_mask_and_merged__are_whole(case) -> None:
    tasks, answers, mask = case
    labels = encode_labels(answers, tasks, MAX_CLASSES)
    inside = only(labels, mask)
    assert answered(inside) == answered(labels) & mask
    assert merged(inside, only(labels, ~mask)) == labels


def test_labels__who_abstains__has_byte_zero() -> None:
    assert encode_labels({0: None, 2: 0}, 3, 2)[:3] == b"\x00\x00\x01"


@pytest.mark.parametrize(("tasks", "length"), [(1, 32), (32, 32), (33, 64), (256, 256)])
def test_padded_length__next_multiple_of_32(tasks, length) -> None:
    assert padded_length(tasks) == length


@pytest.mark.parametrize("tasks", [0, -1, 257])
def test_padded_length__no_word__is_refused(tasks) -> None:
    with pytest.raises(InputError, match="1 to 256 tasks"):
        padded_length(tasks)


@pytest.mark.parametrize("bit", [-1, 3])
def test_labels__task_outside_the_word__is_refused(bit) -> None:
    with pytest.raises(InputError, match=f"task {bit} is not among the 3 tasks"):
        encode_labels({bit: 0}, 3, 2)


@pytest.mark.parametrize("answer", [-1, 2])
def test_labels__class_that_the_job_has_not__is_refused(answer) -> None:
    with pytest.raises(InputError, match=f"class {answer} is not among the 2 classes"):
        encode_labels({0: answer}, 3, 2)
