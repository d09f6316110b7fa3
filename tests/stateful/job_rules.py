"""Rules of those who post jobs, and of those who govern."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from offchain.reference.calls import Acceptance
from offchain.reference.market import struct_of
from offchain.reference.terms import DAY, HOUR
from offchain.signing import sign, terms_hash, typed_data
from offchain.states import JobState
from offchain.terms import ZERO_ADDRESS, JobTerms, pack_multipliers
from tests.stateful.base import Draw, MarketBase, move
from tests.stateful.cast import NATIVE

MOST_JOBS = 6
REWARDS = (10_000, 1, 3, 999, 10**15 + 7)
COUNTS = (3, 1, 2, 5, 40, 256, 257, 300)
POWERS = ("fee", "pause", "pauser", "heir", "nonce", "allowance", "renounce")
DIFFICULTIES = (pack_multipliers([10_000, 25_000]), pack_multipliers([12_345, 5_000, 65_535]))


class JobRules(MarketBase):
    """Jobs are opened and closed."""

    @initialize(data=st.data(), fee=st.sampled_from((0, 250, 500)))
    def open_shop(self, data: Draw, fee: int) -> None:
        if fee:
            self.twin.act("setFee", fee, sender=self.cast.owner, time=self.twin.now + 1)
        self.create_job(data)

    @move(2, lambda self: len(self.model.jobs) < MOST_JOBS and len(self.places()) < 3)
    def create_job(self, data: Draw) -> None:
        time = self.moment(data)
        creator = self.pick(data, self.cast.creators, [self.cast.sink, self.cast.arbiter])
        terms = self._terms(data, creator, time)
        if self.rarely(data, 8):
            terms = replace(terms, **data.draw(st.sampled_from(self._mistakes(terms, time)), label="mistake"))
        deadline = time + data.draw(st.sampled_from((DAY, 0)), label="acceptance lasts") - self.rarely(data)
        accepted = terms.arbiter != ZERO_ADDRESS and not self.rarely(data)
        signature = self._acceptance(terms, deadline, accepted=accepted)
        pays = [terms.reward * (terms.task_count + 1), 0]
        funds = (
            self._bounty(terms) if not self.rarely(data) else data.draw(st.sampled_from(pays), label="wrong")
        )
        self.twin.act(
            "createJob",
            struct_of(terms),
            list(terms.word_classes),
            deadline,
            signature,
            sender=creator,
            time=time,
            value=0 if terms.token != NATIVE and not self.rarely(data) else funds,
            model_args=(terms, Acceptance(deadline, accepted)),
        )

    @move(1, lambda self: self.jobs(JobState.OPEN))
    def close(self, data: Draw) -> None:
        job_id = self.pick(data, self.jobs(JobState.OPEN), [*self.model.jobs, 99])
        job = self.model.jobs[job_id]
        if job is None:
            self.twin.act("close", job_id, sender=self.cast.creator, time=self.moment(data))
            return
        sender = self.pick(data, [job.terms.creator, self.cast.keeper], self.cast.everybody)
        late = sender != job.terms.creator and not self.rarely(data, 4)
        time = self.after(data, job.terms.deadline) if late else self.moment(data, job.terms.deadline)
        self.twin.act("close", job_id, sender=sender, time=time)

    def _terms(self, data: Draw, creator: str, time: int) -> JobTerms:
        draw = data.draw
        count = draw(st.sampled_from(COUNTS), label="tasks")
        window = draw(st.sampled_from((1_800, 60)), label="claim window")
        arbitrated = draw(st.sampled_from((True, True, False)), label="arbiter")
        classes = self._classes(data)
        # A reward of 1 or 3 would pay nothing in the easiest class.
        usual = REWARDS[:1] + REWARDS[3:] if classes else REWARDS
        reward = draw(st.sampled_from(usual), label="reward")
        disputes: dict[str, Any] = {}
        if arbitrated:
            disputes = {
                "arbiter": self.cast.arbiter,
                "arbiter_fee": draw(st.sampled_from((0, 1, 100 * reward)), label="arbiter fee"),
                "appeal_window": HOUR,
                "decision_window": draw(st.sampled_from((HOUR, 2 * DAY)), label="decision window"),
                "reject_fee_bps": draw(st.sampled_from((500, 3_333, 5_000)), label="reject fee"),
            }
        return JobTerms(
            creator=creator,
            token=draw(st.sampled_from((NATIVE, self.stage.token.address)), label="token"),
            reward=reward,
            task_count=count,
            claim_window=window,
            review_window=draw(st.sampled_from((HOUR, DAY)), label="review window"),
            deadline=time
            + window
            + draw(st.sampled_from((10 * DAY, 10 * DAY, 5 * HOUR, 20)), label="job lasts"),
            max_open=draw(st.sampled_from((300, 2, 1)), label="cap"),
            bond_bps=draw(st.sampled_from((1_000, 0, 1, 10_000)), label="bond"),
            fee_bps=self.model.governance.fee_bps,
            royalty_bps=draw(st.sampled_from((0, 9_000)), label="royalty"),
            hook=self.stage.hook.address if self.rarely(data, 6) else ZERO_ADDRESS,
            data_root=b"\xda" * 32,
            data_length=4_096,
            instructions_hash=b"\x1a" * 32,
            **disputes,
            **classes,
        )

    def _classes(self, data: Draw) -> dict[str, Any]:
        """In one job of three two difficulties; each of its two words has one of them."""
        if not self.rarely(data, 3):
            return {}
        multipliers = data.draw(st.sampled_from(DIFFICULTIES), label="difficulties")
        number = data.draw(st.integers(0, 3), label="classes")
        return {"multipliers": multipliers, "word_classes": (number & 1 | (number >> 1) << 4,)}

    def _mistakes(self, terms: JobTerms, time: int) -> list[dict[str, Any]]:
        """One thing wrong with the terms; some of them are right in other terms."""
        arbitrated = terms.arbiter != ZERO_ADDRESS
        return [
            {"reward": 0},
            {"task_count": 0},
            {"task_count": (1 << 20) + 1},
            {"claim_window": 59},
            {"claim_window": 30 * DAY + 1},
            {"review_window": HOUR - 1},
            {"review_window": 30 * DAY + 1},
            {"deadline": time + terms.claim_window - 1},
            {"deadline": time + 730 * DAY + 1},
            {"max_open": 0},
            {"bond_bps": 10_001},
            {"fee_bps": terms.fee_bps + 1},
            {"royalty_bps": 9_001},
            {"appeal_window": HOUR - 1 if arbitrated else 1},
            {"decision_window": 30 * DAY + 1 if arbitrated else HOUR},
            {"reject_fee_bps": 499 if arbitrated else 1},
            {"reject_fee_bps": 5_001 if arbitrated else 500},
            {"arbiter_fee": 100 * terms.reward + 1},
            {"token": self.cast.keeper},
            {"hook": self.cast.keeper},
            {"arbiter": terms.creator},
            {"arbiter": self.cast.sink},
            {"word_classes": (0, 0)},
            {"word_classes": (0xF,), "multipliers": DIFFICULTIES[0]},
            {"word_classes": (0,), "multipliers": 1, "reward": 9_999},
        ]

    def _acceptance(self, terms: JobTerms, deadline: int, *, accepted: bool) -> bytes:
        if terms.arbiter == ZERO_ADDRESS:
            return b""
        digest = terms_hash(replace(terms, arbiter_fee=terms.arbiter_fee + (not accepted)))
        message = {"termsHash": digest, "arbiter": terms.arbiter, "deadline": deadline}
        return sign(self.stage.keys[self.cast.arbiter], typed_data(self.domain, "ArbiterAcceptance", message))

    @staticmethod
    def _bounty(terms: JobTerms) -> int:
        """What the creator sends along, worked out task by task."""
        total = 0
        for task in range(min(terms.task_count, 1_000)):
            word = task // 256
            packed = terms.word_classes[0] if terms.word_classes else 0
            weight = (
                terms.multipliers >> 16 * (packed >> 4 * word & 0xF) & 0xFFFF if terms.multipliers else 10_000
            )
            reward = terms.reward * weight // 10_000
            total += reward + reward * terms.fee_bps // 10_000
        return total


class GovernanceRules(JobRules):
    """The owner's and the pauser's few powers, used and abused."""

    @move()
    def govern(self, data: Draw) -> None:
        act = data.draw(st.sampled_from(POWERS), label="power")
        time, governance = self.moment(data), self.model.governance
        sender = self.sender(data, governance.owner)
        if act == "fee":
            self.twin.act(
                "setFee", data.draw(st.sampled_from((0, 250, 501)), label="fee"), sender=sender, time=time
            )
        elif act == "pause":
            self.twin.act("pause", sender=self.sender(data, governance.pauser), time=time)
        elif act == "pauser":
            pauser = data.draw(st.sampled_from((self.cast.keeper, self.cast.owner)), label="pauser")
            self.twin.act("setPauser", pauser, sender=sender, time=time)
        elif act == "heir":
            self.twin.act("transferOwnership", self.cast.keeper, sender=sender, time=time)
            self.twin.act("acceptOwnership", sender=self.sender(data, self.cast.keeper), time=time + 1)
        elif act == "nonce":
            nonce = data.draw(st.sampled_from((7, self.nonce << 8 | 7)), label="nonce")
            account = data.draw(st.sampled_from(self.cast.annotators), label="account")
            self.twin.act("cancelNonce", nonce, sender=account, time=time)
        elif act == "renounce":
            act = data.draw(st.sampled_from(("renounceOwnership", "unpause")), label="act")
            self.twin.act(act, sender=sender, time=time)
        else:
            account = data.draw(st.sampled_from(self.cast.everybody), label="account")
            amount = data.draw(st.sampled_from((2**256 - 1, 0, 2_000)), label="allowance")
            self.twin.set_allowance(account, amount, time)

    @move(12, lambda self: self.model.governance.paused)
    def unpause(self, data: Draw) -> None:
        """A pause lasts a few moves: everything but new business must go on, and a run must get somewhere."""
        sender = self.sender(data, self.model.governance.owner)
        self.twin.act("unpause", sender=sender, time=self.moment(data))
