"""Hashes on which Solidity and Python must agree: leaves, trees, terms, typed data (T30, T44, T59)."""

from dataclasses import fields

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from offchain.hashing import (
    RewardTree,
    batch_leaf,
    batch_proof,
    batch_root,
    checksum_address,
    keccak256,
    verify_batch_proof,
    verify_reward_proof,
)
from offchain.signing import (
    TYPES,
    Domain,
    digest,
    domain_separator,
    struct_fields,
    struct_hash,
    terms_hash,
    typed_data,
)
from offchain.terms import JobTerms, solidity_name
from tests.support.calls import CallReverted, Contract, deploy, rpc
from tests.support.registry import terms_struct

hashes = st.binary(min_size=32, max_size=32)
addresses = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
accounts = st.binary(min_size=20, max_size=20).map(checksum_address)


def value_of(kind):
    """Values of a Solidity type, its bounds included."""
    if kind.endswith("[]"):
        return st.lists(value_of(kind[:-2]), max_size=4)
    if kind == "address":
        return addresses
    if kind == "bytes32":
        return hashes
    if kind == "string":
        return st.text(max_size=40)
    largest = 2 ** int(kind.removeprefix("uint")) - 1
    return st.one_of(st.integers(0, largest), st.sampled_from([0, 1, largest]))


def messages(primary):
    return st.fixed_dictionaries({name: value_of(kind) for kind, name in struct_fields(primary)})


def chain_id():
    return int(rpc("eth_chainId"), 16)


@st.composite
def job_terms(draw):
    message = draw(messages("JobTerms"))
    values = {item.name: message[solidity_name(item.name)] for item in fields(JobTerms)}
    return JobTerms(**values | {"word_classes": tuple(message["wordClasses"])})


@given(terms=job_terms())
def test_terms_hash(market, terms):
    struct, classes = terms_struct(terms), list(terms.word_classes)
    assert market.call("hashTerms", terms.creator, struct, classes) == terms_hash(terms)


@given(
    job_id=st.integers(0, 2**64),
    task=st.integers(0, 2**256 - 1),
    annotator=addresses,
    result_hash=hashes,
    salt=hashes,
)
def test_result_leaf(market, trees, who, job_id, task, annotator, result_hash, salt):
    expected = batch_leaf(
        chain_id=chain_id(),
        market=market.address,
        job_id=job_id,
        task=task,
        annotator=annotator,
        result_hash=result_hash,
        salt=salt,
    )
    assert trees.call("leaf", market.address, job_id, task, annotator, result_hash, salt) == expected


def test_the_lens_tells_the_same_leaf(market, who):
    lens = deploy("MarketLens", market.address, sender=who.owner)
    values = {"job_id": 7, "task": 300, "result_hash": b"\x01" * 32, "salt": b"\x02" * 32}
    expected = batch_leaf(chain_id=chain_id(), market=market.address, annotator=who.owner, **values)
    assert lens.call("resultLeaf", 7, 300, who.owner, b"\x01" * 32, b"\x02" * 32) == expected


def accepts(trees: Contract, *proof) -> bool:
    """What the contract says, once it is sure that Python says the same."""
    root, leaf, index, size, siblings = proof
    answer = trees.call("verify", root, leaf, index, size, siblings)
    assert answer == verify_batch_proof(root, leaf, index, size, siblings)
    return answer


trees_of_leaves = st.lists(hashes, min_size=1, max_size=40, unique=True)


@given(leaves=trees_of_leaves, data=st.data())
def test_every_result_of_a_batch_is_proven(trees, leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert accepts(trees, batch_root(leaves), leaves[index], index, len(leaves), batch_proof(leaves, index))


@given(leaves=trees_of_leaves, data=st.data())
def test_no_other_place_size_or_proof_is_accepted(trees, leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof, size = batch_root(leaves), batch_proof(leaves, index), len(leaves)
    leaf = leaves[index]
    other = data.draw(st.integers(0, 2 * size).filter(lambda number: number != index))
    assert not accepts(trees, root, leaf, other, size, proof)
    assert not accepts(trees, root, leaf, index, size, [*proof, data.draw(hashes)])
    assert not accepts(trees, root, leaf, size, size, proof)
    assert not accepts(trees, root, leaf, 0, 0, proof)
    assert not accepts(trees, root, leaf, 2**256 - 1, size, proof)
    assert not accepts(trees, keccak256(root), leaf, index, size, proof)
    if proof:
        assert not accepts(trees, root, leaf, index, size, proof[:-1])
        assert not accepts(trees, root, leaf, index, size, proof[::-1][:-1])
        assert not accepts(trees, root, leaf, index, size, [keccak256(proof[0]), *proof[1:]])


@given(leaves=st.lists(hashes, min_size=2, max_size=40, unique=True), data=st.data())
def test_an_inner_node_is_no_result_of_a_shorter_tree_with_its_own_size(trees, leaves, data):
    """An inner node one level up, with what is left of the proof, is no leaf: the size fixes the length."""
    index = data.draw(st.integers(0, len(leaves) // 2 * 2 - 1))
    parent = keccak256(leaves[index & ~1] + leaves[index | 1])
    proof = batch_proof(leaves, index)[1:]
    assert not accepts(trees, batch_root(leaves), parent, index, len(leaves), proof)
    assert not accepts(trees, batch_root(leaves), parent, index // 2, len(leaves), proof)


@given(size=st.integers(1, 2**256 - 1), index=st.integers(0, 2**256 - 1), node=hashes)
def test_absurd_sizes_end_in_no(trees, size, index, node):
    assert accepts(trees, node, node, index, size, []) is (index == 0 and size == 1)


@given(data=st.data(), shares=st.dictionaries(accounts, st.integers(0, 2**256 - 1), min_size=1, max_size=20))
def test_every_share_of_a_tree_of_rewards_is_proven(distributor, who, shares, data):
    """T59: as the distributor proves it; and nothing else is."""
    tree = RewardTree(shares)
    account = data.draw(st.sampled_from(sorted(shares)))
    proof, share = tree.proof(account), shares[account]
    other = data.draw(st.integers(0, 2**256 - 1).filter(lambda amount: amount != share))
    claims = [(account, share, proof), (account, other, proof), (account, share, [*proof, data.draw(hashes)])]
    if proof:
        claims += [(account, share, proof[:-1]), (account, share, [keccak256(proof[0]), *proof[1:]])]
    distributor.send("setRoot", tree.root, 0, sender=who.owner)
    for claim in claims:
        proven = verify_reward_proof(tree.root, *claim)
        assert proven == (claim is claims[0])
        with pytest.raises(CallReverted) as refused:
            distributor.call("claimFromTree", *claim, sender=who.owner)
        nothing = "BadTotal" if share else "NothingToClaim"  # for the sum of this tree is zero
        assert refused.value.error == (nothing if proven else "BadProof")


def test_domains_of_the_contracts(market, registry, distributor, staking, hook):
    names = (
        (market, "Winnow AnnotationMarket"),
        (registry, "Winnow DatasetRegistry"),
        (distributor, "Winnow RewardDistributor"),
        (staking, "Winnow Staking"),
        (hook, "Winnow StakeHook"),
    )
    for contract, name in names:
        domain = Domain(chain_id(), contract.address, name=name)
        assert contract.call("domainSeparator") == domain_separator(domain)


@given(data=st.data(), verifier=addresses, chain=st.integers(1, 2**64))
def test_digests_are_those_of_eth_account(data, verifier, chain):
    primary = data.draw(st.sampled_from(sorted(set(TYPES) - {"EIP712Domain"})))
    message = data.draw(messages(primary))
    domain = Domain(chain, verifier)
    document = typed_data(domain, primary, message)
    mine = keccak256(b"\x19\x01" + domain_separator(domain) + struct_hash(primary, message))
    theirs = encode_typed_data(full_message=document)
    assert mine == keccak256(b"\x19" + theirs.version + theirs.header + theirs.body) == digest(document)
