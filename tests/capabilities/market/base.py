"""What all actions of the market share: what there is to act on, and how moments, masks and signatures are
drawn, now and then wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from offchain.reference.market import Market
from offchain.reference.records import Claim, Job
from offchain.signing import MARKET_NAME
from offchain.states import LIVE_DISPUTES, SEQUENCE_BITS, ClaimState, DisputeState, JobState, job_of
from offchain.terms import ZERO_ADDRESS, JobTerms
from tests.capabilities.governance import GovernedActions
from tests.capabilities.market.stage import Stage, set_stage
from tests.engine.chain import Chain, Contract
from tests.engine.codec import Item
from tests.engine.dice import Dice
from tests.engine.words import tasks

ALL = (1 << 256) - 1
MOST_CLAIMS = (1 << SEQUENCE_BITS) - 1
MASKS = frozenset({"mask", "done", "disputed", "upheld", "overturned", "taken", "allowed"})
"""Parameters, fields and values whose bits are tasks of a word."""
SOON = (0, 0, 1, 0, 20, 0, 2)
"""Seconds until the next step where nothing is waited for: often in the same block."""

UNKNOWN_CLAIMS = (1 << 24 | 77, 9 << 24, 0)


class MarketBase(GovernedActions):
    """A market and its model from deployment on."""

    stage: Stage
    model: Market
    signing_name = MARKET_NAME

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "creators": cast.creators,
            "annotators": cast.annotators,
            "arbiter": (cast.arbiter,),
            "governance": (cast.owner, cast.sink),
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast = self.stage.cast
        self._seen: Situation | None = None
        return self.stage.market, self.stage.model()

    @classmethod
    def phrase(cls, item: Item, value: Any) -> str | None:
        """A claim as job and number in it, a mask as its tasks."""
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        if item["name"] in {"claimId", "claimIds", "expired"}:
            return f"{job_of(value)}:{value & MOST_CLAIMS}"
        return tasks(value) if item["name"] in MASKS and item["type"] == "uint256" else None

    def spell(self, value: Any) -> str | None:
        if isinstance(value, bytes):
            for job_id, job in self.model.jobs.items():
                if job is not None and job.terms_hash == value:
                    return f"play.job({job_id}).terms_hash"
            for annotator in self.cast.annotators:
                if value and value == self.stage.pass_for(annotator):
                    return f'play.stage.pass_for(who["{self.chain.names[annotator]}"])'
        return None

    # What there is

    def jobs(self, *states: JobState) -> list[int]:
        return [number for number, job in self.model.jobs.items() if job and job.state in states]

    def job(self, job_id: int) -> Job:
        job = self.model.jobs[job_id]
        assert job is not None
        return job

    def terms_of(self, claim_id: int) -> JobTerms:
        """The terms of a claim's job; the first job's for a claim that was never made."""
        job = self.model.jobs[job_of(claim_id)]
        return (job or self.job(1)).terms

    def claims(self) -> list[int]:
        return list(self.model.claims)

    @property
    def seen(self) -> Situation:
        """What may be done next, found once a step."""
        if self._seen is None or self._seen.steps != len(self.steps):
            self._seen = Situation(self)
        return self._seen

    def claimed(self) -> list[int]:
        return self.seen.claimed

    def pending(self) -> list[int]:
        return self.seen.pending

    def rejected(self) -> list[int]:
        return self.seen.rejected

    def appealed(self) -> list[int]:
        return self.seen.appealed

    def rejectable(self) -> list[int]:
        """Pending claims of jobs with an arbiter that were not in dispute yet."""
        return self.seen.rejectable

    def alive(self, claims: Iterable[int]) -> list[int]:
        """Those of the claims on which somebody still has time to act."""
        return [claim for claim in claims if claim in self.seen.alive]

    def deadlines(self, claim_id: int) -> list[int]:
        """The last seconds of whoever may act on a claim now; none for a claim that was never made."""
        claim = self.model.claims[claim_id]
        if claim.state == ClaimState.NONE:
            return []
        if claim.state == ClaimState.CLAIMED:
            return [claim.time]
        terms = self.job(job_of(claim_id)).terms
        ends = [claim.time + terms.review_window]
        if claim.dispute in LIVE_DISPUTES:
            rejected = claim.dispute == DisputeState.REJECTED
            ends.append(claim.disputed_at + (terms.appeal_window if rejected else terms.decision_window))
        return ends

    def places(self) -> list[tuple[int, int]]:
        """(job, word) wherever something can be claimed."""
        return self.seen.places

    # Drawing

    def pick_claim(self, dice: Dice, right: Iterable[int], *, in_time: bool = True) -> int:
        """One of `right`, now and then any claim, or one that was never made. Where the act has a
        deadline, one that has not passed, if there is such a claim.
        """
        right = list(right)
        return dice.pick((in_time and self.alive(right)) or right, [*self.claims(), *UNKNOWN_CLAIMS])

    def moment(self, dice: Dice, *ends: int) -> int:
        """A second after now: mostly soon, at times just before, at or after one of `ends`, or of any
        deadline.
        """
        kind = dice.below(32)
        if kind < 27 or (kind < 31 and not ends):
            return self.now + SOON[kind % len(SOON)]
        near: Iterable[int] = ends
        if kind == 31:
            near = [end for claim in self.claimed() + self.pending() for end in self.deadlines(claim)]
        moments = sorted({end + d for end in near for d in (0, 1, -1, 2) if end + d >= self.now})
        return dice.choose(moments) if moments else self.now

    def after(self, dice: Dice, end: int) -> int:
        """A second for those who wait until `end` is over: mostly right after it, at times too early."""
        wanted = end + (-1 if dice.wrong() else dice.choose((1, 1, 2, 0, 1_000, 1, 0)))
        return max(wanted, self.now)

    @staticmethod
    def part_of(dice: Dice, allowed: int, outside: int = 0) -> int:
        """Some of the tasks in `allowed`: all, the lowest, or any; now and then none, or others besides."""
        if dice.wrong():
            return dice.choose((0, allowed | outside, 1 << 255, outside or 1))
        kind = dice.below(4)
        if kind == 0:
            return allowed
        if kind == 1:
            return allowed & -allowed
        return allowed & dice.mask() or allowed


class Situation:
    """What may be done next on a market: places to claim, claims to act on."""

    def __init__(self, play: MarketBase) -> None:
        self.steps = len(play.steps)
        self.claimed: list[int] = []
        self.pending: list[int] = []
        self.rejectable: list[int] = []
        self.rejected: list[int] = []
        self.appealed: list[int] = []
        self.alive: set[int] = set()
        self.places = [
            (job_id, word)
            for job_id in play.jobs(JobState.OPEN)
            for terms in (play.job(job_id).terms,)
            if terms.deadline > play.now + terms.claim_window
            for word in range(-(-terms.task_count // 256))
            if play.model.free_tasks(job_id, word)
        ]
        for claim_id, claim in play.model.claims.items():
            if claim.state != ClaimState.DONE:
                self._sort(play, claim_id, claim)
        self.to_submit = self._in_time(self.claimed)
        self.to_reject = self._in_time(self.rejectable)
        self.to_appeal = self._in_time(self.rejected)
        self.to_decide = self._in_time(self.appealed)

    def _in_time(self, claims: Iterable[int]) -> list[int]:
        return [claim for claim in claims if claim in self.alive]

    def _sort(self, play: MarketBase, claim_id: int, claim: Claim) -> None:
        if max(play.deadlines(claim_id)) > play.now:
            self.alive.add(claim_id)
        if claim.state == ClaimState.CLAIMED:
            self.claimed.append(claim_id)
            return
        if claim.mask:
            self.pending.append(claim_id)
            if claim.dispute == DisputeState.NONE and play.terms_of(claim_id).arbiter != ZERO_ADDRESS:
                self.rejectable.append(claim_id)
        if claim.dispute == DisputeState.REJECTED:
            self.rejected.append(claim_id)
        elif claim.dispute == DisputeState.APPEALED:
            self.appealed.append(claim_id)
