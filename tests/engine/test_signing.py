"""Signatures that programs are made with: the right one holds on the real contract, no flawed one does."""

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from offchain.reference.revert import Revert
from offchain.signing import MARKET_NAME, TYPES, Domain, digest, struct_fields, typed_data
from tests.capabilities.market import MarketPlay
from tests.engine.ape_project import ape_chain
from tests.engine.check import Troupe
from tests.engine.dice import Dice
from tests.engine.signing import FLAWS, Flaw, Signed, digest_of, signature_of
from tests.engine.values import of_type

CLAIM = 1 << 24
LATER = 10**10


@pytest.fixture(scope="module")
def market():
    return Troupe(MarketPlay, ape_chain())


@pytest.fixture
def play(market):
    """A market with one job for the native coin, all of whose choices are the plainest."""
    play = market.begin()
    play.open(Dice(b""))
    return play


def claimed_by(play, who):
    """The account, which has claimed the first task."""
    account = getattr(play.cast, who)
    assert play.act("claim", 1, 0, 1, b"", [], sender=account, value=1_000)
    return account


def release(play, account, flaw=Flaw.NONE, nonce=7, **changes):
    """Give the claim back by the account's signature, which somebody else hands in."""
    signed = Signed(
        contract=play.contract.address,
        name=MARKET_NAME,
        kind="Release",
        message={"claimId": CLAIM},
        signer=account,
        person=play.stage.signers[account],
        nonce=nonce,
        deadline=LATER,
        flaw=flaw,
    )
    play.act("releaseBySig", CLAIM, signed, sender=play.cast.keeper, **changes)
    return play.steps[-1].outcome


SIGNERS = pytest.mark.parametrize("who", ["annotator", "wallet"])


@SIGNERS
def test_signed__nothing_wrong__is_accepted(market, play, who):
    assert release(play, claimed_by(play, who)) == "ok"
    market.run(play.end())


@SIGNERS
@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name.lower())
def test_signed__any_flaw__is_refused_by_the_contract(market, play, who, flaw):
    """T41, T42: a wrong key, nonce, chain, contract or version, or another form of a right signature, for an
    account and for a wallet; then the right one still works, since nothing was used up.
    """
    account = claimed_by(play, who)
    assert release(play, account, flaw) == "InvalidSignature"
    assert release(play, account) == "ok"
    market.run(play.end())


def test_signed__for_one_wallet__is_not_valid_on_another_of_the_same_owner(market, play):
    """T42: both wallets would ask the same key."""
    account, other = claimed_by(play, "wallet"), play.cast.shy_wallet
    assert play.stage.signers[account] is play.stage.signers[other]
    domain = Domain(play.chain.chain_id, play.contract.address)
    message = {"claimId": CLAIM, "annotator": other, "nonce": 7, "deadline": LATER}
    signature = signature_of(play.stage.signers[other], domain, "Release", message)
    told = {"signer": account, "nonce": 7, "deadline": LATER, "signature": signature}

    def refuse(_call, _claim_id, _auth):
        raise Revert("InvalidSignature", account)

    play.act("releaseBySig", CLAIM, told, sender=play.cast.keeper, model=refuse)
    market.run(play.end())


@SIGNERS
def test_signed__twice__is_refused_the_second_time(market, play, who):
    """T41."""
    account = claimed_by(play, who)
    assert release(play, account) == "ok"
    assert release(play, account) == "NonceAlreadyUsed"
    market.run(play.end())


@SIGNERS
def test_signed__after_its_deadline__is_refused(market, play, who):
    account = claimed_by(play, who)
    assert release(play, account, at=LATER + 1) == "SignatureExpired"
    market.run(play.end())


def test_flaws__every_one__is_another_signature(play):
    domain = Domain(play.chain.chain_id, play.contract.address)
    message = {"claimId": CLAIM, "annotator": play.cast.annotator, "nonce": 7, "deadline": LATER}
    person = play.stage.signers[play.cast.annotator]
    made = [signature_of(person, domain, "Release", message, flaw) for flaw in Flaw]
    assert len(set(made)) == len(Flaw)
    assert {len(signature) for signature in made} == {0, 64, 65}


def test_flaws__other_forms__are_the_same_signature(play):
    """T41: refused for their form, not because they are somebody else's."""
    domain = Domain(play.chain.chain_id, play.contract.address)
    message = {"claimId": CLAIM, "annotator": play.cast.annotator, "nonce": 7, "deadline": LATER}
    for deadline in range(LATER, LATER + 8):  # either parity
        message["deadline"] = deadline
        word = digest_of(domain, "Release", message)
        right, malleable, compact = (
            signature_of(play.stage.signers[play.cast.annotator], domain, "Release", message, flaw)
            for flaw in (Flaw.NONE, Flaw.MALLEABLE, Flaw.COMPACT)
        )
        assert malleable[32:64] > right[32:64]
        assert Account._recover_hash(word, signature=malleable) == play.cast.annotator
        s = int.from_bytes(compact[32:])
        assert compact[:32] + (s % 2**255).to_bytes(32) + bytes([27 + (s >> 255)]) == right


@given(data=st.data(), kind=st.sampled_from(sorted(set(TYPES) - {"EIP712Domain"})))
def test_digest_of__any_message__is_the_one_that_eth_account_signs(data, kind):
    """T44."""
    fields = [{"name": name, "type": of} for of, name in struct_fields(kind)]
    message = {field["name"]: data.draw(of_type(field)) for field in fields}
    domain = Domain(data.draw(st.integers(1, 2**64)), data.draw(of_type({"type": "address"})))
    assert digest_of(domain, kind, message) == digest(typed_data(domain, kind, message))


def test_person__known_by_a_name__signs_as_eth_account_does(play):
    """Two libraries, one key: the signature is deterministic (RFC 6979)."""
    person = play.stage.signers[play.cast.annotator]
    account = Account.from_key(person._key.secret)
    word = b"\x17" * 32
    assert account.address == person.address == play.cast.annotator
    assert person.sign(word) == account.unsafe_sign_hash(word).signature
