"""
setRoot
├── when the sum is from the last one's to what budget and supply allow: the root holds, its sum is owed
│   ├── the same sum with another root corrects a tree
│   └── the root counts on everything collected before it
└── reverts when
    ├── the sum is below the last one's (T12)
    ├── the sum is above the budget (T5, T34)
    └── the supply does not suffice
"""

from offchain.hashing import RewardTree
from tests.support.calls import reverts
from tests.support.rewards import EPOCH_CAP, RATE, SUPPLY, UNIT

ROOT, OTHER = b"\x0a" * 32, b"\x0b" * 32


def test_set_root__within_the_budget__holds_and_is_owed(world, distributor, who):
    budget = world.collected(1_000)
    tree = RewardTree({who.annotator: 200, who.rival: budget - 200})
    receipt = world.publish(tree)
    assert receipt.of(distributor) == [("RootSet", {"root": tree.root, "total": budget})]
    assert world.tree() == {"root": tree.root, "total": 300, "paid": 0, "budget": 300, "roots": 1}
    assert (world.owed(), world.available()) == (300, EPOCH_CAP - 300)
    world.publish(RewardTree({who.rival: budget}))
    assert (world.owed(), world.tree()["roots"]) == (300, 2)


def test_set_root__bounds_of_the_sum__are_exact(world, distributor, who):
    """T5, T12, T34: a tree promises what was collected at most, and never less than before."""
    with reverts("BadTotal", 1, 0, 0):
        distributor.call("setRoot", ROOT, 1, sender=who.owner)
    world.own("setRoot", ROOT, 0)
    world.collected(1_000)
    with reverts("BadTotal", 301, 0, 300):
        distributor.call("setRoot", ROOT, 301, sender=who.owner)
    world.own("setRoot", ROOT, 200)
    for total in (199, 301, 0):
        with reverts("BadTotal", total, 200, 300):
            distributor.call("setRoot", OTHER, total, sender=who.owner)
    world.own("setRoot", OTHER, 300)
    with reverts("BadTotal", 2**256 - 1, 300, 300):
        distributor.call("setRoot", ROOT, 2**256 - 1, sender=who.owner)


def test_set_root__supply_that_was_credited_meanwhile__is_not_promised_twice(world, distributor, who):
    """T1: collecting reserves nothing; the budget waits until there is supply again."""
    world.own("setEpochCap", 4 * SUPPLY)
    fees = SUPPLY * UNIT // RATE
    budget = world.collected(fees)
    assert budget >= SUPPLY - 1
    world.pay(fees // 2, job=2)
    taken = world.assign(job=2).value
    left = SUPPLY - taken
    with reverts("BadTotal", budget, 0, left):
        distributor.call("setRoot", ROOT, budget, sender=who.owner)
    world.own("setRoot", ROOT, left)
    assert (world.owed(), world.available()) == (SUPPLY, 0)
    with reverts("BadTotal", budget, left, left):
        distributor.call("setRoot", ROOT, budget, sender=who.owner)
    world.token.send("mint", distributor.address, taken, sender=who.admin)
    world.own("setRoot", ROOT, budget)
