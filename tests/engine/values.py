"""Values of ABI types, as Hypothesis draws them."""

from __future__ import annotations

from typing import Any

from eth_utils import to_checksum_address
from hypothesis import strategies as st

from tests.engine.codec import Item

WORDS = ("uint256", "uint8", "uint96", "int256", "int24", "bool", "address", "bytes32", "bytes4")
FIXED = ("uint24[6]", "bytes32[2]")
PLAIN = (*WORDS, *FIXED, "bytes", "string")


def of_type(item: Item) -> st.SearchStrategy[Any]:
    """Any value of an item's type, a struct as a mapping."""
    kind = str(item["type"])
    if kind.endswith("[]"):
        return st.lists(of_type({**item, "type": kind[:-2]}), max_size=3)
    if kind.endswith("]"):
        kind, size = kind[:-1].rsplit("[", 1)
        # Of a fixed size, so a tuple, as values are decoded.
        return st.tuples(*[of_type({**item, "type": kind})] * int(size))
    if kind == "tuple":
        return st.fixed_dictionaries({part["name"]: of_type(part) for part in item["components"]})
    return _plain(kind)


def _plain(kind: str) -> st.SearchStrategy[Any]:
    """Any value of a type that has no parts."""
    if kind.startswith("uint"):
        return st.integers(0, 2 ** int(kind[4:]) - 1)
    if kind.startswith("int"):
        return st.integers(-(2 ** (int(kind[3:]) - 1)), 2 ** (int(kind[3:]) - 1) - 1)
    if kind.startswith("bytes") and kind != "bytes":
        size = int(kind[5:])
        return st.binary(min_size=size, max_size=size)
    simple = {
        "bool": st.booleans(),
        "address": st.binary(min_size=20, max_size=20).map(to_checksum_address),
        "bytes": st.binary(max_size=70),
        "string": st.text(max_size=40),
    }
    return simple[kind]


def of_types(items: list[Item]) -> st.SearchStrategy[list[Any]]:
    """A value of each."""
    return st.tuples(*map(of_type, items)).map(list)


def shapes() -> st.SearchStrategy[list[Item]]:
    """Parameter lists of any shape: words, dynamic types, structs and arrays of them, nested."""
    item = st.recursive(
        st.sampled_from(PLAIN).map(lambda kind: {"type": kind}),
        lambda inner: st.one_of(
            inner.map(_array_of), st.lists(inner, min_size=1, max_size=3).map(_struct_of)
        ),
        max_leaves=6,
    )
    return st.lists(item, max_size=4).map(lambda items: _struct_of(items)["components"])


def positional(item: Item, value: Any) -> Any:
    """The same value with structs as tuples."""
    kind = str(item["type"])
    if kind.endswith("[]"):
        return [positional({**item, "type": kind[:-2]}, one) for one in value]
    if kind == "tuple":
        return tuple(positional(part, value[part["name"]]) for part in item["components"])
    return value


def _array_of(item: Item) -> Item:
    return {**item, "type": f"{item['type']}[]"}


def _struct_of(items: list[Item]) -> Item:
    return {"type": "tuple", "components": [{**item, "name": f"field{at}"} for at, item in enumerate(items)]}
