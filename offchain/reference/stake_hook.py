"""Reference model of StakeHook: pledges to jobs, which are locks in a staking contract.

What the annotation market says is in `jobs`. The staking contract is its own model, on the same journal: what
it does in an act of the hook is told among the act's effects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from offchain.reference.calls import Call, Consent, Effects, act
from offchain.reference.claims import commitment
from offchain.reference.journal import Table
from offchain.reference.revert import Revert
from offchain.reference.signed import SignedActs
from offchain.reference.stakes import Split
from offchain.reference.staking import DAY, MAX_LOCK, Staking
from offchain.states import ClaimState, DisputeState, job_of
from offchain.terms import ZERO_ADDRESS, ZERO_HASH

PROOF_WINDOW = 7 * DAY
UINT24 = 2**24
ARITHMETIC = 0x11  # the panic of the compiler's checked arithmetic


@dataclass(frozen=True)
class Job:
    """What the market says of a job; `windows` are the seconds of all four together."""

    creator: str = ZERO_ADDRESS
    hook: str = ZERO_ADDRESS
    windows: int = 0


@dataclass(frozen=True)
class Claim:
    """What the market says of a claim."""

    state: ClaimState = ClaimState.NONE
    dispute: DisputeState = DisputeState.NONE
    disputed: int = 0
    commitment: bytes = ZERO_HASH

    @property
    def standing(self) -> int:
        """How many tasks were rejected for good."""
        over = self.state == ClaimState.DONE or self.dispute == DisputeState.ENDED
        return self.disputed.bit_count() if over else 0


@dataclass
class Jobs:
    """What the market says: jobs, tasks that are held and that were rejected for good by (job, account),
    claims.
    """

    jobs: dict[int, Job] = field(default_factory=dict)
    open: dict[tuple[int, str], int] = field(default_factory=dict)
    rejected: dict[tuple[int, str], int] = field(default_factory=dict)
    claims: dict[int, Claim] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """What a job asks for: base units for each task, and the seconds for which a claim is exposed."""

    stake_per_task: int = 0
    exposure: int = 0

    def message(self) -> dict[str, int]:
        """The struct of the interface."""
        return {"stakePerTask": self.stake_per_task, "exposure": self.exposure}


@dataclass(frozen=True)
class Pledge:
    """An account's pledge to a job, as in the interface; `round` counts the account's locks."""

    tasks: int = 0
    claims_until: int = 0
    leaves_at: int = 0
    round: int = 0

    def message(self) -> dict[str, int]:
        """The struct of the interface."""
        return {"tasks": self.tasks, "claimsUntil": self.claims_until, "leavesAt": self.leaves_at}


Key = tuple[int, str]
"""Job and account."""


class StakeHook(SignedActs):
    """The hook at `address` of the market that says `jobs`, on a staking contract."""

    def __init__(self, address: str, staking: Staking, jobs: Jobs) -> None:
        super().__init__(address, staking.journal)
        self.staking, self.jobs = staking, jobs
        self.terms: Table[int, Terms] = Table(self.journal, Terms())
        self.rounds: Table[str, int] = Table(self.journal, 0)
        self.pledges: Table[Key, Pledge] = Table(self.journal, Pledge())
        self.slashed: Table[int, int] = Table(self.journal, 0)
        self.paid_for: Table[Key, int] = Table(self.journal, 0)

    # Views

    def lock_end(self, account: str) -> int:
        """Last second of the account's lock, Unix; 0 if it never had one."""
        return self.staking.bonds[account, self.address].until

    def pledge_of(self, job_id: int, account: str, now: int) -> Pledge:
        """The account's pledge to a job; none if its lock is over."""
        pledge = self.pledges[job_id, account]
        held = pledge.round == self.rounds[account] and now <= self.lock_end(account)
        return pledge if held and pledge.tasks else Pledge()

    def held(self, now: int) -> Iterator[tuple[int, str, Pledge]]:
        """(job, account, pledge) of all that stand."""
        for job_id, account in list(self.pledges):
            pledge = self.pledge_of(job_id, account, now)
            if pledge.tasks:
                yield job_id, account, pledge

    def is_eligible(self, job_id: int, account: str, tasks: int, now: int) -> bool:
        """Whether the account may claim so many tasks more."""
        pledge = self.pledges[job_id, account]
        backed = self._open(job_id, account) + self.due_of(job_id, account) + tasks
        return now <= pledge.claims_until and backed <= pledge.tasks

    def due_of(self, job_id: int, account: str) -> int:
        """How many tasks of the account in a job were rejected for good and not slashed for."""
        return self.jobs.rejected.get((job_id, account), 0) - self.paid_for[job_id, account]

    def due(self, claim_id: int) -> int:
        """How many tasks of a claim can still be slashed for."""
        claim = self.jobs.claims.get(claim_id, Claim())
        return claim.standing - self.slashed[claim_id]

    # Acts

    @act
    def configure(self, call: Call, job_id: int, stake_per_task: int) -> None:
        """Say what a job asks for, once."""
        job = self.jobs.jobs.get(job_id, Job())
        if call.sender != job.creator:
            raise Revert("NotCreator", call.sender, job.creator)
        if job.hook != self.address:
            raise Revert("OtherHook", job_id, job.hook)
        if self.terms[job_id].stake_per_task:
            raise Revert("AlreadyConfigured", job_id)
        if stake_per_task == 0:
            raise Revert("StakeRequired")
        exposure = PROOF_WINDOW + job.windows
        self.terms[job_id] = Terms(stake_per_task, exposure)
        self._emit("JobConfigured", jobId=job_id, stakePerTask=stake_per_task, exposure=exposure)

    @act
    def pledge(self, call: Call, job_id: int, tasks: int, stake_per_task: int) -> None:
        """Lock stake for so many tasks more."""
        self._pledge(call, call.sender, job_id, tasks, stake_per_task)

    @act
    def pledge_by_sig(
        self, call: Call, job_id: int, tasks: int, stake_per_task: int, consent: Consent
    ) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._pledge(call, consent.signer, job_id, tasks, stake_per_task)

    @act
    def request_unpledge(self, call: Call, job_id: int) -> None:
        """Start to leave."""
        self._request(call, call.sender, job_id)

    @act
    def request_unpledge_by_sig(self, call: Call, job_id: int, consent: Consent) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._request(call, consent.signer, job_id)

    @act
    def unpledge(self, call: Call, job_id: int, account: str) -> None:
        """Give a pledge back that has left, and of which nothing is due; anyone may."""
        pledge = self._held(job_id, account, call.now)
        if pledge.leaves_at == 0:
            raise Revert("NotLeaving", job_id, account)
        if call.now <= pledge.leaves_at:
            raise Revert("StillExposed", pledge.leaves_at, call.now)
        due = self.due_of(job_id, account)
        if due:
            raise Revert("TasksDue", job_id, account, due)
        self.pledges[job_id, account] = Pledge()
        self._emit("Unpledged", jobId=job_id, annotator=account, tasks=pledge.tasks)
        amount = pledge.tasks * self.terms[job_id].stake_per_task
        self._tell(self.staking.unlock(self._as_market(call), account, amount))

    @act
    def slash(self, call: Call, claim_id: int, account: str, word: int, root: bytes, done: int) -> None:  # noqa: PLR0913, PLR0917 - as declared
        """Burn what tasks cost that were rejected for good; anyone may."""
        claim = self.jobs.claims.get(claim_id, Claim())
        if claim.commitment != commitment(account, word, root, done):
            raise Revert("WrongOpening", claim_id)
        if claim.standing == 0:
            raise Revert("NoRejection", claim_id)
        if self.due(claim_id) == 0:
            raise Revert("AlreadySlashed", claim_id)
        job_id = job_of(claim_id)
        pledge = self._held(job_id, account, call.now)
        tasks = min(self.due(claim_id), pledge.tasks)
        amount = tasks * self.terms[job_id].stake_per_task
        self.pledges[job_id, account] = replace(pledge, tasks=pledge.tasks - tasks)
        self.slashed[claim_id] += tasks
        self.paid_for[job_id, account] += tasks
        values = {"claimId": claim_id, "annotator": account, "tasks": tasks, "amount": amount}
        self._emit("PledgeSlashed", jobId=job_id, **values)
        self._tell(self.staking.slash(self._as_market(call), account, Split(burn=amount)))

    # Inside

    def _pledge(self, call: Call, account: str, job_id: int, tasks: int, stake_per_task: int) -> None:
        terms = self.terms[job_id]
        if terms.stake_per_task == 0:
            raise Revert("NotConfigured", job_id)
        if stake_per_task != terms.stake_per_task:
            raise Revert("OtherStake", stake_per_task, terms.stake_per_task)
        self._renew(call, account)
        pledge, until = self.pledges[job_id, account], call.now + MAX_LOCK
        before = pledge.tasks if pledge.round == self.rounds[account] else 0
        if before + tasks >= UINT24:
            raise Revert("Panic", ARITHMETIC)
        claims_until = until - terms.exposure
        after = Pledge(before + tasks, claims_until, 0, self.rounds[account])
        self.pledges[job_id, account] = after
        self._emit("Pledged", jobId=job_id, annotator=account, tasks=tasks, claimsUntil=claims_until)
        self._tell(self.staking.lock(self._as_market(call), account, tasks * stake_per_task, until))

    def _renew(self, call: Call, account: str) -> None:
        """A lock that is over ends what was pledged on it."""
        bond = self.staking.bonds[account, self.address]
        if call.now <= bond.until:
            return
        self.rounds[account] += 1
        if bond.locked:
            self._tell(self.staking.reclaim(self._as_market(call), account, self.address))

    def _request(self, call: Call, account: str, job_id: int) -> None:
        pledge = self._held(job_id, account, call.now)
        held = self._open(job_id, account)
        if held:
            raise Revert("TasksOpen", job_id, account, held)
        leaves_at = call.now + PROOF_WINDOW
        self.pledges[job_id, account] = replace(pledge, claims_until=0, leaves_at=leaves_at)
        self._emit("UnpledgeRequested", jobId=job_id, annotator=account, leavesAt=leaves_at)

    def _held(self, job_id: int, account: str, now: int) -> Pledge:
        pledge = self.pledge_of(job_id, account, now)
        if pledge.tasks == 0:
            raise Revert("NoPledge", job_id, account)
        return pledge

    def _open(self, job_id: int, account: str) -> int:
        return self.jobs.open.get((job_id, account), 0)

    def _as_market(self, call: Call) -> Call:
        """A call of the hook's own, at the same second."""
        return Call(self.address, call.now)

    def _tell(self, effects: Effects) -> None:
        """What the staking contract did is part of the act."""
        self.effects.events += effects.events
        self.effects.payments += effects.payments
