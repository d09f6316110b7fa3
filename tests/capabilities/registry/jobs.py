"""The jobs that stand before a program begins: closed ones with annotators to pay, and some of which no data
set may come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from offchain.reference.datasets import JobFacts
from offchain.reference.market import struct_of
from offchain.signing import terms_hash
from offchain.states import JobState
from offchain.terms import JobTerms, difficulty
from tests.engine.chain import Chain, Contract

DAY = 86_400
TASKS = 20


@dataclass(frozen=True)
class Plan:
    """A job: who posts it, and how many tasks of whom are approved, by their names in the cast. `difficulty`
    and `royalty_bps` are in basis points.
    """

    creator: str
    royalty_bps: int = 3_000
    tasks: Mapping[str, int] = field(default_factory=dict)
    difficulty: int = 10_000
    ending: JobState = JobState.CLOSED


PLANS = (
    Plan("publisher", 3_333, {"annotator": 1, "wallet": 1, "barred": 1}),
    Plan("publisher", 9_000, {"annotator": 2, "shy_wallet": 3, "burner": 1, "caller": 1}),
    Plan("rival", 1, {"wallet": 5, "burner": 2, "barred": 4}, difficulty=12_345),
    Plan("proud_publisher", 0, {"annotator": 3}),
    Plan("caller", 5_000, {"barred": 2, "shy_wallet": 5, "annotator": 6}),
    Plan("rival", 777, {"barred": 7}),
    Plan("publisher"),
    Plan("publisher", tasks={"annotator": 2}, ending=JobState.OPEN),
    Plan("rival", tasks={"annotator": 2}, ending=JobState.CLOSING),
)
"""The jobs in the order of their ids, from 1 on."""


@dataclass(frozen=True)
class Jobs:
    """What the registry's model knows of the market: terms and facts by job."""

    terms: Mapping[int, JobTerms]
    facts: Mapping[int, JobFacts]

    @property
    def publishable(self) -> tuple[int, ...]:
        """Those of which a data set may come."""
        return tuple(
            job_id for job_id, job in self.facts.items() if job.weights and job.state == JobState.CLOSED
        )


def do_jobs(chain: Chain, market: Contract, accounts: Mapping[str, str]) -> Jobs:
    """Open the jobs, do the work, and close them, all on the chain."""
    wages = chain.deploy("MockToken", 18, known_as="wages")
    deadline = int(chain.node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) + 30 * DAY
    for creator in {plan.creator for plan in PLANS}:
        chain.endow(accounts[creator], market, (wages,))
    terms, facts = {}, {}
    for job_id, plan in enumerate(PLANS, start=1):
        terms[job_id] = _terms(job_id, plan, accounts[plan.creator], wages.address, deadline)
        _do(chain, market, job_id, plan, terms[job_id], accounts)
        facts[job_id] = _facts(chain, market, job_id, terms[job_id], accounts)
    return Jobs(terms, facts)


def _terms(job_id: int, plan: Plan, creator: str, token: str, deadline: int) -> JobTerms:
    multipliers, classes = difficulty([plan.difficulty])
    return JobTerms(
        creator=creator,
        token=token,
        reward=1_000,
        task_count=TASKS,
        review_window=3_600,
        deadline=deadline,
        max_open=TASKS,
        royalty_bps=plan.royalty_bps,
        data_root=bytes([job_id]) * 32,
        data_length=10_000 + job_id,
        instructions_hash=b"\x1f" * 32,
        multipliers=multipliers,
        word_classes=classes,
    )


def _do(
    chain: Chain, market: Contract, job_id: int, plan: Plan, terms: JobTerms, accounts: Mapping[str, str]
) -> None:
    creator = terms.creator
    chain.send(market, "createJob", struct_of(terms), list(terms.word_classes), 0, b"", sender=creator)
    for sequence, (annotator, mask) in enumerate(_masks(plan)):
        claim_id, who = job_id << 24 | sequence, accounts[annotator]
        chain.send(market, "claim", job_id, 0, mask, b"", [], sender=who)
        chain.send(market, "submitBatch", claim_id, b"\x0b" * 32, mask, "", sender=who)
        chain.send(market, "approve", claim_id, mask, sender=creator)
    if plan.ending == JobState.CLOSING:
        chain.send(market, "claim", job_id, 0, 1 << TASKS - 1, b"", [], sender=accounts["wallet"])
    if plan.ending != JobState.OPEN:
        chain.send(market, "close", job_id, sender=creator)


def _masks(plan: Plan) -> Iterator[tuple[str, int]]:
    """The tasks that each annotator does, one after the other."""
    start = 0
    for annotator, tasks in plan.tasks.items():
        yield annotator, (1 << tasks) - 1 << start
        start += tasks


def _facts(
    chain: Chain, market: Contract, job_id: int, terms: JobTerms, accounts: Mapping[str, str]
) -> JobFacts:
    """What the market says of the job now, which it will say for ever if it is closed."""
    kept = chain.read(market, "job", job_id)
    assert kept["termsHash"] == terms_hash(terms), f"job {job_id} was not opened with these terms"
    weights = {who: chain.read(market, "accountOf", job_id, who)["weight"] for who in accounts.values()}
    given = {who: weight for who, weight in weights.items() if weight}
    return JobFacts(terms.creator, JobState(kept["state"]), kept["termsHash"], given)
