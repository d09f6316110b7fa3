"""A recipient hands money back while a token is being moved to him, so that the sums do not add up and
the whole settlement reverts: an annotator blocks a decision against him and is paid after the
arbiter's time, a creator strands the pay of an annotator or blocks his way out (found in this market's
own audit; T10, T13, T15, T62).

Here what is given back becomes the giver's credit, and the settlement stands.
"""

import pytest

from tests.support.calls import ZERO, Contract, deploy
from tests.support.market import ARBITER_FEE, FULL, REWARD, World, endow, mine_at

BOND, REJECT_FEE = 100_001, 100_101


class Giver:
    """A contract that works in the market, and hands one unit back whenever the token moves to anybody."""

    def __init__(self, world: World) -> None:
        self.world, owner = world, world.who.stranger
        self.puppet = deploy("Puppet", sender=owner)
        self.token = deploy("HookToken", sender=owner)
        endow(world.system, self.token)
        world.tokens.append(self.token)
        world.people["giver"] = self.puppet.address
        self.token.send("mint", self.puppet.address, 10**12, sender=owner)
        self.act(self.token, "approve", world.market.address, FULL)

    def act(self, target: Contract, name: str, *args) -> None:
        self.puppet.send("execute", target.address, target.data(name, *args), sender=self.world.who.stranger)

    def start(self) -> None:
        give = self.token.data("transfer", self.world.market.address, 1)
        data = self.puppet.data("execute", self.token.address, give)
        self.token.send("callBackWith", self.puppet.address, data, sender=self.world.who.stranger)

    def stop(self) -> None:
        self.token.send("callBackWith", ZERO, b"", sender=self.world.who.stranger)


@pytest.fixture
def giver(world):
    giver = Giver(world)
    yield giver
    giver.stop()


def test_giver__annotator__cannot_block_a_decision_against_him(world, market, who, giver):
    job_id = world.open(token=giver.token.address, task_count=10)
    claim_id, all_tasks = job_id << 24, (1 << 10) - 1
    giver.act(market, "claim", job_id, 0, all_tasks, b"", [])
    giver.act(market, "submitBatch", claim_id, b"\1" * 32, all_tasks, "")
    world.reject(claim_id, all_tasks)
    giver.act(market, "appeal", claim_id)
    giver.start()
    with world.moves(giver.token) as moved:
        market.send("decide", claim_id, all_tasks >> 1, sender=who.arbiter)
    assert moved["sink's credit"] == 9 * (BOND + REJECT_FEE)
    due = REWARD + BOND + REJECT_FEE + ARBITER_FEE - ARBITER_FEE * 9 // 10
    # He hands a unit back in each of three payments, and has a credit for that of his own; the others
    # received all of theirs, one unit less having left the market, which they have as a credit too.
    assert moved["giver"] == due - 3
    assert moved["giver's credit"] == 1
    assert world.record(claim_id)["state"] == 3


def test_giver__creator__cannot_strand_an_annotators_pay(world, market, who, giver):
    """The arbiter is silent, too."""
    terms = world.terms(creator=giver.puppet.address, token=giver.token.address)
    giver.act(market, *world.create_call(terms))
    world.terms_of[1] = terms
    claim_id = world.submitted(1, 0b11)
    giver.act(market, "reject", claim_id, 0b11, b"\1" * 32)
    world.appeal(claim_id)
    mine_at(world.record(claim_id)["disputedAt"] + terms.decision_window + 1)
    giver.start()
    with world.moves(giver.token) as moved:
        market.send("settleAppeal", claim_id, sender=who.keeper)
    assert moved["annotator"] == 2 * (REWARD + BOND) + ARBITER_FEE


@pytest.mark.parametrize("way", ["release", "submitBatch"])
def test_giver__creator_of_a_closing_job__cannot_block_the_way_out(world, market, who, giver, way):
    terms = world.terms(creator=giver.puppet.address, token=giver.token.address)
    giver.act(market, *world.create_call(terms))
    world.terms_of[1] = terms
    claim_id = world.claim(1, 0b11)
    giver.act(market, "close", 1)
    giver.start()
    with world.moves(giver.token) as moved:
        if way == "release":
            market.send("release", claim_id, sender=who.annotator)
        else:
            world.submit(claim_id, 0b01)
    undone = 2 if way == "release" else 1
    assert moved["annotator"] + moved.get("sink's credit", 0) == undone * BOND
    assert moved["giver"] + moved["giver's credit"] <= undone * REWARD
