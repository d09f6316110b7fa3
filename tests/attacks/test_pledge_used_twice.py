"""A pledge used twice: from when a rejection stands its tasks are not open any more, and before they were
slashed for the same pledge backed new ones. A contract wallet pledged for ten tasks, handed in junk, had the
rejection stand in the first second in which anyone may, and claimed ten more in the same transaction; the
first slash took the whole pledge, and the second lot of junk cost nothing (found in this hook's own audit;
T39).
"""

import pytest

from tests.support.calls import deploy, now, reverts
from tests.support.market import DAY, ROOT, URI, mine_at
from tests.support.pledges import PLENTY, STAKE, UNLIMITED, World, deploy_system

TEN, NEXT_TEN = (1 << 10) - 1, (1 << 20) - (1 << 10)
NEXT_ONE = 1 << 10


class Thief:
    """A contract wallet that has a stake, which the hook may lock."""

    def __init__(self, world: World) -> None:
        self.world, who = world, world.who
        self.puppet = deploy("Puppet", sender=who.stranger)
        world.token.send("mint", self.puppet.address, PLENTY, sender=who.owner)
        self.does(world.token, "approve", world.staking.address, PLENTY)
        self.does(world.staking, "stake", self.puppet.address, PLENTY)
        self.does(world.staking, "allow", world.hook.address, UNLIMITED)

    def does(self, contract, *call) -> None:
        data = contract.data(*call)
        self.puppet.send("execute", contract.address, data, sender=self.world.who.stranger)

    def at_once(self, *calls):
        """Name and arguments of calls of the market, all in one transaction."""
        market = self.world.market
        return "executeAll", market.address, [market.data(*call) for call in calls]

    def junk(self, job_id: int, mask: int) -> int:
        """A submission that is rejected, and nobody appeals: its rejection can stand in the next second."""
        claim_id = job_id << 24 | self.world.work.job(job_id)["records"]
        self.does(self.world.market, "claim", job_id, 0, mask, b"", [])
        self.does(self.world.market, "submitBatch", claim_id, ROOT, mask, URI)
        self.world.work.reject(claim_id, mask)
        return claim_id


@pytest.fixture
def world() -> World:
    return World(deploy_system("MockToken", 18))


@pytest.fixture
def thief(world) -> Thief:
    return Thief(world)


@pytest.fixture
def job_id(world, thief) -> int:
    job_id = world.job(bond_bps=0)
    thief.does(world.hook, "pledge", job_id, 10, STAKE)
    return job_id


@pytest.mark.parametrize("mask", [NEXT_TEN, NEXT_ONE])
def test_pledge_used_twice__settled_and_claimed_in_one_transaction__is_refused(world, thief, job_id, mask):
    """T39: not even one task more while the first lot is not paid for."""
    claim_id = thief.junk(job_id, TEN)
    mine_at(now() + 2 * DAY + 1)
    settle, claim = ("settleRejection", claim_id), ("claim", job_id, 0, mask, b"", [])
    with reverts("NotEligible", job_id, thief.puppet.address):
        thief.puppet.call(*thief.at_once(settle, claim), sender=world.who.stranger)
    thief.puppet.send(*thief.at_once(settle), sender=world.who.stranger)
    world.slash(claim_id, TEN, by=thief.puppet.address)
    with reverts("NotEligible", job_id, thief.puppet.address):
        thief.puppet.call(*thief.at_once(claim), sender=world.who.stranger)
    assert world.owned(thief.puppet.address) == PLENTY - 10 * STAKE


def test_pledge_used_twice__arbiters_word__is_as_final(world, thief, job_id):
    """T39: the same order of events through an appeal; what the arbiter overturned backs new work."""
    claim_id = thief.junk(job_id, TEN)
    value = world.work.value(job_id, world.work.terms_of[job_id].arbiter_fee)
    appeal = world.market.data("appeal", claim_id)
    thief.puppet.send("execute", world.market.address, appeal, sender=world.who.stranger, value=value)
    world.market.send("decide", claim_id, TEN >> 1, sender=world.who.arbiter)
    account = thief.puppet.address
    assert [world.eligible(job_id, tasks, account) for tasks in (1, 2)] == [True, False]


def test_pledge_used_twice__pledge_for_the_double__pays_for_both(world, thief, job_id):
    """Whoever has the stake for what stands and for what is new may claim before anybody slashes; he pays
    for both.
    """
    thief.does(world.hook, "pledge", job_id, 10, STAKE)
    first = thief.junk(job_id, TEN)
    mine_at(now() + 2 * DAY + 1)
    settle, claim = ("settleRejection", first), ("claim", job_id, 0, NEXT_TEN, b"", [])
    second = job_id << 24 | 1
    hand_in = ("submitBatch", second, ROOT, NEXT_TEN, URI)
    thief.puppet.send(*thief.at_once(settle, claim, hand_in), sender=world.who.stranger)
    world.work.reject(second, NEXT_TEN)
    world.stands(second)
    for claim_id, mask in ((second, NEXT_TEN), (first, TEN)):
        world.slash(claim_id, mask, by=thief.puppet.address)
    assert world.owned(thief.puppet.address) == PLENTY - 20 * STAKE
