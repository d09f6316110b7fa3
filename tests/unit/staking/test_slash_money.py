"""
slash: where the money goes (T8, T10, T38)
├── payout: to the payee at once, as his credit where the token refuses him
├── burn: destroyed where the token knows how, else to an address that nobody has the key of
├── fee: a credit of the fee recipient
└── reverts when
    ├── the token takes more than it is asked to
    └── the caller leaves too little gas to pay: nobody turns a payout into a credit
"""

import ape
import pytest
from eth_utils import keccak

from offchain.reference.staking import BURN_ADDRESS
from tests.support.calls import ZERO, deploy, reverts
from tests.support.staking import World, deploy_system, kept_ledger, system_for

TOKEN_GAS = 200_000 * 64 // 63 + 90_000


@pytest.fixture(scope="module")
def burning():
    """A system with a token whose holders can destroy it."""
    owner = ape.accounts.test_accounts[0].address
    token = deploy("RewardToken", "Reward", "RWD", 2**200, owner, 0, sender=owner)
    token.send("grantRole", keccak(text="MINTER_ROLE"), owner, sender=owner)
    return system_for(token)


def test_slash__fee__is_a_credit_of_the_fee_recipient(world, staking, token, who):
    world.locked(600)
    with world.moves() as moved:
        receipt = world.slash(100, 0, 40)
    assert moved == {"payee": 100, "contract": -100, "sink's credit": 40}
    credited = {"token": token.address, "account": who.sink, "amount": 40}
    assert [name for name, _ in receipt.of(staking)] == ["StakeSlashed", "Credited"]
    assert receipt.of(staking)[1] == ("Credited", credited)
    with world.moves() as moved:
        staking.send("withdraw", token.address, who.sink, 40, sender=who.sink)
    assert moved == {"sink": 40, "contract": -40, "sink's credit": -40}


def test_slash__burn_of_a_token_that_cannot__goes_where_nobody_gets_it(world, token):
    world.locked(600)
    supply = token.call("totalSupply")
    with world.moves() as moved:
        world.slash(0, 77)
    assert moved == {"nobody": 77, "contract": -77}
    assert token.call("totalSupply") == supply
    assert BURN_ADDRESS == "0x000000000000000000000000000000000000dEaD"


def test_slash__without_payout__needs_no_payee(world, staking, who):
    world.locked(600)
    with world.moves() as moved:
        fine = world.split(0, 10, 5) | {"payee": ZERO}
        staking.send("slash", who.staker, fine, sender=who.market)
    assert moved == {"nobody": 10, "contract": -10, "sink's credit": 5}


def test_slash__burn_of_a_token_that_can__destroys_it(burning):
    with kept_ledger(World(burning)) as world:
        world.locked(600)
        supply = world.token.call("totalSupply")
        with world.moves() as moved:
            receipt = world.slash(100, 77, 20)
        assert moved == {"payee": 100, "contract": -177, "sink's credit": 20}
        assert supply - world.token.call("totalSupply") == 77
        moves = [event.args for event in receipt.events if event.name == "Transfer"]
        assert [(move["to"], move["value"]) for move in moves] == [(ZERO, 77), (world.who.payee, 100)]


@pytest.mark.parametrize("refused", ["payee", "nobody"])
def test_slash__recipient_that_the_token_refuses__has_a_credit(who, refused):
    """T10: nobody's failure stops a slash."""
    with kept_ledger(World(deploy_system("BlacklistToken"))) as world:
        world.locked(600)
        world.token.send("setBlocked", world.people[refused], True, sender=who.owner)
        with world.moves() as moved:
            world.slash(100, 70, 20)
        paid = {"payee": 100, "nobody": 70}
        unpaid = paid.pop(refused)
        left = sum(paid.values())
        assert moved == paid | {f"{refused}'s credit": unpaid, "contract": -left, "sink's credit": 20}
        assert world.buckets() == (0, 410, 0)


def test_slash__token_that_takes_more_than_asked__reverts(who):
    """T8."""
    world = World(deploy_system("GreedyToken"))
    world.locked(600)
    world.token.send("takeFrom", world.staking.address, 1, sender=who.owner)
    for split in (world.split(50), world.split(0, 50)):
        with reverts("TransferMismatch", world.token.address, 50, 51):
            world.staking.call("slash", who.staker, split, sender=who.market)


@pytest.mark.parametrize("parts", [(50, 0), (0, 50)])
def test_slash__with_little_gas__reverts_and_credits_nobody(world, staking, who, parts):
    """T9: neither a payout nor a burn fails for want of gas."""
    world.locked(600)
    with pytest.raises(Exception, match=rf"PaymentGasTooLow\({TOKEN_GAS}, \d+\)"):
        staking.send("slash", who.staker, world.split(*parts), sender=who.market, gas=310_000)
