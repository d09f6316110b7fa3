"""The 0G root of a file, computed again on chain from the nodes of its Flow submission."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.hashing import Node, fold_nodes, keccak256, zerog_root
from tests.offchain.samples import pattern, vector

GOLDEN = vector("zerog_roots.json")
hashes = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize("length", GOLDEN["roots"])
def test_golden_roots_from_the_nodes_of_our_submission(registry, length):
    nodes = [node.root for node in zerog_root(pattern(int(length))).nodes]
    assert "0x" + registry.call("rootOfNodes", nodes).hex() == GOLDEN["roots"][length]


@given(length=st.integers(1, 300_000))
def test_any_file(registry, length):
    found = zerog_root(pattern(length))
    assert registry.call("rootOfNodes", [node.root for node in found.nodes]) == found.root


@given(nodes=st.lists(hashes, min_size=1, max_size=64))
def test_any_list_of_nodes_folds_as_off_chain(registry, trees, nodes):
    root = fold_nodes(tuple(Node(node, 0) for node in nodes))
    assert registry.call("rootOfNodes", nodes) == trees.call("fold", nodes) == root


@given(nodes=st.lists(hashes, min_size=3, max_size=6, unique=True))
def test_the_fold_goes_to_the_right(registry, nodes):
    first, *rest = nodes
    tail = registry.call("rootOfNodes", rest)
    assert registry.call("rootOfNodes", nodes) == keccak256(first + tail)


@given(nodes=st.lists(hashes, min_size=2, max_size=6, unique=True))
def test_order_and_number_of_nodes_count(registry, nodes):
    root = registry.call("rootOfNodes", nodes)
    assert root != registry.call("rootOfNodes", nodes[::-1])
    assert root != registry.call("rootOfNodes", nodes[:-1])
