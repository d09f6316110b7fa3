"""Reference model of LabelConsensus: jobs, on top of seats, truth and settlement."""

from __future__ import annotations

from collections.abc import Mapping

from offchain.consensus import ConsensusTerms, Rule, WordState
from offchain.reference.calls import Call, act, payable_act
from offchain.reference.consensus.records import Job, bounty_of, inherited_tasks
from offchain.reference.consensus.settlement import ConsensusSettlement
from offchain.reference.consensus.terms import check_classes, check_terms
from offchain.reference.reputation import Reputation
from offchain.reference.revert import Revert
from offchain.reference.staking import Staking
from offchain.terms import ZERO_HASH


class LabelConsensus(ConsensusSettlement):
    """The whole market. `rules` are its rules by address; `staking` and `reputation` are models that share
    its
    journal and its bank.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it is deployed with
        self,
        address: str,
        owner: str,
        fee_recipient: str,
        staking: Staking,
        reputation: Reputation | None,
        rules: Mapping[str, Rule],
    ) -> None:
        super().__init__(address, owner, fee_recipient, staking, reputation)
        self.rules = dict(rules)

    @act
    def set_unit(self, call: Call, token: str, unit: int) -> None:
        """What an answer's reputation costs in fees."""
        self._only_owner(call)
        self.units[token] = unit
        self._emit("UnitSet", token=token, unit=unit)

    @payable_act
    def create_job(self, call: Call, terms: ConsensusTerms, terms_hash: bytes = ZERO_HASH) -> int:
        """Open a job; the effects' result is its id. `terms_hash` is what the contract makes of the terms."""
        self._require_running()
        if terms.fee_bps != self.governance.fee_bps:
            raise Revert("FeeChanged", terms.fee_bps, self.governance.fee_bps)
        if terms.domain != ZERO_HASH and self.reputation is None:
            raise Revert("NoReputation")
        check_terms(self, terms, call.sender, call.now)
        check_classes(terms)
        tasks = self._tasks(terms)
        job_id, funds = len(self.jobs) + 1, bounty_of(terms, tasks)
        unit = self.units[terms.token] if terms.domain != ZERO_HASH else 0
        self.jobs[job_id] = Job(terms, call.sender, terms_hash, tasks, unit)
        funds += terms.expert_budget
        self._emit(
            "JobOpened",
            jobId=job_id,
            creator=call.sender,
            termsHash=terms_hash,
            terms=terms.struct(),
            wordClasses=list(terms.word_classes),
            funded=funds,
        )
        self._receive(call, terms.token, call.sender, funds)
        return job_id

    def _tasks(self, terms: ConsensusTerms) -> tuple[int, ...]:
        """The masks of the words: of a job with parent, what that left unaccepted."""
        return inherited_tasks(terms, self._parent, self._left)

    def _parent(self, job_id: int) -> int:
        job = self.jobs[job_id]
        return job.terms.parent if job else 0

    def _left(self, job_id: int, word: int) -> int | None:
        kept = self.words[job_id, word]
        return kept.unresolved if kept.state == WordState.SETTLED else None
