"""What `ape run fuzz` does: a campaign, its report, and failures that are played again."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

from scripts._cli import facts, note
from scripts._fuzz.progress import Progress
from tests.engine.ape_pace import runs_of
from tests.engine.ape_project import ape_chain
from tests.engine.campaign import Campaign, Plan
from tests.engine.capability import Capability
from tests.engine.catalogue import UnknownCapability, find, origin
from tests.engine.check import Disagreement, Troupe
from tests.engine.failures import UnreadableFailure, again, on_chain, read_failure, smallest, write_failure
from tests.engine.node import NodeError
from tests.engine.python_source import Untellable
from tests.engine.regression import write_regression
from tests.engine.replay import Replay
from tests.engine.workers import Failure, WorkerLost

SHOWN = (
    "seed",
    "chain_id",
    "workers",
    "steps",
    "seconds",
    "steps_per_second",
    "programs",
    "success_share",
    "median_steps",
    "median_actors",
    "silent_subsets",
    "ape_steps_per_second",
    "ratio",
)
"""What of the report is printed."""


@dataclass(frozen=True)
class Files:
    """Where things are written."""

    report: Path
    failure: Path


def capabilities(contract: str | None) -> list[type[Capability]]:
    """Raises click.ClickException for what nothing answers for."""
    try:
        return find(contract)
    except UnknownCapability as error:
        raise click.ClickException(str(error)) from error


def fuzz(plan: Plan, files: Files, ape_seconds: float, shrink_seconds: float, *, strict: bool) -> None:
    """Run a campaign and write what it saw. Ends non-zero with the first difference; with `strict` also where
    an error is neither reached nor explained.
    """
    campaign = Campaign(plan, ape_chain)
    note(f"setting the stage: {', '.join(one.name for one in plan.capabilities)}")
    _attempt(campaign.set_stages)
    when = f"{plan.seconds:g} s, the second half of them under another chain id"
    note(f"fuzzing with {plan.workers} workers and seed {plan.seed} for {when}")
    progress = Progress(plan.seconds, campaign.errors)
    failure = _attempt(lambda: campaign.run(progress))
    progress.end()
    report = campaign.report()
    if failure:
        _write(report | {"failure": str(files.failure)}, files.report)
        _explain(campaign, failure, files.failure, shrink_seconds)
    report |= _pace(campaign, report, ape_seconds)
    _write(report, files.report)
    _show(report, files.report)
    if report["errors_missing"] and strict:
        raise click.ClickException("some declared errors were neither reached nor explained")


def replay(path: Path, regression: Path | None, *, trace: bool) -> None:
    """Play a failure again. Ends non-zero as long as it fails."""
    try:
        failure, contract = read_failure(path)
    except UnreadableFailure as error:
        raise click.ClickException(str(error)) from error
    chosen = next((one for one in capabilities(contract) if one.name == failure.capability), None)
    if chosen is None:
        raise click.ClickException(f"{contract} has no capability called {failure.capability} any more")
    troupe = _attempt(lambda: Troupe(chosen, ape_chain()))
    found = again(troupe, failure)
    if found is None:
        note("contract and model agree on this program now")
        return
    with on_chain(troupe.chain, failure.chain_id):
        click.echo(Replay(troupe.chain).story(found) if trace else str(found))
        if regression:
            _write_regression(found, regression)
    raise click.ClickException("contract and model differ")


def _write_regression(found: Disagreement, path: Path) -> None:
    try:
        write_regression(found, path)
    except Untellable as error:
        raise click.ClickException(f"this program cannot be written down as a test: {error}") from error
    note(f"{path} written")


def _attempt(act: Any) -> Any:
    try:
        return act()
    except (NodeError, WorkerLost) as error:
        raise click.ClickException(str(error)) from error


def _explain(campaign: Campaign, failure: Failure, path: Path, seconds: float) -> None:
    troupe = next(one for one in campaign.troupes if one.capability.name == failure.capability)
    where = origin(troupe.capability)
    write_failure(failure, where, path)
    note(f"{failure.what}\nmaking it smaller, at most {seconds:g} s")
    found = again(troupe, failure)
    command = f"make fuzz REPLAY={shlex.quote(str(path))}"
    if found is None:
        raise click.ClickException(f"a worker saw a difference that is not there again. To retry: {command}")
    found, failure = smallest(found, failure, seconds)
    write_failure(failure, where, path)
    found.heading = (*found.heading, f"Again: {command}")
    click.echo(str(found))
    raise click.ClickException("contract and model differ")


def _pace(campaign: Campaign, report: dict[str, Any], seconds: float) -> dict[str, Any]:
    if not seconds:
        return {}
    note(f"the same steps as ordinary Ape transactions, three times {seconds:g} s")
    runs = [round(run, 2) for run in runs_of(campaign.troupes, campaign.harvest.sample, seconds)]
    pace = median(runs) if runs else 0.0
    ratio = round(report["steps_per_second"] / pace, 1) if pace else None
    return {"ape_steps_per_second": pace, "ape_runs": runs, "ratio": ratio}


def _write(report: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _show(report: dict[str, Any], path: Path) -> None:
    shown = {key: report[key] for key in SHOWN if key in report}
    left = len(report["errors_missing"])
    shown["errors"] = f"{len(report['errors_declared'])} declared, {left} neither reached nor explained"
    shown["chain_id"] = ", then ".join(map(str, report["chain_id"].values()))
    facts(shown, title=f"Fuzzing {', '.join(report['contracts'])}")
    for error, reason in report["errors_explained"].items():
        note(f"not reached: {error}: {reason}")
    for error in report["errors_missing"]:
        note(f"not reached, nor explained: {error}")
    note(f"{path} written")
