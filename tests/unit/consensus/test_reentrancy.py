"""
Re-entrancy: one lock for every act of both halves (T62, F21)
├── wherever a token hands control away, every state-changing act is refused with the lock's own error: when
│   money comes in with a job or a challenge, when experts, challengers, annotators and creators are paid,
│   when a credit is taken out, and when the stake token moves for a slash
└── what is outside of the lock moves no money and changes no job: nonces and the powers of owner and pauser
"""

from dataclasses import replace

import ape
import pytest

from offchain.consensus import Phase, account_panel, encode_labels
from tests.support.calls import Contract, balance, deploy
from tests.support.consensus import HOUR, TASKS, World, deploy_system
from tests.support.market import mine_at
from tests.support.reentrancy import LOCKED, empty_call
from tests.support.signing import NEVER

BOND, FEE = 25, 9
FIRST, SECOND = 1, 2  # masks of the first task, which is gold, and of the second, which is not
RICH = 10**12

OUTSIDE = {
    "cancelNonce": "uses up a number of the caller's own",
    "setUnit": "the owner's: what a word of reputation costs in jobs that open later",
    "setFee": "the owner's: the fee of jobs that open later",
    "setPauser": "the owner's: who may pause",
    "pause": "owner's and pauser's: no new jobs and seats",
    "unpause": "the owner's: new jobs and seats again",
    "transferOwnership": "the owner's: an offer",
    "acceptOwnership": "the heir's: takes the offer",
}
"""Acts that are not locked, with what they do: none moves money or changes a job."""
ACTS = [
    "createJob",
    "seat",
    "seatBySig",
    "reveal",
    "slashSilent",
    "openGold",
    "challenge",
    "challengeBySig",
    "settleChallenge",
    "decide",
    "decideBySig",
    "score",
    "settle",
    "scoreAndSettle",
    "resolve",
    "resolveBySig",
    "expire",
    "close",
    "withdraw",
    "withdrawBySig",
]
TERMS = {
    "windows": (HOUR,) * 6,
    "challenge_bond": BOND,
    "expert_fee": FEE,
    "expert_budget": 10 * FEE,
}


@pytest.fixture(scope="module")
def hooked(networks):
    """Both what is paid and what is staked call back."""
    system = deploy_system(deploy_hook_token())
    coin = deploy_hook_token()
    for account in (system.who.creator, *system.who.crowd):
        coin.send("mint", account, RICH, sender=system.who.owner)
        coin.send("approve", system.market.address, NEVER, sender=account)
    return system, coin


def deploy_hook_token() -> Contract:
    return deploy("HookToken", sender=ape.accounts.test_accounts[0].address)


class Watch:
    """A token that calls an act of the market back, and what it was answered."""

    def __init__(self, token: Contract, world: World, act: str) -> None:
        self.token, self.world, self.data = token, world, empty_call(world.market, act)
        self.listen()

    def listen(self) -> None:
        """Forget the last answer: outside of an act, the market answers something else."""
        who = self.world.who
        self.token.send("callBackWith", self.world.market.address, self.data, sender=who.owner)
        self.token.send("transfer", who.keeper, 0, sender=who.stranger)
        assert self.token.call("answer") != LOCKED

    def was_refused(self) -> bool:
        """Whether the last transfer's call met the lock."""
        refused = (self.token.call("calledBack"), self.token.call("answer")) == (False, LOCKED)
        self.listen()
        return refused


def test_reentrancy__list_of_acts__is_complete(hooked):
    """A new act of either half must join the matrix, or be added to what lies outside by a decision."""
    functions = hooked[0].market.functions
    acts = {name for name, entries in functions.items() if changes_state(entries[0])}
    assert acts == set(ACTS) | set(OUTSIDE)
    assert all(len(functions[name]) == 1 for name in acts)
    assert len(ACTS) == len(set(ACTS))


def changes_state(entry) -> bool:
    return entry["stateMutability"] in {"payable", "nonpayable"}


@pytest.mark.parametrize("act", OUTSIDE)
def test_reentrancy__what_is_outside__meets_no_lock(hooked, act):
    """The list of exceptions is not longer than it has to be."""
    system, coin = hooked
    world = World(system)
    who = world.who
    coin.send("callBackWith", system.market.address, empty_call(system.market, act), sender=who.owner)
    world.create(token=coin.address)
    assert coin.call("answer") != LOCKED


@pytest.mark.parametrize("act", ACTS)
def test_reentrancy__from_every_move_of_a_token__is_refused(hooked, act):
    """T62: a job with everything in it."""
    system, coin = hooked
    world, market, who = World(system), system.market, system.who
    paid, staked = Watch(coin, world, act), Watch(system.gem, world, act)
    world.create(token=coin.address, panel_kind=1, panel=account_panel(who.expert), **TERMS)
    assert paid.was_refused()
    # One who is right, one who is wrong about everything, one who is silent: what only two say stays open.
    right, _, silent = (
        world.sit(annotator, world.labels(wrong))
        for annotator, wrong in zip(who.crowd, (0, TASKS, 0), strict=False)
    )
    world.seats.remove(silent)
    world.reveal_all()
    world.open_gold()
    sealed = replace(silent, labels=None).sealed_struct()
    market.send("slashSilent", world.job, 0, [sealed], sender=who.keeper)
    assert staked.was_refused()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(right, FIRST)
    assert paid.was_refused()
    world.wait(Phase.EXPERT)
    truth = world.decide(FIRST, {0: None}, truth)
    assert paid.was_refused()
    market.send("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.keeper)
    assert paid.was_refused()
    world.wait(Phase.SCORE)
    receipt = market.send("scoreAndSettle", world.job, 0, truth.struct(), world.told(), sender=who.keeper)
    assert paid.was_refused()
    assert staked.was_refused()
    (settled,) = (values for name, values in receipt.of(market) if name == "WordSettled")
    verdicts = encode_labels({1: 0}, TASKS, 2)
    args = (world.job, 0, SECOND, verdicts, settled["labels"], b"")
    market.send("resolve", *args, sender=who.expert)
    assert paid.was_refused()
    mine_at(world.terms.end(Phase.SETTLE) + HOUR + 1)
    market.send("close", world.job, sender=who.keeper)
    assert paid.was_refused()
    market.send("withdraw", coin.address, who.keeper, 1, sender=who.sink)
    assert paid.was_refused()
    assert market.call("liabilities", coin.address) == balance(coin, market.address)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("way", ["settle", "expire"])
def test_reentrancy__from_the_other_ways_to_be_paid__is_refused(hooked, way, act):
    """T62: a word that nobody scored."""
    system, coin = hooked
    world, market, who = World(system), system.market, system.who
    world.create(token=coin.address)
    world.sit(who.ann, world.labels())
    world.reveal_all()
    paid = Watch(coin, world, act)
    if way == "settle":
        world.wait(Phase.CHALLENGE)
        market.send("settle", world.job, 0, world.known().struct(), world.told(), sender=who.keeper)
    else:
        world.wait(None)
        market.send("expire", world.job, 0, world.told(), sender=who.keeper)
    assert paid.was_refused()
    assert market.call("liabilities", coin.address) == balance(coin, market.address)
