"""What all rules share: the two markets, and how senders, moments, masks and signatures are drawn, now
and then wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from offchain.reference.calls import Consent
from offchain.reference.records import Claim, Job
from offchain.signing import Domain, sign, typed_data
from offchain.states import LIVE_DISPUTES, ClaimState, DisputeState, JobState, job_of
from tests.stateful.cast import Stage
from tests.stateful.chain import Reader, rpc
from tests.stateful.twin import Twin

Draw = st.DataObject
SCATTER = st.integers(min_value=1, max_value=2**256 - 1)


Move = Callable[[Any, Draw], None]
Ready = Callable[[Any], Any]


def move(weight: int = 1, when: Ready = lambda _: True) -> Callable[[Move], Move]:
    """An act that `MarketBase.step` may choose, `weight` times as often as others, while `when` holds.

    Hypothesis' own rules are chosen after switching some of them off for a whole program, which is fine
    for rules that do not depend on one another; an appeal needs five other acts before it.
    """

    def mark(method: Move) -> Move:
        method.move = (weight, when)  # type: ignore[attr-defined]
        return method

    return mark


class MarketBase(RuleBasedStateMachine):
    """A market and its model, from deployment on. Subclasses add moves; each act is compared by
    `Twin.act`.
    """

    stage: Stage
    reader: Reader

    def __init__(self) -> None:
        super().__init__()
        self.snapshot = rpc("evm_snapshot")
        self.twin = Twin(self.stage, self.reader)
        self.cast, self.model = self.stage.cast, self.twin.model
        self.domain = Domain(int(rpc("eth_chainId"), 16), self.stage.market.address)
        self.nonce = 0

    def teardown(self) -> None:
        """Whatever happened, the next example starts from the deployment."""
        rpc("evm_revert", self.snapshot)

    @rule(data=st.data())
    def step(self, data: Draw) -> None:
        """One move of those that are possible."""
        ready = [name for name, (weight, when) in self._moves().items() if when(self) for _ in range(weight)]
        name = data.draw(st.sampled_from(ready), label="move")
        getattr(self, name)(data)

    @classmethod
    @cache
    def _moves(cls) -> dict[str, tuple[int, Ready]]:
        every = {name: getattr(getattr(cls, name), "move", None) for name in dir(cls)}
        return {name: marked for name, marked in every.items() if marked}

    # What there is

    def jobs(self, *states: JobState) -> list[int]:
        return [number for number, job in self.model.jobs.items() if job and job.state in states]

    def job(self, job_id: int) -> Job:
        job = self.model.jobs[job_id]
        assert job is not None
        return job

    def claims(self, fits: Callable[[Claim], bool] = lambda _: True) -> list[int]:
        return [claim_id for claim_id, claim in self.model.claims.items() if fits(claim)]

    def claimed(self) -> list[int]:
        return self.claims(lambda claim: claim.state == ClaimState.CLAIMED)

    def alive(self, claims: Iterable[int]) -> list[int]:
        """Those of the claims on which somebody still has time to act."""
        return [claim for claim in claims if max(self.deadlines(claim)) > self.twin.now]

    def pending(self) -> list[int]:
        return self.claims(lambda claim: claim.state == ClaimState.SUBMITTED and claim.mask != 0)

    def disputed(self, state: DisputeState) -> list[int]:
        return self.claims(lambda claim: claim.dispute == state)

    def deadlines(self, claim_id: int) -> list[int]:
        """The last seconds of whoever may act on a claim now."""
        claim, terms = self.model.claims[claim_id], self.job(job_of(claim_id)).terms
        if claim.state == ClaimState.CLAIMED:
            return [claim.time]
        ends = [claim.time + terms.review_window]
        if claim.dispute in LIVE_DISPUTES:
            rejected = claim.dispute == DisputeState.REJECTED
            window = terms.appeal_window if rejected else terms.decision_window
            ends.append(claim.disputed_at + window)
        return ends

    def places(self) -> list[tuple[int, int]]:
        """(job, word) wherever something can be claimed."""
        return [
            (job_id, word)
            for job_id in self.jobs(JobState.OPEN)
            for word in range(-(-self.job(job_id).terms.task_count // 256))
            if self.model.free_tasks(job_id, word)
            and self.job(job_id).terms.deadline > self.twin.now + self.job(job_id).terms.claim_window
        ]

    # Drawing

    @staticmethod
    def rarely(data: Draw, odds: int = 24) -> bool:
        return data.draw(st.integers(0, odds - 1), label="rarely") == odds - 1

    def pick(self, data: Draw, right: Iterable[Any], wrong: Iterable[Any]) -> Any:
        """One of `right`, now and then one of `wrong`."""
        right, wrong = list(right), list(wrong)
        usual = right if right and not (wrong and self.rarely(data)) else wrong
        return data.draw(st.sampled_from(usual), label="pick")

    def pick_claim(self, data: Draw, right: Iterable[int], *, in_time: bool = True) -> int:
        """One of `right`, now and then any claim, or one that was never made. Where the act has a
        deadline, one that has not passed, if there is such a claim.
        """
        right = list(right)
        return self.pick(
            data, (in_time and self.alive(right)) or right, [*self.claims(), 1 << 24 | 77, 9 << 24, 0]
        )

    def moment(self, data: Draw, *ends: int) -> int:
        """A second after now: mostly soon, at times just before, at or after one of `ends`, or of any
        deadline.
        """
        kind = data.draw(st.integers(0, 19), label="when")
        every = [end for claim in self.claimed() + self.pending() for end in self.deadlines(claim)]
        near = ends if kind in {16, 17, 18} else every if kind == 19 else ()
        moments = sorted({end + d for end in near for d in (-1, 0, 1, 2) if end + d > self.twin.now})
        if not moments:
            return self.twin.now + data.draw(st.sampled_from((1, 2, 20)), label="seconds")
        return data.draw(st.sampled_from(moments), label="moment")

    def after(self, data: Draw, end: int) -> int:
        """A second for those who wait until `end` is over: mostly right after it, at times too early."""
        wanted = end + data.draw(st.sampled_from((1, 1, 2, 1_000, 0, -1)), label="after")
        return max(wanted, self.twin.now + 1)

    def sender(self, data: Draw, right: str) -> str:
        return self.pick(data, [right], self.cast.everybody)

    def part_of(self, data: Draw, allowed: int, outside: int = 0) -> int:
        """Some of the tasks in `allowed`: all, the lowest, or any; now and then none, or others besides."""
        if self.rarely(data):
            return data.draw(
                st.sampled_from((0, allowed | outside, 1 << 255, outside or 1)), label="bad mask"
            )
        kind = data.draw(st.integers(0, 3), label="part")
        if kind == 0:
            return allowed
        if kind == 1:
            return allowed & -allowed
        return allowed & data.draw(SCATTER, label="mask") or allowed

    def value_for(self, data: Draw, token: str, amount: int) -> int:
        """The native coin that has to come with a call that takes `amount` of the token; now and then
        another.
        """
        right = 0 if int(token, 16) else amount
        return max(
            right + data.draw(st.sampled_from((1, -1)), label="off by") if self.rarely(data) else right, 0
        )

    # Signatures

    def consent(self, data: Draw, kind: str, signer: str, time: int, **message: Any) -> tuple[Consent, bytes]:
        """An authorisation of one act and its signature: mostly good; at times too late, used or for
        something else.
        """
        used = [nonce for account, nonce in self.model.nonces if account == signer]
        if used and self.rarely(data):
            nonce = data.draw(st.sampled_from(used), label="used nonce")
        else:
            self.nonce += 1
            nonce = self.nonce << 8 | 7
        deadline = time + data.draw(st.sampled_from((10_000, 0)), label="signature lasts") - self.rarely(data)
        valid = not self.rarely(data) and signer in self.stage.keys
        who = {"account": signer} if kind == "Withdraw" else {"annotator": signer}
        fields = message | who | {"nonce": nonce if valid else nonce + 1, "deadline": deadline}
        key = self.stage.keys.get(signer, self.stage.keys[self.cast.keeper])
        signature = sign(key, typed_data(self.domain, kind, fields))
        return Consent(signer, nonce, deadline, valid), signature
