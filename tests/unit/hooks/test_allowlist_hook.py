"""
AllowlistHook
├── admits everyone on the list, by his own proof, for every job and number of tasks
├── admits nobody else
│   ├── a stranger without proof, or with the proof of somebody on the list
│   ├── somebody on the list with another's proof
│   └── a pair of hashes that poses as a leaf
├── reverts for data that is no proof, which refuses the claim
└── in a market: who is on the list claims, others do not
"""

import pytest
from eth_abi import encode

from offchain.hashing import AllowList
from tests.support.calls import CallReverted, Contract, deploy, reverts
from tests.support.registry import job_terms, open_job


def proof_data(proof):
    return encode(["bytes32[]"], [proof])


def eligible(hook: Contract, account: str, data: bytes, job_id: int = 1, tasks: int = 1) -> bool:
    return hook.call("isEligible", job_id, account, tasks, data)


@pytest.fixture
def members(who):
    return [who.owner, who.sink, who.publisher, who.rival, *who.annotators]


@pytest.fixture
def listed(members):
    return AllowList(members)


@pytest.fixture
def hook(who, listed):
    return deploy("AllowlistHook", listed.root, sender=who.owner)


def test_keeps_the_root(hook, listed):
    assert hook.call("root") == listed.root


def test_admits_everyone_on_the_list(hook, listed, members):
    for member in members:
        for job_id, tasks in ((1, 1), (2**64, 256)):
            assert eligible(hook, member, proof_data(listed.proof(member)), job_id, tasks)


def test_admits_the_only_one_on_a_list(who):
    listed = AllowList([who.buyer])
    hook = deploy("AllowlistHook", listed.root, sender=who.owner)
    assert eligible(hook, who.buyer, proof_data([]))
    assert not eligible(hook, who.rival, proof_data([]))


def test_admits_no_stranger(hook, listed, members, who):
    assert not eligible(hook, who.stranger, proof_data([]))
    for member in members:
        assert not eligible(hook, who.stranger, proof_data(listed.proof(member)))


def test_admits_nobody_by_the_proof_of_another(hook, listed, who):
    assert not eligible(hook, who.annotators[0], proof_data(listed.proof(who.annotators[1])))


def test_admits_nobody_by_a_proof_that_is_cut_or_lengthened(hook, listed, who):
    proof = listed.proof(who.annotators[0])
    assert not eligible(hook, who.annotators[0], proof_data(proof[:-1]))
    assert not eligible(hook, who.annotators[0], proof_data([*proof, b"\x01" * 32]))


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xff" * 64, encode(["uint256", "uint256"], [32, 2**64])])
def test_data_that_is_no_proof_reverts(hook, who, data):
    with pytest.raises(CallReverted):
        eligible(hook, who.annotators[0], data)


def test_in_a_market(who, market, hook, listed):
    terms = job_terms(who.publisher, hook=hook.address)
    job_id = open_job(market, terms)
    member = who.annotators[0]
    with reverts("NotEligible", job_id, who.stranger):
        market.send("claim", job_id, 0, 1, proof_data(listed.proof(member)), [], sender=who.stranger)
    with reverts(""):
        market.send("claim", job_id, 0, 1, b"", [], sender=member)
    market.send("claim", job_id, 0, 1, proof_data(listed.proof(member)), [], sender=member)
    assert market.call("accountOf", job_id, member)["open"] == 1
