"""
Every power behind the timelock (T61)
├── each act is visible for the whole delay before it acts, and not a second less
├── nobody has it otherwise: not the former owner, not a proposer, not an executor
└── a pause is the exception: its pauser keeps it
"""

import pytest

from offchain.hashing import keccak256
from scripts._chain.blueprints import BLUEPRINTS
from scripts._chain.governance import power_of
from tests.support.calls import ZERO, CallReverted, now, reverts, rpc
from tests.support.market import mine_at, next_at
from tests.support.reentrancy import empty_call
from tests.unit.governance.conftest import DELAY

MINTER = keccak256(b"MINTER_ROLE")
HEIR, FEES = "the heir's address", "the source's address"
GOVERNED = {
    "setFee": (7,),
    "setPauser": (HEIR,),
    "unpause": (),
    "transferOwnership": (HEIR,),
}
POWERS = {
    "AnnotationMarket": GOVERNED,
    "DatasetRegistry": GOVERNED,
    "RewardToken": {
        "grantRole": (MINTER, HEIR),
        "revokeRole": (MINTER, HEIR),
        "beginDefaultAdminTransfer": (HEIR,),
        "cancelDefaultAdminTransfer": (),
        "changeDefaultAdminDelay": (5,),
        "rollbackDefaultAdminDelay": (),
    },
    "RewardDistributor": {
        "setSource": (FEES, FEES),
        "setRate": (ZERO, 7),
        "setEpochCap": (7,),
        "useTree": (FEES, 1),
        "collect": (FEES, 2),
        "setRoot": (b"\x01" * 32, 0),
        "transferOwnership": (HEIR,),
    },
    "Staking": {"setMarket": (HEIR, True), "transferOwnership": (HEIR,)},
    "Reputation": {"setWriter": (HEIR, True), "transferOwnership": (HEIR,)},
    "LabelConsensus": {**GOVERNED, "setUnit": (ZERO, 7)},
}
"""Arguments for every act that is the owner's alone."""

SILENT = {"collect", "cancelDefaultAdminTransfer", "rollbackDefaultAdminDelay"}
"""Acts without an event where there is nothing to collect or to take back."""

OTHERS = {"acceptOwnership", "acceptDefaultAdminTransfer", "mint"}
"""Acts of a next owner, and of minters."""

REFUSALS = {
    "OwnableUnauthorizedAccount",
    "AccessControlUnauthorizedAccount",
    "AccessControlEnforcedDefaultAdminRules",  # for the role of nothing, which is the admin's
    "AccessControlInvalidDefaultAdmin",
}

ACTS = [(name, act) for name, acts in POWERS.items() for act in acts]


def _prepare(governed, contract, act):
    """What has to be done before an act works."""
    if act == "unpause":
        contract.send("pause", sender=governed.who.owner)
    if act == "collect":
        governed.do(contract, "setSource", *(governed.fees.address,) * 2)
        governed.do(contract, "useTree", governed.fees.address, 2)
    if act == "revokeRole":
        governed.do(contract, "grantRole", MINTER, governed.who.heir)


def _call(governed, name, act):
    """The act with addresses for their names."""
    places = {HEIR: governed.who.heir, FEES: governed.fees.address}
    return act, *(places.get(value, value) for value in POWERS[name][act])


def test_powers__every_contract_with_an_owner_is_here():
    """A new contract that somebody has power over is put behind the timelock, too."""
    assert {name for name in BLUEPRINTS if power_of(name)} == set(POWERS)


@pytest.mark.parametrize("name", POWERS)
def test_powers__every_act_of_an_owner_is_here(governed, who, name):
    """T61: found by who is refused: whatever refuses a stranger because of who he is."""
    contract, found = governed.contracts[name], set()
    for act, (entry, *_) in contract.functions.items():
        if entry["stateMutability"] in {"view", "pure"}:
            continue
        data = "0x" + empty_call(contract, act).hex()
        try:
            rpc("eth_call", {"to": contract.address, "data": data, "from": who.stranger}, "latest")
        except CallReverted as refused:
            found |= {act} if refused.error in REFUSALS else set()
    assert found - OTHERS == set(POWERS[name])


@pytest.mark.parametrize(("name", "act"), ACTS)
def test_act__is_visible_for_the_whole_delay__then_acts(governed, timelock, who, name, act):
    """T18, T61: from the event on everybody can see what will happen; one second early it does not."""
    contract = governed.contracts[name]
    _prepare(governed, contract, act)
    call = governed.call(contract, *_call(governed, name, act), salt=b"\x05" * 32)
    receipt = timelock.send("schedule", *call, DELAY, sender=who.proposer)
    identity, ready = timelock.call("hashOperation", *call), receipt.time + DELAY
    told = {"id": identity, "index": 0, "target": contract.address, "value": 0, "data": call[2]}
    told |= {"predecessor": bytes(32), "delay": DELAY}
    assert receipt.of(timelock)[0] == ("CallScheduled", told)
    assert not receipt.of(contract)
    early = ("TimelockUnexpectedOperationState", identity, (1 << 2).to_bytes(32))
    for moment in (receipt.time + 1, ready - 1):
        mine_at(moment)
        assert timelock.call("getOperationState", identity) == 1
        assert timelock.call("getTimestamp", identity) == ready
        with reverts(*early):
            timelock.call("execute", *call, sender=who.executor)
    mine_at(ready)
    done = timelock.send("execute", *call, sender=who.executor)
    assert timelock.call("getOperationState", identity) == 3
    assert bool(done.of(contract)) == (act not in SILENT)


@pytest.mark.parametrize(("name", "act"), ACTS)
def test_act__by_hand__reverts(governed, who, name, act):
    """T61."""
    contract = governed.contracts[name]
    for account in (who.owner, who.proposer, who.executor, who.stranger):
        values = (account, bytes(32)) if name == "RewardToken" else (account,)
        error = "AccessControlUnauthorizedAccount" if name == "RewardToken" else "OwnableUnauthorizedAccount"
        with reverts(error, *values):
            contract.call(*_call(governed, name, act), sender=account)


@pytest.mark.parametrize("name", ["AnnotationMarket", "DatasetRegistry"])
def test_pause__is_quick__unpausing_waits(governed, who, name):
    """T17: a pause blocks new business at once; to end it is the owner's act."""
    contract = governed.contracts[name]
    contract.send("pause", sender=who.owner)
    with reverts("OwnableUnauthorizedAccount", who.owner):
        contract.call("unpause", sender=who.owner)
    assert contract.call("paused")
    governed.do(contract, "unpause", salt=b"\x06" * 32)
    assert not contract.call("paused")


def test_handover__back_to_an_account__takes_both(governed, who):
    """The timelock can give a power away: after its delay, and to whoever accepts."""
    staking = governed.contracts["Staking"]
    governed.do(staking, "transferOwnership", who.heir, salt=b"\x07" * 32)
    next_at(now() + 1)
    staking.send("acceptOwnership", sender=who.heir)
    assert staking.call("owner") == who.heir
