"""`ape run truth`: whether the consensus rules find the truth on real answers, and whether cheating pays."""

import sys
from pathlib import Path
from typing import Any

import click
from ape.api.providers import ProviderAPI

from scripts._cli import LocalCommand, checked_network, facts, json_option, note, table
from scripts._toolchain.layout import SetupError

ROOT = str(Path(__file__).resolve().parents[1])
TARGET = Path("out/truth.json")


class TruthCommand(LocalCommand):
    """What is not installed is one message."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SetupError as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=TruthCommand, short_help="Truth and profit by each consensus rule")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with the sets duck, face_sentiment and product_match; an embedded crowd without it.",
)
@click.option("--draws", default=20, show_default=True, type=click.IntRange(min=1), help="Draws of gold.")
@click.option("--seed", default=1, show_default=True, type=int, help="Of gold, spammers and their answers.")
@click.option("--replay/--no-replay", default=True, help="Also replay a draw of each set on chain.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the page, and its plot beside it.")
@json_option
def cli(
    provider: ProviderAPI,
    data: Path | None,
    draws: int,
    seed: int,
    replay: bool,
    markdown: Path | None,
    as_json: bool,
) -> None:
    """Measure each consensus rule on crowds whose truth is known and write out/truth.json.

    Every rule labels the same answers, with spammers of five kinds and without; majority vote and
    Dawid-Skene of crowd-kit stand beside. One draw of each set goes through the deployed contracts. A check
    that fails is named on the last line.
    """
    if ROOT not in sys.path[:1]:
        sys.path.insert(0, ROOT)  # before installed packages: one of them brings a `tests`, too
    from scripts._truth import command  # noqa: PLC0415 - Ape loads every script for every command

    network = checked_network(provider)
    if network.kind != "local":
        raise click.ClickException(f"sets are replayed on a local chain, not on {network.name}")
    outcome = command.measure(data, draws=draws, seed=seed, replay=replay)
    command.write(outcome, TARGET, markdown)
    if as_json:
        facts(outcome.to_json(), as_json=True)
    else:
        columns = {"name": "Check", "wanted": "Wanted", "got": "Got", "passed": "Passed"}
        table([check.to_json() for check in outcome.checks], columns, title=f"Truth ({outcome.data} data)")
    note(f"{TARGET} written")
    missed = outcome.failed()
    note(f"FAILED: {'; '.join(missed)}" if missed else f"all {len(outcome.checks)} checks passed")
