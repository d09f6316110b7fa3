"""Plays of which each keeps to one job, and a play in which what several of them did happens together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from offchain.states import JobState, job_of
from tests.capabilities.market.play import MarketPlay
from tests.engine.capability import Ready, Silent
from tests.engine.chain import Chain
from tests.engine.dice import Dice
from tests.engine.program import Step

OPENING = frozenset({"setFee", "createJob"})
NAMES_A_JOB = frozenset({"claim", "claimBySig", "close", "releaseExpired"})
NOT_ABOUT_A_JOB = frozenset(
    {
        "create_job",
        "govern",
        "accept_ownership",
        "pause",
        "unpause",
        "cancel_nonce",
        "set_allowance",
        "call_back",
        "withdraw",
        "withdraw_by_sig",
    }
)


class OneJob(MarketPlay):
    """Everybody acts on job `focus` alone, and not in the seconds of `others`. `nonces` keeps the signatures
    of two plays apart.
    """

    def __init__(
        self, chain: Chain, stage: Any, focus: int, *, nonces: int = 0, others: Iterable[Step] = ()
    ) -> None:
        super().__init__(chain, stage)
        self.focus, self.nonces = focus, nonces
        self._busy = {step.time for step in others}

    def jobs(self, *states: JobState) -> list[int]:
        return [job_id for job_id in super().jobs(*states) if job_id == self.focus]

    def act(self, function: str, *args: Any, sender: str, at: int = 0, **sent: Any) -> bool:
        """Acts on another job, and on none, do not happen."""
        if function in OPENING:
            return super().act(function, *args, sender=sender, at=at, **sent)
        if self._subject(function, args) != self.focus:
            raise Silent(function)
        at = max(at, self.now + 1)
        while at in self._busy:
            at += 1
        return super().act(function, *args, sender=sender, at=at, **sent)

    @staticmethod
    def _subject(function: str, args: tuple[Any, ...]) -> int | None:
        """The job that a call is about; None for calls about none."""
        if not args or not isinstance(args[0], int):
            return None
        return args[0] if function in NAMES_A_JOB else job_of(args[0])

    def perform(self, tapes: Iterable[bytes]) -> list[Step]:
        """The steps of these tapes."""
        before = len(self.steps)
        for tape in tapes:
            self.turn(Dice(tape))
        return self.steps[before:]

    @classmethod
    @cache
    def actions(cls) -> list[tuple[str, int, Ready]]:
        return [entry for entry in MarketPlay.actions() if entry[0] not in NOT_ABOUT_A_JOB]


def repeat(play: MarketPlay, steps: Iterable[Step]) -> None:
    """The same acts in another play, in the order of their time."""
    for step in sorted(steps, key=lambda step: step.time):
        play.act(step.function, *step.told, sender=step.sender, at=step.time, value=step.value)
