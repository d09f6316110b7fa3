"""Everything that the consensus market tells, as its model tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offchain.consensus import ConsensusState, WordState
from offchain.hashing import keccak256
from offchain.reference.calls import Effects
from offchain.reference.consensus import LabelConsensus
from offchain.reference.consensus.records import GRACE, MAX_SEATS, task_terms
from offchain.signing import CONSENSUS_NAME, Domain, domain_separator
from offchain.terms import ZERO_ADDRESS, ZERO_HASH
from tests.capabilities.consensus.stage import Stage
from tests.capabilities.governance import GOVERNANCE_EVENTS, governance_of
from tests.engine.capability import NATIVE
from tests.engine.chain import Contract
from tests.engine.program import View

Told = dict[tuple[str, tuple[Any, ...]], Any]
"""Answers of the market by function and arguments."""

GOLD_BITS = 24


class ConsensusViews:
    """The views on the market, its staking contract, and the balances around them."""

    def __init__(self, stage: Stage, model: LabelConsensus, chain_id: int) -> None:
        self.stage, self.model, self.chain_id = stage, model, chain_id
        self.coins: dict[str, Contract] = {
            contract.address: contract for contract in (*stage.tokens, stage.gem)
        }

    def touched(self, effects: Effects) -> Iterator[View]:
        """Those that a step with these effects is about."""
        told: Told = {}
        for name, values in effects.events:
            if name in GOVERNANCE_EVENTS:
                told |= {(view, ()): answer for view, answer in governance_of(self.model, name).items()}
            elif name == "NonceUsed":
                told["isNonceUsed", (values["account"], values["nonce"])] = True
            elif name == "UnitSet":
                told["unitOf", (values["token"],)] = values["unit"]
            elif name in {"Credited", "CreditWithdrawn"}:
                pair = (values["token"], values["account"])
                told["creditOf", pair] = self.model.credits[pair]
                told["liabilities", pair[:1]] = self.model.liabilities(pair[0])
            elif "jobId" in values:
                self._of_place(told, name, values)
        yield from self._views(told)
        moved = {(paid.token, who) for paid in effects.payments for who in (paid.payer, paid.payee)}
        yield from self._balances(sorted((token, who) for token, who in moved if int(who, 16)))
        stakers = {values["account"] for _, (name, values) in effects.others if name.startswith("Stake")}
        yield from self._stakes(sorted(stakers))

    def everything(self) -> Iterator[View]:
        """All there is."""
        model = self.model
        told: Told = {(view, ()): answer for view, answer in governance_of(model).items()}
        told |= {
            ("jobCount", ()): len(model.jobs),
            ("MAX_SEATS", ()): MAX_SEATS,
            ("GRACE", ()): GRACE,
            ("origin", ()): model.address,
            ("staking", ()): self.stage.staking.address,
            ("reputation", ()): self.stage.reputation.address,
            ("domainSeparator", ()): domain_separator(Domain(self.chain_id, model.address, CONSENSUS_NAME)),
        }
        told |= {("unitOf", (token,)): unit for token, unit in model.units.items()}
        told |= {("creditOf", pair): amount for pair, amount in model.credits.items()}
        told |= {("isNonceUsed", pair): used for pair, used in model.nonces.items()}
        told |= {("liabilities", (coin,)): model.liabilities(coin) for coin in self.stage.coins}
        for job_id, job in model.jobs.items():
            if job is None:
                continue
            self._of_job(told, job_id)
            told["job", (job_id,)] = self._job(job_id)
            for word in range(len(job.tasks)):
                self._of_word(told, job_id, word)
                for annotator in model.words[job_id, word].annotators:
                    self._of_seat(told, job_id, word, annotator)
        yield from self._views(told)
        cast = self.stage.cast
        held = [(coin, who) for coin in self.stage.coins for who in (*cast.everybody, model.address)]
        yield from self._balances(held)
        yield from self._stakes(cast.annotators)

    # Inside

    def _views(self, told: Told) -> Iterator[View]:
        for (name, args), answer in told.items():
            yield View(self.stage.market, name, args, answer)

    def _of_place(self, told: Told, name: str, values: Mapping[str, Any]) -> None:
        """Job, word and seat that an event is about; each once a step."""
        job_id, word = values["jobId"], values.get("word")
        if ("bookOf", (job_id,)) not in told:
            self._of_job(told, job_id)
        if name in {"JobOpened", "JobEnded"}:
            told["job", (job_id,)] = self._job(job_id)
        if word is not None and ("wordOf", (job_id, word)) not in told:
            self._of_word(told, job_id, word)
        for role in ("annotator", "challenger"):
            if role in values:
                self._of_seat(told, job_id, word, values[role])

    def _of_job(self, told: Told, job_id: int) -> None:
        model, job = self.model, self.model.job_of(job_id)
        gold = model.gold(job_id)
        told["bookOf", (job_id,)] = {
            "balance": model.balance(job_id),
            "expertBudget": model.budget(job_id),
            "unresolved": sum(model.words[job_id, word].unresolved != 0 for word in job.words),
            "gold": sum(count << GOLD_BITS * number for number, count in enumerate(gold)),
            "seated": len(job.words),
            "live": sum(bool(model.live_seats(job_id, word)) for word in job.words),
            "opened": model.opened(job, job_id),
            "scored": model.scored(job, job_id),
        }
        token = job.terms.token
        told["liabilities", (token,)] = model.liabilities(token)
        fees = sum(amount for (of, _), amount in model.fees.items() if of == job_id)
        told["feesOfJob", (job_id,)] = (token, fees)

    def _job(self, job_id: int) -> dict[str, Any]:
        job = self.model.job_of(job_id)
        terms = job.terms
        ends = [sum(terms.windows[: number + 1]) for number in range(6)]
        flags = (terms.hook != ZERO_ADDRESS, terms.domain != ZERO_HASH, terms.multipliers, terms.parent)
        fields = terms.struct()
        for surplus in ("windows", "expertBudget", "dataRoot", "dataLength", "instructionsHash"):
            del fields[surplus]
        return fields | {
            "ends": sum(end << 24 * number for number, end in enumerate(ends)),
            "state": job.state,
            "flags": sum(bool(flag) << number for number, flag in enumerate(flags)),
            "creator": job.creator,
            "unit": job.unit,
            "termsHash": job.terms_hash,
        }

    def _of_word(self, told: Told, job_id: int, word: int) -> None:
        model, kept = self.model, self.model.words[job_id, word]
        job = model.job_of(job_id)
        seats = model.seats_of(job_id, word)
        tasks = job.tasks_in(word)
        full = sum(1 << seat.layer for seat in seats if seat.mask == tasks)
        partly = sum({1 << seat.layer for seat in seats if seat.mask != tasks})
        told["wordOf", (job_id, word)] = {
            "seats": len(seats),
            "revealed": sum(seat.revealed for seat in seats),
            "live": sum(not seat.done for seat in seats),
            "challenges": kept.open_challenges,
            "state": kept.state,
            "full": full,
            "partly": partly,
            "saltSum": model.salt_sum(job_id, word),
        }
        if kept.state == WordState.SETTLED:
            digest = keccak256(kept.labels)
        else:
            digest = kept.truth.digest() if kept.truth else ZERO_HASH
        told["wordDigest", (job_id, word)] = digest
        told["unresolvedTasks", (job_id, word)] = kept.unresolved
        told["taskTerms", (job_id, word)] = tuple(task_terms(job.terms, word))
        for layer in range(job.terms.redundancy + 1):
            told["freeTasks", (job_id, word, layer)] = model.free_tasks(job_id, word, layer)
        for index, challenge in enumerate(kept.challenges):
            told["challengeOf", (job_id, word, index)] = {
                "challenger": challenge.challenger,
                "mask": challenge.mask if challenge.open else 0,
            }

    def _of_seat(self, told: Told, job_id: int, word: int, account: str) -> None:
        model, job = self.model, self.model.job_of(job_id)
        told["seatDigest", (job_id, word, account)] = model.seat_digest(job_id, word, account)
        told["feesOf", (job_id, account)] = (job.terms.token, model.fees[job_id, account])
        if job.state == ConsensusState.OPEN:
            told["matrixOf", (job_id, account)] = list(model.matrix_of(job_id, account).pack())

    def _balances(self, pairs: Iterable[tuple[str, str]]) -> Iterator[View]:
        for token, who in pairs:
            held = self.model.bank.balances[token, who]
            if token == NATIVE:
                yield View.balance(who, held)
            else:
                yield View(self.coins[token], "balanceOf", (who,), held)

    def _stakes(self, accounts: Iterable[str]) -> Iterator[View]:
        staking = self.model.staking
        for account in accounts:
            told = {
                "available": staking.available[account],
                "locked": staking.locked(account),
                "unbonding": staking.unbonding(account),
            }
            yield View(self.stage.staking, "stakeOf", (account,), told)
