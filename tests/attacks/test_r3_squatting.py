"""R3: one address claims every task for the price of the gas, and renews for ever.

Here a cap bounds what one account holds, and holding costs the bond in proportion to the time: all of it
where the claim expires, the part that passed where tasks go back, by release or beside a delivery (T21,
F12). An expired claim cannot be renewed in one act, and anyone may take its tasks.
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import FULL, mine_at, next_at

BOND, WINDOW = 100_001, 1_800


def test_r3__more_than_the_cap__is_refused(world, market, who):
    job_id = world.open(max_open=50, task_count=100)
    with reverts("OpenCapExceeded", who.annotator, 100, 50):
        market.call("claim", job_id, 0, (1 << 100) - 1, b"", [], sender=who.annotator, value=100 * BOND)


def test_r3__holding_a_word_for_days__costs_a_bond_each_window(world, market, who):
    """The squatter takes his tasks again whenever his claim has expired, through a second act."""
    job_id = world.open()
    windows = 5
    with world.moves() as moved:
        for _ in range(windows):
            claim_id = world.claim(job_id, FULL)
            mine_at(world.record(claim_id)["time"] + 1)
            with reverts("MayNotClaim", who.annotator):
                market.call("claim", job_id, 0, FULL, b"", [claim_id], sender=who.annotator, value=256 * BOND)
            market.send("releaseExpired", job_id, [claim_id], sender=who.annotator)
    cost = windows * 256 * BOND
    assert moved == {"annotator": -cost, "market": cost, "sink's credit": cost}


def test_r3__expired_tasks__are_taken_over_by_the_first_who_wants_them(world, who):
    job_id = world.open()
    claim_id = world.claim(job_id, FULL)
    mine_at(world.record(claim_id)["time"] + 1)
    world.claim(job_id, FULL, by=who.rival, expired=[claim_id])


@pytest.mark.parametrize("way", ["release", "one task delivered"])
@pytest.mark.parametrize("elapsed", [600, 1_799, 1_800])
def test_r3__giving_tasks_back_late__costs_what_holding_them_costs(world, market, who, way, elapsed):
    """F12: claiming 256 tasks and delivering one in the last second is no cheaper way to hold 255."""
    claim_id = world.claim(world.open(), FULL)
    next_at(world.record(claim_id)["time"] - WINDOW + elapsed)
    with world.moves() as moved:
        if way == "release":
            market.send("release", claim_id, sender=who.annotator)
        else:
            world.submit(claim_id, 1)
    undone = 256 if way == "release" else 255
    lost = moved["sink's credit"]
    assert lost * WINDOW >= undone * BOND * elapsed
    assert moved.get("annotator", 0) + lost == undone * BOND


def test_r3__two_accounts_in_turn__pay_each_time(world, market, who):
    """Rotating accounts takes the tasks over from oneself, at a full bond a window."""
    job_id, holder, other = world.open(), who.annotator, who.rival
    old = world.claim(job_id, FULL, by=holder)
    with world.moves() as moved:
        for _ in range(4):
            mine_at(world.record(old)["time"] + 1)
            holder, other = other, holder
            old = world.claim(job_id, FULL, by=holder, expired=[old])
    assert moved["sink's credit"] == 4 * 256 * BOND
    assert moved["annotator"] + moved["rival"] == -4 * 256 * BOND
