import random

import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import (
    GoldTree,
    GoldWord,
    audit_mask,
    audit_seed,
    commitment,
    encode_labels,
    salt_part,
)
from offchain.exceptions import InputError
from offchain.hashing import verify_batch_proof
from tests.offchain.samples import ANNOTATOR, MARKET, OTHER

SALT = bytes(range(1, 33))
WHOLE = (1 << 256) - 1
BOUND = {
    "chain_id": 1337,
    "market": MARKET,
    "job_id": 7,
    "word": 3,
    "annotator": ANNOTATOR,
    "mask": 0b1011,
    "labels": encode_labels({0: 1, 1: 0, 3: 1}, 4, 2),
    "salt": SALT,
}
TYPE = (
    b"Commitment(uint256 chainId,address market,uint256 jobId,uint256 word,address annotator,uint256 mask,"
    b"bytes32 labelsHash,bytes32 salt)"
)


def test_commitment__is_the_hash_of_the_encoded_values() -> None:
    types = [
        "bytes32",
        "uint256",
        "address",
        "uint256",
        "uint256",
        "address",
        "uint256",
        "bytes32",
        "bytes32",
    ]
    values = [keccak(TYPE), 1337, MARKET, 7, 3, ANNOTATOR, 0b1011, keccak(BOUND["labels"]), SALT]
    assert commitment(**BOUND) == keccak(encode(types, values))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chain_id", 1),
        ("market", OTHER),
        ("job_id", 8),
        ("word", 4),
        ("annotator", OTHER),
        ("mask", 0b1001),
        ("labels", encode_labels({0: 1, 1: 1, 3: 1}, 4, 2)),
        ("salt", SALT[::-1]),
    ],
)
def test_commitment__binds_every_value(name, value) -> None:
    assert commitment(**BOUND | {name: value}) != commitment(**BOUND)


def test_commitment__without_salt__is_refused() -> None:
    with pytest.raises(InputError, match="random salt"):
        commitment(**BOUND | {"salt": bytes(32)})


def gold_word(number: int) -> GoldWord:
    return GoldWord(1 << number, encode_labels({number: number % 2}, 6, 2), keccak(bytes([number])))


def test_gold__leaf_is_that_of_openzeppelins_standard_tree() -> None:
    gold = gold_word(2)
    encoded = encode(
        ["uint256", "uint256", "bytes32", "bytes32"], [9, gold.mask, keccak(gold.labels), gold.salt]
    )
    assert gold.leaf(9) == keccak(keccak(encoded))


@pytest.mark.parametrize("words", [1, 2, 5])
def test_gold__every_word__is_proven_and_no_other(words) -> None:
    tree = GoldTree({word: gold_word(word) for word in range(words)})
    for word in range(words):
        proof = tree.proof(word)
        assert verify_batch_proof(tree.root, gold_word(word).leaf(word), word, words, proof)
        assert not verify_batch_proof(tree.root, gold_word(word).leaf(word + 1), word, words, proof)
        assert not verify_batch_proof(tree.root, gold_word(word + 1).leaf(word), word, words, proof)


def test_gold__of_no_word_or_an_unknown_one__is_refused() -> None:
    with pytest.raises(InputError, match="every word"):
        GoldTree({})
    with pytest.raises(InputError, match="from word 0 on"):
        GoldTree({1: gold_word(1)})
    with pytest.raises(InputError, match="no gold for word 1"):
        GoldTree({0: gold_word(0)}).proof(1)


@given(st.lists(st.binary(min_size=32, max_size=32)), st.randoms())
def test_audit_seed__sum_of_hashed_salts_in_any_order(salts, rng) -> None:
    total = sum(int.from_bytes(keccak(salt)) % 2**88 for salt in salts) % 2**88
    shuffled = rng.sample(salts, len(salts))
    assert audit_seed(SALT, shuffled) == keccak(encode(["bytes32", "uint256"], [SALT, total]))


def test_salt_part__is_below_its_bits() -> None:
    assert all(salt_part(bytes([number]) * 32) < 2**88 for number in range(256))


@pytest.mark.parametrize("audit", [1, 13, 26, 128, 200, 255])
def test_audit_mask__draws_its_share(audit) -> None:
    seats = 400
    drawn = sum(
        audit_mask(keccak(number.to_bytes(4)), ANNOTATOR, WHOLE, audit).bit_count() for number in range(seats)
    )
    tasks, chance = 256 * seats, audit / 256
    assert abs(drawn - tasks * chance) < 5 * (tasks * chance * (1 - chance)) ** 0.5


@given(st.integers(0, WHOLE), st.integers(0, 256))
def test_audit_mask__stays_within_the_seat(mask, audit) -> None:
    drawn = audit_mask(SALT, ANNOTATOR, mask, audit)
    assert drawn & ~mask == 0
    assert audit > 0 or drawn == 0
    assert audit < 256 or drawn == mask


def test_audit_mask__other_annotators__have_other_tasks() -> None:
    rng = random.Random(1)
    seed = rng.randbytes(32)
    assert audit_mask(seed, ANNOTATOR, WHOLE, 128) != audit_mask(seed, OTHER, WHOLE, 128)
