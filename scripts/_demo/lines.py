"""A line about an act in the life of a job, with the money that it moved."""

from __future__ import annotations

from scripts._demo.schema import Event
from scripts._demo.stage import Act

# What an event moves, by the fields that say so: the line in a job's life shows the first that is there.
SHOWN = (
    ("JobCreated", ("funded",)),
    ("RewardPaid", ("reward",)),
    ("LabelsRejected", ("rejectFee", "arbiterFee")),
    ("RejectionAppealed", ("arbiterFee",)),
    ("JobClosing", ("refunded",)),
    ("TasksRefunded", ("refunded",)),
    ("LicencePurchased", ("price",)),
    ("RoyaltyPaid", ("amount",)),
    ("TasksClaimed", ("bond",)),
    ("JobOpened", ("funded",)),
    ("GoldChallenged", ("bond",)),
    ("TruthDecided", ("fee",)),
    ("ChallengeEnded", ("returned", "forfeited")),
    ("SeatSettled", ("paid",)),
    ("TasksResolved", ("fee",)),
    ("JobEnded", ("refunded",)),
)
SHOWN_STAKES = (("SeatTaken", ("stake",)), ("SilentSlashed", ("slashed",)))
"""The same in the token that is staked."""


def line_of(act: Act, token: str, stake_token: str = "") -> Event:
    """An act as it stands in the life of a job that pays in `token`."""
    amount = shown_amount(act)
    if amount is None and stake_token:
        amount, token = shown_amount(act, SHOWN_STAKES), stake_token
    return Event(
        time=act.time,
        actor=act.actor,
        what=act.note.what,
        tx=act.tx,
        gas=act.gas,
        amount=None if amount is None else str(amount),
        token=None if amount is None else token,
        tone=act.note.tone,
    )


def shown_amount(act: Act, shown: tuple[tuple[str, tuple[str, ...]], ...] = SHOWN) -> int | None:
    """The amount that a line about an act shows, in base units; None where no money moved."""
    for name, fields in shown:
        values = [event.values for event in act.events if event.name == name]
        total = sum(int(v[field]) for v in values for field in fields)
        if total:
            return total
    return None


def span(seconds: int) -> str:
    """For instance "2 days", "90 seconds"."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
