"""
slash
├── when a rejection stands: burns the stake of its tasks, whoever calls
│   ├── of part of a submission: the others, paid or pending, cost nothing
│   ├── by silence or by the arbiter's word
│   ├── through the last second of a pledge that leaves, and of its lock
│   └── after the lock was over: takes what a new pledge has, and what is missing stays due
└── reverts when
    ├── the commitment is not opened
    ├── nothing was rejected, or not for good, or the rejection was overturned
    ├── all of it was slashed for
    └── there is no pledge, or its lock is over
"""

import pytest

from tests.support.calls import ZERO, now, reverts
from tests.support.market import DAY, ROOT, mine_at, next_at
from tests.support.pledges import PLENTY, STAKE


def test_slash__rejection_stands__burns_the_stake_of_its_tasks(world, hook, staking, who):
    """T34, T37: nobody has more by it, not creator, not arbiter, not the sink, not who calls."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b10010)
    others = (who.creator, who.arbiter, who.sink, who.stranger, who.owner)
    before, supply = [world.owned(one) for one in others], world.token.call("totalSupply")
    receipt = world.slash(claim_id, 0b10010)
    slashed = {
        "jobId": job_id,
        "claimId": claim_id,
        "annotator": who.annotator,
        "tasks": 2,
        "amount": 2 * STAKE,
    }
    assert receipt.of(hook) == [("PledgeSlashed", slashed)]
    name, told = receipt.of(staking)[0]
    assert (name, told["fromLock"], told["burned"]) == ("StakeSlashed", 2 * STAKE, 2 * STAKE)
    assert (told["fromAvailable"], told["payout"], told["fee"], told["payee"]) == (0, 0, 0, ZERO)
    assert [world.owned(one) for one in others] == before
    dead = world.token.call("balanceOf", staking.call("BURN_ADDRESS"))
    assert dead + supply - world.token.call("totalSupply") == 2 * STAKE
    assert world.owned() == 2 * PLENTY - 2 * STAKE
    assert (world.standing(job_id)[0], hook.call("slashedTasks", claim_id)) == (3, 2)


def test_slash__part_of_a_submission__while_others_are_pending(world, hook, who):
    """The rejection of some tasks is final before the others are paid."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b0011, pending=0b1100)
    world.slash(claim_id, 0b1111)
    assert world.standing(job_id)[0] == 3
    world.work.approve(claim_id, 0b1100)
    with reverts("AlreadySlashed", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b1111), sender=who.stranger)


def test_slash__in_another_word__needs_that_word(world, hook, who):
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b1, word=1)
    with reverts("WrongOpening", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b1), sender=who.stranger)
    world.slash(claim_id, 0b1, word=1)


@pytest.mark.parametrize("lost", [0, 0b001, 0b111])
def test_slash__by_the_arbiters_word__costs_what_he_upheld(world, hook, who, lost):
    """T37: what the arbiter overturns costs nothing."""
    job_id = world.pledged(5)
    claim_id = world.work.appealed(job_id, 0b111)
    world.market.send("decide", claim_id, lost, sender=who.arbiter)
    if not lost:
        with reverts("NoRejection", claim_id):
            hook.call("slash", *world.opening(claim_id, 0b111), sender=who.stranger)
        return
    world.slash(claim_id, 0b111)
    assert world.standing(job_id)[0] == 5 - lost.bit_count()


def test_slash__silent_arbiter__costs_nothing(world, hook, who):
    """T37: a creator whose arbiter says nothing has nobody slashed."""
    job_id = world.pledged(5)
    claim_id = world.work.appealed(job_id, 0b111)
    mine_at(now() + 5 * DAY + 1)
    world.market.send("settleAppeal", claim_id, sender=who.keeper)
    with reverts("NoRejection", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b111), sender=who.stranger)


@pytest.mark.parametrize("state", ["submitted", "rejected", "appealed", "approved", "finalized"])
def test_slash__no_rejection_stands__reverts(world, hook, who, state):
    """T14: a rejection that can be appealed, or was, is not for good."""
    job_id, mask = world.pledged(5), 0b11
    if state in {"rejected", "appealed"}:
        claim_id = getattr(world.work, state)(job_id, mask)
    else:
        claim_id = world.work.submitted(job_id, mask)
    if state == "approved":
        world.work.approve(claim_id, mask)
    if state == "finalized":
        mine_at(now() + 3 * DAY + 1)
        world.market.send("finalize", claim_id, sender=who.keeper)
    with reverts("NoRejection", claim_id):
        hook.call("slash", *world.opening(claim_id, mask), sender=who.stranger)


def test_slash__claim_without_a_submission__reverts(world, hook, who):
    job_id = world.pledged(5)
    claim_id = world.work.claim(job_id, 0b11)
    for one in (claim_id, claim_id + 1):
        with reverts("WrongOpening", one):
            hook.call("slash", *world.opening(one, 0b11), sender=who.stranger)
    world.market.send("release", claim_id, sender=who.annotator)
    with reverts("WrongOpening", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b11), sender=who.stranger)


def test_slash__another_opening__reverts(world, hook, who):
    """T25: nobody is slashed for somebody else's work."""
    job_id = world.pledged(5)
    world.pledge(job_id, 5, who.rival)
    claim_id = world.upheld(job_id, 0b11)
    wrong = [
        (who.rival, 0, ROOT, 0b11),
        (who.annotator, 1, ROOT, 0b11),
        (who.annotator, 0, bytes(32), 0b11),
        (who.annotator, 0, ROOT, 0b01),
    ]
    for opening in wrong:
        with reverts("WrongOpening", claim_id):
            hook.call("slash", claim_id, *opening, sender=who.stranger)


def test_slash__again__reverts(world, hook, who):
    """T6: each task once."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b11)
    world.slash(claim_id, 0b11)
    with reverts("AlreadySlashed", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b11), sender=who.stranger)


def test_slash__two_claims__each_its_own(world):
    job_id = world.pledged(5)
    first, second = world.work.submitted(job_id, 0b1), world.work.submitted(job_id, 0b110)
    for claim_id, mask in ((first, 0b1), (second, 0b110)):
        world.work.reject(claim_id, mask)
    world.stands(first)
    world.market.send("settleRejection", second, sender=world.who.keeper)
    world.slash(second, 0b110)
    assert world.standing(job_id)[0] == 3
    world.slash(first, 0b1)
    assert world.standing(job_id)[0] == 2


def test_slash__while_it_leaves__works_through_the_last_second(world, hook, who):
    """T39."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b11)
    next_at(world.request(job_id))
    world.slash(claim_id, 0b11)
    assert world.bond()["locked"] == 3 * STAKE


def test_slash__late__takes_a_pledge_that_could_have_left_otherwise(world):
    """T39: what is due keeps it, for longer than anybody needs for a proof."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b11)
    mine_at(world.request(job_id) + 30 * DAY)
    world.slash(claim_id, 0b11)
    assert world.bond()["locked"] == 3 * STAKE
    world.unpledge(job_id)


def test_slash__lock__can_be_slashed_through_its_last_second(world, hook, who):
    """T39, T40."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b11)
    until = world.bond()["until"]
    mine_at(until)
    hook.call("slash", *world.opening(claim_id, 0b11), sender=who.stranger)
    mine_at(until + 1)
    with reverts("NoPledge", job_id, who.annotator):
        hook.call("slash", *world.opening(claim_id, 0b11), sender=who.stranger)


def owing(world, tasks: int) -> tuple[int, int]:
    """A job in which nobody slashed for so many rejected tasks before the lock was over, and their claim."""
    job_id = world.pledged(tasks, deadline=now() + 300 * DAY)
    claim_id = world.upheld(job_id, (1 << tasks) - 1)
    mine_at(world.bond()["until"] + 1)
    return job_id, claim_id


def test_slash__nothing_left__stays_due(world, hook, who):
    """T39: it is for a new pledge to that job to pay, part by part. No other job's pays for it."""
    job_id, claim_id = owing(world, 3)
    other = world.pledged(7)
    with reverts("NoPledge", job_id, who.annotator):
        hook.call("slash", *world.opening(claim_id, 0b111), sender=who.stranger)
    world.pledge(job_id, 1)
    world.slash(claim_id, 0b111)
    assert (hook.call("slashedTasks", claim_id), world.due(job_id), world.standing(job_id)[0]) == (1, 2, 0)
    world.pledge(job_id, 4)
    world.slash(claim_id, 0b111)
    assert (world.due(job_id), world.standing(job_id)[0], world.standing(other)[0]) == (0, 2, 7)
    with reverts("AlreadySlashed", claim_id):
        hook.call("slash", *world.opening(claim_id, 0b111), sender=who.stranger)


def test_slash__what_was_due__locks_nobody_out(world):
    """T13: whoever pays for it works on as before, with a pledge for what he holds and no more."""
    job_id, claim_id = owing(world, 3)
    world.pledge(job_id, 4)
    assert [world.eligible(job_id, tasks) for tasks in (1, 2)] == [True, False]
    world.slash(claim_id, 0b111)
    assert [world.eligible(job_id, tasks) for tasks in (1, 2)] == [True, False]
    world.work.claim(job_id, 0b1)


def test_slash__claims_are_slashed_for_apart__due_is_their_sum(world, who):
    """What is due counts every claim of the account in the job, and nobody else's."""
    job_id, other = world.pledged(6), world.pledged(6)
    world.pledge(job_id, 6, who.rival)
    first, second = world.upheld(job_id, 0b11), world.upheld(job_id, 0b1100, pending=0b110000)
    third = world.upheld(job_id, 0b1, by=who.rival)
    assert (world.due(job_id), world.due(job_id, who.rival), world.due(other)) == (4, 1, 0)
    world.slash(second, 0b111100)
    assert world.due(job_id) == 2
    world.slash(third, 0b1, by=who.rival)
    assert (world.due(job_id), world.due(job_id, who.rival)) == (2, 0)
    world.slash(first, 0b11)
    assert world.due(job_id) == 0


def test_slash__smallest_stake__takes_it(world):
    """T40: nothing rounds to zero."""
    job_id = world.job(stake=1)
    world.pledge(job_id, 1, stake=1)
    claim_id = world.upheld(job_id, 0b1)
    world.slash(claim_id, 0b1)
    assert world.owned() == 2 * PLENTY - 1


def test_slash__whole_word__counts_256_tasks(world):
    job_id = world.pledged(256)
    full = (1 << 256) - 1
    claim_id = world.upheld(job_id, full)
    world.slash(claim_id, full)
    assert (world.standing(job_id)[0], world.owned()) == (0, 2 * PLENTY - 256 * STAKE)
