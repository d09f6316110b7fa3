"""A staked token that calls back while it is burnt finds nothing to take (T62)."""

import pytest

from tests.support.market import mine_at
from tests.support.pledges import PLENTY, STAKE, System, World, deploy_system
from tests.support.reentrancy import LOCKED, empty_call

ACTS = ("configure", "pledge", "pledgeBySig", "requestUnpledge", "requestUnpledgeBySig", "unpledge", "slash")


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system("HookToken")


def _call(world: World, act: str, job_id: int, idle: int, claim_id: int) -> tuple:
    """What would work, was it not for the slash that is going on; `idle` is a job in which nothing is due."""
    if act == "slash":
        return "slash", *world.opening(claim_id, 0b100)
    if act == "unpledge":
        return "unpledge", idle, world.who.annotator
    message = {"jobId": job_id, "tasks": 1, "stakePerTask": STAKE}
    auth = world.pen.auth("Pledge", world.who.annotator, role="annotator", **message)
    return "pledgeBySig", *message.values(), auth


@pytest.mark.parametrize("act", ["slash", "unpledge", "pledgeBySig"])
def test_token_that_calls_back__finds_the_stake_locked(world, hook, act):
    """T62."""
    job_id, idle = world.pledged(5), world.pledged(1)
    claim_id, other = world.upheld(job_id, 0b11), world.upheld(job_id, 0b100)
    mine_at(world.request(idle) + 1)
    call = _call(world, act, job_id, idle, other)
    hook.call(*call, sender=world.who.stranger)
    world.token.send("callBackWith", hook.address, hook.data(*call), sender=world.who.owner)
    world.slash(claim_id, 0b11)
    assert (world.token.call("calledBack"), world.token.call("answer")) == (False, LOCKED)
    assert (world.standing(job_id)[0], world.standing(idle)[0], world.bond()["locked"]) == (3, 1, 4 * STAKE)
    assert world.owned() == 2 * PLENTY - 2 * STAKE


@pytest.mark.parametrize("act", ACTS)
def test_every_door__is_locked_while_it_slashes(world, hook, act):
    """T62: the lock is the first thing that each act looks at."""
    job_id = world.pledged(5)
    claim_id = world.upheld(job_id, 0b11)
    world.token.send("callBackWith", hook.address, empty_call(hook, act), sender=world.who.owner)
    world.slash(claim_id, 0b11)
    assert (world.token.call("calledBack"), world.token.call("answer")) == (False, LOCKED)
