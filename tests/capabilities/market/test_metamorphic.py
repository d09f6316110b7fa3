"""What may not make a difference does not make one: order, pieces, and what happens in other jobs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offchain.reference.terms import HOUR
from tests.capabilities.market.focus import OneJob, repeat
from tests.capabilities.market.play import MarketPlay
from tests.capabilities.market.story import Story, Telling, confirmed
from tests.engine.dice import Dice
from tests.engine.strategies import TAPES, programs

MASKS = (0b0000_0000_0011, 0b0000_0001_0100, 0b0100_0010_1000, 0b1000_1100_0000, 0b0010_0000_0000, 1 << 12)
"""Of disjoint tasks, one for each annotator."""

PROGRAMS = 2 * settings.default.max_examples
"""50 in the quick profile, 2,000 in the deep one."""

COINS = st.integers(0, 3)
BONDS = st.sampled_from((1_000, 0, 1, 10_000))
REWARDS = st.sampled_from((10_001, 999, 10**15 + 7))
PER_CLAIM = {"claimRecord"}
PER_JOB = {"job", "freeFunds", "approvedWeight", "freeTasks", "accountOf"}


def told_of_money(told: Telling, ids: dict[int, Any]) -> Telling:
    """A telling in which claims have other names than their ids, which follow the order of claims."""
    claims = {key: key[2][0] for key in told if key[1] in PER_CLAIM}
    renamed = {key: (key[0], key[1], (ids.get(claim, "none"),)) for key, claim in claims.items()}
    return {renamed.get(key, key): value for key, value in told.items()}


def fair_job(story, **terms):
    """A job with a fee on each task."""
    story.act("setFee", 333, sender=story.cast.owner)
    return story.job(fee_bps=333, **terms)


# Order


def settled(troupe, terms, orders, cuts, finalized):
    """What can be seen after every annotator's submission was settled in some order and some pieces."""
    story = Story(troupe)
    claims, submissions, settlements = orders
    job_id = fair_job(story, task_count=13, **terms)
    annotators = story.cast.annotators
    ids = {who: story.claim(job_id, MASKS[who], annotators[who]) for who in claims}
    for who in submissions:
        story.submit(ids[who])
    over = story.play.now + HOUR + 1
    for who in settlements:
        if who in finalized:
            story.act("finalize", ids[who], sender=story.cast.keeper, at=over)
            continue
        for piece in filter(None, (MASKS[who] & cuts, MASKS[who] & ~cuts)):
            story.approve(ids[who], piece)
    return told_of_money(story.run(), {claim_id: who for who, claim_id in ids.items()})


@settings(max_examples=PROGRAMS)
@given(
    orders=st.tuples(*[st.permutations(range(6))] * 3),
    cuts=st.integers(0, (1 << 13) - 1),
    finalized=st.sets(st.integers(0, 5)),
    coin=COINS,
    bond_bps=BONDS,
    reward=REWARDS,
)
def test_order_and_pieces_of_payment_do_not_matter(troupe, orders, cuts, finalized, coin, bond_bps, reward):
    """Invariant 11 (T4, T5): any order of claims, submissions and payments, any splitting of an approval,
    approval or silence: the same payouts, credits, shares and counts, to the base unit.
    """
    terms = {"token": troupe.stage.coins[coin], "bond_bps": bond_bps, "reward": reward}
    plainly = settled(troupe, terms, [range(6)] * 3, 0, set())
    assert settled(troupe, terms, orders, cuts, finalized) == plainly


# Pieces


def worked(troupe, terms, annotator, pieces, cuts, finalized):
    """What can be seen after an annotator did tasks in some claims, which were paid in some parts."""
    story = Story(troupe)
    job_id = fair_job(story, task_count=256, **terms)
    claims = [(mask, story.claim(job_id, mask, annotator)) for mask in pieces]
    for _, claim_id in claims:
        story.submit(claim_id)
    over = story.play.now + HOUR + 1
    for number, (mask, claim_id) in enumerate(claims):
        if number in finalized:
            story.act("finalize", claim_id, sender=story.cast.keeper, at=over)
            continue
        for part in filter(None, (mask & cuts, mask & ~cuts)):
            story.approve(claim_id, part)
    told = {key: value for key, value in story.run().items() if key[1] not in PER_CLAIM}
    job = told["AnnotationMarket", "job", (job_id,)]
    return {**told, ("AnnotationMarket", "job", (job_id,)): {**job, "records": None}}


@settings(max_examples=PROGRAMS)
@given(
    mask=st.integers(1, (1 << 256) - 1),
    sieves=st.lists(st.integers(0, (1 << 256) - 1), max_size=4),
    cuts=st.integers(0, (1 << 256) - 1),
    finalized=st.sets(st.integers(0, 15)),
    who=st.integers(0, 5),
    coin=COINS,
    bond_bps=BONDS,
    reward=REWARDS,
)
def test_tasks_are_worth_the_same_in_any_pieces(
    troupe, mask, sieves, cuts, finalized, who, coin, bond_bps, reward
):
    """Invariant 11 (T4, T5, T24): one claim, one submission and one approval of many tasks, or several of
    each, however they are split: every amount is per task, so money, credits and counts are the same.
    """
    terms = {"token": troupe.stage.coins[coin], "bond_bps": bond_bps, "reward": reward}
    pieces = [mask]
    for sieve in sieves:
        pieces = [part for piece in pieces for part in (piece & sieve, piece & ~sieve) if part]
    annotator = troupe.stage.cast.annotators[who]
    whole = worked(troupe, terms, annotator, [mask], 0, set())
    assert worked(troupe, terms, annotator, pieces, cuts, finalized) == whole


# Isolation


def opened(play, tapes):
    """Two jobs on whatever terms the tapes say; a first byte of 0 has nothing go wrong."""
    play.open(Dice(b"\0" + tapes[0]))
    play.create_job(Dice(b"\0" + tapes[1]))
    assume(len(play.model.jobs) == 2)
    return play


def money(model) -> Counter:
    """Balances and credits of everybody."""
    return Counter({("has", *key): amount for key, amount in model.bank.balances.items()}) + Counter(
        {("is owed", *key): amount for key, amount in model.credits.items()}
    )


def gains(play, before: Counter) -> Counter:
    """What a play changed of the money."""
    after = money(play.model)
    return Counter({key: after[key] - before[key] for key in {*after, *before} if after[key] != before[key]})


def of_job(told: Telling, job_id: int) -> Telling:
    """What is told of a job and its claims."""
    return {
        key: value
        for key, value in told.items()
        if (key[1] in PER_JOB and key[2][0] == job_id) or (key[1] in PER_CLAIM and key[2][0] >> 24 == job_id)
    }


@settings(max_examples=2 * PROGRAMS)
@given(opening=st.tuples(TAPES, TAPES), ours=programs(30), theirs=programs(30))
def test_a_job_does_not_feel_what_happens_in_another(troupe, opening, ours, theirs):
    """Invariant 4 (T2; R1, R5): the acts on one job, interleaved with those on another, each end as they end
    alone, with the same events; every view of each job is the same; what everybody gains is the sum.
    """
    chain, stage = troupe.chain, troupe.stage
    before = money(opened(MarketPlay(chain, stage), opening).model)
    alone = [opened(OneJob(chain, stage, 1), opening)]
    first = alone[0].perform(ours)
    alone.append(opened(OneJob(chain, stage, 2, nonces=1_000, others=first), opening))
    second = alone[1].perform(theirs)
    together = opened(MarketPlay(chain, stage), opening)
    start = len(together.steps)
    repeat(together, [*first, *second])

    steps = sorted([*first, *second], key=lambda step: step.time)
    for apart, joint in zip(steps, together.steps[start:], strict=True):
        assert (apart.time, apart.revert, apart.result) == (joint.time, joint.revert, joint.result)
        assert apart.logs == joint.logs
    told = confirmed(troupe, together)
    for play in alone:
        assert of_job(confirmed(troupe, play), play.focus) == of_job(told, play.focus)
    gained = gains(together, before)
    apart = [gains(play, before) for play in alone]
    assert gained == Counter({key: apart[0][key] + apart[1][key] for key in {*apart[0], *apart[1]}})
