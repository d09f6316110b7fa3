"""
Masks
├── count is the number of bits
├── run and asRun are inverse for every run of neighbouring bits
├── asRun refuses the empty mask and every mask with a gap
└── inWord names exactly the tasks below the task count
"""

from hypothesis import given
from hypothesis import strategies as st

FULL = 2**256 - 1
bits = st.integers(0, 255)
masks = st.one_of(
    st.integers(0, FULL), st.sets(bits, max_size=5).map(lambda few: sum(1 << bit for bit in few))
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(bits)
    return first, draw(st.integers(first, 255))


@given(masks)
def test_count__any_mask__is_its_number_of_bits(library, mask):
    assert library.call("count", mask) == mask.bit_count()


@given(runs())
def test_run__any_run__has_its_bits_and_is_found_again(library, run):
    first, last = run
    mask = ((1 << (last - first + 1)) - 1) << first
    assert library.call("run", first, last) == mask
    assert library.call("asRun", mask) == (True, first, last)


@given(masks)
def test_as_run__any_mask__is_a_run_if_it_has_no_gap(library, mask):
    is_run = "01" not in f"{mask:b}" and mask != 0  # written from the highest bit, a gap is followed by a one
    found, first, last = library.call("asRun", mask)
    assert found == is_run
    if is_run:
        assert library.call("run", first, last) == mask


def test_as_run__edges__are_right(library):
    assert library.call("asRun", 0)[0] is False
    assert library.call("asRun", FULL) == (True, 0, 255)
    assert library.call("asRun", 1) == (True, 0, 0)
    assert library.call("asRun", 1 << 255) == (True, 255, 255)
    assert library.call("asRun", 1 | 1 << 255)[0] is False
    assert library.call("asRun", FULL ^ 1 << 128)[0] is False


@given(st.integers(1, 1 << 20), st.one_of(st.integers(0, 4_097), st.integers(0, FULL)))
def test_in_word__any_word__has_the_tasks_that_exist(library, tasks, word):
    existing = max(0, min(256, tasks - 256 * word))
    assert library.call("inWord", tasks, word) == (1 << existing) - 1


def test_in_word__last_word__is_cut_at_the_task_count(library):
    assert [library.call("inWord", tasks, 1) for tasks in (256, 257, 511, 512)] == [0, 1, FULL >> 1, FULL]
    assert library.call("inWord", 0, 0) == 0
