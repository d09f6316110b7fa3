"""What small models are made of, and the views that go with it."""

import pytest

from offchain.reference.calls import Call, Payment, act, payable_act
from offchain.reference.journal import Journal, Table
from offchain.reference.revert import Revert
from tests.engine.capability import NATIVE
from tests.engine.chain import PLENTY
from tests.engine.model import Model, require
from tests.engine.program import View

BOX, SAVER = "0x" + "b0" * 20, "0x" + "5a" * 20


class Box(Model):
    """Takes coins, and gives them to whoever asks, one third at most."""

    @payable_act
    def put(self, call):
        require(call.value, "NothingSent")
        self.take(call.sender, call.value)
        self.emit("Put", account=call.sender, amount=call.value)

    @act
    def get(self, call, amount):
        self.pay(call.sender, amount)
        require(3 * amount <= self.held + amount, "TooMuch", self.held + amount, amount)
        return self.held


@pytest.fixture
def box():
    return Box(BOX)


def test_model__at_first__everybody_has_plenty_and_the_contract_nothing(box):
    assert (box.held, box.coins[BOX], box.coins[SAVER]) == (0, 0, PLENTY)


def test_model__an_act__moves_coins_logs_and_returns(box):
    effects = box.put(Call(SAVER, 1, 9))
    assert effects.events == [("Put", {"account": SAVER, "amount": 9})]
    assert effects.payments == [Payment(NATIVE, SAVER, BOX, 9)]
    assert (box.held, box.coins[SAVER]) == (9, PLENTY - 9)
    effects = box.get(Call(SAVER, 2), 3)
    assert effects.result == 6
    assert effects.payments == [Payment(NATIVE, BOX, SAVER, 3)]
    assert (box.held, box.coins[SAVER]) == (6, PLENTY - 6)


def test_model__the_first_act_reverts__leaves_the_contract_without_coins(box):
    """What is there at first is no write of the first act."""
    with pytest.raises(Revert):
        box.put(Call(SAVER, 1))
    assert box.held == 0


def test_model__an_act_reverts_after_it_wrote__has_all_as_before(box):
    box.put(Call(SAVER, 1, 9))
    with pytest.raises(Revert) as caught:
        box.get(Call(SAVER, 2), 4)
    assert (caught.value.error, caught.value.values) == ("TooMuch", (9, 4))
    assert (box.held, box.coins[SAVER]) == (9, PLENTY - 9)


def test_require__holds__does_nothing():
    require(1, "Never")


def test_view_each__keys_of_a_mapping_and_of_a_nested_one__are_arguments():
    simple = View.each(None, "savingsOf", {"a": 1, "b": 2}.items())
    assert list(simple) == [View(None, "savingsOf", ("a",), 1), View(None, "savingsOf", ("b",), 2)]
    assert list(View.each(None, "allowance", {("a", "b"): 3}.items())) == [
        View(None, "allowance", ("a", "b"), 3)
    ]


def test_view_balance__an_account__has_no_contract():
    assert View.balance(SAVER, 5) == View(None, "balance", (SAVER,), 5)


@pytest.mark.parametrize(
    "write", ["pop", "setdefault", "update", "clear", "popitem", "__delitem__", "__ior__"]
)
def test_table__a_write_that_the_journal_would_not_see__is_refused(write) -> None:
    table = Table(Journal(), 0)
    table[1] = 2
    with pytest.raises(TypeError, match="a table is written by"):
        getattr(table, write)(1)
    assert table == {1: 2}
