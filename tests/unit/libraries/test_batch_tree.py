"""
BatchTree
├── verify accepts exactly the proofs that off-chain code makes, for every size from 1 to 256 (T30)
├── it refuses an index outside of the tree, an empty tree and another size
└── it refuses an inner node as a leaf, a short and a long proof, and a leaf in another place (T59)
"""

import ape
import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from offchain.hashing import batch_proof, batch_root
from offchain.hashing._batch import verify_batch_proof
from tests.support.calls import deploy


@pytest.fixture(scope="module")
def tree():
    return deploy("TreeHarness", sender=ape.accounts.test_accounts[0].address)


def leaves(size: int) -> list[bytes]:
    return [keccak(number.to_bytes(2, "big")) for number in range(size)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 9, 17, 31, 255, 256])
def test_verify__every_edge_of_a_tree__is_proven(tree, size):
    nodes = leaves(size)
    for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        place, proof = (batch_root(nodes), nodes[index], index, size), batch_proof(nodes, index)
        assert tree.call("verify", *place, proof)
        assert not tree.call("verify", *place, [*proof, nodes[0]])
        assert not proof or not tree.call("verify", *place, proof[:-1])


def test_verify__no_tree__is_false(tree):
    assert not tree.call("verify", bytes(32), bytes(32), 0, 0, [])
    assert not tree.call("verify", b"\1" * 32, b"\1" * 32, 1, 1, [])


@given(st.data())
def test_verify__anything__agrees_with_off_chain_code(tree, data):
    """Right or wrong index, size, leaf and proof: both sides say the same."""
    size = data.draw(st.integers(1, 40))
    nodes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = batch_proof(nodes, index)
    leaf = data.draw(st.sampled_from([nodes[index], nodes[0], keccak(b"no leaf")]))
    claimed = data.draw(st.one_of(st.just(index), st.integers(0, 300)))
    claimed_size = data.draw(st.one_of(st.just(size), st.integers(0, 300)))
    proof = data.draw(st.sampled_from([proof, proof[:-1], proof[1:], [*proof, nodes[0]], proof[::-1]]))
    arguments = (batch_root(nodes), leaf, claimed, claimed_size, proof)
    assert tree.call("verify", *arguments) == verify_batch_proof(*arguments)


def test_verify__node_in_place_of_a_leaf__is_false(tree):
    nodes = leaves(4)
    upper = keccak(nodes[0] + nodes[1])
    proof = batch_proof(nodes, 0)
    assert not tree.call("verify", batch_root(nodes), upper, 0, 4, proof[1:])
    assert tree.call(
        "verify", batch_root(nodes), upper, 0, 2, proof[1:]
    )  # which is why the size is not the prover's


def test_verify__promoted_leaf__needs_the_sibling_of_its_own_level_only(tree):
    """Of 5 leaves the last rises twice: its proof is one node long."""
    nodes = leaves(5)
    proof = batch_proof(nodes, 4)
    assert len(proof) == 1
    assert tree.call("verify", batch_root(nodes), nodes[4], 4, 5, proof)
    assert not tree.call("verify", batch_root(nodes), nodes[4], 4, 5, [nodes[4], *proof])
    assert not tree.call("verify", batch_root(nodes), nodes[4], 4, 6, proof)
