"""T59: internal nodes as leaves, doubled leaves, wrong index or size, short and long proofs."""

import pytest
from eth_abi import encode
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError
from offchain.hashing import (
    batch_leaf,
    batch_proof,
    batch_root,
    keccak256,
    mask_of,
    masks_of,
    rank_in_mask,
    tasks_of,
    verify_batch_proof,
)
from tests.offchain.samples import ANNOTATOR, MARKET

LEAF_TYPES = ["uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32"]
VALUES = {
    "chain_id": 31_337,
    "market": MARKET,
    "job_id": 7,
    "task": 300,
    "annotator": ANNOTATOR,
    "result_hash": b"\1" * 32,
    "salt": b"\2" * 32,
}


def leaves_of(count):
    return [keccak256(index.to_bytes(32, "big")) for index in range(count)]


@st.composite
def trees(draw):
    size = draw(st.integers(1, 256))
    return leaves_of(size), draw(st.integers(0, size - 1))


def test_leaf__is_the_double_hash_of_the_abi_encoding():
    encoded = encode(LEAF_TYPES, list(VALUES.values()))
    assert batch_leaf(**VALUES) == keccak256(keccak256(encoded))


@pytest.mark.parametrize("name", VALUES)
def test_leaf__binds_every_value(name):
    value = VALUES[name]
    other = (
        value + 1 if isinstance(value, int) else ("0x" + "12" * 20 if isinstance(value, str) else b"\3" * 32)
    )
    assert batch_leaf(**{**VALUES, name: other}) != batch_leaf(**VALUES)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("task", -1),
        ("chain_id", 1 << 256),
        ("job_id", True),
        ("market", "0x12"),
        ("annotator", ANNOTATOR[:-1] + "c"),  # checksum broken
        ("salt", b"short"),
        ("result_hash", "0x" + "g" * 64),
    ],
)
def test_leaf__impossible_value__is_refused(name, bad):
    with pytest.raises(InputError):
        batch_leaf(**{**VALUES, name: bad})


def test_root__one_two_three_leaves():
    a, b, c = leaves_of(3)
    assert batch_root([a]) == a
    assert batch_root([a, b]) == keccak256(a + b)
    assert batch_root([a, b, c]) == keccak256(keccak256(a + b) + c)
    assert batch_root([b, a]) != batch_root([a, b])


def test_root__nothing_doubles_and_wrong_lengths__are_refused():
    a, b = leaves_of(2)
    for leaves in ([], [a, b, a], [a, b"short"]):
        with pytest.raises(InputError):
            batch_root(leaves)


@given(trees())
def test_proof__is_accepted_at_its_place_only(tree):
    leaves, index = tree
    root, proof = batch_root(leaves), batch_proof(leaves, index)
    places = [i for i in range(len(leaves)) if verify_batch_proof(root, leaves[index], i, len(leaves), proof)]
    assert places == [index]


@given(trees(), st.data())
def test_proof__tampered__is_rejected(tree, data):
    leaves, index = tree
    root, size, proof = batch_root(leaves), len(leaves), batch_proof(leaves, index)
    assert not verify_batch_proof(root, leaves[index], index, size, [*proof, leaves[0]])
    assert not verify_batch_proof(root, keccak256(leaves[index]), index, size, proof)
    assert not verify_batch_proof(keccak256(root), leaves[index], index, size, proof)
    assert not verify_batch_proof(root, leaves[index], size, size, proof)
    assert not verify_batch_proof(root, leaves[index], -1, size, proof)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:place], keccak256(proof[place]), *proof[place + 1 :]]
        assert not verify_batch_proof(root, leaves[index], index, size, changed)
        assert not verify_batch_proof(root, leaves[index], index, size, proof[:-1])
        assert not verify_batch_proof(root, leaves[index], index, size, [*proof[:-1], proof[-1][:31]])


@pytest.mark.parametrize(
    ("size", "claimed"), [(3, 4), (5, 6), (5, 7), (5, 8), (5, 9), (7, 8), (129, 130), (129, 256)]
)
def test_proof__of_an_odd_last_leaf__does_not_fit_a_larger_tree(size, claimed):
    """The size decides where a node rises without a sibling; the contract takes it from the mask of done
    tasks.
    """
    leaves = leaves_of(size)
    root, proof = batch_root(leaves), batch_proof(leaves, size - 1)
    assert verify_batch_proof(root, leaves[-1], size - 1, size, proof)
    assert not verify_batch_proof(root, leaves[-1], size - 1, claimed, proof)


@given(st.integers(2, 256))
def test_proof__inner_node_as_leaf__is_rejected_by_its_depth(size):
    leaves = leaves_of(size)
    root = batch_root(leaves)
    inner = keccak256(leaves[0] + leaves[1])
    shorter = batch_proof(leaves, 0)[1:]
    assert not verify_batch_proof(root, inner, 0, size, shorter)


def test_leaf__cannot_be_an_inner_node():
    """A leaf hashes 32 bytes, an inner node 64: a result can never be chosen so that its leaf is a known
    inner node.
    """
    encoded = encode(LEAF_TYPES, list(VALUES.values()))
    assert batch_leaf(**VALUES) != keccak256(encoded)


def test_proof__index_outside__is_refused():
    for index in (-1, 3):
        with pytest.raises(InputError):
            batch_proof(leaves_of(3), index)


@given(st.sets(st.integers(0, 4_000), min_size=1))
def test_masks__there_and_back(tasks):
    masks = masks_of(tasks)
    assert sorted(tasks) == [task for word, mask in masks.items() for task in tasks_of(word, mask)]
    assert list(masks) == sorted(masks)


@given(st.integers(0, 1_000), st.sets(st.integers(0, 255), min_size=1))
def test_rank__is_the_index_of_the_leaf(word, bits):
    tasks = sorted(256 * word + bit for bit in bits)
    found_word, mask = mask_of(tasks)
    assert found_word == word
    assert [rank_in_mask(mask, task) for task in tasks] == list(range(len(tasks)))


@pytest.mark.parametrize("tasks", [[], [0, 256], [3, 3], [-1]])
def test_mask_of__what_is_no_batch__is_refused(tasks):
    with pytest.raises(InputError):
        mask_of(tasks)


def test_tasks_of__out_of_range__is_refused():
    for word, mask in ((0, 1 << 256), (-1, 1), (0, -1)):
        with pytest.raises(InputError):
            tasks_of(word, mask)
    with pytest.raises(InputError):
        rank_in_mask(0b101, 1)
