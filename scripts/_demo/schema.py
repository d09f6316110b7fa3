"""The shape of `out/demo/summary.json`, from which the report page is drawn, and its validator.

Amounts are strings of integers in base units of their token (wei); `tokens` gives the decimals to show them
with. Times are Unix seconds, addresses and transactions hex strings with 0x, gas plain integers.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from scripts._demo.crowd_schema import CrowdSeat, CrowdTask, Method, MoneyLine, Phase

Verdict = Literal["truth", "approved", "finalized", "rejected", "overturned", "pending"]


class Contract(TypedDict):
    name: str
    address: str


class Run(TypedDict):
    """How the run came about. `versions` maps the name of a tool to its version."""

    chain_id: int
    network: str
    commit: str
    command: str
    versions: dict[str, str]
    seed: int
    started: str  # ISO 8601
    duration_s: float
    contracts: list[Contract]


class Token(TypedDict):
    address: str  # the zero address is the native coin
    symbol: str
    decimals: int


class Actor(TypedDict):
    name: str
    role: str
    address: str


class Event(TypedDict):
    """One line in the life of a job. `amount` and `token` are null where no money moved."""

    time: int
    actor: str  # a name among the actors
    what: str
    tx: str
    gas: int
    amount: str | None
    token: str | None
    tone: Literal["plain", "good", "bad"]


class Term(TypedDict):
    name: str
    value: str


class Stats(TypedDict):
    """How many tasks ended in which way; they add up to the job's tasks. `expired` counts takeovers
    besides.
    """

    approved: int
    finalized: int
    overturned: int
    reopened: int
    refunded: int
    expired: int


class Job(TypedDict):
    id: int
    title: str
    kind: Literal["image", "text"]
    tasks: int
    outcome: str
    terms: list[Term]
    stats: Stats
    timeline: list[Event]


class Shape(TypedDict):
    """A mark in pixels: box [xmin, ymin, xmax, ymax], and the outline [[x, y], ...] or null."""

    label: str
    box: list[float]
    polygon: list[list[float]] | None


class Reading(TypedDict):
    """What one annotator made of a picture, and what became of it."""

    annotator: str
    verdict: Verdict
    note: str
    shapes: list[Shape]


class Picture(TypedDict):
    job: int
    task: int
    name: str
    width: int
    height: int
    image: str  # data: URI
    readings: list[Reading]


class TextReading(TypedDict):
    job: int
    task: int
    text: str
    label: str
    annotator: str
    verdict: Verdict
    note: str


class Payment(TypedDict):
    job: int
    actor: str
    token: str
    amount: str
    tasks: int
    why: str
    tx: str


class StoredFile(TypedDict):
    part: str  # source, annotations or package
    root: str
    bytes: int
    cid: str


class Royalty(TypedDict):
    actor: str
    tasks: int
    amount: str


class Purchase(TypedDict):
    buyer: str
    licence_id: str
    price: str
    publisher: str  # amount
    fee: str
    royalties: list[Royalty]
    tx: str


class Check(TypedDict):
    what: str
    expected: str
    actual: str
    ok: bool


class Dataset(TypedDict):
    id: str
    title: str
    job: int
    version: int
    publisher: str
    format: str
    licence: str
    licence_hash: str
    price: str
    token: str
    tx: str
    files: list[StoredFile]
    purchases: list[Purchase]
    checks: list[Check]


class GasRow(TypedDict):
    name: str
    gas: int
    units: int
    per_unit: float
    tx: list[str]


class Flow(TypedDict):
    token: str
    sender: str
    recipient: str
    amount: str


class BookRow(TypedDict):
    token: str
    address: str
    name: str
    opening: str
    received: str
    sent: str
    gas: str
    expected: str
    actual: str
    difference: str


class BackingRow(TypedDict):
    token: str
    contract: str
    name: str
    liabilities: str
    balance: str
    difference: str


class Books(TypedDict):
    balanced: bool
    differences: list[str]
    rows: list[BookRow]
    backings: list[BackingRow]


class Consensus(TypedDict):
    """The consensus job. `threshold` is the score, basis points, above which something is paid."""

    id: int
    title: str
    outcome: str
    classes: list[str]
    terms: list[Term]
    token: str
    stake_token: str
    threshold: int
    phases: list[Phase]
    tasks: list[CrowdTask]
    seats: list[CrowdSeat]
    methods: list[Method]
    money: list[MoneyLine]
    timeline: list[Event]


class Summary(TypedDict):
    title: str
    subtitle: str
    run: Run
    tokens: list[Token]
    actors: list[Actor]
    jobs: list[Job]
    pictures: list[Picture]
    texts: list[TextReading]
    consensus: Consensus | None
    payments: list[Payment]
    datasets: list[Dataset]
    gas: list[GasRow]
    flows: list[Flow]
    reconciliation: Books
