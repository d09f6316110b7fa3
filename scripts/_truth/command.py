"""What `ape run truth` does: replays on chain, draws without one, and the files about both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scripts._cli import note
from scripts._truth.arrange import arrange
from scripts._truth.campaign import Unit, What, campaign
from scripts._truth.crowd import Crowd, load_crowds
from scripts._truth.outcome import Outcome, concluded
from scripts._truth.peers import crowd_kit_version
from scripts._truth.plot import svg
from scripts._truth.replay import Replay
from scripts._truth.report import markdown as page
from scripts._truth.spam import HONEST
from scripts._truth.stage import Stage
from scripts._truth.synthetic import synthetic_crowds
from scripts._truth.trial import draw_known
from tests.engine.ape_project import ape_chain
from tests.engine.node import NodeError


def measure(data: Path | None, *, draws: int, seed: int, replay: bool) -> Outcome:
    """Everything. Raises InputError for data that are wrong, SetupError where crowd-kit is missing."""
    crowds = load_crowds(data) if data else synthetic_crowds()
    source, kit = "given" if data else "synthetic", crowd_kit_version()
    note(f"seed {seed}, {draws} draws, {source} data, crowd-kit {kit}")
    replays = replayed(crowds, seed) if replay else {}
    results = campaign(crowds, seed, draws, _progress)
    return concluded(crowds, results, data=source, seed=seed, draws=draws, crowd_kit=kit, replays=replays)


def replayed(crowds: Sequence[Crowd], seed: int) -> dict[str, dict[str, Any]]:
    """The first draw of each set through the contracts, by set."""
    chain = ape_chain()
    found = {}
    for number, crowd in enumerate(crowds):
        rng = Unit(What.ALL, number, HONEST, 0).rng(seed, crowd.name)
        known = draw_known(crowd, Unit(What.ALL, number, HONEST, 0).gold_bps, rng)
        try:
            found[crowd.name] = Replay(Stage(chain), crowd, arrange(crowd), known, seed).run(note)
        except NodeError as error:
            raise click.ClickException(f"{crowd.name} could not be replayed: {error}") from error
    return found


def write(outcome: Outcome, target: Path, markdown: Path | None) -> None:
    """The figures, and the page with its plot beside it."""
    outcome.write(target)
    if markdown:
        markdown.write_text(page(outcome), encoding="utf-8")
        markdown.with_suffix(".svg").write_text(svg(outcome), encoding="utf-8")


def _progress(done: int, total: int) -> None:
    """A line for every twentieth."""
    if done * 20 // total != (done - 1) * 20 // total:
        note(f"{done} of {total} draws")
