"""
Owner, pauser and protocol fee (T18, T61, F10)
├── constructor: the first owner is the pauser, there is no fee, owner and sink are required
├── setFee: the owner, up to 5 %; nothing that is open changes
├── setPauser: the owner; nobody is possible
├── pause: pauser or owner; unpause: the owner only
├── ownership: handed over in two steps, never given up
└── no role can touch anybody's money
"""

import pytest

from tests.behaviours import governed
from tests.support.calls import ZERO, Contract, deploy, reverts
from tests.support.market import REWARD, Cast, mine_at


def powers(market: Contract, who: Cast) -> governed.Governed:
    return governed.Governed(market, who.owner, who.keeper, (who.stranger, who.creator, who.sink))


def test_constructor__a_new_market__has_its_roles_and_no_fee(market, who):
    governed.starts_with_one_owner_and_no_fee(powers(market, who), who.sink)
    assert market.call("jobCount") == 0


def test_constructor__without_owner_or_sink__reverts(who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("AnnotationMarket", ZERO, who.sink, sender=who.owner)
    with reverts("FeeRecipientRequired"):
        deploy("AnnotationMarket", who.owner, ZERO, sender=who.owner)


def test_set_fee__in_the_middle_of_a_job__changes_nothing_in_it(world, market, who):
    """T12, T18."""
    job_id = world.open()
    submitted = world.submitted(job_id, 0b11)
    market.send("setFee", 500, sender=who.owner)
    with world.moves() as moved:
        world.approve(submitted, 0b01)
        world.approve(world.submitted(job_id, 0b100), 0b100)
        market.send("close", job_id, sender=who.creator)
    assert "sink's credit" not in moved
    assert moved["creator"] == 597 * REWARD


@pytest.mark.parametrize("behaves", governed.BEHAVIOURS, ids=lambda behaviour: behaviour.__name__)
def test_governed(market, who, behaves):
    """T61: powers, their bounds and their handover."""
    behaves(powers(market, who))


def test_owner__every_power_used__moves_no_money(world, market, who):
    """T61: a job under way and a credit, and everything that an owner can do."""
    job_id = world.open()
    expired = world.claim(job_id, 1)
    mine_at(world.record(expired)["time"] + 1)
    market.send("releaseExpired", job_id, [expired], sender=who.keeper)
    with world.moves() as moved:
        market.send("setFee", 500, sender=who.owner)
        market.send("pause", sender=who.owner)
        market.send("setPauser", who.stranger, sender=who.owner)
        market.send("unpause", sender=who.owner)
        market.send("transferOwnership", who.stranger, sender=who.owner)
        market.send("acceptOwnership", sender=who.stranger)
    assert moved == {}
