"""
Timelock (T61)
├── starts with its delay, proposers who can cancel, executors, and no admin but itself
├── delay and roles change through itself alone, as slowly as everything else
├── a proposer cancels what waits
└── nobody else schedules, cancels or executes; where executor zero is set, everybody executes
"""

import pytest

from offchain.hashing import checksum_address, keccak256
from tests.support.calls import ZERO, deploy, now, reverts, rpc
from tests.support.market import mine_at
from tests.unit.governance.conftest import DELAY

PROPOSER, EXECUTOR, CANCELLER = (
    keccak256(name.encode()) for name in ("PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE")
)
ADMIN = bytes(32)
ROLES = (PROPOSER, EXECUTOR, CANCELLER, ADMIN)


def test_timelock__starts_with_these_roles_and_no_other(timelock, who):
    """T61: whoever deployed it has no power over it."""
    assert timelock.call("getMinDelay") == DELAY
    held = {
        account: [role for role in ROLES if timelock.call("hasRole", role, account)]
        for account in (*vars(who).values(), ZERO, timelock.address)
    }
    assert {account: roles for account, roles in held.items() if roles} == {
        who.proposer: [PROPOSER, CANCELLER],
        who.executor: [EXECUTOR],
        timelock.address: [ADMIN],
    }


def test_timelock__made__grants_nothing_else_to_any_account_at_all(who):
    """T61: an admin could change roles and delay faster than the delay; whatever is granted is in the log."""
    made = deploy("Timelock", DELAY, [who.proposer], [who.executor], sender=who.owner)
    granted = "0x" + keccak256(b"RoleGranted(bytes32,address,address)").hex()
    logs = rpc("eth_getLogs", {"address": made.address, "fromBlock": "0x0", "topics": [granted]})
    told = {
        (bytes.fromhex(log["topics"][1][2:]), checksum_address("0x" + log["topics"][2][-40:])) for log in logs
    }
    assert told == {
        (ADMIN, made.address),
        (PROPOSER, who.proposer),
        (CANCELLER, who.proposer),
        (EXECUTOR, who.executor),
    }


@pytest.mark.parametrize("role", ["owner", "executor", "stranger"])
def test_schedule__by_anyone_else__reverts(governed, timelock, who, role):
    """T61."""
    call = governed.call(governed.contracts["Staking"], "setMarket", who.heir, True)
    with reverts("AccessControlUnauthorizedAccount", getattr(who, role), PROPOSER):
        timelock.call("schedule", *call, DELAY, sender=getattr(who, role))


def test_schedule__with_a_shorter_delay__reverts(governed, timelock, who):
    call = governed.call(governed.contracts["Staking"], "setMarket", who.heir, True)
    with reverts("TimelockInsufficientDelay", DELAY - 1, DELAY):
        timelock.call("schedule", *call, DELAY - 1, sender=who.proposer)


@pytest.mark.parametrize("role", ["owner", "proposer", "stranger"])
def test_execute__by_anyone_else__reverts(governed, timelock, who, role):
    call = governed.schedule(governed.contracts["Staking"], "setMarket", who.heir, True)
    mine_at(now() + DELAY)
    with reverts("AccessControlUnauthorizedAccount", getattr(who, role), EXECUTOR):
        timelock.call("execute", *call, sender=getattr(who, role))


def test_execute__open_to_everybody__where_zero_is_an_executor(governed, who):
    timelock = deploy("Timelock", DELAY, [who.proposer], [ZERO], sender=who.owner)
    call = governed.call(timelock, "updateDelay", 7)
    timelock.send("schedule", *call, DELAY, sender=who.proposer)
    mine_at(now() + DELAY)
    timelock.send("execute", *call, sender=who.stranger)
    assert timelock.call("getMinDelay") == 7


def test_cancel__by_a_proposer__ends_what_waits(governed, timelock, who):
    call = governed.schedule(governed.contracts["Staking"], "setMarket", who.heir, True)
    identity = timelock.call("hashOperation", *call)
    for account in (who.executor, who.owner, who.stranger):
        with reverts("AccessControlUnauthorizedAccount", account, CANCELLER):
            timelock.call("cancel", identity, sender=account)
    timelock.send("cancel", identity, sender=who.proposer)
    mine_at(now() + DELAY)
    with reverts("TimelockUnexpectedOperationState", identity, (1 << 2).to_bytes(32)):
        timelock.call("execute", *call, sender=who.executor)


def test_delay_and_roles__through_itself_alone(governed, timelock, who):
    """T61: there is no short way to a shorter delay."""
    for account in (who.owner, who.proposer, who.executor):
        with reverts("TimelockUnauthorizedCaller", account):
            timelock.call("updateDelay", 0, sender=account)
        for act in ("grantRole", "revokeRole"):
            with reverts("AccessControlUnauthorizedAccount", account, ADMIN):
                timelock.call(act, PROPOSER, account, sender=account)
    governed.do(timelock, "updateDelay", 2 * DELAY)
    assert timelock.call("getMinDelay") == 2 * DELAY
