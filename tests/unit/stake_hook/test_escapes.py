"""Ways out after an offence, each tried on the real market: none leads out (T39)."""

import pytest

from tests.support.calls import CallReverted, now
from tests.support.market import DAY, mine_at, next_at
from tests.support.pledges import LONGEST, PLENTY, PROOF, STAKE

MASK = 0b111
WAYS = ("unpledge", "claim", "unbond", "lower the limit", "reclaim", "other market", "delist")


def _try(contract, *call, sender, value=0):
    """What somebody tries may fail: what matters is what comes of it."""
    try:
        contract.send(*call, sender=sender, value=value)
    except CallReverted:
        return False
    return True


@pytest.mark.parametrize("proven", ["at once", "in the last second"])
@pytest.mark.parametrize("way", WAYS)
def test_after_a_rejection_stands__every_way_out_is_too_slow(world, hook, staking, who, way, proven):
    """T39: the order that would be worst is that the rejection stands, the open count falls, and the stake
    leaves at once.
    """
    job_id = world.pledged(3)
    staking.send("unbond", PLENTY - 3 * STAKE, sender=who.annotator)
    claim_id = world.upheld(job_id, MASK)
    stood = now()
    annotator = who.annotator
    if way == "unpledge":
        next_at(stood + 1)
        assert _try(hook, "requestUnpledge", job_id, sender=annotator)
        assert not _try(hook, "unpledge", job_id, annotator, sender=annotator)
    elif way == "claim":
        claim = ("claim", job_id, 0, 0b1000, b"", [])
        assert not _try(world.market, *claim, sender=annotator, value=world.work.bond(job_id, 0b1000))
    elif way == "unbond":
        assert not _try(staking, "unbond", 1, sender=annotator)
    elif way == "lower the limit":
        assert _try(staking, "allow", hook.address, 0, sender=annotator)
    elif way == "reclaim":
        assert not _try(staking, "reclaim", annotator, hook.address, sender=annotator)
    elif way == "other market":
        staking.send("setMarket", who.rival, True, sender=who.owner)
        assert _try(staking, "allow", who.rival, PLENTY, sender=annotator)
        assert not _try(staking, "lock", annotator, 1, now() + LONGEST, sender=who.rival)
        assert not _try(staking, "unlock", annotator, 1, sender=who.rival)
    else:
        assert _try(staking, "setMarket", hook.address, False, sender=who.owner)
    if proven == "in the last second":
        next_at(stood + PROOF)
    world.slash(claim_id, MASK)
    assert world.owned() == 2 * PLENTY - 3 * STAKE


def test_claim_in_the_last_second__longest_dispute__is_covered(world, hook, staking, who):
    """T14, T39: all windows used up to their last second, and the proof in the last one before the lock is
    over.
    """
    job_id = world.pledged(3, deadline=now() + 300 * DAY)
    _, claims_until, _ = world.standing(job_id)
    next_at(claims_until)
    claim_id = world.work.claim(job_id, MASK)
    next_at(claims_until + 1_800)
    world.work.submit(claim_id, MASK)
    next_at(claims_until + 1_800 + 3 * DAY)
    world.work.reject(claim_id, MASK)
    next_at(claims_until + 1_800 + 5 * DAY)
    world.work.appeal(claim_id)
    next_at(claims_until + 1_800 + 10 * DAY)
    world.market.send("decide", claim_id, MASK, sender=who.arbiter)
    assert claims_until + 1_800 + 10 * DAY + PROOF == world.bond()["until"]
    next_at(world.bond()["until"])
    world.slash(claim_id, MASK)
    assert world.owned() == 2 * PLENTY - 3 * STAKE


def test_long_job__whoever_renews_works_on(world, who):
    """T13: a job may last longer than any lock; whoever pledges again goes on."""
    job_id = world.pledged(3, deadline=now() + 700 * DAY)
    for _ in range(3):
        mine_at(world.standing(job_id)[1] + 1)
        assert not world.eligible(job_id, 1)
        world.pledge(job_id, 1)
        claim_id = world.work.submitted(job_id, 0b1)
        world.work.reject(claim_id, 0b1)
        world.stands(claim_id)
        world.slash(claim_id, 0b1)
    assert world.standing(job_id)[0] == 3


def test_everybody_silent__the_stake_comes_back(world, hook, staking, who):
    """T13: annotator, creator, arbiter and owner do nothing more; a stranger's calls free everything."""
    job_id = world.pledged(3)
    claim_id = world.work.rejected(job_id, 0b1)
    world.work.claim(job_id, 0b110)
    world.stands(claim_id)
    expired = world.market.call("job", job_id)["records"] - 1
    world.market.send("releaseExpired", job_id, [job_id << 24 | expired], sender=who.stranger)
    mine_at(world.bond()["until"] + 1)
    staking.send("reclaim", who.annotator, hook.address, sender=who.stranger)
    assert staking.call("stakeOf", who.annotator)["available"] == PLENTY


def test_market_without_quality__knows_nothing_of_it(world, who):
    """A job without hook needs no stake: the market is whole without the staking contract."""
    job_id = world.work.open()
    world.work.claim(job_id, 0b1, by=who.rival)
    assert world.bond(who.rival)["locked"] == 0
