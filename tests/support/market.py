"""An annotation market, the people around it, and short names for what they do.

`World.open`, `.claim`, `.submit`, `.submitted`, `.reject`, `.rejected`, `.appeal`, `.appealed` act with good
values and send exactly the money that is due; whatever a test wants to see fail, it calls on `World.market`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any

import ape

from offchain.signing import Domain, terms_hash
from offchain.terms import JobTerms
from tests.support.calls import ZERO, Contract, Receipt, balance, deploy, now, rpc
from tests.support.money import TaskMoney, bounty, task_money
from tests.support.registry import terms_struct
from tests.support.signing import ANVIL_CHAIN, NEVER, Authorization, Pen, sign

HOUR, DAY = 3_600, 86_400
REWARD = 1_000_003  # no round number, so that every rounding shows
ARBITER_FEE = 77_777
ROOT, REASON, URI = b"\x0b" * 32, b"\x0e" * 32, "ipfs://batch"
FULL = (1 << 256) - 1


@dataclass(frozen=True)
class Cast:
    """Who is who; none of them is anybody else."""

    owner: str
    sink: str
    creator: str
    arbiter: str
    annotator: str
    rival: str
    keeper: str
    stranger: str


@dataclass(frozen=True)
class System:
    """What is deployed once for many tests; everyone has plenty of the token."""

    market: Contract
    lens: Contract
    token: Contract
    who: Cast


def deploy_system(sink: str | None = None) -> System:
    """A market with nothing in it; the owner is its pauser, too."""
    people = [account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]]
    who = Cast(*people)
    who = replace(who, sink=sink or who.sink)
    market = deploy("AnnotationMarket", who.owner, who.sink, sender=who.owner)
    lens = deploy("MarketLens", market.address, sender=who.owner)
    system = System(market, lens, deploy("MockToken", 6, sender=who.owner), who)
    endow(system, system.token)
    return system


def endow(system: System, token: Contract) -> None:
    """Give everyone plenty of a token, and let the market take it."""
    for account in (system.who.creator, system.who.arbiter, system.who.annotator, system.who.rival):
        token.send("mint", account, 10**24, sender=account)
        token.send("approve", system.market.address, NEVER, sender=account)


def mine_at(time: int) -> None:
    """Mine a block at this second: calls, and the check before a transaction, then see this time."""
    rpc("evm_setNextBlockTimestamp", time)
    rpc("evm_mine")


def next_at(time: int) -> None:
    """Let the next transaction be mined at this second; the check before it still sees the block before."""
    rpc("evm_setNextBlockTimestamp", time)


@dataclass
class World:
    """One test's view of a system."""

    system: System
    terms_of: dict[int, JobTerms] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    tokens: list[Contract] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.market, self.lens, self.who = self.system.market, self.system.lens, self.system.who
        self.domain = Domain(ANVIL_CHAIN, self.market.address)
        self.pen = Pen(self.domain)
        self.people |= {item.name: getattr(self.who, item.name) for item in fields(Cast)}
        self.people["market"] = self.market.address
        self.tokens.append(self.system.token)

    # --- terms ---

    def terms(self, **changes: Any) -> JobTerms:
        """Terms with everything but a fee, a hook and difficulty classes: 600 tasks in three words."""
        plain = JobTerms(
            creator=self.who.creator,
            reward=REWARD,
            task_count=600,
            review_window=3 * DAY,
            appeal_window=2 * DAY,
            decision_window=5 * DAY,
            deadline=now() + 60 * DAY,
            max_open=1_000,
            bond_bps=1_000,
            reject_fee_bps=1_001,
            royalty_bps=2_000,
            arbiter=self.who.arbiter,
            arbiter_fee=ARBITER_FEE,
            data_root=b"\xda" * 32,
            data_length=12_345,
            instructions_hash=b"\x1f" * 32,
        )
        if changes.get("arbiter") == ZERO:
            plain = replace(plain, appeal_window=0, decision_window=0, reject_fee_bps=0, arbiter_fee=0)
        return replace(plain, **changes)

    def create_call(
        self, terms: JobTerms, *, until: int | None = None, signature: bytes | None = None
    ) -> tuple[Any, ...]:
        """Name and arguments of a `createJob`, with the arbiter's acceptance."""
        until = now() + DAY if until is None else until
        if signature is None:
            signature = b"" if terms.arbiter == ZERO else self.acceptance(terms, until)
        return "createJob", terms_struct(terms), list(terms.word_classes), until, signature

    def acceptance(self, terms: JobTerms, until: int, key: str | None = None) -> bytes:
        """The arbiter's signature of the terms."""
        message = {"termsHash": terms_hash(terms), "arbiter": terms.arbiter, "deadline": until}
        return self.sign(key or terms.arbiter, "ArbiterAcceptance", message)

    # --- acts ---

    def open(self, terms: JobTerms | None = None, **changes: Any) -> int:
        """Open a job; returns its id."""
        terms = terms or self.terms(**changes)
        value = bounty(terms) if terms.token == ZERO else 0
        job_id = int(self.market.send(*self.create_call(terms), sender=terms.creator, value=value).value)
        self.terms_of[job_id] = terms
        return job_id

    def try_open(self, terms: JobTerms, value: int | None = None, **how: Any) -> int:
        """What opening a job would return; nothing is sent. `how` as in `create_call`."""
        if value is None:
            value = bounty(terms) if terms.token == ZERO else 0
        return int(self.market.call(*self.create_call(terms, **how), sender=terms.creator, value=value))

    def money(self, claim_or_job: int, word: int = 0) -> TaskMoney:
        """What a task of one of this world's jobs moves; takes the id of the job or of a claim in it."""
        return task_money(self.terms_of[claim_or_job >> 24 or claim_or_job], word)

    def value(self, claim_or_job: int, amount: int) -> int:
        """The native coin to send for an amount in a job's currency."""
        return amount if self.terms_of[claim_or_job >> 24 or claim_or_job].token == ZERO else 0

    def bond(self, job_id: int, mask: int) -> int:
        """The native coin to send with a claim."""
        return self.value(job_id, mask.bit_count() * self.money(job_id).bond)

    def claim(
        self,
        job_id: int,
        mask: int,
        *,
        word: int = 0,
        by: str | None = None,
        expired: Sequence[int] = (),
        data: bytes = b"",
    ) -> int:
        """Claim tasks; returns the claim's id."""
        arguments = (job_id, word, mask, data, list(expired))
        value = self.bond(job_id, mask)
        return int(self.market.send("claim", *arguments, sender=by or self.who.annotator, value=value).value)

    def submit(
        self, claim_id: int, done: int | None = None, by: str | None = None, root: bytes = ROOT
    ) -> Receipt:
        """Submit tasks of a claim, all of them if none are named."""
        if done is None:
            done = self.record(claim_id)["mask"]
        return self.market.send("submitBatch", claim_id, root, done, URI, sender=by or self.who.annotator)

    def submitted(self, job_id: int, mask: int, **how: Any) -> int:
        """Claim and submit tasks; returns the submission's id."""
        claim_id = self.claim(job_id, mask, **how)
        self.submit(claim_id, mask, how.get("by"))
        return claim_id

    def approve(self, claim_id: int, mask: int) -> Receipt:
        return self.market.send("approve", claim_id, mask, sender=self.terms_of[claim_id >> 24].creator)

    def rejection(self, claim_id: int, mask: int, word: int = 0) -> int:
        """The native coin to send with a rejection."""
        deposit = mask.bit_count() * self.money(claim_id, word).reject_fee
        return self.value(claim_id, deposit + self.terms_of[claim_id >> 24].arbiter_fee)

    def reject(self, claim_id: int, mask: int, word: int = 0) -> Receipt:
        creator, value = self.terms_of[claim_id >> 24].creator, self.rejection(claim_id, mask, word)
        return self.market.send("reject", claim_id, mask, REASON, sender=creator, value=value)

    def rejected(self, job_id: int, mask: int, pending: int = 0, **how: Any) -> int:
        """Claim and submit tasks, of which those in `mask` are rejected and `pending` are not."""
        claim_id = self.submitted(job_id, mask | pending, **how)
        self.reject(claim_id, mask, how.get("word", 0))
        return claim_id

    def appeal(self, claim_id: int, by: str | None = None) -> Receipt:
        value = self.value(claim_id, self.terms_of[claim_id >> 24].arbiter_fee)
        return self.market.send("appeal", claim_id, sender=by or self.who.annotator, value=value)

    def appealed(self, job_id: int, mask: int, pending: int = 0, **how: Any) -> int:
        """The same as `rejected`, and appealed."""
        claim_id = self.rejected(job_id, mask, pending, **how)
        self.appeal(claim_id, how.get("by"))
        return claim_id

    # --- signatures ---

    def sign(self, key: str, primary: str, message: dict[str, Any], domain: Domain | None = None) -> bytes:
        """A test account's signature of typed data, 65 bytes."""
        return sign(key, domain or self.domain, primary, message)

    def auth(self, primary: str, *, signer: str | None = None, **how: Any) -> Authorization:
        """An authorization of one act by `signer`, the annotator by default; `how` as in `Pen.auth`."""
        role = "account" if primary == "Withdraw" else "annotator"
        return self.pen.auth(primary, signer or self.who.annotator, role=role, **how)

    # --- views ---

    def job(self, job_id: int) -> dict[str, Any]:
        return dict(self.market.call("job", job_id))

    def record(self, claim_id: int) -> dict[str, Any]:
        return dict(self.market.call("claimRecord", claim_id))

    def credit(self, account: str, token: Contract | str = ZERO) -> int:
        address = token.address if isinstance(token, Contract) else token
        return int(self.market.call("creditOf", address, account))

    @contextmanager
    def moves(self, token: Contract | str = ZERO) -> Iterator[dict[str, int]]:
        """Fills its target, on leaving, with what each of `people` gained or lost in the body, credits apart
        as "<name>'s credit"; whoever is not in it gained and lost nothing.
        """
        before, moved = self._holdings(token), {}
        yield moved
        after = self._holdings(token)
        moved |= {name: after[name] - before[name] for name in after if after[name] != before[name]}

    def _holdings(self, token: Contract | str) -> dict[str, int]:
        if token == self.system.token.address:
            token = self.system.token
        held = {name: balance(token, account) for name, account in self.people.items()}
        return held | {
            f"{name}'s credit": self.credit(account, token) for name, account in self.people.items()
        }
