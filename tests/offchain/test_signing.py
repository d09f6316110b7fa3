import dataclasses
import re
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError, SigningError
from offchain.hashing import keccak256
from offchain.signing import (
    TYPES,
    Domain,
    digest,
    domain_separator,
    fresh_nonce,
    recover,
    sign,
    struct_fields,
    struct_hash,
    terms_hash,
    type_hash,
    typed_data,
)
from offchain.terms import (
    JobTerms,
    class_of_word,
    difficulty,
    pack_multipliers,
    pack_word_classes,
    unpack_multipliers,
)
from tests.offchain.samples import ANNOTATOR, MARKET, OTHER

ROOT = Path(__file__).resolve().parents[2]
KEY = b"\x05" * 32
DOMAIN = Domain(31_337, MARKET)
ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
VALUES = {
    "address": ADDRESSES,
    "bytes32": st.binary(min_size=32, max_size=32),
    "string": st.text(st.characters(exclude_categories=["Cs"])),
    "uint256[]": st.lists(st.integers(0, 2**256 - 1), max_size=4),
}
STRUCTS = [name for name in TYPES if name != "EIP712Domain"]


def terms(**changes):
    values = {
        "creator": ANNOTATOR,
        "reward": 10,
        "task_count": 300,
        "review_window": 3_600,
        "deadline": 2_000_000_000,
        "max_open": 256,
        "data_root": b"\1" * 32,
        "data_length": 77,
        "instructions_hash": b"\2" * 32,
    }
    return JobTerms(**{**values, **changes})


def value_of(kind):
    return VALUES[kind] if kind in VALUES else st.integers(0, 2 ** int(kind.removeprefix("uint")) - 1)


@st.composite
def messages(draw):
    primary = draw(st.sampled_from(STRUCTS))
    return primary, {name: draw(value_of(kind), label=name) for kind, name in struct_fields(primary)}


@given(messages())
def test_struct_hash__is_that_of_eth_account(message):
    primary, values = message
    document = typed_data(DOMAIN, primary, values)
    reference = encode_typed_data(full_message=document)
    assert struct_hash(primary, values) == reference.body
    assert domain_separator(DOMAIN) == reference.header


def solidity_type_strings():
    """Every struct that a contract hashes for a signature: the text in the definitions of its type hashes."""
    found = {}
    for path in (ROOT / "contracts").rglob("*.sol"):
        definitions = re.findall(r"_TYPEHASH\s*=\s*keccak256\((.*?)\)\s*;", path.read_text(), re.DOTALL)
        for definition in definitions:
            text = "".join(re.findall(r'"([^"]*)"', definition))
            name, _, fields = text.partition("(")
            found[name] = fields.removesuffix(")")
    return found


def test_table__is_what_the_contracts_hash():
    contracts = solidity_type_strings()
    assert len(contracts) >= 7
    assert contracts == {name: fields for name, fields in TYPES.items() if name != "EIP712Domain"}


def test_type_hash__is_over_name_and_fields():
    assert type_hash("ArbiterAcceptance") == keccak256(
        b"ArbiterAcceptance(bytes32 termsHash,address arbiter,uint256 deadline)"
    )


def test_terms__mirror_the_table_field_by_field():
    assert list(terms().message()) == [name for _, name in struct_fields("JobTerms")]


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(JobTerms)])
def test_terms_hash__binds_every_field(field):
    value = getattr(terms(), field)
    changed = {str: OTHER, bytes: b"\7" * 32, tuple: (1,)}.get(type(value)) or value + 1
    assert terms_hash(terms(**{field: changed})) != terms_hash(terms())


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("reward", 2**96),
        ("task_count", 2**24),
        ("bond_bps", -1),
        ("creator", "0x12"),
        ("data_root", b"short"),
        ("max_open", 1.5),
    ],
)
def test_terms_hash__value_out_of_range__is_refused_by_name(field, bad):
    with pytest.raises(InputError):
        terms_hash(terms(**{field: bad}))


def release(nonce=1):
    return typed_data(
        DOMAIN, "Release", {"claimId": 5, "annotator": ANNOTATOR, "nonce": nonce, "deadline": 9}
    )


def test_sign__by_a_wallet_that_signs_with_another_key__is_refused():
    class Impostor:
        address = OTHER
        sign_message = staticmethod(Account.from_key(KEY).sign_message)

    with pytest.raises(SigningError, match="do not send it"):
        sign(Impostor(), release())


def test_sign__recovers_to_the_account__and_only_for_this_act():
    account = Account.from_key(KEY)
    signature = sign(account, release())
    assert len(signature) == 65
    assert recover(release(), signature) == account.address
    assert recover(release(nonce=2), signature) != account.address
    assert Account._recover_hash(digest(release()), signature=signature) == account.address


@pytest.mark.parametrize(
    "other", [Domain(1, MARKET), Domain(31_337, OTHER), Domain(31_337, MARKET, version="2")]
)
def test_digest__differs_on_another_chain_contract_or_version(other):
    values = {"claimId": 5, "annotator": ANNOTATOR, "nonce": 1, "deadline": 9}
    assert digest(typed_data(other, "Release", values)) != digest(release())
    assert digest(typed_data(DOMAIN, "Appeal", values)) != digest(release())


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"claimId": 5, "annotator": ANNOTATOR, "nonce": 1},
        {"claimId": 5, "annotator": ANNOTATOR, "nonce": 1, "deadline": 9, "extra": 1},
        {"claimId": -5, "annotator": ANNOTATOR, "nonce": 1, "deadline": 9},
        {"claimId": 5, "annotator": ANNOTATOR[:-2], "nonce": 1, "deadline": 9},
        {"claimId": 5, "annotator": ANNOTATOR, "nonce": 2**256, "deadline": 9},
    ],
)
def test_typed_data__that_does_not_fit__is_refused(values):
    with pytest.raises(InputError):
        typed_data(DOMAIN, "Release", values)


def test_typed_data__unknown_struct__names_the_known_ones():
    with pytest.raises(InputError, match="SubmitBatch"):
        typed_data(DOMAIN, "Steal", {})


@pytest.mark.parametrize("signature", [b"", b"\1" * 64, b"\0" * 65, b"\xff" * 65])
def test_recover__what_is_no_signature__is_refused(signature):
    with pytest.raises(SigningError):
        recover(release(), signature)


def test_fresh_nonce__does_not_repeat_and_fits():
    nonces = {fresh_nonce() for _ in range(100)}
    assert len(nonces) == 100
    assert max(nonces) < 2**256


@given(st.lists(st.integers(1, 65_535), max_size=8))
def test_multipliers__there_and_back(values):
    assert list(unpack_multipliers(pack_multipliers(values)))[: len(values)] == values
    assert pack_multipliers(values) < 2**128


@given(st.lists(st.integers(0, 7), max_size=200))
def test_word_classes__there_and_back(classes):
    packed = pack_word_classes(classes)
    assert len(packed) == -(-len(classes) // 64)
    assert [class_of_word(packed, word) for word in range(len(classes))] == classes


def test_packing__puts_class_i_where_the_contract_looks():
    assert pack_multipliers([10_000, 15_000]) == 10_000 + (15_000 << 16)
    assert pack_word_classes([0, 3] + [0] * 62 + [5]) == (3 << 4, 5)


@given(st.lists(st.sampled_from([5_000, 10_000, 12_500, 30_000]), min_size=1, max_size=130))
def test_difficulty__gives_each_word_its_multiplier(per_word):
    multipliers, classes = difficulty(per_word)
    if set(per_word) == {10_000}:
        assert (multipliers, classes) == (0, ())
    else:
        assert [
            unpack_multipliers(multipliers)[class_of_word(classes, w)] for w in range(len(per_word))
        ] == per_word


@pytest.mark.parametrize("values", [[0], [65_536], [1] * 9, [-1]])
def test_multipliers__impossible__are_refused(values):
    with pytest.raises(InputError):
        pack_multipliers(values)


def test_classes__impossible__are_refused():
    for bad in ([8], [-1]):
        with pytest.raises(InputError):
            pack_word_classes(bad)
    with pytest.raises(InputError):
        class_of_word((1,), 64)
    with pytest.raises(InputError):
        difficulty(range(1, 10))
