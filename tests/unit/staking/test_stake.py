"""
stake, stakeBySig
├── when there is enough of the token: it is available, and nothing else changes
│   ├── for somebody else: it is his; no lock, limit, request or time of his changes (T32, T40)
│   ├── by signature: out of the signer's purse and for him, whoever sends it (T43)
│   └── a token that returns nothing is as good as any
└── reverts when
    ├── it is nothing, or more than a bucket holds
    ├── the token is not there, or not allowed to be taken
    └── the token delivers less than it was asked for, or says no
"""

import pytest

from tests.support.calls import deploy, reverts
from tests.support.staking import UNLIMITED, World, deploy_system, kept_ledger


def test_stake__of_ones_own__is_available(world, staking, token, who):
    with world.moves() as moved:
        receipt = world.stake(1_000)
    assert moved == {"staker": -1_000, "contract": 1_000}
    staked = {"account": who.staker, "payer": who.staker, "amount": 1_000}
    assert receipt.of(staking) == [("Staked", staked)]
    assert (world.buckets(), world.buckets(who.rival)) == ((1_000, 0, 0), (0, 0, 0))
    world.stake(1)
    assert (world.buckets(), staking.call("liabilities", token.address)) == ((1_001, 0, 0), 1_001)


def test_stake__for_somebody_else__changes_nothing_but_what_he_has_available(world, staking, who):
    """T32, T40: a dust deposit neither prolongs nor shortens anything."""
    world.locked(600, free=400)
    world.unbond(100)
    before = (world.bond(), world.queue())
    receipt = staking.send("stake", who.staker, 1, sender=who.stranger)
    staked = {"account": who.staker, "payer": who.stranger, "amount": 1}
    assert receipt.of(staking) == [("Staked", staked)]
    assert (world.bond(), world.queue()) == before
    assert (world.buckets(), world.buckets(who.stranger)) == ((301, 600, 100), (0, 0, 0))


def test_stake__that_comes_and_goes_at_once__stays_for_the_period(world, staking, who):
    """T32: stake that is borrowed for a moment is not there in that moment alone."""
    world.stake(10**20)
    until = world.unbond(10**20)
    assert world.queue() == [(10**20, until)]
    with reverts("NothingToMove"):
        staking.call("collect", who.staker, sender=who.staker)


@pytest.mark.parametrize("amount", [0, 2**128, 2**256 - 1])
def test_stake__nothing_or_what_does_not_fit__reverts(staking, who, amount):
    words = ("SafeCastOverflowedUintDowncast", 128, amount) if amount else ("NothingToMove",)
    with reverts(*words):
        staking.call("stake", who.staker, amount, sender=who.staker)


def test_stake__more_than_a_bucket_holds__reverts(world, staking, token, who):
    token.send("mint", who.staker, 2**128, sender=who.owner)
    world.stake(UNLIMITED)
    with reverts("Panic", 0x11):
        staking.call("stake", who.staker, 1, sender=who.staker)


def test_stake__token_that_is_not_there_or_not_allowed__reverts(staking, token, who):
    with reverts("ERC20InsufficientAllowance", staking.address, 0, 5):
        staking.call("stake", who.keeper, 5, sender=who.keeper)
    token.send("approve", staking.address, 5, sender=who.keeper)
    with reverts("ERC20InsufficientBalance", who.keeper, 0, 5):
        staking.call("stake", who.keeper, 5, sender=who.keeper)


def test_stake__token_that_keeps_a_part__reverts(who):
    taxed = deploy_system("FeeToken")
    with reverts("DepositShort", taxed.token.address, 1_000, 990):
        taxed.staking.call("stake", who.staker, 1_000, sender=who.staker)


def test_stake__token_that_says_no__reverts(who):
    liar = deploy_system("FalseToken")
    for mood in (1, 2):
        liar.token.send("setMood", mood, sender=who.owner)
        with reverts("SafeERC20FailedOperation", liar.token.address):
            liar.staking.call("stake", who.staker, 1_000, sender=who.staker)


def test_stake__token_that_returns_nothing__is_staked(who):
    with kept_ledger(World(deploy_system("SilentToken"))) as world:
        world.stake(7)
        assert world.buckets() == (7, 0, 0)


# --- by signature ---


def test_stake_by_sig__sent_by_a_keeper__takes_from_the_signer_for_the_signer(world, staking, who):
    """T43."""
    auth = world.pen.auth("Stake", who.staker, nonce=5, amount=70)
    with world.moves() as moved:
        receipt = staking.send("stakeBySig", 70, auth, sender=who.keeper)
    assert moved == {"staker": -70, "contract": 70}
    assert receipt.of(staking) == [
        ("NonceUsed", {"account": who.staker, "nonce": 5}),
        ("Staked", {"account": who.staker, "payer": who.staker, "amount": 70}),
    ]
    assert world.buckets() == (70, 0, 0)


def test_stake_by_sig__another_amount__reverts(world, staking, who):
    """T43."""
    auth = world.pen.auth("Stake", who.staker, amount=70)
    with reverts("InvalidSignature", who.staker):
        staking.call("stakeBySig", 71, auth, sender=who.keeper)


def test_stake_by_sig__wallet__stakes_by_its_owners_signature(world, staking, token, who):
    """T42."""
    wallet = deploy("MockWallet", who.staker, sender=who.staker)
    world.people["wallet"] = wallet.address
    token.send("mint", wallet.address, 100, sender=who.owner)
    approve = token.data("approve", staking.address, 100)
    wallet.send("execute", token.address, 0, approve, sender=who.staker)
    auth = world.pen.auth("Stake", wallet.address, key=who.staker, amount=60)
    staking.send("stakeBySig", 60, auth, sender=who.keeper)
    assert world.buckets(wallet.address) == (60, 0, 0)
