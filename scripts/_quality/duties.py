"""What anyone may do when it is due: slash who was silent, score, settle, wind up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._quality.common import QUALITY, command

COMMANDS = {
    "slashSilent": "slash-silent", "settleChallenge": "settle-challenge", "score": "score",
    "scoreAndSettle": "score", "settle": "settle", "expire": "expire", "close": "close",
}  # fmt: skip
"""The command that does an act."""
HEADINGS = {"act": "Act", "about": "About", "gas": "Gas", "tx": "Transaction"}


def _duty_command(name: str, acts: Sequence[str], text: str) -> click.Command:
    """A command that does all of some acts that are due in a job, and says so if none is."""

    def run(system: Any, account: AccountAPI, as_json: bool, job: int) -> None:
        rows = _do_all(system, account, job, acts)
        if rows:
            table(rows, HEADINGS, title=f"Done in job {job}", as_json=as_json)
            return
        shown = {
            "job": job,
            "note": f"nothing of this is due: `{QUALITY} status {job}` says what is, and when",
        }
        facts(shown, title=name, as_json=as_json)

    run.__doc__, run.__name__ = text, name
    decorate: Callable[..., click.Command] = command(name)
    return decorate(click.argument("job", type=int)(run))


def _do_all(system: Any, account: AccountAPI, job_id: int, acts: Sequence[str]) -> list[dict[str, Any]]:
    """Some acts as long as they are due; what one makes possible, the next look finds."""
    from offchain.indexer import consensus_duties  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415
    from scripts._chain.duties import perform  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    while True:
        found = consensus_job(system, job_id)
        due = [duty for duty in consensus_duties(found, system.now) if duty.act in acts]
        if not due:
            return rows
        rows += [
            {"act": each.act, "about": each.about, **perform(system, account, each).facts()} for each in due
        ]


slash_silent = _duty_command(
    "slash-silent", ["slashSilent"], "Burn the stakes of seats of JOB that were not revealed."
)
settle_challenge = _duty_command(
    "settle-challenge",
    ["settleChallenge"],
    "End challenges in JOB that experts decided, or can no longer decide; bonds return or are forfeited.",
)
score = _duty_command(
    "score",
    ["score", "scoreAndSettle"],
    "Count what is known of JOB for its annotators; a word that is the last is settled at once.",
)
settle = _duty_command(
    "settle",
    ["settle", "scoreAndSettle"],
    "Decide the labels of the words of JOB, and pay and slash their seats.",
)
expire = _duty_command("expire", ["expire"], "Pay seats of JOB in full in words that nobody settled in time.")
close = _duty_command("close", ["close"], "End JOB when no seat is live, and give the creator what is left.")
