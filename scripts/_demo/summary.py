"""Checks a summary: the shape that `schema.py` defines, and that its parts fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from scripts._demo.errors import SummaryError
from scripts._demo.schema import Summary
from scripts._demo.shape import check

BOOK_AMOUNTS = ("opening", "received", "sent", "gas", "expected", "actual", "difference")
SEAT_AMOUNTS = ("stake", "slashed", "full", "paid")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


def validate(data: Mapping[str, Any]) -> Summary:
    """The data as a summary, or SummaryError naming the first place that is wrong."""
    check(data, Summary, "summary")
    summary = cast("Summary", data)
    for place, problem in _problems(summary):
        raise SummaryError(f"{place}: {problem}")
    return summary


def _problems(summary: Summary) -> Iterator[tuple[str, str]]:
    yield from _bad_amounts(summary)
    tokens = {token["address"].lower() for token in summary["tokens"]}
    names = {actor["name"] for actor in summary["actors"]}
    jobs = {job["id"] for job in summary["jobs"]}
    for index, payment in enumerate(summary["payments"]):
        place = f"summary.payments[{index}]"
        if payment["token"].lower() not in tokens:
            yield place, f"token {payment['token']} is not among the tokens"
        if payment["actor"] not in names:
            yield place, f"{payment['actor']!r} is not among the actors"
        if payment["job"] not in jobs:
            yield place, f"job {payment['job']} is not among the jobs"
    for job in summary["jobs"]:
        stats = job["stats"]
        ended = sum(stats[key] for key in ("approved", "finalized", "overturned", "reopened", "refunded"))
        if ended != job["tasks"]:
            yield f"summary.jobs (id {job['id']})", f"the stats add up to {ended} of {job['tasks']} tasks"
    consensus = summary["consensus"]
    if consensus and (left := sum(int(line["amount"]) for line in consensus["money"])):
        yield "summary.consensus.money", f"{left} base units stay in a job that is over"
    books = summary["reconciliation"]
    if books["balanced"] == bool(books["differences"]):
        yield "summary.reconciliation", "the verdict contradicts the list of differences"


def _bad_amounts(summary: Summary) -> Iterator[tuple[str, str]]:
    books, consensus = summary["reconciliation"], summary["consensus"]
    groups: list[tuple[str, list[Mapping[str, Any]], tuple[str, ...]]] = [
        ("payments", list(summary["payments"]), ("amount",)),
        ("flows", list(summary["flows"]), ("amount",)),
        ("datasets", list(summary["datasets"]), ("price",)),
        (
            "purchases",
            [p for d in summary["datasets"] for p in d["purchases"]],
            ("price", "publisher", "fee"),
        ),
        (
            "royalties",
            [r for d in summary["datasets"] for p in d["purchases"] for r in p["royalties"]],
            ("amount",),
        ),
        (
            "timeline",
            [e for j in summary["jobs"] for e in j["timeline"] if e["amount"] is not None],
            ("amount",),
        ),
        ("consensus.seats", list(consensus["seats"]) if consensus else [], SEAT_AMOUNTS),
        ("consensus.money", list(consensus["money"]) if consensus else [], ("amount",)),
        ("reconciliation.rows", list(books["rows"]), BOOK_AMOUNTS),
        ("reconciliation.backings", list(books["backings"]), ("liabilities", "balance", "difference")),
    ]
    for group, records, fields in groups:
        for index, record in enumerate(records):
            for field in fields:
                if not _INTEGER.fullmatch(record[field]):
                    yield (
                        f"summary.{group}[{index}].{field}",
                        f"{record[field]!r} is not an integer of base units",
                    )
