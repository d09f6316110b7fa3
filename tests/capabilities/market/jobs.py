"""What those do who post jobs, and those who govern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from offchain.reference.calls import Acceptance
from offchain.reference.market import struct_of
from offchain.reference.records import bounty
from offchain.reference.terms import DAY, HOUR
from offchain.signing import Domain, terms_hash
from offchain.states import JobState
from offchain.terms import ZERO_ADDRESS, JobTerms, pack_multipliers
from tests.capabilities.market.base import MarketBase
from tests.capabilities.market.stage import NATIVE
from tests.engine.capability import Argument, action
from tests.engine.chain import Chain, Person
from tests.engine.dice import Dice
from tests.engine.signing import FLAWS, Flaw, flaw_told, signature_of
from tests.engine.words import told_value

MOST_JOBS = 5
REWARDS = (10_000, 999, 10**15 + 7, 1, 3)
COUNTS = (3, 1, 2, 5, 40, 256, 257, 300)
DIFFICULTIES = (pack_multipliers([10_000, 25_000]), pack_multipliers([12_345, 5_000, 65_535]))


PLAIN_TERMS = frozenset(
    {"creator", "token", "reward", "task_count", "data_root", "data_length", "instructions_hash"}
)
"""What a story tells of all terms, or of none."""


@dataclass(frozen=True)
class Offer(Argument):
    """The terms of a job with the arbiter's signature, which `flaw` may spoil."""

    market: str
    terms: JobTerms
    deadline: int
    arbiter: Person
    flaw: Flaw = Flaw.NONE

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        """Struct, word classes, deadline and signature of the acceptance."""
        terms, signature = self.terms, b""
        if terms.arbiter != ZERO_ADDRESS:
            message = {"termsHash": terms_hash(terms), "arbiter": terms.arbiter, "deadline": self.deadline}
            domain = Domain(chain.chain_id, self.market)
            signature = signature_of(self.arbiter, domain, "ArbiterAcceptance", message, self.flaw)
        return struct_of(terms), list(terms.word_classes), self.deadline, signature

    def in_model(self) -> tuple[Any, ...]:
        return self.terms, Acceptance(self.deadline, self.flaw == Flaw.NONE)

    def tell(self, name_of: Callable[[str], str]) -> str:
        """The terms that are not the usual ones, and whether the arbiter accepts them."""
        terms = self.terms
        coin = name_of(terms.token) if int(terms.token, 16) else "wei"
        told = [f"{terms.task_count:,} tasks at {terms.reward:,} {coin}"]
        for field in fields(terms):
            value = getattr(terms, field.name)
            if field.name not in PLAIN_TERMS and value != field.default:
                named = name_of(value) if isinstance(value, str) else told_value(field.name, value)
                told.append(f"{field.name.replace('_', ' ')} {named}")
        accepted = f"accepted{flaw_told(self.flaw)}" if terms.arbiter != ZERO_ADDRESS else "no arbiter"
        return ", ".join([*told, accepted])


class JobActions(MarketBase):
    """Jobs are opened and closed."""

    def open(self, dice: Dice) -> None:
        fee = dice.choose((0, 250, 500))
        if fee:
            self.act("setFee", fee, sender=self.cast.owner)
        self.create_job(dice)

    @action(6, lambda self: len(self.model.jobs) < MOST_JOBS and len(self.seen.places) < 3)
    def create_job(self, dice: Dice) -> None:
        time = self.moment(dice)
        creator = dice.pick(self.cast.creators, [self.cast.sink, self.cast.arbiter])
        terms = self._terms(dice, creator, time)
        if dice.chance(8):
            terms = replace(terms, **dice.choose(self._mistakes(terms, time)))
        lasts = -1 if dice.wrong() else dice.choose((DAY, 0))
        flaw = dice.choose(FLAWS) if dice.wrong() else Flaw.NONE
        self.require_vocal(terms.arbiter)
        arbiter = self.stage.signers[self.cast.arbiter]
        offer = Offer(self.stage.market.address, terms, time + lasts, arbiter, flaw)
        funds = bounty(terms)
        if dice.wrong():
            funds = dice.choose((terms.reward * (terms.task_count + 1), 0))
        value = funds if terms.token == NATIVE or dice.wrong() else 0
        self.act("createJob", offer, sender=creator, at=time, value=value)

    @action(4, lambda self: self.jobs(JobState.OPEN))
    def close(self, dice: Dice) -> None:
        job_id = dice.pick(self.jobs(JobState.OPEN), [*self.model.jobs, 99])
        job = self.model.jobs[job_id]
        if job is None:
            self.act("close", job_id, sender=self.cast.creator)
            return
        sender = dice.pick([job.terms.creator, self.cast.keeper], self.cast.everybody)
        if sender == job.terms.creator:
            self.act("close", job_id, sender=sender, at=self.moment(dice, job.terms.deadline))
        else:
            self.act("close", job_id, sender=sender, at=self.after(dice, job.terms.deadline))

    def _terms(self, dice: Dice, creator: str, time: int) -> JobTerms:
        count = dice.choose(COUNTS)
        window = dice.choose((1_800, 1_800, 60))
        classes = self._classes(dice)
        # A reward of 1 or 3 would pay nothing in the easiest class.
        reward = dice.choose(REWARDS[:3] if classes else REWARDS)
        token = self._token(dice)
        if token == self.stage.taxed.address:
            reward = REWARDS[0]  # of less than 100 the token keeps nothing
        return JobTerms(
            creator=creator,
            token=token,
            reward=reward,
            task_count=count,
            claim_window=window,
            review_window=dice.choose((HOUR, DAY)),
            deadline=time + window + dice.choose((10 * DAY, 10 * DAY, 10 * DAY, 5 * HOUR, 20)),
            max_open=dice.choose((300, 2, 1)),
            bond_bps=dice.choose((1_000, 0, 1, 10_000)),
            fee_bps=self.model.governance.fee_bps,
            royalty_bps=dice.choose((0, 9_000)),
            hook=self.stage.hook.address if dice.chance(6) else ZERO_ADDRESS,
            data_root=b"\xda" * 32,
            data_length=4_096,
            instructions_hash=b"\x1a" * 32,
            **(self._disputes(dice, reward) if dice.below(4) < 3 else {}),
            **classes,
        )

    def _token(self, dice: Dice) -> str:
        """The native coin in half of the jobs; now and then a token of which no deposit arrives whole."""
        if dice.wrong():
            return self.stage.taxed.address
        return NATIVE if dice.below(2) == 0 else dice.choose(self.stage.coins[1:])

    def _disputes(self, dice: Dice, reward: int) -> dict[str, Any]:
        return {
            "arbiter": self.cast.arbiter,
            "arbiter_fee": dice.choose((1, 0, 100 * reward)),
            "appeal_window": HOUR,
            "decision_window": dice.choose((HOUR, 2 * DAY)),
            "reject_fee_bps": dice.choose((500, 3_333, 5_000)),
        }

    @staticmethod
    def _classes(dice: Dice) -> dict[str, Any]:
        """In one job of three two difficulties; each of its two words has one of them."""
        if not dice.chance(3):
            return {}
        number = dice.below(4)
        return {"multipliers": dice.choose(DIFFICULTIES), "word_classes": (number & 1 | (number >> 1) << 4,)}

    def _mistakes(self, terms: JobTerms, time: int) -> list[Mapping[str, Any]]:
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
