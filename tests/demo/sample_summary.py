"""A summary as a real run would give it: real sheets and annotators, books drawn up from invented
movements.
"""

from __future__ import annotations

import hashlib
from typing import Any

from scripts._demo.annotators import Annotator, review_marks
from scripts._demo.items import Picture
from scripts._demo.ledger import NATIVE, Fee, Movement
from scripts._demo.messages import load
from scripts._demo.reconcile import as_summary, flows, reconcile
from scripts._demo.report import data_uri
from scripts._demo.results import image_result_of, shapes_of
from scripts._demo.sheets import compose

ETHER = 10**18
TOKEN = "0x" + "70" * 20
REWARD = ETHER // 400
START = 1_790_000_000


def hex_of(*words: object, size: int = 32) -> str:
    """A hash that looks real and repeats."""
    return "0x" + hashlib.sha256(":".join(map(str, words)).encode()).hexdigest()[: 2 * size]


def address(name: str) -> str:
    return hex_of("address", name, size=20)


ACTORS = (
    ("Lena", "creator of the image job, publisher"),
    ("Tomas", "creator of the text job, who vanishes"),
    ("Ines", "annotator, careful"),
    ("Joao", "annotator, good"),
    ("Mika", "annotator, shifts boxes"),
    ("Noor", "annotator, lets a claim expire"),
    ("Orsolya", "arbiter"),
    ("Pavel", "buyer"),
    ("Quinn", "relayer who pays gas for others"),
)
MARKET, REGISTRY = address("AnnotationMarket"), address("DatasetRegistry")
NAMES = {address(name): name for name, _ in ACTORS} | {
    MARKET: "AnnotationMarket",
    REGISTRY: "DatasetRegistry",
}
NAMES |= {NATIVE: "ETH", TOKEN: "USDW"}


class Books:
    """Collects invented movements so that the totals of the sample agree with each other."""

    def __init__(self) -> None:
        self.movements: list[Movement] = []
        self.fees: list[Fee] = []
        self.payments: list[dict[str, Any]] = []

    def move(self, sender: str, recipient: str, amount: int, why: str, token: str = NATIVE) -> str:
        tx = hex_of("tx", len(self.movements))
        self.movements.append(Movement(token, address(sender), address(recipient), amount, why, tx))
        self.fees.append(
            Fee(address(sender if sender not in CONTRACTS else "Quinn"), 183_211 * 1_000_000_007, tx)
        )
        return tx

    def pay(self, job: int, actor: str, tasks: int, amount: int, why: str, token: str = NATIVE) -> str:
        tx = self.move("AnnotationMarket", actor, amount, why, token)
        self.payments.append(
            {
                "job": job,
                "actor": actor,
                "token": token,
                "amount": str(amount),
                "tasks": tasks,
                "why": why,
                "tx": tx,
            }
        )
        return tx


CONTRACTS = ("AnnotationMarket", "DatasetRegistry")


def sample(*, planted: int = 0) -> dict[str, Any]:
    """The whole summary; `planted` base units are moved off the books of the buyer."""
    books = Books()
    jobs = [_image_job(books), _text_job(books)]
    datasets = [_dataset(books)]
    return {
        "title": "Winnow demo: from raw files to a data set that was sold",
        "subtitle": "Two jobs, four annotators and one buyer on a fresh local chain.",
        "run": _run(),
        "tokens": [
            {"address": NATIVE, "symbol": "ETH", "decimals": 18},
            {"address": TOKEN, "symbol": "USDW", "decimals": 6},
        ],
        "actors": [{"name": name, "role": role, "address": address(name)} for name, role in ACTORS],
        "jobs": jobs,
        "pictures": _pictures(),
        "texts": _texts(),
        "consensus": None,
        "payments": books.payments,
        "datasets": datasets,
        "gas": _gas(),
        "flows": flows(books.movements),
        "reconciliation": _reconciliation(books, planted),
    }


def _reconciliation(books: Books, planted: int) -> dict[str, Any]:
    opening = {(NATIVE, address(name)): 10_000 * ETHER for name, _ in ACTORS}
    opening |= {(NATIVE, MARKET): 0, (NATIVE, REGISTRY): 0, (TOKEN, MARKET): 0}
    opening |= {(TOKEN, address(name)): 500_000_000 for name in ("Tomas", "Ines", "Joao")}
    closing = dict(opening)
    for movement in books.movements:
        closing[movement.token, movement.sender] -= movement.amount
        closing[movement.token, movement.recipient] += movement.amount
    for fee in books.fees:
        closing[NATIVE, fee.payer] -= fee.amount
    owed = {key: closing[key] for key in ((NATIVE, MARKET), (NATIVE, REGISTRY), (TOKEN, MARKET))}
    closing[NATIVE, address("Pavel")] -= planted
    return as_summary(reconcile(books.movements, books.fees, opening, closing, owed), NAMES.__getitem__)


def _event(after: int, actor: str, what: str, amount: int | None = None, **more: Any) -> dict[str, Any]:
    event = {"time": START + after, "actor": actor, "what": what, "tx": hex_of("event", after, actor, what)}
    shown = {"amount": None if amount is None else str(amount), "token": None if amount is None else NATIVE}
    return event | {"gas": 60_000 + hash_number(what) % 180_000, "tone": "plain"} | shown | more


def hash_number(word: str) -> int:
    return int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)


def _image_job(books: Books) -> dict[str, Any]:
    books.move("Lena", "AnnotationMarket", 32 * REWARD, "funds job 1")
    books.pay(1, "Ines", 12, 12 * REWARD, "approved by the creator")
    books.pay(1, "Joao", 13, 13 * REWARD, "approved by the creator")
    books.pay(1, "Mika", 3, 3 * REWARD, "approved by the creator")
    books.pay(1, "Mika", 2, 2 * REWARD, "the arbiter overturned the rejection")
    books.pay(1, "Ines", 2, 2 * REWARD, "approved by the creator")
    minute, hour, day = 60, 3_600, 86_400
    timeline = [
        _event(0, "Lena", "posted the job and locked its bounty", 32 * REWARD),
        _event(40, "Ines", "claimed 12 tasks under one signature"),
        _event(65, "Joao", "claimed 8 tasks"),
        _event(80, "Noor", "claimed 5 tasks and let them expire", tone="bad"),
        _event(24 * minute, "Ines", "submitted a batch of 12 results with one Merkle root", tone="good"),
        _event(31 * minute, "Joao", "took over the 5 expired tasks of Noor", 5 * REWARD // 100),
        _event(45 * minute, "Joao", "submitted a batch of 13 results", tone="good"),
        _event(46 * minute, "Mika", "claimed and submitted 7 tasks"),
        _event(5 * hour, "Lena", "approved 12 tasks of Ines", 12 * REWARD, tone="good"),
        _event(5 * hour + 40, "Lena", "approved 13 tasks of Joao", 13 * REWARD, tone="good"),
        _event(
            6 * hour,
            "Lena",
            "approved 3 tasks of Mika and rejected 4: boxes are off by a third",
            3 * REWARD,
            tone="bad",
        ),
        _event(day, "Mika", "appealed and deposited the arbiter's fee", REWARD),
        _event(day + 7 * hour, "Orsolya", "decided: 2 rejections stand, 2 are overturned", 2 * REWARD),
        _event(day + 8 * hour, "Ines", "claimed and submitted the 2 reopened tasks"),
        _event(
            day + 9 * hour,
            "Lena",
            "approved the last 2 tasks; the job closed by itself",
            2 * REWARD,
            tone="good",
        ),
    ]
    terms = {
        "Reward": "0.0025 ETH a task",
        "Claim window": "30 minutes",
        "Review window": "2 days",
        "Appeal window": "1 day",
        "Arbiter": "Orsolya, 0.0025 ETH a decision",
        "Claim bond": "0.000025 ETH a task",
        "Open tasks at once": "16 for each annotator",
        "Annotators' royalty": "30 % of every sale",
    }
    stats = {"approved": 30, "finalized": 0, "overturned": 2, "reopened": 0, "refunded": 0, "expired": 5}
    outcome = (
        "All 32 sheets were accepted. Two rejections fell on appeal, "
        "two stood and were done again by somebody else."
    )
    return _job(1, "Boxes and outlines of handwritten digits", "image", 32, outcome, terms, stats, timeline)


def _text_job(books: Books) -> dict[str, Any]:
    pay = 150_000
    books.move("Tomas", "AnnotationMarket", 80 * pay, "funds job 2", TOKEN)
    books.pay(2, "Ines", 40, 40 * pay, "the creator stayed silent", TOKEN)
    books.pay(2, "Joao", 32, 32 * pay, "the creator stayed silent", TOKEN)
    books.move("AnnotationMarket", "Tomas", 8 * pay, "tasks nobody took", TOKEN)
    day = 86_400
    money = {"token": TOKEN}
    timeline = [
        _event(0, "Tomas", "posted the job and locked its bounty", 80 * pay, **money),
        _event(300, "Ines", "claimed 40 tasks"),
        _event(420, "Joao", "claimed 32 tasks"),
        _event(1_500, "Ines", "submitted a batch of 40 labels", tone="good"),
        _event(1_720, "Joao", "submitted a batch of 32 labels; Quinn paid the gas", tone="good"),
        _event(
            2 * day + 1_800,
            "Quinn",
            "finalized: the review window of Ines ran out",
            40 * pay,
            tone="good",
            **money,
        ),
        _event(
            2 * day + 1_840,
            "Quinn",
            "finalized: the review window of Joao ran out",
            32 * pay,
            tone="good",
            **money,
        ),
        _event(
            7 * day, "Quinn", "closed the job after its deadline; what was free went back", 8 * pay, **money
        ),
    ]
    terms = {
        "Reward": "0.15 USDW a task",
        "Claim window": "30 minutes",
        "Review window": "2 days",
        "Arbiter": "none, so nothing can be rejected",
        "Deadline": "7 days after posting",
        "Annotators' royalty": "none",
    }
    stats = {"approved": 0, "finalized": 72, "overturned": 0, "reopened": 0, "refunded": 8, "expired": 0}
    outcome = (
        "The creator vanished. The annotators were paid when the review window ran out; "
        "8 tasks that nobody took were refunded."
    )
    return _job(2, "What does the sender need?", "text", 80, outcome, terms, stats, timeline)


def _job(
    number: int,
    title: str,
    kind: str,
    tasks: int,
    outcome: str,
    terms: dict[str, str],
    stats: Any,
    timeline: Any,
) -> Any:
    return {
        "id": number,
        "title": title,
        "kind": kind,
        "tasks": tasks,
        "outcome": outcome,
        "terms": [{"name": name, "value": value} for name, value in terms.items()],
        "stats": stats,
        "timeline": timeline,
    }


def _pictures() -> list[dict[str, Any]]:
    pictures = compose(9).pictures
    good, poor = Annotator("Ines"), Annotator("Mika", miss=0.1, shift=0.35, wrong_label=0.2)
    entries = []
    for task, picture in enumerate(pictures):
        readings = [_reading(good, picture, "approved")]
        if task in (2, 4):
            readings.insert(0, _reading(poor, picture, "rejected"))
        if task == 5:
            readings = [_reading(poor, picture, "overturned")]
        entries.append(
            {
                "job": 1,
                "task": task,
                "name": picture.name,
                "width": picture.width,
                "height": picture.height,
                "image": data_uri(picture.data, picture.media_type),
                "readings": readings,
            }
        )
    return entries


def _reading(annotator: Annotator, picture: Picture, verdict: str) -> dict[str, Any]:
    marks = annotator.draw(picture, tuple("0123456789"))
    note = "; ".join(review_marks(picture, marks).problems)
    return {
        "annotator": annotator.name,
        "verdict": verdict,
        "note": note,
        "shapes": shapes_of(image_result_of(marks)),
    }


def _texts() -> list[dict[str, Any]]:
    messages = load()
    workers = (Annotator("Ines", wrong_label=0.02), Annotator("Joao", wrong_label=0.25))
    rows = []
    for task, text in enumerate(messages.texts[:12]):
        worker = workers[task % 2]
        label = worker.classify(text, messages.labels)
        note = "" if label == text.truth else f"known answer: {text.truth}"
        rows.append(
            {
                "job": 2,
                "task": task,
                "text": text.text,
                "label": label,
                "annotator": worker.name,
                "verdict": "finalized",
                "note": note,
            }
        )
    return rows


def _dataset(books: Books) -> dict[str, Any]:
    price = ETHER // 2
    annotators = price * 3 // 10
    tx = books.move("Pavel", "DatasetRegistry", price, "buys the data set")
    royalties = {"Ines": (14, annotators * 14 // 32), "Joao": (13, annotators * 13 // 32)}
    royalties["Mika"] = (5, annotators - sum(amount for _, amount in royalties.values()))
    for name, (_, amount) in royalties.items():
        books.move("DatasetRegistry", name, amount, "royalty")
    books.move("DatasetRegistry", "Lena", price - annotators, "sale")
    files = [
        {
            "part": part,
            "root": hex_of("root", part),
            "bytes": size,
            "cid": "bafybei" + hex_of("cid", part)[2:54],
        }
        for part, size in (("source", 1_204_736), ("annotations", 48_211), ("package", 1_261_904))
    ]
    checks = [
        {
            "what": f"0G root and length of the {f['part']} file as downloaded",
            "expected": f["root"],
            "actual": f["root"],
            "ok": True,
        }
        for f in files
    ]
    return {
        "id": hex_of("dataset"),
        "title": "Handwritten digits on sheets, COCO",
        "job": 1,
        "version": 1,
        "publisher": "Lena",
        "format": "COCO JSON in a ZIP",
        "licence": "CC-BY-4.0",
        "licence_hash": hex_of("licence"),
        "price": str(price),
        "token": NATIVE,
        "tx": hex_of("publish"),
        "files": files,
        "purchases": [
            {
                "buyer": "Pavel",
                "licence_id": "1",
                "price": str(price),
                "publisher": str(price - annotators),
                "fee": "0",
                "royalties": [
                    {"actor": name, "tasks": tasks, "amount": str(amount)}
                    for name, (tasks, amount) in royalties.items()
                ],
                "tx": tx,
            }
        ],
        "checks": checks,
    }


def _gas() -> list[dict[str, Any]]:
    measured = (
        ("job.create", 191_402, 1),
        ("batch256.claim", 118_310, 256),
        ("batch256.submit", 62_104, 256),
        ("batch256.approve", 71_233, 256),
        ("batch256.total_per_task", 251_647, 256),
        ("dataset.publish", 243_118, 1),
        ("dataset.purchase", 171_920, 1),
    )
    return [
        {
            "name": name,
            "gas": gas,
            "units": units,
            "per_unit": round(gas / units, 1),
            "tx": [hex_of("gas", name)],
        }
        for name, gas, units in measured
    ]


def _run() -> dict[str, Any]:
    return {
        "chain_id": 31_337,
        "network": "local Anvil",
        "commit": "3f2a91c0d7be",
        "command": "make demo",
        "versions": {"Python": "3.11.7", "Ape": "0.8.51", "Anvil": "1.7.1", "solc": "0.8.37"},
        "seed": 7,
        "started": "2026-10-01T09:30:00+00:00",
        "duration_s": 41.3,
        "contracts": [
            {"name": "AnnotationMarket", "address": MARKET},
            {"name": "DatasetRegistry", "address": REGISTRY},
        ],
    }
