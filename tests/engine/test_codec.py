"""The codec writes what eth-abi writes, for every type that the project uses and for any nesting of them."""

import pytest
from eth_abi import encode
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.codec import decoded, encoder, named_encoder, selector_of, signature_of, type_of
from tests.engine.values import of_types, positional, shapes


def eth_abi_of(items, values):
    """What eth-abi makes of values whose structs are mappings."""
    return encode([type_of(item) for item in items], list(map(positional, items, values)))


@pytest.fixture(scope="module")
def project_types(abis):
    """Every type of an argument, a result, an event or an error in the project, once."""
    entries = [entry for abi in abis.values() for entry in abi]
    items = [item for entry in entries for side in ("inputs", "outputs") for item in entry.get(side) or []]
    return list({type_of(item): item for item in items}.values())


@given(data=st.data())
def test_encoder__every_type_of_the_project__is_as_eth_abi(project_types, data):
    assert {"string", "bytes", "bool", "uint256[]", "bytes32[]"} <= set(map(type_of, project_types))
    values = data.draw(of_types(project_types))
    assert encoder(project_types)(values) == eth_abi_of(project_types, values)
    for item, value in zip(project_types, values, strict=True):
        assert encoder([item])([value]) == eth_abi_of([item], [value])
        assert encoder([item])([positional(item, value)]) == eth_abi_of([item], [value])


@given(data=st.data())
def test_encoder__any_nesting__is_as_eth_abi(data):
    items = data.draw(shapes())
    values = data.draw(of_types(items))
    assert encoder(items)(values) == eth_abi_of(items, values)


@given(data=st.data())
def test_named_encoder__any_nesting__takes_values_by_name_in_any_order(data):
    items = data.draw(shapes())
    values = data.draw(of_types(items))
    named = list(zip([item["name"] for item in items], values, strict=True))
    assert named_encoder(items)(dict(reversed(named))) == encoder(items)(values)


@given(data=st.data())
def test_decoded__whatever_was_encoded__is_the_same_values(data):
    items = data.draw(shapes())
    values = data.draw(of_types(items))
    assert _listed(decoded(items, encoder(items)(values))) == _listed(values)


def _listed(value):
    """Arrays come back as tuples."""
    if isinstance(value, dict):
        return {name: _listed(one) for name, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(
    "kind", ["fixed128x18", "function", "string[4]", "bytes[2]", "function[2]", "fixed128x18[]"]
)
def test_encoder__a_type_that_it_does_not_know__is_refused_by_name(kind):
    with pytest.raises(ValueError, match=r"knows no type .*teach it"):
        encoder([{"name": "it", "type": kind, "components": []}])


@pytest.mark.parametrize("value", [-1, 2**256])
def test_encoder__a_number_outside_of_a_word__is_refused(value):
    with pytest.raises(OverflowError):
        encoder([{"name": "it", "type": "uint256"}])([value])


def test_signature_of__structs__are_spelled_out():
    part = {"name": "a", "type": "tuple[]", "components": [{"name": "b", "type": "bytes"}]}
    entry = {"name": "f", "inputs": [part, {"name": "c", "type": "address"}]}
    assert signature_of(entry) == "f((bytes)[],address)"


def test_selector_of__transfer__is_the_one_that_everybody_knows():
    inputs = [{"type": "address"}, {"type": "uint256"}]
    assert selector_of({"name": "transfer", "inputs": inputs}).hex() == "a9059cbb"
