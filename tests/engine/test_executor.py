"""Every kind of lie that a model can tell is noticed where it is told. Here the model lies, not the contract:
to the executor it makes no difference which of the two is wrong.
"""

from collections.abc import Callable

import pytest

from offchain.reference.calls import Effects, Payment
from offchain.reference.revert import Revert
from tests.engine.chain import EPOCH, PLENTY
from tests.engine.check import Disagreement, Troupe
from tests.engine.executor import SUCCESS, Reverted
from tests.engine.node import NodeError
from tests.engine.program import Program, View

DELAY = 7 * 86_400


class Cast:
    """A play of the piggy bank whose model can be told to lie."""

    def __init__(self, troupe: Troupe) -> None:
        self.troupe, self.play = troupe, troupe.begin()
        self.bank, self.model = self.play.contract, self.play.model
        (self.saver, self.neighbour), self.owner = self.play.savers, self.model.owner

    def deposit(self, amount: int = 100, sender: str = "") -> bool:
        return self.play.act("deposit", sender=sender or self.saver, value=amount)

    def withdraw(self, amount: int, at: int = EPOCH + DELAY) -> bool:
        return self.play.act("withdraw", amount, sender=self.saver, at=at)

    def lie(self, act: str, change: Callable[[Effects], None]) -> None:
        """From now on the model's act has other effects."""
        honest = getattr(self.model, act)

        def lying(call, *args):
            effects = honest(call, *args)
            change(effects)
            return effects

        setattr(self.model, act, lying)

    def difference(self):
        """What the chain finds, which has to be something."""
        with pytest.raises(Disagreement) as caught:
            self.troupe.run(self.play.end())
        return caught.value.difference


@pytest.fixture
def cast(piggy):
    return Cast(piggy)


def test_run__no_lie__finds_nothing_and_measures_gas(cast):
    assert cast.deposit()
    assert not cast.withdraw(100, at=EPOCH)
    assert cast.withdraw(60)
    assert not cast.play.act("setPaused", True, sender=cast.saver)
    outcome = cast.troupe.run(cast.play.end())
    assert outcome.difference is None
    assert len(outcome.gas) == len(cast.play.steps) == 5
    assert all(21_000 < gas < 100_000 for gas in outcome.gas)


def test_run__steps_of_one_second__are_one_block(cast, monkeypatch):
    for at in (0, 0, EPOCH + 5, EPOCH + 5, EPOCH + 6):
        cast.play.act("deposit", sender=cast.saver, value=1, at=at)
    node, sent = cast.troupe.chain.node, []
    rpc = node.rpc
    monkeypatch.setattr(node, "rpc", lambda *request: sent.append(request) or rpc(*request))
    assert cast.troupe.run(Program(cast.play.steps)).difference is None
    ((_, request, _),) = sent
    blocks = [
        (int(block["blockOverrides"]["time"], 16) - EPOCH, len(block["calls"]))
        for block in request["blockStateCalls"]
    ]
    assert blocks == [(0, 4), (5, 4), (6, 2)], "each step is followed by its views"


def test_run__no_steps__finds_nothing(cast):
    assert cast.troupe.run(cast.play.end()).gas == []


def test_run__twice__leaves_nothing_on_the_chain(cast):
    cast.deposit()
    program = cast.play.end()
    cast.troupe.run(program)
    cast.troupe.run(program)
    assert cast.play.chain.read(cast.bank, "savingsOf", cast.saver) == 0


def test_run__model_says_success_where_the_contract_reverts__is_noticed(cast):
    cast.deposit()
    cast.model.unlocks[cast.saver] -= 1
    cast.model.journal.keep()
    cast.withdraw(0, at=EPOCH + DELAY - 1)
    difference = cast.difference()
    assert (difference.index, difference.what, difference.expected) == (1, "result", SUCCESS)
    assert difference.found == Reverted("StillLocked", (EPOCH + DELAY, EPOCH + DELAY - 1))


def test_run__model_says_revert_where_the_contract_succeeds__is_noticed(cast):
    cast.model.paused[None] = True
    cast.model.journal.keep()
    cast.deposit()
    difference = cast.difference()
    assert (difference.index, difference.what) == (0, "result")
    assert (difference.expected, difference.found) == (Reverted("DepositsPaused", ()), SUCCESS)


def test_run__wrong_error__is_noticed(cast):
    cast.model.paused[None] = True
    cast.model.journal.keep()
    cast.deposit(0)
    difference = cast.difference()
    assert (difference.expected, difference.found) == (
        Reverted("DepositsPaused", ()),
        Reverted("NothingSent", ()),
    )


def test_run__right_error_with_a_wrong_value__is_noticed(cast):
    def refuse(_call, amount):
        raise Revert("SavingsTooLow", 1, amount)

    cast.play.act("withdraw", 2, sender=cast.saver, model=refuse)
    difference = cast.difference()
    assert difference.expected == Reverted("SavingsTooLow", (1, 2))
    assert difference.found == Reverted("SavingsTooLow", (0, 2))


def test_run__missing_event__is_noticed(cast):
    cast.lie("deposit", lambda effects: effects.events.clear())
    cast.deposit()
    difference = cast.difference()
    told = {"account": cast.saver, "amount": 100, "unlocksAt": EPOCH + DELAY}
    assert (difference.index, difference.what) == (0, "logs of PiggyBank")
    assert (difference.expected, difference.found) == ([], [("Deposited", told)])


def test_run__surplus_event__is_noticed(cast):
    cast.lie("set_paused", lambda effects: effects.events.append(("PauseSet", {"paused": False})))
    cast.play.act("setPaused", True, sender=cast.owner)
    difference = cast.difference()
    assert difference.expected == [("PauseSet", {"paused": True}), ("PauseSet", {"paused": False})]
    assert difference.found == [("PauseSet", {"paused": True})]


@pytest.mark.parametrize("field", ["account", "amount", "unlocksAt"])
def test_run__wrong_value_in_an_event__is_noticed(cast, field):
    wrong = cast.neighbour if field == "account" else 7
    cast.lie("deposit", lambda effects: effects.events[0][1].update({field: wrong}))
    cast.deposit()
    difference = cast.difference()
    (_, told), (_, seen) = difference.expected[0], difference.found[0]
    assert [name for name in told if told[name] != seen[name]] == [field]
    assert told[field] == wrong


def test_run__event_of_another_contract__is_noticed(cast):
    """A token that the contract never moved."""
    elsewhere = cast.troupe.chain.deploy("DemoToken", known_as="a token")
    payment = {"token": elsewhere.address, "payer": cast.saver, "payee": cast.bank.address, "amount": 5}
    cast.lie("deposit", lambda effects: effects.payments.append(Payment(**payment)))
    cast.deposit()
    difference = cast.difference()
    assert difference.what == "logs of a token"
    assert (len(difference.expected), difference.found) == (1, [])


def test_run__wrong_returned_value__is_noticed(cast):
    cast.deposit()
    cast.lie("withdraw", lambda effects: setattr(effects, "result", 41))
    cast.withdraw(60)
    difference = cast.difference()
    assert (difference.index, difference.what) == (1, "returned value")
    assert [int(value, 16) for value in (difference.expected, difference.found)] == [41, 40]


def test_run__wrong_view__is_noticed_after_the_step(cast):
    cast.deposit()
    cast.lie("set_paused", lambda _: cast.model.unlocks.__setitem__(cast.saver, 5))
    cast.play.act("setPaused", True, sender=cast.owner)
    difference = cast.difference()
    assert (difference.index, difference.what) == (1, "PiggyBank.unlocksAt(saver)")
    assert (difference.expected, difference.found) == (5, EPOCH + DELAY)


def test_run__wrong_view__is_noticed_at_the_end_at_the_latest(cast):
    cast.play.touched = lambda _: ()
    cast.deposit()
    cast.lie("set_paused", lambda _: cast.model.unlocks.__setitem__(cast.saver, 5))
    cast.play.act("setPaused", False, sender=cast.owner)
    cast.play.finish = lambda: None
    difference = cast.difference()
    assert (difference.index, difference.step) == (None, None)
    assert (difference.what, difference.expected) == ("PiggyBank.unlocksAt(saver)", 5)


def test_run__wrong_view_among_very_many_at_the_end__is_noticed(cast):
    """They do not fit into one question."""
    wrong = View(cast.bank, "savingsOf", (cast.saver,), 9)
    right = View(cast.bank, "savingsOf", (cast.saver,), 0)
    cast.play.views = lambda: [right] * 100 + [wrong]
    difference = cast.difference()
    assert (difference.index, difference.expected, difference.found) == (None, 9, 0)


@pytest.mark.parametrize("account", ["saver", "neighbour", "PiggyBank"])
def test_run__wrong_balance__is_noticed(cast, account):
    address = {name: address for address, name in cast.play.chain.names.items()}[account]
    cast.deposit(sender=cast.neighbour)

    def change(_effects):
        cast.model.coins[address] += 1

    cast.play.invariants, cast.play.finish = lambda _: (), lambda: None
    cast.lie("deposit", change)
    cast.deposit()
    difference = cast.difference()
    assert (difference.index, difference.what.lower()) == (1, f"balance of {account}".lower())
    assert difference.expected == difference.found + 1


def test_run__a_view_that_reverts__is_told_with_its_error(cast):
    cast.play.views = lambda: [
        View(cast.bank, "owner", (), cast.owner),
        View(cast.bank, "setPaused", (True,), ()),
    ]
    difference = cast.difference()
    lookout = cast.play.chain.lookout
    assert difference.what == "PiggyBank.setPaused(True)"
    assert (difference.expected, difference.found) == ((), Reverted("NotOwner", (lookout,)))


def test_run__two_lies__tells_the_first(cast):
    cast.lie("deposit", lambda effects: effects.events.clear())
    cast.deposit()
    cast.deposit()
    assert cast.difference().index == 0


def test_run__a_request_that_the_node_refuses__is_said(cast):
    """More than the sender has: the node does not even begin."""
    cast.play.act("deposit", sender=cast.saver, value=2 * PLENTY, model=lambda _: Effects())
    with pytest.raises(NodeError, match=r"eth_simulateV1: .*[Ii]nsufficient"):
        cast.troupe.run(cast.play.end())
