"""The consensus market, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from offchain.consensus import ConsensusState, Phase, WordState
from offchain.reference.calls import Effects
from tests.capabilities.consensus.arguments import Known, Seats
from tests.capabilities.consensus.endings import EndingActions
from tests.capabilities.consensus.rules import Watch
from tests.capabilities.consensus.views import ConsensusViews
from tests.capabilities.escrow import GAS
from tests.capabilities.governance import UNREACHABLE
from tests.engine.chain import Contract
from tests.engine.program import View


class ConsensusPlay(EndingActions):
    """Programs of many actors for `LabelConsensus`."""

    name = "consensus"
    sources: ClassVar[tuple[str, ...]] = ("LabelConsensus", "ConsensusExtension")
    unreachable: ClassVar[dict[str, str]] = {
        **UNREACHABLE,
        "AddressEmptyCode": "OpenZeppelin's answer to an extension without code",
        "NoReputation": "needs a market without reputation: unit/consensus/test_create.py",
        "BadVerdict": "needs a rule that answers badly: unit/consensus/test_settle.py",
        "TooManyChallenges": "needs 255 challenges of one word: unit/consensus/test_experts.py",
        "DepositShort": "needs a token that keeps a part of what it moves: unit/escrow/test_receive.py",
        "SafeERC20FailedOperation": "OpenZeppelin's answer to a token that says no without a word",
        "PaymentGasTooLow": GAS,
    }

    def begin(self) -> tuple[Contract, Any]:
        market, model = super().begin()
        self.watching = ConsensusViews(self.stage, model, self.chain.chain_id)
        self._watch = Watch(model)
        return market, model

    def touched(self, effects: Effects) -> Iterable[View]:
        return self.watching.touched(effects)

    def views(self) -> Iterable[View]:
        return self.watching.everything()

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        self._watch.now = self.now
        return self._watch.whole() if effects is None else self._watch.after_step(effects)

    def finish(self) -> None:
        """Everybody is silent: a keeper who has the events brings every job to its end, and then every credit
        is taken out, until nothing is left (T13, T14, T29).
        """
        keeper = self.cast.keeper
        for job_id in self.jobs():
            terms = self.job(job_id).terms
            for phase in (Phase.SCORE, Phase.SETTLE):
                if self.now <= terms.end(phase):
                    self._end_challenges(job_id)
                    self._settle_all(job_id, phase)
            self._end_challenges(job_id)
            self._wind_up(job_id)
            job = self.job(job_id)
            at = max(self.now, terms.end(Phase.SETTLE), self.model.resolve_end(job)) + 1
            assert self.act("close", job_id, sender=keeper, at=at), "the job does not end"
        for job_id in self.jobs(ConsensusState.CLOSED):
            self._end_challenges(job_id)
        for token, account in self.credits():
            amount = self.model.credit_of(token, account)
            assert self.act("withdraw", token, keeper, amount, sender=account)
        left = {coin: self.model.bank.balances[coin, self.model.address] for coin in self.stage.coins}
        assert not any(left.values()), f"{left} are stuck in the contract"
        for (account, _), bond in list(self.model.staking.bonds.items()):
            if bond.locked:
                self._reclaim(account, bond.until + 1)
        bonds, market = self.model.staking.bonds, self.model.address
        locked = {who: bonds[who, market].locked for who in self.cast.annotators}
        assert not any(locked.values()), f"{locked} are locked for nothing"

    def _reclaim(self, account: str, at: int) -> None:
        """What was locked for seats that nobody ended in time."""
        staking, market = self.model.staking, self.model.address
        args = {"sender": self.cast.keeper, "at": max(self.now, at), "model": staking.reclaim}
        assert self.act("reclaim", account, market, contract=self.stage.staking, **args)

    def _settle_all(self, job_id: int, phase: Phase) -> None:
        """What is scored or settled in its time, if that is not over; silence may have left gold shut."""
        terms, keeper = self.job(job_id).terms, self.cast.keeper
        opens = terms.end(Phase(phase - 1))
        for word in self.job(job_id).words:
            seats = Seats(tuple(self.model.revealed_seats(job_id, word)), labelled=True)
            truth, state = self.truth(job_id, word), self.model.words[job_id, word].state
            known, at = Known(truth), max(self.now, opens + 1)
            measurable = state == WordState.OPEN and self.model.is_opened(job_id) and not truth.undecided
            if phase == Phase.SCORE and measurable:
                assert self.act("score", job_id, word, known, seats, sender=keeper, at=at)
            if phase == Phase.SETTLE and state != WordState.SETTLED and seats.seats:
                assert self.act("settle", job_id, word, known, seats, sender=keeper, at=at)

    def _end_challenges(self, job_id: int) -> None:
        """All bonds return or are forfeited; of a word that is settled there are none."""
        for word in self.job(job_id).words:
            for index, challenge in enumerate(self.model.words[job_id, word].challenges):
                if challenge.open:
                    at = max(self.now, self.job(job_id).terms.end(Phase.EXPERT) + 1)
                    known = Known(self.truth(job_id, word))
                    args = (job_id, word, index, known)
                    assert self.act("settleChallenge", *args, sender=self.cast.keeper, at=at)

    def _wind_up(self, job_id: int) -> None:
        """Seats that are still there expire, or their stakes burn."""
        keeper, terms = self.cast.keeper, self.job(job_id).terms
        for word in self.job(job_id).words:
            silent = tuple(self.unrevealed(job_id, word))
            if silent:
                at = max(self.now, terms.end(Phase.REVEAL) + 1)
                assert self.act("slashSilent", job_id, word, Seats(silent), sender=keeper, at=at)
            revealed = tuple(seat for seat in self.model.live_seats(job_id, word) if seat.revealed)
            if revealed:
                at = max(self.now, terms.end(Phase.SETTLE) + 1)
                seats = Seats(revealed, labelled=True)
                assert self.act("expire", job_id, word, seats, sender=keeper, at=at)
