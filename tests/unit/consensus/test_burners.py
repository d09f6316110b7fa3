"""
settle, expire
├── everybody takes what he is paid: he is paid at once, however many there are
└── many burn the gas that they are paid with
    ├── a call of 15 million gas settles the word all the same (T11)
    ├── who comes after them is credited, and takes it out when he likes
    └── nothing is lost: what left the market and what it owes are what it was funded with
"""

import pytest

from offchain.hashing import checksum_address, keccak256
from tests.support.calls import ZERO, balance, deploy, rpc
from tests.support.consensus import PAY, STAKE, TASKS, World, deploy_system
from tests.support.signing import NEVER

SEATS = 63
BURNER = "0xfe"
"""The code that takes all gas and reverts."""


@pytest.fixture(scope="module")
def system(networks):
    return deploy_system()


@pytest.fixture
def crowd(system):
    """New accounts with a stake, in the order in which they are paid."""
    found = [keccak256(b"burner %d" % number)[12:] for number in range(SEATS)]
    accounts = [checksum_address(account) for account in sorted(found)]
    gem, staking, owner = system.gem, system.staking, system.who.owner
    for account in accounts:
        rpc("anvil_impersonateAccount", account)
        gem.send("mint", account, STAKE, sender=owner)
        gem.send("approve", staking.address, NEVER, sender=account)
        staking.send("stake", account, STAKE, sender=account)
        staking.send("allow", system.market.address, 2**128 - 1, sender=account)
    yield accounts
    for account in accounts:
        rpc("anvil_setCode", account, "0x")
        rpc("anvil_stopImpersonatingAccount", account)


@pytest.fixture
def burn():
    """Accounts become contracts that burn all gas."""

    def become(accounts):
        for account in accounts:
            rpc("anvil_setCode", account, BURNER)

    return become


def play(world, crowd, **terms):
    """Everybody is right, and has revealed it."""
    world.create(redundancy=SEATS, min_seat=256, **terms)
    for account in crowd:
        world.sit(account, world.labels())
    world.reveal_all()


def paid_out(market, token, crowd):
    """What each has and is owed."""
    address = token if token == ZERO else token.address
    return [(balance(token, account), market.call("creditOf", address, account)) for account in crowd]


def test_settle__63_ordinary_accounts__are_all_paid_at_once(system, crowd):
    world = World(system)
    play(world, crowd)
    world.open_gold()
    before = paid_out(system.market, ZERO, crowd)
    world.score_and_settle()
    after = paid_out(system.market, ZERO, crowd)
    assert [(now - was, owed) for (now, owed), (was, _) in zip(after, before, strict=True)] == [
        (TASKS * PAY, 0)
    ] * SEATS


def test_settle__63_new_holders_of_a_token__are_all_paid_at_once(system, crowd):
    token = deploy("MockToken", 18, sender=system.who.owner)
    token.send("mint", system.who.creator, 10**30, sender=system.who.owner)
    token.send("approve", system.market.address, NEVER, sender=system.who.creator)
    world = World(system)
    play(world, crowd, token=token.address)
    world.open_gold()
    world.score_and_settle()
    assert paid_out(system.market, token, crowd) == [(TASKS * PAY, 0)] * SEATS


@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("burners", [SEATS, 40])
def test_settle__payees_who_burn_gas__cost_the_others_a_withdrawal(system, crowd, burn, burners, expired):
    """T11, T4: within the 15 million gas that every transaction here has; conservation to the unit."""
    world, market = World(system), system.market
    play(world, crowd)
    world.open_gold()
    burn(crowd[:burners])
    before, held = paid_out(market, ZERO, crowd), balance(ZERO, market.address)
    if expired:
        world.wait(None)
        receipt = market.send("expire", world.job, 0, world.told(), sender=system.who.keeper)
    else:
        receipt = world.score_and_settle()
    assert receipt.gas_used < 15_000_000

    due = TASKS * PAY
    after = paid_out(market, ZERO, crowd)
    got = [(now - was, owed - owe) for (now, owed), (was, owe) in zip(after, before, strict=True)]
    assert got == [(0, due)] * SEATS
    assert balance(ZERO, market.address) == held
    owed = sum(owe for _, owe in after) + market.call("creditOf", ZERO, system.who.sink)
    assert market.call("liabilities", ZERO) == owed + market.call("bookOf", world.job)["balance"]
    if burners < SEATS:
        last = crowd[-1]
        market.send("withdraw", ZERO, last, after[-1][1], sender=last)
        assert balance(ZERO, last) - before[-1][0] == after[-1][1]


def test_settle__a_few_who_burn_gas__touch_nobody_else(system, crowd, burn):
    world, market = World(system), system.market
    play(world, crowd)
    world.open_gold()
    burn(crowd[:5])
    before = paid_out(market, ZERO, crowd)
    world.score_and_settle()
    after = paid_out(market, ZERO, crowd)
    due = TASKS * PAY
    got = [(now - was, owed - owe) for (now, owed), (was, owe) in zip(after, before, strict=True)]
    assert got == [(0, due)] * 5 + [(due, 0)] * (SEATS - 5)
