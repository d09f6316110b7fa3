"""Choices from bytes: nothing but the tape decides, zeros choose the plainest, everything can be chosen."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.dice import BYTE, FAULTS, PER_FAULT, TAPE, Dice

SOUND = b"\0"
"""The first byte of a tape without fault."""

SIDES = (1, 2, 3, 7, 255, 256, 257, 1_000, 1 << 16, 10**18)


def faulty(opportunity):
    """The first byte of a tape whose fault comes at this opportunity."""
    return bytes([BYTE - FAULTS + PER_FAULT * opportunity])


@pytest.mark.parametrize("tape", [b"", b"\0", bytes(TAPE)])
def test_dice__zeros_or_nothing__are_the_first_choice_of_everything(tape):
    dice = Dice(tape)
    assert dice.choose(("first", "second")) == "first"
    assert [dice.below(sides) for sides in SIDES] == [0] * len(SIDES)
    assert not dice.wrong()
    assert not dice.chance(2)
    assert dice.pick(["right", "also right"], ["wrong"]) == "right"
    assert dice.mask() == 0


@given(tape=st.binary(max_size=TAPE), sides=st.lists(st.sampled_from(SIDES), max_size=40))
def test_below__any_tape__is_in_range_and_repeats(tape, sides):
    dice, again = Dice(tape), Dice(tape)
    drawn = [dice.below(count) for count in sides]
    assert all(0 <= number < count for number, count in zip(drawn, sides, strict=True))
    assert [again.below(count) for count in sides] == drawn


@pytest.mark.parametrize("sides", [1, 2, 3, 7, 100, 255, 256, 257, 1_000, 1 << 16])
def test_below__every_number__is_reached_about_equally_often(sides):
    bytes_read = 1 if sides <= BYTE else (sides.bit_length() + 7) // 8 + 1
    whole = range(0, BYTE**bytes_read, 1 if bytes_read < 3 else BYTE ** (bytes_read - 2) - 1)
    seen = Counter(Dice(SOUND + start.to_bytes(bytes_read, "big")).below(sides) for start in whole)
    assert set(seen) == set(range(sides))
    fair = len(whole) / sides
    assert all(fair / 2 - 1 <= count <= fair * 2 + 1 for count in seen.values())


def test_below__larger_bytes__never_choose_an_earlier_number():
    """Whoever shrinks a tape towards zeros shrinks the choice."""
    drawn = [Dice(SOUND + bytes([byte])).below(7) for byte in range(BYTE)]
    assert drawn == sorted(drawn)


def test_choose__one_after_the_other__reads_on():
    dice = Dice(SOUND + bytes([0, 255, 128]))
    assert [dice.choose("abcd") for _ in range(4)] == ["a", "d", "c", "a"]


def test_chance__every_byte__is_true_once_in_so_many_times():
    assert sum(Dice(SOUND + bytes([byte])).chance(4) for byte in range(BYTE)) == BYTE // 4


@pytest.mark.parametrize("opportunity", range(FAULTS // PER_FAULT))
def test_wrong__a_fault__comes_at_its_opportunity_and_never_again(opportunity):
    dice = Dice(faulty(opportunity))
    assert [at for at in range(100) if dice.wrong()] == [opportunity]


def test_wrong__every_first_byte__has_a_fault_in_its_share():
    """FAULTS of 256 tapes go wrong where there are opportunities enough, evenly at each of them."""
    faults = Counter()
    for byte in range(BYTE):
        dice = Dice(bytes([byte]))
        faults.update(at for at in range(FAULTS) if dice.wrong())
    assert sum(faults.values()) == FAULTS
    assert faults == dict.fromkeys(range(FAULTS // PER_FAULT), PER_FAULT)


@given(tape=st.binary(min_size=TAPE, max_size=TAPE), calls=st.lists(st.booleans(), max_size=60))
def test_dice__any_step__has_at_most_one_fault(tape, calls):
    dice = Dice(tape)
    faults = [dice.pick(["right"], ["wrong"]) == "wrong" if picked else dice.wrong() for picked in calls]
    assert sum(faults) <= 1


def test_pick__a_fault__is_one_of_the_wrong():
    assert Dice(faulty(0)).pick(["right"], ["wrong"]) == "wrong"


def test_pick__a_fault_without_anything_wrong__is_right():
    assert Dice(faulty(0)).pick(["right"]) == "right"


def test_pick__nothing_right__is_one_of_the_wrong():
    assert Dice(SOUND).pick([], ["wrong"]) == "wrong"


def test_mask__any_tape__repeats_after_16_bits_and_reaches_all_of_them():
    random, reached = Random(1), 0
    for _ in range(100):
        mask = Dice(SOUND + random.randbytes(TAPE)).mask()
        assert mask == (mask & 0xFFFF) * (2**256 // 0xFFFF)
        reached |= mask
    assert reached == 2**256 - 1
