"""
leaveTree
├── when the owner published no root for a window: anyone gives the job to `assign`, for good
│   ├── from the second after the window on, counted from the switch or the first addition
│   └── its budget is gone, its fees are not counted; those of other jobs are as they were
└── reverts when
    ├── the owner still has time, to the second
    ├── a root was published after its first addition: no reward is handed out twice (T64)
    │   └── one of the same sum, too
    └── the job is not in the tree
"""

import pytest

from offchain.hashing import RewardTree
from tests.support.calls import ZERO, now, reverts
from tests.support.market import DAY, mine_at
from tests.support.rewards import DIRECT, NONE, ROOT_WINDOW, TREE


def test_leave_tree__after_the_window__hands_the_rewards_to_the_accounts(world, distributor, who):
    """T13: a silent owner holds nothing back."""
    source = world.source.address
    budget = world.collected(1_000)
    other = world.collected(500, job=2)
    deadline = world.tree_job()["since"] + ROOT_WINDOW
    mine_at(deadline)
    with reverts("RootPending", deadline, deadline):
        distributor.call("leaveTree", source, 1, sender=who.keeper)
    mine_at(deadline + 1)
    receipt = distributor.send("leaveTree", source, 1, sender=who.keeper)
    assert receipt.of(distributor) == [
        ("ModeSet", {"origin": source, "jobId": 1, "mode": DIRECT}),
        ("RewardReturned", {"origin": source, "jobId": 1, "reward": budget}),
    ]
    assert world.tree_job() == {"budget": 0, "since": 0, "roots": 0}
    assert (world.tree()["budget"], world.tree_job(2)["budget"], world.counted(ZERO)) == (other, other, 0)
    assert world.assign().value == 300
    assert (world.assign().value, world.owed()) == (0, 300)


def test_leave_tree__never_collected__counts_from_the_switch(world, distributor, who):
    since = world.use_tree().time
    world.own("setRoot", b"\x01" * 32, 0)
    world.pay(1_000)
    mine_at(since + ROOT_WINDOW)
    with reverts("RootPending", since + ROOT_WINDOW, since + ROOT_WINDOW):
        distributor.call("leaveTree", world.source.address, 1, sender=who.keeper)
    mine_at(since + ROOT_WINDOW + 1)
    distributor.send("leaveTree", world.source.address, 1, sender=who.keeper)
    assert world.assign().value == 300


def test_leave_tree__collected_again_and_again__does_not_wait_longer(world, distributor, who):
    """T13: the first addition counts."""
    world.collected(1_000)
    since = world.tree_job()["since"]
    mine_at(since + ROOT_WINDOW - DAY)
    world.collected(1_000)
    mine_at(since + ROOT_WINDOW + 1)
    distributor.send("leaveTree", world.source.address, 1, sender=who.keeper)
    assert world.assign().value == 600


def test_leave_tree__a_root_counts_on_it__reverts_for_ever(world, distributor, who):
    """T64: the root pays the first job out of the budget; what waits in the second is no reason to pay the
    first again, nor can the second be robbed so.
    """
    first = world.collected(1_000)
    tree = RewardTree({who.annotator: first})
    world.publish(tree)
    second = world.collected(1_000, job=2)
    mine_at(now() + 2 * ROOT_WINDOW)
    with reverts("InTree", world.source.address, 1):
        distributor.call("leaveTree", world.source.address, 1, sender=who.keeper)
    distributor.send("leaveTree", world.source.address, 2, sender=who.keeper)
    world.claim_from(tree, who.annotator)
    assert world.assign(job=2).value == second
    assert world.tree()["budget"] == world.tree()["total"] == first


def test_leave_tree__a_root_of_the_same_sum_counts_on_it__reverts(world, distributor, who):
    """T64: the corrected root gives the first job's reward to the annotator of the second, whom `assign`
    would reward again.
    """
    first = world.collected(1_000)
    world.publish(RewardTree({who.rival: first}))
    world.collected(1_000, job=2)
    corrected = RewardTree({who.annotator: first})
    world.publish(corrected)
    mine_at(now() + 2 * ROOT_WINDOW)
    for job in (1, 2):
        with reverts("InTree", world.source.address, job):
            distributor.call("leaveTree", world.source.address, job, sender=who.keeper)
    world.claim_from(corrected, who.annotator)
    with reverts("WrongMode", world.source.address, 2, TREE):
        distributor.call("assign", world.source.address, 2, [who.annotator], sender=who.keeper)


def test_leave_tree__more_was_collected_after_the_root__stays_in_the_tree(world, distributor, who):
    """Nothing of it is owed while the owner is silent: the ledger holds only what the root promises (T13)."""
    world.collected(1_000)
    world.publish(RewardTree({who.annotator: 300}))
    world.collected(1_000)
    mine_at(now() + 2 * ROOT_WINDOW)
    with reverts("InTree", world.source.address, 1):
        distributor.call("leaveTree", world.source.address, 1, sender=who.keeper)
    assert (world.owed(), world.tree()["budget"]) == (300, 600)


@pytest.mark.parametrize("mode", [NONE, DIRECT])
def test_leave_tree__job_outside_of_the_tree__reverts(world, distributor, who, mode):
    if mode == DIRECT:
        world.rewarded(1_000)
    with reverts("WrongMode", world.source.address, 1, mode):
        distributor.call("leaveTree", world.source.address, 1, sender=who.keeper)


def test_leave_tree__source_that_was_taken_off_the_list__still_works(world, distributor, who):
    world.collected(1_000)
    world.own("setSource", world.source.address, ZERO)
    mine_at(now() + ROOT_WINDOW + DAY)
    distributor.send("leaveTree", world.source.address, 1, sender=who.keeper)
    assert (world.mode(), world.tree()["budget"]) == (DIRECT, 0)


def test_leave_tree__before_late_roots__cannot_be_promised_any_more(world, distributor, who):
    """The owner who comes too late finds the budget gone (T64)."""
    world.collected(1_000)
    mine_at(now() + ROOT_WINDOW + DAY)
    distributor.send("leaveTree", world.source.address, 1, sender=who.keeper)
    with reverts("BadTotal", 300, 0, 0):
        distributor.call("setRoot", b"\x01" * 32, 300, sender=who.owner)
    with reverts("WrongMode", world.source.address, 1, DIRECT):
        distributor.call("collect", world.source.address, 1, sender=who.owner)
    assert TREE not in {world.mode(), world.mode(2)}
