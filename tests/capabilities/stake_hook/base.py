"""What all actions of the stake hook share: the contracts around it, claims, arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from offchain.reference.calls import Call, Effects
from offchain.reference.claims import commitment
from offchain.reference.revert import Revert
from offchain.reference.stake_hook import PROOF_WINDOW, Claim, Pledge, StakeHook
from offchain.reference.staking import Staking
from offchain.signing import STAKE_HOOK_NAME
from offchain.states import SEQUENCE_BITS, ClaimState, DisputeState, job_of
from tests.capabilities.signing import SigningActions
from tests.capabilities.stake_hook.stage import HOOKED, Cast, Stage, set_stage
from tests.engine.chain import Chain, Contract
from tests.engine.dice import Dice
from tests.engine.interface import Log

ROOT = b"\x0b" * 32
STAKES = (1_000, 7, 10**15 + 3, 2**96 - 1)
"""Base units for each task; the highest is more than anybody has."""

FOREIGN = frozenset({"StakeLocked", "StakeUnlocked", "StakeSlashed"})
"""Events of the staking contract in acts of the hook."""


@dataclass
class Held:
    """A claim as the programs know it. Times are Unix seconds; `settled` is 0 while its tasks are open;
    `round` is that of the pledge which admitted it.
    """

    claim_id: int
    account: str
    tasks: int
    taken: int
    round: int
    settled: int = 0

    @property
    def job_id(self) -> int:
        return job_of(self.claim_id)

    @property
    def done(self) -> int:
        """The mask of what was submitted: all of it."""
        return (1 << self.tasks) - 1

    @property
    def opening(self) -> tuple[str, int, bytes, int]:
        """What opens its commitment."""
        return self.account, self.claim_id % 5, ROOT, self.done

    @property
    def commitment(self) -> bytes:
        return commitment(*self.opening)


class StakeHookBase(SigningActions):
    """A hook, its model, and what is around them, from deployment on."""

    signing_name: ClassVar[str] = STAKE_HOOK_NAME
    stage: Stage
    model: StakeHook

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "owner": (cast.owner, cast.sink),
            "creators": (cast.creator, cast.rival),
            "annotators": cast.annotators,
            "forum": (cast.forum,),
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast: Cast = self.stage.cast
        self.claims: dict[int, Held] = {}
        return self.stage.hook, self.stage.model()

    @property
    def bank(self) -> Staking:
        """The model of the staking contract."""
        return self.model.staking

    def _logs(self, contract: Contract, effects: Effects) -> dict[str, list[Log]]:
        """What the staking contract tells in an act of the hook is its own."""
        if contract is not self.stage.hook:
            return super()._logs(contract, effects)
        own = [event for event in effects.events if event[0] not in FOREIGN]
        theirs = [event for event in effects.events if event[0] in FOREIGN]
        return super()._logs(contract, Effects(own, payments=effects.payments)) | super()._logs(
            self.stage.staking, Effects(theirs)
        )

    # Around the hook

    def in_staking(self, function: str, *args: Any, sender: str, at: int = 0) -> bool:
        """A step of the staking contract's own."""
        predict = {
            "stake": self.stakes,
            "allow": self.allows,
            "unbond": self.unbonds,
            "collect": self.collects,
            "reclaim": self.reclaims,
            "lock": self.locks,
            "slash": self.slashes,
            "setMarket": self.lists,
        }[function]
        return self.act(function, *args, sender=sender, at=at, contract=self.stage.staking, model=predict)

    def stakes(self, call: Call, *args: Any) -> Effects:
        return self.bank.stake(call, *args)

    def allows(self, call: Call, *args: Any) -> Effects:
        return self.bank.allow(call, *args)

    def unbonds(self, call: Call, *args: Any) -> Effects:
        return self.bank.unbond(call, *args)

    def collects(self, call: Call, *args: Any) -> Effects:
        return self.bank.collect(call, *args)

    def reclaims(self, call: Call, *args: Any) -> Effects:
        return self.bank.reclaim(call, *args)

    def locks(self, call: Call, *args: Any) -> Effects:
        return self.bank.lock(call, *args)

    def slashes(self, call: Call, *args: Any) -> Effects:
        return self.bank.slash(call, *args)

    def lists(self, call: Call, *args: Any) -> Effects:
        return self.bank.set_market(call, *args)

    def takes(self, call: Call, job_id: int, account: str, tasks: int) -> Effects:
        """The market asks the hook, and lets the account have the tasks."""
        if not self.model.is_eligible(job_id, account, tasks, call.now):
            raise Revert("NotEligible", job_id, account)
        key, jobs = (job_id, account), self.model.jobs
        jobs.open[key] = jobs.open.get(key, 0) + tasks
        claim_id = job_id << SEQUENCE_BITS | len(self.claims)
        self.claims[claim_id] = Held(claim_id, account, tasks, call.now, self.model.rounds[account])
        return Effects()

    def becomes(
        self,
        call: Call,
        claim_id: int,
        account: str,
        settled: int,
        state: ClaimState,
        dispute: DisputeState,
        disputed: int,
        committed: bytes,
    ) -> Effects:
        """The market says what became of a claim."""
        jobs, held = self.model.jobs, self.claims[claim_id]
        jobs.claims[claim_id] = claim = Claim(state, dispute, disputed, committed)
        key = held.job_id, held.account
        jobs.rejected[key] = jobs.rejected.get(key, 0) + claim.standing
        if settled:
            jobs.open[key] -= settled
            held.settled = call.now
        return Effects()

    # What there is

    def open_claims(self) -> list[Held]:
        return [held for held in self.claims.values() if not held.settled]

    def rejected(self) -> list[Held]:
        """Claims with tasks to be slashed for."""
        return [held for held in self.claims.values() if self.model.due(held.claim_id)]

    def timely(self, at: int) -> list[Held]:
        """Those of them that are slashed for in time, whatever the account does."""
        return [held for held in self.rejected() if at <= self.provable(held)]

    def provable(self, held: Held) -> int:
        """The last second, Unix, in which a claim must be covered."""
        return min(held.settled or self.end_of(held), self.end_of(held)) + PROOF_WINDOW

    def covered(self, held: Held) -> bool:
        """Whether a pledge must be there for a claim: the one that admitted it is, until its lock is over."""
        account = held.account
        same = held.round == self.model.rounds[account] and self.now <= self.model.lock_end(account)
        return same or self.now <= self.provable(held)

    def pledges(self) -> list[tuple[int, str, Pledge]]:
        """(job, account, pledge) of all that stand now."""
        return list(self.model.held(self.now))

    def held_open(self, job_id: int, account: str) -> int:
        return self.model.jobs.open.get((job_id, account), 0)

    def end_of(self, held: Held) -> int:
        """The last second in which something becomes of a claim: then anyone can settle it."""
        return held.taken + self.model.jobs.jobs[held.job_id].windows

    # Drawing

    def annotator(self, dice: Dice) -> str:
        return dice.choose(self.cast.annotators)

    def signer(self, dice: Dice) -> str:
        return dice.choose([who for who in self.cast.annotators if who in self.stage.signers])

    def asking(self) -> list[int]:
        """Jobs that say what they ask for."""
        return [job_id for job_id in HOOKED if self.model.terms[job_id].stake_per_task]
