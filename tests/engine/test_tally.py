"""What a campaign counts."""

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.engine.tally import Errors, Tally, median
from tests.engine.trial import Trial


def program(*steps):
    """Steps of (action, function, outcome), all by one account."""
    made = [
        SimpleNamespace(action=action, function=function, outcome=outcome, succeeds=outcome == "ok")
        for action, function, outcome in steps
    ]
    return SimpleNamespace(steps=made, actors=1)


def counted():
    tally = Tally()
    steps = [("buy", "buy", "ok"), ("buy", "buy", "TooPoor"), ("sell", "sell", "ok"), ("sell", "sell", "ok")]
    tally.add("shop", Trial((), ("judge",), 2), program(*steps), [30, 90, 50, 40])
    tally.add("bank", Trial(()), program(("pay", "pay", "TooPoor")), [7])
    return tally


def test_tally__counts_steps_programs_shares_and_errors() -> None:
    tally = counted()
    assert (tally.steps, tally.programs) == (5, 2)
    assert tally.success_share == pytest.approx(3 / 5)
    assert tally.actions() == pytest.approx({"bank.pay": 1.0, "shop.buy": 0.5, "shop.sell": 0.5})
    assert tally.errors() == {"TooPoor": 2}
    assert tally.errors("shop") == {"TooPoor": 1}
    assert tally.silenced == {("shop", ("judge",)): 1}


def test_tally__gas__the_most_of_a_step_that_succeeds() -> None:
    assert counted().gas == {"buy": 30, "sell": 50}


def test_merge__adds_everything_up() -> None:
    whole = counted()
    whole.merge(counted())
    assert (whole.steps, whole.programs, whole.success_share) == (10, 4, counted().success_share)
    assert whole.actions() == counted().actions()
    assert whole.lengths == Counter({4: 2, 1: 2})
    assert whole.silenced.total() == 2
    whole.merge(Tally(gas={"buy": 80, "sell": 20, "give": 1}))
    assert whole.gas == {"buy": 80, "sell": 50, "give": 1}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [({}, 0), ({3: 1}, 3), ({1: 1, 9: 1}, 1), ({1: 1, 5: 1, 9: 1}, 5), ({1: 1, 9: 2}, 9)],
)
def test_median(counts, expected) -> None:
    assert median(Counter(counts)) == expected


def test_errors__missing__declared_but_neither_reached_by_this_capability_nor_explained() -> None:
    tally = counted()
    errors = Errors("shop", frozenset({"TooPoor", "Closed", "Never"}), {"Never": "because"})
    assert errors.reached(tally) == {"TooPoor"}
    assert errors.missing(tally) == ["shop.Closed"]
    assert Errors("inn", frozenset({"TooPoor"}), {}).missing(tally) == ["inn.TooPoor"]
