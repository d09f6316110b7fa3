"""
claim
├── when the tasks are free
│   ├── it takes them until the end of the claim window, against the bond, in the coin or in the token
│   ├── it numbers claims per job and emits TasksClaimed
│   └── it keeps runs and scattered masks alike, in any word
├── given a cap: tasks that are claimed, under review or in dispute count against it, settled ones do not
├── given a hook: it asks exactly for this claim, and only an answer of yes admits
├── given a deadline of the job: a claim that could outlast it is refused
└── reverts when
    ├── paused, or the job is not open
    ├── the annotator is the creator or the sink
    ├── the mask is empty, or names tasks that do not exist or are taken
    └── the money is not exactly the bond
"""

import pytest

from offchain.states import ClaimState
from offchain.terms import difficulty
from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import FULL, REWARD, mine_at, next_at
from tests.support.money import bounty

BOND = 100_001  # 10 % of 1,000,003, rounded up
WINDOW = 1_800


def test_claim__free_tasks__takes_them_against_the_bond(world, market, who, coin):
    job_id = world.open(token=coin)
    with world.moves(coin) as moved:
        receipt = market.send(
            "claim", job_id, 1, 0b1110, b"", [], sender=who.annotator, value=world.bond(job_id, 0b1110)
        )
    assert receipt.value == job_id << 24
    assert moved == {"annotator": -3 * BOND, "market": 3 * BOND}
    expiry = receipt.time + WINDOW
    told = {
        "jobId": job_id,
        "claimId": job_id << 24,
        "annotator": who.annotator,
        "word": 1,
        "mask": 0b1110,
        "expiry": expiry,
        "bond": 3 * BOND,
    }
    assert receipt.of(market) == [("TasksClaimed", told)]
    assert world.record(job_id << 24) == {
        "annotator": who.annotator,
        "state": ClaimState.CLAIMED,
        "dispute": 0,
        "word": 1,
        "time": expiry,
        "mask": 0b1110,
        "disputed": 0,
        "disputedAt": 0,
        "commitment": bytes(32),
    }
    job = world.job(job_id)
    assert (job["open"], job["taken"], job["approved"], job["records"]) == (597, 3, 0, 1)
    account = {"open": 3, "approved": 0, "weight": 0, "earned": 0, "rejected": 0}
    assert market.call("accountOf", job_id, who.annotator) == account
    assert market.call("freeTasks", job_id, 1) == FULL - 0b1110
    assert market.call("freeFunds", job_id) == 597 * REWARD


def test_claim__several__are_numbered_in_their_job(world, who):
    first, second = world.open(), world.open()
    ids = [world.claim(first, 1), world.claim(second, 1), world.claim(first, 2, by=who.rival)]
    assert ids == [first << 24, second << 24, first << 24 | 1]


@pytest.mark.parametrize(
    ("word", "mask"),
    [
        (0, 1),
        (0, 1 << 255),
        (0, FULL),
        (1, FULL >> 1),
        (1, FULL - 1),
        (0, 0b101),
        (0, 1 | 1 << 255),
        (0, int("10" * 128, 2)),
        (2, (1 << 88) - 1),
    ],
)
def test_claim__any_mask__is_kept_as_it_is(world, market, word, mask):
    """Runs live in two bytes of the record, other masks in a slot of their own; both read the same."""
    job_id = world.open()
    claim_id = world.claim(job_id, mask, word=word)
    record = world.record(claim_id)
    assert (record["mask"], record["word"]) == (mask, word)
    exists = (1 << 88) - 1 if word == 2 else FULL
    assert market.call("freeTasks", job_id, word) == exists & ~mask


def test_claim__last_word_of_the_largest_job__is_kept(world):
    job_id = world.open(task_count=1 << 20, reward=1, arbiter=ZERO)
    assert world.record(world.claim(job_id, 1 << 255, word=4_095))["word"] == 4_095


def test_claim__without_a_bond__costs_nothing(world, coin):
    job_id = world.open(token=coin, bond_bps=0)
    with world.moves(coin) as moved:
        world.claim(job_id, FULL)
    assert moved == {}


@pytest.mark.parametrize(
    ("reward", "bond_bps", "bond"), [(1, 1, 1), (10_000, 1, 1), (10_001, 1, 2), (7, 10_000, 7)]
)
def test_claim__small_bonds__are_rounded_up(world, market, reward, bond_bps, bond):
    """T21: no bond that is stated is ever nothing."""
    job_id = world.open(reward=reward, bond_bps=bond_bps, arbiter_fee=0)
    assert market.call("taskPay", job_id, 0)[2] == bond
    world.claim(job_id, 0b11)


def test_claim__in_a_job_with_classes__reserves_the_money_of_its_word(world, market, who):
    market.send("setFee", 250, sender=who.owner)
    multipliers, classes = difficulty((10_000, 25_000, 5_000))
    job_id = world.open(multipliers=multipliers, word_classes=classes, fee_bps=250)
    before = market.call("freeFunds", job_id)
    world.claim(job_id, 0b111, word=1)
    locked = 2_500_007 + 62_500  # 2.5 times the reward, rounded down, and 2.5 % of that
    assert before - market.call("freeFunds", job_id) == 3 * locked


# --- who and when ---


def test_claim__by_the_creator__reverts(world, market, who):
    """T34."""
    job_id = world.open()
    with reverts("MayNotClaim", who.creator):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.creator, value=BOND)


def test_claim__by_the_sink__reverts(world, market, who):
    """T21, T34: forfeits go to the sink, so he would hold tasks for nothing."""
    job_id = world.open()
    with reverts("MayNotClaim", who.sink):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.sink, value=BOND)


def test_claim__job_that_does_not_exist__reverts(market, who):
    with reverts("WrongJobState", 1, 0):
        market.call("claim", 1, 0, 1, b"", [], sender=who.annotator)


def test_claim__closing_or_closed_job__reverts(world, market, who):
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    market.send("close", job_id, sender=who.creator)
    with reverts("WrongJobState", job_id, 2):
        market.call("claim", job_id, 0, 2, b"", [], sender=who.rival, value=BOND)
    market.send("release", claim_id, sender=who.annotator)
    with reverts("WrongJobState", job_id, 3):
        market.call("claim", job_id, 0, 2, b"", [], sender=who.rival, value=BOND)


def test_claim__that_ends_with_the_deadline__is_the_last(world, market, who):
    job_id = world.open()
    deadline = world.terms_of[job_id].deadline
    mine_at(deadline - WINDOW - 1)
    next_at(deadline - WINDOW)
    assert world.record(world.claim(job_id, 1))["time"] == deadline
    mine_at(deadline - WINDOW + 1)
    with reverts("TooLate", deadline, deadline + 1):
        market.call("claim", job_id, 0, 2, b"", [], sender=who.annotator, value=BOND)


def test_claim__while_paused__reverts(world, market, who):
    """T17."""
    job_id = world.open()
    market.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=BOND)


# --- which tasks ---


@pytest.mark.parametrize(
    ("word", "mask", "allowed"),
    [
        (0, 0, FULL),
        (2, 1 << 88, (1 << 88) - 1),
        (2, FULL, (1 << 88) - 1),
        (3, 1, 0),
        (2**256 - 1, 1, 0),
        (1 << 248, 1, 0),  # times 256 it would wrap around to word 0
    ],
)
def test_claim__tasks_that_do_not_exist__revert(world, market, who, word, mask, allowed):
    job_id = world.open()
    with reverts("BadMask", mask, allowed):
        market.call("claim", job_id, word, mask, b"", [], sender=who.annotator, value=BOND)


def test_claim__tasks_that_are_taken__reverts_and_names_them(world, market, who):
    job_id = world.open()
    world.claim(job_id, 0b0110)
    with reverts("TasksTaken", job_id, 0, 0b0100):
        market.call("claim", job_id, 0, 0b1100, b"", [], sender=who.rival, value=2 * BOND)
    world.claim(job_id, 0b1001, by=who.rival)
    world.claim(job_id, 0b0110, word=1, by=who.rival)


def test_claim__tasks_that_were_approved__reverts(world, market, who):
    job_id = world.open()
    world.approve(world.submitted(job_id, 0b11), 0b11)
    with reverts("TasksTaken", job_id, 0, 0b10):
        market.call("claim", job_id, 0, 0b110, b"", [], sender=who.rival, value=2 * BOND)


# --- the cap ---


def test_claim__cap__counts_what_is_held_until_it_is_settled(world, market, who):
    """T21, R3: claimed, submitted and disputed tasks count; approved and returned ones do not."""
    job_id = world.open(max_open=4)
    held = world.claim(job_id, 0b0011)
    disputed = world.rejected(job_id, 0b0100, pending=0b1000)
    with reverts("OpenCapExceeded", who.annotator, 5, 4):
        market.call("claim", job_id, 1, 1, b"", [], sender=who.annotator, value=BOND)
    world.claim(job_id, 0b1111, word=1, by=who.rival)
    world.approve(disputed, 0b1000)
    world.claim(job_id, 1, word=2)
    market.send("release", held, sender=who.annotator)
    with reverts("OpenCapExceeded", who.annotator, 5, 4):
        market.call("claim", job_id, 2, 0b1110, b"", [], sender=who.annotator, value=3 * BOND)
    world.claim(job_id, 0b110, word=2)


# --- the hook ---


def test_claim__with_a_hook__asks_for_exactly_this_claim(world, market, who):
    hook = deploy("MockHook", sender=who.owner)
    job_id = world.open(hook=hook.address)
    hook.send("expectQuestion", job_id, who.annotator, 3, b"proof", sender=who.owner)
    world.claim(job_id, 0b1011, data=b"proof")
    for sender, mask, data in ((who.rival, 0b111 << 8, b"proof"), (who.annotator, 0b111 << 8, b"")):
        with reverts("NotEligible", job_id, sender):
            market.call("claim", job_id, 0, mask, data, [], sender=sender, value=3 * BOND)
    with reverts("NotEligible", job_id, who.annotator):
        market.call("claim", job_id, 0, 1 << 9, b"proof", [], sender=who.annotator, value=BOND)


def test_claim__hook_that_reverts_or_answers_badly__reverts(world, market, who):
    """T62: such a hook keeps new claims out; see the tests of submitBatch for what it cannot do."""
    hook = deploy("MockHook", sender=who.owner)
    job_id = world.open(hook=hook.address)
    hook.send("setMode", 1, sender=who.owner)
    with reverts("Unwelcome", who.annotator):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=BOND)
    hook.send("setMode", 2, sender=who.owner)
    with reverts(""):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=BOND)


# --- money ---


@pytest.mark.parametrize("off", [-1, 1])
def test_claim__native_coin_that_is_not_the_bond__reverts(world, market, who, off):
    job_id = world.open()
    with reverts("WrongValue", 2 * BOND, 2 * BOND + off):
        market.call("claim", job_id, 0, 0b11, b"", [], sender=who.annotator, value=2 * BOND + off)


def test_claim__native_coin_in_a_token_job__reverts(world, market, who):
    """T9."""
    job_id = world.open(token=world.system.token.address)
    with reverts("WrongValue", 0, BOND):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=BOND)


def test_claim__token_that_was_not_approved__reverts(world, market, who):
    job_id = world.open(token=world.system.token.address)
    with reverts("ERC20InsufficientAllowance", market.address, 0, BOND):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.stranger)


def test_claim__by_the_arbiter__is_his_own_risk(world, market, who):
    """He may work, but cannot appeal in a case that he would decide: see the tests of appeal."""
    assert bounty(world.terms()) > 0
    world.claim(world.open(), 1, by=who.arbiter)
