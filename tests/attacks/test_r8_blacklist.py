"""R8: one blacklisted payee reverts the pay-out of the whole batch.

Here every payment is one person's: who cannot be paid has a credit, and everybody else is paid in the
same call (T10).
"""

import pytest

from tests.support.calls import deploy
from tests.support.market import ARBITER_FEE, REWARD, endow, mine_at

BOND, REJECT_FEE = 100_001, 100_101


@pytest.fixture
def token(world, who):
    token = deploy("BlacklistToken", sender=who.owner)
    endow(world.system, token)
    world.tokens.append(token)
    return token


def block(token, *accounts):
    for account in accounts:
        token.send("setBlocked", account, True, sender=accounts[0])


def test_r8__one_blocked_annotator__stops_nobody_else(world, who, token):
    job_id = world.open(token=token.address)
    submissions = [world.submitted(job_id, 0b01), world.submitted(job_id, 0b10, by=who.rival)]
    block(token, who.annotator)
    with world.moves(token) as moved:
        for index, claim_id in enumerate(submissions):
            world.approve(claim_id, 1 << index)
    pay = REWARD + BOND
    assert moved == {"annotator's credit": pay, "rival": pay, "market": -pay}


@pytest.mark.parametrize("blocked", ["annotator", "creator", "arbiter", "sink"])
def test_r8__one_blocked_party_of_a_decision__gets_a_credit_and_all_others_their_money(
    world, market, who, token, blocked
):
    claim_id = world.appealed(world.open(token=token.address), 0b11)
    block(token, getattr(who, blocked))
    with world.moves(token) as moved:
        market.send("decide", claim_id, 0b01, sender=who.arbiter)
    half = ARBITER_FEE // 2
    due = {
        "annotator": REWARD + BOND + REJECT_FEE + ARBITER_FEE - half,
        "creator": half,
        "arbiter": ARBITER_FEE,
    }
    credited = due.pop(blocked, 0)
    expected = due | {"sink's credit": BOND + REJECT_FEE, "market": -sum(due.values())}
    assert moved == expected | ({f"{blocked}'s credit": credited} if credited else {})


def test_r8__blocked_creator_of_a_closing_job__does_not_stop_releases(world, market, who, token):
    job_id = world.open(token=token.address)
    claims = [world.claim(job_id, 0b01), world.claim(job_id, 0b10, by=who.rival)]
    block(token, who.creator)
    with world.moves(token) as moved:
        market.send("close", job_id, sender=who.creator)
        mine_at(max(world.record(claim)["time"] for claim in claims) + 1)
        market.send("releaseExpired", job_id, claims, sender=who.stranger)
    assert moved == {"creator's credit": 600 * REWARD, "sink's credit": 2 * BOND}
    with world.moves(token) as moved:
        market.send("withdraw", token.address, who.keeper, 600 * REWARD, sender=who.creator)
    assert moved == {"keeper": 600 * REWARD, "market": -600 * REWARD, "creator's credit": -600 * REWARD}
