"""
setSource
├── when the owner lists a source or takes it off: told, and asked from then on or no longer
└── of a source that was taken off: what was credited stays, what was counted stays counted
"""

from tests.support.calls import deploy, reverts
from tests.support.rewards import DIRECT


def test_set_source__on_and_off__is_told_and_holds(world, distributor, who):
    other = deploy("MockFees", sender=who.owner)
    world.pay(1_000, source=other)
    with reverts("NotListed", other.address):
        distributor.call("assign", other.address, 1, [who.annotator], sender=who.keeper)
    receipt = world.own("setSource", other.address, True)
    assert receipt.of(distributor) == [("SourceSet", {"source": other.address, "listed": True})]
    assert distributor.call("isSource", other.address)
    assert world.assign(source=other).value == 300
    receipt = world.own("setSource", other.address, False)
    assert receipt.of(distributor) == [("SourceSet", {"source": other.address, "listed": False})]
    assert not distributor.call("isSource", other.address)
    with reverts("NotListed", other.address):
        distributor.call("assign", other.address, 1, [who.annotator], sender=who.keeper)


def test_set_source__off_and_on_again__counts_nothing_twice(world, distributor, who):
    """T64."""
    reward = world.rewarded(1_000)
    world.own("setSource", world.source.address, False)
    assert (world.credit(who.annotator), world.mode()) == (reward, DIRECT)
    world.own("setSource", world.source.address, True)
    assert world.assign().value == 0
    world.pay(10)
    assert world.assign().value == 3
