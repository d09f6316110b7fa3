import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError, SchemaError
from offchain.hashing import canonical_json, keccak256, parse_canonical_json, result_hash

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_canonical__there_and_back(value):
    data = canonical_json(value)
    assert parse_canonical_json(data) == json.loads(data) == value
    assert canonical_json(parse_canonical_json(data)) == data


def test_canonical__is_sorted_compact_and_utf8():
    assert canonical_json({"b": [1, 2.5], "a": "Grüße\u2028"}) == '{"a":"Grüße\u2028","b":[1,2.5]}'.encode()
    assert result_hash({"b": 1, "a": 2}) == result_hash({"a": 2, "b": 1}) == keccak256(b'{"a":2,"b":1}')


@pytest.mark.parametrize(
    "bad", [math.nan, math.inf, {1: 2}, {"a": {True: 1}}, {"x"}, b"bytes", "\ud800", object()]
)
def test_canonical__what_json_cannot_say__is_refused(bad):
    with pytest.raises(InputError):
        canonical_json(bad)


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b"[1.0e0]", b"[NaN]", b"[", b"\xff", b'"\\u00fc"', b""],
)
def test_parse__any_other_way_to_write_it__is_refused(data):
    with pytest.raises(SchemaError):
        parse_canonical_json(data)
