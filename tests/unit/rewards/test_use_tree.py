"""
useTree
├── when nothing of a job was assigned: its rewards go to the tree, and nobody assigns them
│   └── before its origin has a source, too
└── reverts for a job of which something was assigned, that is in the tree, or that left it
"""

import pytest

from tests.support.calls import deploy, reverts
from tests.support.market import mine_at
from tests.support.rewards import DIRECT, ROOT_WINDOW, TREE


def test_use_tree__before_the_first_reward__is_told_and_keeps_the_time(world, distributor):
    world.pay(1_000)
    receipt = world.use_tree()
    told = {"origin": world.source.address, "jobId": 1, "mode": TREE}
    assert receipt.of(distributor) == [("ModeSet", told)]
    assert world.mode() == TREE
    assert world.tree_job() == {"budget": 0, "since": receipt.time, "roots": 0}
    assert (world.owed(), world.mode(2)) == (0, 0)


def test_use_tree__before_there_is_a_source__keeps_everybody_from_being_first(world, distributor, who):
    """Or else anyone's `assign` could come between the source and the switch."""
    other = deploy("MockFees", sender=who.owner)
    world.pay(1_000, source=other)
    world.own("useTree", other.address, 1)
    world.own("setSource", other.address, other.address)
    with reverts("WrongMode", other.address, 1, TREE):
        distributor.call("assign", other.address, 1, [who.annotator], sender=who.keeper)
    assert world.own("collect", other.address, 1).value == 300


@pytest.mark.parametrize("state", ["direct", "tree", "left"])
def test_use_tree__in_another_mode__reverts(world, distributor, who, state):
    """T12: rewards that can be assigned directly stay so."""
    if state == "direct":
        world.rewarded(1_000)
    else:
        receipt = world.use_tree()
    if state == "left":
        mine_at(receipt.time + ROOT_WINDOW + 1)
        distributor.send("leaveTree", world.source.address, 1, sender=who.keeper)
    with reverts("WrongMode", world.source.address, 1, TREE if state == "tree" else DIRECT):
        distributor.call("useTree", world.source.address, 1, sender=who.owner)
