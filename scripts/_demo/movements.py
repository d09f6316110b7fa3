"""Reads the story's blocks back and says which money moved, from transactions, receipts and logs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts._demo.ledger import (
    NATIVE,
    Fee,
    Movement,
    address,
    fee_of,
    number,
    token_transfers,
    value_of,
    without_credits,
)
from scripts._demo.stage import Event, Stage


@dataclass(frozen=True)
class Payment:
    """What fell due to somebody for work: `reward` of `tasks`, or the rejection fees that he was given."""

    job: int
    account: str
    token: str
    amount: int
    tasks: int
    compensation: bool
    tx: str


@dataclass
class Journal:
    """All movements and fees of a run, and the payments for work among them."""

    movements: list[Movement] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def read_journal(stage: Stage, tokens: Sequence[str], sink: str) -> Journal:
    """Goes through every block since the story began, so that no transaction can be left out."""
    journal, dues = Journal(), _Dues(address(sink))
    for height in range(stage.first_block, stage.block_number() + 1):
        block = stage.provider.make_request("eth_getBlockByNumber", [hex(height), True])
        for transaction in block["transactions"]:
            receipt = stage.provider.make_request("eth_getTransactionReceipt", [transaction["hash"]])
            _read(journal, dues, stage, transaction, receipt, tokens)
    return journal


def _read(
    journal: Journal,
    dues: _Dues,
    stage: Stage,
    transaction: Mapping[str, Any],
    receipt: Any,
    tokens: Sequence[str],
) -> None:
    journal.fees.append(fee_of(receipt))
    journal.movements += value_of(transaction, receipt, "sent")
    journal.movements += token_transfers(receipt, tokens, "token transfer")
    events = stage.events_of(receipt["logs"])
    journal.events += events
    due, credited = [], []
    for event in events:
        due += dues.of(event)
        if event.name == "Credited" and address(event.values["token"]) == NATIVE:
            credited.append(_move(event, event.values["account"], event.values["amount"], "credit"))
    journal.movements += without_credits(due, credited)
    journal.payments += [payment for event in events for payment in dues.payments(event)]


class _Dues:
    """What each event of the contracts says fell due in the native coin. Terms and bonds are learnt from
    earlier events.
    """

    def __init__(self, sink: str) -> None:
        self._sink = sink
        self._terms: dict[int, dict[str, str]] = {}
        self._bonds: dict[int, int] = {}
        self._holders: dict[int, str] = {}
        self._datasets: dict[int, dict[str, str]] = {}
        self._rules: dict[str, Callable[[Event, Mapping[str, Any]], Iterable[tuple[object, int, str]]]] = {
            "TasksReturned": self._returned,
            "ClaimExpired": lambda _, v: [(self._sink, v["forfeited"], "forfeited bond")],
            "RewardPaid": self._reward,
            "JobClosing": lambda _, v: [(self._creator(v), v["refunded"], "refund of open tasks")],
            "TasksRefunded": lambda _, v: [(self._creator(v), v["refunded"], "refund of reopened tasks")],
            "DisputeEnded": self._dispute,
            "LicencePurchased": self._sale,
            "RoyaltyPaid": lambda _, v: [(v["annotator"], v["amount"], "royalty")],
        }

    def of(self, event: Event) -> list[Movement]:
        """The movements that the event announces, those that became credits included."""
        values = event.values
        self._learn(event.name, values)
        if event.name == "CreditWithdrawn":
            native = address(values["token"]) == NATIVE
            return [_move(event, values["to"], values["amount"], "withdrawal")] if native else []
        if event.name not in self._rules or self._token(values) != NATIVE:
            return []
        rows = self._rules[event.name](event, values)
        return [_move(event, account, amount, why) for account, amount, why in rows if amount]

    def payments(self, event: Event) -> list[Payment]:
        """What the event pays for work, in any token."""
        values = event.values
        if event.name == "RewardPaid":
            tasks = int(values["mask"]).bit_count()
            return [self._payment(event, values["annotator"], values["reward"], tasks)]
        if event.name == "DisputeEnded" and values["compensation"]:
            return [self._payment(event, self._holders[values["claimId"]], values["compensation"], 0)]
        return []

    def _payment(self, event: Event, account: object, amount: int, tasks: int) -> Payment:
        token = self._token(event.values)
        return Payment(event.values["jobId"], address(account), token, amount, tasks, tasks == 0, event.tx)

    def _learn(self, name: str, values: Mapping[str, Any]) -> None:
        if name == "JobCreated":
            terms = values["terms"]
            roles = {"creator": address(values["creator"])}
            roles |= {key: address(terms[key]) for key in ("token", "arbiter")}
            self._terms[values["jobId"]] = roles
        if name == "TasksClaimed":
            self._holders[values["claimId"]] = address(values["annotator"])
            self._bonds[values["claimId"]] = values["bond"] // int(values["mask"]).bit_count()
        if name == "DatasetPublished":
            publisher, token = address(values["publisher"]), address(values["listing"]["token"])
            self._datasets[values["datasetId"]] = {"publisher": publisher, "token": token}

    def _token(self, values: Mapping[str, Any]) -> str:
        if "datasetId" in values:
            return self._datasets[values["datasetId"]]["token"]
        return self._terms[values["jobId"]]["token"]

    def _creator(self, values: Mapping[str, Any]) -> str:
        return self._terms[values["jobId"]]["creator"]

    def _returned(self, _: Event, v: Mapping[str, Any]) -> list[tuple[object, int, str]]:
        bond = self._bonds[v["claimId"]] * int(v["mask"]).bit_count()
        back = (v["annotator"], bond - v["forfeited"], "bond back")
        return [back, (self._sink, v["forfeited"], "forfeited bond")]

    def _reward(self, _: Event, v: Mapping[str, Any]) -> list[tuple[object, int, str]]:
        return [(v["annotator"], v["reward"] + v["bond"], "pay and bond"), (self._sink, v["fee"], "fee")]

    def _dispute(self, _: Event, v: Mapping[str, Any]) -> list[tuple[object, int, str]]:
        terms = self._terms[v["jobId"]]
        return [
            (self._sink, v["forfeited"], "forfeited deposits"),
            (self._holders[v["claimId"]], v["compensation"] + v["toAnnotator"], "compensation and deposit"),
            (terms["creator"], v["toCreator"], "deposit back"),
            (terms["arbiter"], v["toArbiter"], "arbiter's pay"),
        ]

    def _sale(self, _: Event, v: Mapping[str, Any]) -> list[tuple[object, int, str]]:
        rest = v["price"] - v["fee"] - v["royalty"]
        publisher = self._datasets[v["datasetId"]]["publisher"]
        return [(self._sink, v["fee"], "fee"), (publisher, rest, "sale of a licence")]


def balances(stage: Stage, tokens: Iterable[Any], addresses: Iterable[str]) -> dict[tuple[str, str], int]:
    """What every address holds now, in the native coin and in the tokens."""
    found = {}
    for who in addresses:
        found[NATIVE, who] = number(stage.provider.make_request("eth_getBalance", [who, "latest"]))
        for token in tokens:
            found[str(token.address), who] = int(token.balanceOf(who))
    return found


def _move(event: Event, account: object, amount: int, why: str) -> Movement:
    return Movement(NATIVE, address(event.contract), address(account), amount, why, event.tx)
