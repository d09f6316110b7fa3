"""A signature serves once, for what it says, where it was made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.reference.records import bounty
from tests.capabilities.market.replays import ACTS, ReplayingMarket, ReusedOffer, made
from tests.capabilities.market.story import Story
from tests.engine.ape_project import ape_chain
from tests.engine.check import Troupe
from tests.engine.strategies import programs

PROGRAMS = settings.default.max_examples
WAYS = [
    (function, who)
    for function in ACTS
    for who in ("annotator", "shy_wallet")
    if (function, who) != ("withdrawBySig", "annotator")
]  # everybody else is paid at once


@pytest.fixture(scope="module")
def elsewhere(troupe):
    """The same stage with a second market, deployed beside the first."""
    chain, stage = troupe.chain, troupe.stage
    market = chain.deploy("AnnotationMarket", stage.cast.owner, stage.cast.sink, known_as="other market")
    for token in stage.tokens:
        for account in stage.cast.everybody:
            chain.send(token, "approve", market.address, 2**256 - 1, sender=account)
    lens = chain.deploy("MarketLens", market.address, known_as="other lens")
    return replace(stage, market=market, lens=lens)


@pytest.fixture
def moved(troupe):
    """Has the chain go on under another id, until the test is over."""
    chain = troupe.chain
    here = chain.chain_id
    yield lambda: chain.move_to(here + 1)
    chain.move_to(here)


@pytest.fixture(scope="module")
def replaying(networks):
    return Troupe(ReplayingMarket, ape_chain())


def prepared(troupe, way, stage=None):
    """A story up to a signed act, and the act."""
    story = Story(troupe, stage)
    function, who = way
    return story, ACTS[function](story, getattr(story.cast, who))


def tried(story, act, args, consent, error=""):
    """The keeper brings the signature."""
    sent = {"sender": story.cast.keeper, "value": act.value}
    if error:
        story.refused(act.function, *args, consent, error=error, **sent)
    else:
        story.act(act.function, *args, consent, **sent)


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_signature_serves_once_and_for_nothing_else(troupe, way):
    """T41, T42, T43: with another argument, nonce, deadline or account it is worth nothing, before it was
    used and after; and it cannot be used twice.
    """
    story, act = prepared(troupe, way)
    good = act.signed(story)
    others = [who for who in story.cast.annotators if who != act.signer]
    altered = [{"nonce": good.nonce + 1}, {"nonce": good.nonce + 256}, {"deadline": good.deadline + 1}]
    altered += [{"signer": who} for who in others]
    for args in act.changed:
        tried(story, act, args, made(good, troupe.chain), "InvalidSignature")
    for changes in altered:
        tried(story, act, act.args, made(good, troupe.chain, **changes), "InvalidSignature")
    tried(story, act, act.args, good)
    tried(story, act, act.args, made(good, troupe.chain), "NonceAlreadyUsed")
    for args in act.changed:
        tried(story, act, args, made(good, troupe.chain), "NonceAlreadyUsed")
    for changes in altered[:2] + altered[3:]:
        tried(story, act, act.args, made(good, troupe.chain, **changes), "InvalidSignature")
    story.run()


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_signature_is_worth_nothing_on_another_market(troupe, elsewhere, way):
    """T41: a market beside, where everything else is the same, to the second and the nonce."""
    first, act = prepared(troupe, way)
    good = act.signed(first)
    tried(first, act, act.args, good)
    first.run()
    second, same = prepared(troupe, way, elsewhere)
    assert same == act
    tried(second, act, act.args, made(good, troupe.chain), "InvalidSignature")
    tried(second, act, act.args, act.signed(second))
    second.run()


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_signature_is_worth_nothing_on_another_chain(troupe, moved, way):
    """T41: the same market, going on under another chain id as after a fork; one that is made there works."""
    first, act = prepared(troupe, way)
    good = act.signed(first)
    used_here = made(good, troupe.chain)
    tried(first, act, act.args, good)
    first.run()
    moved()
    second, same = prepared(troupe, way)
    assert same == act
    tried(second, act, act.args, used_here, "InvalidSignature")
    tried(second, act, act.args, act.signed(second))
    second.run()


# The arbiter's acceptance has no nonce: it serves every job of one creator on the same terms, by design.


def accepted(story, **changes):
    """Terms, what the arbiter signs of them, and the call that brings it."""
    terms = story.terms(**changes)
    offer = story.offer(terms)
    signature = offer.on_chain(story.troupe.chain)[-1]
    sent = {"sender": terms.creator, "value": bounty(terms)}
    return terms, offer, ReusedOffer(terms, offer.deadline, signature), sent


def test_an_acceptance_serves_for_nothing_else(troupe):
    """T41, T43: other terms, whichever is changed, another creator, arbiter or deadline; the same creator may
    use it again on the same terms.
    """
    story = Story(troupe)
    terms, offer, reused, sent = accepted(story)
    story.act("createJob", offer, **sent)
    changes = [
        {"reward": terms.reward + 1},
        {"task_count": terms.task_count + 1},
        {"token": story.stage.coins[1]},
        {"claim_window": terms.claim_window + 1},
        {"review_window": terms.review_window + 1},
        {"appeal_window": terms.appeal_window + 1},
        {"decision_window": terms.decision_window + 1},
        {"deadline": terms.deadline + 1},
        {"max_open": terms.max_open + 1},
        {"bond_bps": terms.bond_bps + 1},
        {"reject_fee_bps": terms.reject_fee_bps + 1},
        {"royalty_bps": terms.royalty_bps + 1},
        {"arbiter": story.cast.keeper},
        {"arbiter_fee": terms.arbiter_fee + 1},
        {"hook": story.stage.hook.address},
        {"data_root": b"\xdb" * 32},
        {"data_length": terms.data_length + 1},
        {"instructions_hash": b"\x1b" * 32},
        {"multipliers": terms.multipliers + 1},
        {"multipliers": 12_000 << 16 | 15_000, "word_classes": (1,)},
        {"creator": story.cast.proud_creator},
    ]
    names = {name for change in changes for name in change}
    assert names | {"fee_bps"} == set(type(terms).__dataclass_fields__), "a term is not tried"
    for change in changes:
        misused(story, replace(reused, terms=replace(terms, **change)))
    longer = replace(reused, deadline=reused.deadline + 1)
    story.refused("createJob", longer, **sent, error="InvalidSignature")
    story.act("createJob", offer, **sent)
    story.act("setFee", 1, sender=story.cast.owner)
    misused(story, replace(reused, terms=replace(terms, fee_bps=1)))
    story.run()


def misused(story, reused):
    """The terms say more than the arbiter signed."""
    terms = reused.terms
    value = 0 if int(terms.token, 16) else bounty(terms)
    story.refused("createJob", reused, sender=terms.creator, value=value, error="InvalidSignature")


def test_an_acceptance_is_worth_nothing_elsewhere(troupe, elsewhere, moved):
    """T41: not on a second market, not on the same one under another chain id."""
    for stage, leave in ((elsewhere, lambda: None), (troupe.stage, moved)):
        first = Story(troupe)
        _, offer, reused, sent = accepted(first)
        first.act("createJob", offer, **sent)
        first.run()
        leave()
        second = Story(troupe, stage)
        second.refused("createJob", reused, **sent, error="InvalidSignature")
        second.act("createJob", accepted(second)[1], **sent)
        second.run()


@settings(max_examples=PROGRAMS)
@given(tapes=programs())
def test_no_program_has_a_use_for_a_signature_that_is_not_its_own(replaying, tapes):
    """T41, T43: in random programs, every good signature is tried for something else right before it is used,
    and again right after.
    """
    replaying.check(tapes)


@settings(max_examples=PROGRAMS)
@given(
    nonces=st.lists(st.integers(0, 600) | st.integers(0, 2**256 - 1), min_size=1, max_size=20, unique=True),
    who=st.integers(0, 5),
)
def test_every_nonce_is_used_up_on_its_own(troupe, nonces, who):
    """T41: a nonce is one bit: using it up uses no other, in its word or elsewhere, nor anybody else's."""
    story = Story(troupe)
    account = story.cast.annotators[who]
    for nonce in nonces:
        story.act("cancelNonce", nonce, sender=account)
    for nonce in nonces:
        story.refused("cancelNonce", nonce, sender=account, error="NonceAlreadyUsed")
    story.act("cancelNonce", nonces[0], sender=story.cast.keeper)
    story.run()
