"""`ape run keeper`: whatever anyone may do, so that nobody's silence holds anything up."""

import signal
import time
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.exceptions import ProviderError
from requests.exceptions import RequestException

from offchain.exceptions import IntegrityError
from scripts._cli import note, table
from scripts._job.common import command

HEADINGS = {
    "contract": "Contract",
    "act": "Act",
    "about": "About",
    "note": "",
    "gas": "Gas",
    "tx": "Transaction",
}
NAMES = ("jobs", "consensus", "stakes")


@command("keeper", signs=False)
@click.option("--once/--watch", default=True, help="One round, or one after another until Ctrl-C.")
@click.option(
    "--interval", type=click.IntRange(1), default=60, show_default=True, help="Seconds between rounds."
)
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Only these; may be said again.")
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
def cli(
    system: Any,
    account: AccountAPI | None,
    as_json: bool,
    once: bool,
    interval: int,
    only: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Do everything that anyone may do now: end expired claims, silent reviews and lapsed disputes; slash
    silent seats, score, settle, expire and close consensus jobs; free stakes whose locks are over, and pay
    out what has unbonded.

    Each act is tried as a call first, so that what somebody else did before costs nothing. A second run does
    nothing twice. The contracts pay nobody for it: a keeper spends gas, and nobody loses anything by it.
    """
    from scripts._keeper.books import books_of  # noqa: PLC0415
    from scripts._keeper.rounds import do_all, list_all  # noqa: PLC0415

    if account is None and not dry_run:
        raise click.UsageError("say who pays the gas with --account ALIAS, or pass --dry-run")
    books = books_of(system, only)

    def round_() -> None:
        rows = list(list_all(system, account, books) if dry_run else do_all(system, account, books))
        if rows or once:
            table(rows, HEADINGS, title="Due" if dry_run else "Done", as_json=as_json)
        if not rows:
            note("nothing is due")

    if once:
        round_()
        return
    _watch(round_, interval)


def _watch(round_: Any, interval: int) -> None:
    """Rounds until Ctrl-C or SIGTERM; a network that does not answer is asked again."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            try:
                round_()
            except (ProviderError, RequestException, ConnectionError, IntegrityError) as error:
                note(f"the network does not answer as it should ({error}): again in {interval} seconds")
            time.sleep(interval)
    except KeyboardInterrupt:
        note("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)
