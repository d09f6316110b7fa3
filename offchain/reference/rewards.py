"""Reference model of RewardDistributor: rewards for fees that were paid, as credits and from a tree.

The reward token is a standard ERC-20, of which the model knows the balances in `bank`. What was paid, and
which sources tell of it, is in `fees`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from offchain.hashing import verify_reward_proof
from offchain.reference.bank import World
from offchain.reference.calls import Call, Consent, act
from offchain.reference.escrow import Escrow
from offchain.reference.journal import Table
from offchain.reference.owned import Owned
from offchain.reference.revert import Revert
from offchain.states import RewardMode
from offchain.terms import ZERO_ADDRESS, ZERO_HASH

RATE_UNIT = 10**18
MAX_RATE = 10**36
EPOCH = 7 * 86_400
ROOT_WINDOW = 30 * 86_400
MAX_ACCOUNTS = 64

Job = tuple[str, int]
"""Origin and job id."""


@dataclass(frozen=True)
class Source:
    """Whose fees a source tells, and how many base units less of each amount it tells than were paid."""

    origin: str
    less: int = 0


@dataclass
class Fees:
    """The token of each job; base units of it that were paid, by origin, job and account; who tells."""

    tokens: dict[Job, str] = field(default_factory=dict)
    paid: dict[tuple[str, int, str], int] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def token_of(self, job: Job) -> str:
        """The token that a job's fees are paid in."""
        return self.tokens.get(job, ZERO_ADDRESS)

    def of_account(self, job: Job, account: str) -> int:
        """For what an account did in a job."""
        return self.paid.get((*job, account), 0)

    def of_job(self, job: Job) -> int:
        """For everything in a job."""
        return sum(fees for (origin, job_id, _), fees in self.paid.items() if (origin, job_id) == job)

    def told(self, source: str, paid: int) -> int:
        """What a source says where so much was paid."""
        return max(paid - self.sources[source].less, 0)


@dataclass(frozen=True)
class Tree:
    """The tree that holds: `total` is the sum of its leaves, `paid` what it has paid, `budget` what its jobs
    have added, base units; `roots` counts the roots so far.
    """

    root: bytes = ZERO_HASH
    total: int = 0
    paid: int = 0
    budget: int = 0
    roots: int = 0


@dataclass(frozen=True)
class TreeJob:
    """A job in the tree: what it has added, base units; the second of the first addition (or the switch), and
    how many roots there were then.
    """

    budget: int = 0
    since: int = 0
    roots: int = 0

    def message(self) -> dict[str, Any]:
        """The fields by the names of the interface."""
        return asdict(self)


class Rewards(Owned, Escrow):
    """The distributor at `address` of the reward token `token`."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is deployed with, and where
        self, address: str, owner: str, token: str, max_epoch_cap: int, world: World, fees: Fees
    ) -> None:
        Escrow.__init__(self, address, world)
        self._start_owned_by(owner)
        self.token, self.max_epoch_cap, self.fees = token, max_epoch_cap, fees
        self.sources: Table[str, str] = Table(self.journal, ZERO_ADDRESS)
        self.rates: Table[str, int] = Table(self.journal, 0)
        self.modes: Table[Job, RewardMode] = Table(self.journal, RewardMode.NONE)
        self.counted: Table[tuple[str, int, str], int] = Table(self.journal, 0)
        self.tree_jobs: Table[Job, TreeJob] = Table(self.journal, TreeJob())
        self.paid_from_tree: Table[str, int] = Table(self.journal, 0)
        self.emitted: Table[int, int] = Table(self.journal, 0)
        self.epoch_caps: Table[None, int] = Table(self.journal, 0)
        self._tree: Table[None, Tree] = Table(self.journal, Tree())

    # Views

    @property
    def epoch_cap(self) -> int:
        """What can be handed out in each epoch, base units."""
        return self.epoch_caps[None]

    @property
    def tree(self) -> Tree:
        """The tree that holds."""
        return self._tree[None]

    def owed(self) -> Iterator[tuple[str, int]]:
        """What the tree still has to pay."""
        yield self.token, self.tree.total - self.tree.paid

    def supply(self) -> int:
        """What is owed to nobody, base units."""
        return max(self.bank.balances[self.token, self.address] - self.liabilities(self.token), 0)

    def available(self, now: int) -> int:
        """What can still be handed out at a second, base units."""
        return min(max(self.epoch_cap - self.emitted[now // EPOCH], 0), self.supply())

    def affordable(self, job: Job, account: str, paid: int, now: int) -> tuple[int, int]:
        """(fees, reward) in base units that can be counted of the fees `paid` for an account, or for a whole
        job under the zero address.
        """
        rate, counted = self.rates[self.fees.token_of(job)], self.counted[(*job, account)]
        if rate == 0 or paid <= counted:
            return 0, 0
        fees = min(paid - counted, self.available(now) * RATE_UNIT // rate)
        reward = fees * rate // RATE_UNIT
        return (fees, reward) if reward else (0, 0)

    def is_waiting(self, job: Job) -> bool:
        """Whether a job is in the tree, but no root counts on it."""
        kept = self.tree_jobs[job]
        in_tree = self.modes[job] == RewardMode.TREE
        return in_tree and (kept.budget == 0 or kept.roots == self.tree.roots)

    # The owner's acts

    @act
    def set_source(self, call: Call, origin: str, source: str) -> None:
        """Ask this source for an origin's fees, no longer another; none where it is the zero address."""
        self._only_owner(call)
        named = self.fees.sources[source].origin if source != ZERO_ADDRESS else origin
        if named != origin:
            raise Revert("OtherOrigin", source, named, origin)
        self.sources[origin] = source
        self._emit("SourceSet", origin=origin, source=source)

    @act
    def set_rate(self, call: Call, fee_token: str, rate: int) -> None:
        """The reward for fees in a token that are not assigned yet."""
        self._only_owner(call)
        _require_bound(rate, MAX_RATE)
        self.rates[fee_token] = rate
        self._emit("RateSet", feeToken=fee_token, rate=rate)

    @act
    def set_epoch_cap(self, call: Call, cap: int) -> None:
        """What can be handed out in each epoch."""
        self._only_owner(call)
        _require_bound(cap, self.max_epoch_cap)
        self.epoch_caps[None] = cap
        self._emit("EpochCapSet", cap=cap)

    @act
    def use_tree(self, call: Call, origin: str, job_id: int) -> None:
        """Send a job's rewards to the tree."""
        self._only_owner(call)
        job = origin, job_id
        self._require_mode(job, RewardMode.NONE)
        self.tree_jobs[job] = TreeJob(since=call.now)
        self._set_mode(job, RewardMode.TREE)

    @act
    def collect(self, call: Call, origin: str, job_id: int) -> int:
        """Add the rewards for a job's fees to the tree's budget."""
        self._only_owner(call)
        job = origin, job_id
        source = self._source_of(origin)
        self._require_mode(job, RewardMode.TREE)
        paid = self.fees.told(source, self.fees.of_job(job))
        fees, reward = self._count(job, ZERO_ADDRESS, paid, call.now)
        if reward == 0:
            return 0
        kept = self.tree_jobs[job]
        if kept.budget == 0:
            kept = TreeJob(since=call.now, roots=self.tree.roots)
        self.tree_jobs[job] = replace(kept, budget=kept.budget + reward)
        self._change_tree(budget=self.tree.budget + reward)
        values = {"origin": origin, "jobId": job_id, "feeToken": self.fees.token_of(job)}
        self._emit("RewardCollected", **values, fees=fees, reward=reward)
        return reward

    @act
    def set_root(self, call: Call, root: bytes, total: int) -> None:
        """Publish a tree; its sum is owed from then on."""
        self._only_owner(call)
        old = self.tree.total
        most = old + min(self.tree.budget - old, self.supply())
        if not old <= total <= most:
            raise Revert("BadTotal", total, old, most)
        self._change_tree(root=root, total=total, roots=self.tree.roots + 1)
        self._emit("RootSet", root=root, total=total)

    # Everybody's acts

    @act
    def assign(self, call: Call, origin: str, job_id: int, accounts: Sequence[str]) -> int:
        """Credit accounts with rewards for fees that were not counted before."""
        job = origin, job_id
        source = self._source_of(origin)
        if len(accounts) > MAX_ACCOUNTS:
            raise Revert("TooMany", len(accounts), MAX_ACCOUNTS)
        first = self.modes[job] == RewardMode.NONE
        if not first:
            self._require_mode(job, RewardMode.DIRECT)
        total = sum(self._assign(source, job, account, call.now) for account in accounts)
        if first and total:
            self._set_mode(job, RewardMode.DIRECT)
        return total

    @act
    def leave_tree(self, call: Call, origin: str, job_id: int) -> None:
        """Give a job that no root counts on to `assign`."""
        job = origin, job_id
        self._require_mode(job, RewardMode.TREE)
        kept = self.tree_jobs[job]
        if not self.is_waiting(job):
            raise Revert("InTree", origin, job_id)
        if call.now <= kept.since + ROOT_WINDOW:
            raise Revert("RootPending", kept.since + ROOT_WINDOW, call.now)
        self.tree_jobs[job] = TreeJob()
        self.counted[(*job, ZERO_ADDRESS)] = 0
        self._change_tree(budget=self.tree.budget - kept.budget)
        self._set_mode(job, RewardMode.DIRECT)
        self._emit("RewardReturned", origin=origin, jobId=job_id, reward=kept.budget)

    @act
    def claim(self, call: Call, to: str) -> int:
        """Take all of the caller's rewards out."""
        return self._claim(call.sender, to)

    @act
    def claim_by_sig(self, call: Call, to: str, consent: Consent) -> int:
        """The same in the signer's name."""
        self._authorize(call, consent)
        return self._claim(consent.signer, to)

    @act
    def claim_from_tree(self, call: Call, account: str, cumulative: int, proof: Sequence[bytes]) -> int:  # noqa: ARG002 - anyone may call
        """Pay an account what the tree owes it."""
        tree, paid = self.tree, self.paid_from_tree[account]
        if not verify_reward_proof(tree.root, account, cumulative, proof):
            raise Revert("BadProof", account, cumulative)
        if cumulative <= paid:
            raise Revert("NothingToClaim", account)
        amount = cumulative - paid
        if amount > tree.total - tree.paid:
            raise Revert("BadTotal", tree.paid + amount, tree.paid, tree.total)
        self.paid_from_tree[account] = cumulative
        self._change_tree(paid=tree.paid + amount)
        self._emit("TreeClaimed", account=account, amount=amount)
        self._pay(self.token, account, amount)
        return amount

    # Inside

    def _assign(self, source: str, job: Job, account: str, now: int) -> int:
        paid = self.fees.told(source, self.fees.of_account(job, account))
        fees, reward = self._count(job, account, paid, now)
        if reward:
            values = {"origin": job[0], "jobId": job[1], "feeToken": self.fees.token_of(job)}
            self._emit("RewardAssigned", **values, account=account, fees=fees, reward=reward)
            self._credit(self.token, account, reward)
        return reward

    def _count(self, job: Job, account: str, paid: int, now: int) -> tuple[int, int]:
        fees, reward = self.affordable(job, account, paid, now)
        if reward:
            self.counted[(*job, account)] += fees
            self.emitted[now // EPOCH] += reward
        return fees, reward

    def _claim(self, account: str, to: str) -> int:
        amount = self.credits[self.token, account]
        if amount == 0:
            raise Revert("NothingToClaim", account)
        self._withdraw(account, self.token, to, amount)
        return amount

    def _source_of(self, origin: str) -> str:
        source = self.sources[origin]
        if source == ZERO_ADDRESS:
            raise Revert("NotListed", origin)
        return source

    def _require_mode(self, job: Job, needed: RewardMode) -> None:
        if self.modes[job] != needed:
            raise Revert("WrongMode", *job, self.modes[job])

    def _set_mode(self, job: Job, mode: RewardMode) -> None:
        self.modes[job] = mode
        self._emit("ModeSet", origin=job[0], jobId=job[1], mode=mode)

    def _change_tree(self, **changes: Any) -> None:
        self._tree[None] = replace(self.tree, **changes)


def _require_bound(value: int, bound: int) -> None:
    if value > bound:
        raise Revert("AboveBound", value, bound)
