"""`ape run fuzz`: programs of many actors against the contracts, thousands of checked steps a second."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from ape.api.providers import ProviderAPI

from scripts._cli import WinnowCommand, checked_network

ROOT = str(Path(__file__).resolve().parents[1])
PATH = click.Path(path_type=Path)
OUT = Path("out")
KEPT = Path(".fuzz")
MOST_WORKERS = 8
APE_SECONDS = 5.0


@click.command(cls=WinnowCommand)
@click.option("--seconds", type=click.FloatRange(min=0.1), default=60, show_default=True, help="Of fuzzing.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of all chance.")
@click.option(
    "--contract",
    metavar="NAME",
    help="A contract (name or .sol file), a capability, or a Python file that defines one. Default: all.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default two a core, at most 8.")
@click.option("--strict", is_flag=True, help="Fail where a declared error is neither reached nor explained.")
@click.option(
    "--corpus", type=PATH, default=KEPT, show_default=True, help="Folder of programs that are kept."
)
@click.option(
    "--ape-seconds", type=float, default=APE_SECONDS, show_default=True, help="Of each run as transactions."
)
@click.option(
    "--shrink-seconds", type=float, default=10, show_default=True, help="For making a failure small."
)
@click.option("--replay", type=PATH, metavar="FILE", help="Play a failure again instead, from its file.")
@click.option("--trace", is_flag=True, help="With --replay: show the calls of the transaction that differs.")
@click.option("--regression", type=PATH, metavar="FILE", help="With --replay: write a test of it.")
def cli(
    provider: ProviderAPI,
    seconds: float,
    seed: int,
    contract: str | None,
    workers: int | None,
    strict: bool,
    corpus: Path,
    ape_seconds: float,
    shrink_seconds: float,
    replay: Path | None,
    trace: bool,
    regression: Path | None,
) -> None:
    """Fuzz contracts against their models and write out/fuzz.json.

    Of one seed and an empty corpus, the k-th program of each worker is always the same; how many there are in
    the given time is not. The first difference ends the campaign: it is made small, told, and written to
    out/failure.json for --replay.
    """
    if ROOT not in sys.path[:1]:
        sys.path.insert(0, ROOT)  # before installed packages: one of them brings a `tests`, too
    from scripts._fuzz import command  # noqa: PLC0415 - Ape loads every script for every command
    from tests.engine.campaign import Plan  # noqa: PLC0415

    network = checked_network(provider)
    if network.kind != "local":
        raise click.ClickException(f"fuzzing is for a local chain, not for {network.name}")
    if replay:
        command.replay(replay, regression, trace=trace)
        return
    if trace or regression:
        raise click.UsageError("--trace and --regression need --replay FILE")
    crew = workers or min(2 * (os.cpu_count() or 1), MOST_WORKERS)
    plan = Plan(command.capabilities(contract), seconds, seed, crew, corpus)
    files = command.Files(OUT / "fuzz.json", OUT / "failure.json")
    command.fuzz(plan, files, ape_seconds, shrink_seconds, strict=strict)
