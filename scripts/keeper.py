"""`ape run keeper`: whatever anyone may do, so that nobody's silence holds anything up."""

import signal
import time
from collections.abc import Iterable
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
NAMES = ("jobs", "consensus", "pledges", "stakes")


@command("keeper", signs=False)
@click.option("--once/--watch", default=True, help="One round, or one after another until Ctrl-C.")
@click.option(
    "--interval", type=click.IntRange(1), default=60, show_default=True, help="Seconds between rounds."
)
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Only these; may be said again.")
@click.option("--max-gas", type=click.IntRange(1), help="Most gas of a round; what is left, it says.")
@click.option(
    "--max-fee",
    type=click.FloatRange(0, min_open=True),
    help="Send nothing while gas costs more, in gwei; --watch waits until it does not.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
def cli(
    system: Any,
    account: AccountAPI | None,
    as_json: bool,
    once: bool,
    interval: int,
    only: tuple[str, ...],
    max_gas: int | None,
    max_fee: float | None,
    dry_run: bool,
) -> None:
    """Do everything that anyone may do now: end expired claims, silent reviews and lapsed disputes; slash
    silent seats, score, settle, expire and close consensus jobs; slash pledges for rejections that stand, and
    give back those that have left; free stakes whose locks are over, and pay out what has unbonded.

    Each act is tried as a call first, so that what somebody else did before costs nothing. A second run does
    nothing twice. The contracts pay nobody for it: a keeper spends gas, and nobody loses anything by it.
    Where an act fails, the others are done, and --once ends with an error.
    """
    from scripts._keeper.books import charges_of  # noqa: PLC0415
    from scripts._keeper.rounds import GWEI, Limits, Round, list_all  # noqa: PLC0415

    if account is None and not dry_run:
        raise click.UsageError("say who pays the gas with --account ALIAS, or pass --dry-run")
    charges = charges_of(system, only)
    limits = Limits(max_gas, None if max_fee is None else round(max_fee * GWEI))

    def round_() -> None:
        this = Round(system, account, limits)
        rows = list_all(system, account, charges) if dry_run else this.do_all(charges)
        _show(rows, "Due" if dry_run else "Acts", always=once, as_json=as_json)
        if once and this.failed:
            raise click.ClickException(f"failed, the others were tried: {'; '.join(this.failed)}")
        if once and this.too_dear:
            raise click.ClickException("gas is too dear for --max-fee: run again later, or use --watch")

    if once:
        round_()
        return
    _watch(round_, interval)


def _show(found: Iterable[dict[str, Any]], title: str, *, always: bool, as_json: bool) -> None:
    """All that was done, even where the round ends with an error."""
    rows: list[dict[str, Any]] = []
    try:
        rows.extend(found)
    finally:
        if rows or always:
            table(rows, HEADINGS, title=title, as_json=as_json)
    if not rows:
        note("nothing is due")


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
