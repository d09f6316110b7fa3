"""Programs that are told by hand: what is told succeeds, in the second of the step before unless `at` says
when.
"""

from __future__ import annotations

from typing import Any

from offchain.reference.stakes import Split
from tests.capabilities.staking.base import Cut
from tests.capabilities.staking.play import StakingPlay
from tests.capabilities.staking.stage import DAY, House
from tests.engine.check import Troupe
from tests.engine.program import Program, View, probe_of

Telling = dict[tuple[str, tuple[Any, ...]], Any]
"""Answers of the contract and its token, by view and arguments."""


class Story:
    """A house in which what is told happens; `run` has the chain do the same."""

    def __init__(self, troupe: Troupe, house: House | None = None, *markets: str) -> None:
        self.troupe, self.stage = troupe, troupe.stage
        self.play = StakingPlay(troupe.chain, troupe.stage)
        self.cast = self.stage.cast
        for market in markets or (self.cast.guild,):
            where = (house or self.stage.houses[0]).staking
            self.act("setMarket", market, True, sender=self.cast.owner, contract=where)
        self.model = self.play.model

    def stake(self, account: str, amount: int, limit: int | None = None, market: str = "") -> None:
        """Stake, and allow a market to lock so much, by default all of it."""
        self.act("stake", account, amount, sender=account)
        self.act("allow", market or self.cast.guild, amount if limit is None else limit, sender=account)

    def lock(self, account: str, amount: int, market: str = "", days: int = 30) -> None:
        until = self.play.now + days * DAY
        self.act("lock", account, amount, until, sender=market or self.cast.guild)

    def slash(self, account: str, amount: int, market: str = "", **sent: Any) -> None:
        """A payout for the payee."""
        split = Split(payout=amount, payee=self.cast.payee)
        self.act("slash", account, Cut(split), sender=market or self.cast.guild, **sent)

    def act(self, function: str, *args: Any, sender: str, **sent: Any) -> None:
        done = self.play.act(function, *args, sender=sender, **sent)
        assert done, f"{function} fails with {self.play.steps[-1].outcome}"

    def run(self) -> Telling:
        """Everything that can be seen at the end, told by the model and by the chain alike."""
        return confirmed(self.troupe, self.play)


def confirmed(troupe: Troupe, play: StakingPlay) -> Telling:
    """Have the chain do what a play wrote, and compare; what can be seen then."""
    views = list(play.views())
    troupe.run(Program(play.steps, [probe_of(view) for view in views]))
    return {_key(view): view.expected for view in views}


def _key(view: View) -> tuple[str, tuple[Any, ...]]:
    return view.function, view.args
