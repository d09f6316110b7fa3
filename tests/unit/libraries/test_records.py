"""
Records
├── claimed packs annotator, expiry and word, with nothing else set
└── each change changes its own field, whatever was there before, and no other
"""

from hypothesis import given
from hypothesis import strategies as st

from offchain.states import ClaimState, DisputeState

addresses = st.integers(0, 2**160 - 1).map(lambda number: f"0x{number:040x}")
bits = st.integers(0, 255)
records = st.builds(
    lambda *parts: sum(
        part << offset for part, offset in zip(parts, (0, 160, 200, 216, 224, 232, 240, 248), strict=True)
    ),
    st.integers(0, 2**160 - 1),
    st.integers(0, 2**40 - 1),
    st.integers(0, 2**16 - 1),
    bits,
    bits,
    st.sampled_from(ClaimState),
    st.sampled_from(DisputeState),
    st.integers(0, 1),
)


def fields(library, record):
    return library.call("fields", record)


@given(addresses, st.integers(0, 2**40 - 1), st.integers(0, 2**16 - 1))
def test_claimed__any_claim__reads_back(library, annotator, expiry, word):
    read = fields(library, library.call("claimed", annotator, expiry, word))
    assert read.pop("annotator").lower() == annotator
    assert read == {
        "time": expiry,
        "word": word,
        "first": 0,
        "last": 0,
        "state": ClaimState.CLAIMED,
        "dispute": DisputeState.NONE,
        "scattered": False,
    }


@given(records, st.integers(0, 2**40 - 1))
def test_submitted__any_record__changes_state_and_time_only(library, record, time):
    after = fields(library, library.call("submitted", record, time))
    assert after == fields(library, record) | {"state": ClaimState.SUBMITTED, "time": time}


@given(records, st.sampled_from(DisputeState))
def test_with_dispute__any_record__changes_the_dispute_only(library, record, dispute):
    after = fields(library, library.call("withDispute", record, dispute))
    assert after == fields(library, record) | {"dispute": dispute}


@given(records, st.booleans(), bits, bits)
def test_with_tasks__any_record__changes_the_tasks_only(library, record, scattered, first, last):
    after = fields(library, library.call("withTasks", record, scattered, first, last))
    assert after == fields(library, record) | {"scattered": scattered, "first": first, "last": last}


@given(records, st.booleans())
def test_with_scattered__any_record__changes_the_flag_only(library, record, scattered):
    after = fields(library, library.call("withScattered", record, scattered))
    assert after == fields(library, record) | {"scattered": scattered}
