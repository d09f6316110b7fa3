"""Runs the demo for a person: chooses the tasks, tells what happens, writes the report, gives the verdict."""

from __future__ import annotations

import platform
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from ape import project
from ape.logging import LogLevel, logger

from scripts._demo import chronicle, crowd_exhibit, inputs, messages, report, schema, sheets
from scripts._demo.items import ImageSet, TextSet
from scripts._demo.stage import START, Act
from scripts._demo.story import Script, Story, Told, play
from scripts._demo.world import amount_text

SHEETS = 32
MANY = 60  # acts of a scene that are told one by one; later ones only move the counter


def choose(
    images: Path | None,
    boxes: Path | None,
    texts: Path | None,
    labels: Path | None,
    *,
    seed: int,
    plant: bool,
    folder: Path,
    command: str = "ape run demo",
) -> Script:
    """The user's own files, or what comes with the project. Raises UsageError and FileError."""
    for one, other, names in (
        (images, boxes, "--images and --boxes"),
        (texts, labels, "--texts and --labels"),
    ):
        if (one is None) != (other is None):
            raise click.UsageError(f"{names} go together: give both, or neither")
    pictures = inputs.read_images(images, boxes) if images and boxes else sheets.compose(SHEETS, seed)
    words = _texts(texts, labels) if texts and labels else messages.load()
    return Script(pictures, words, seed, plant, folder, command)


def run(provider: Any, network: Any, script: Script) -> dict[str, Any]:
    """Plays the script, writes report and summary, and raises ClickException where anything deviates."""
    _require_local(provider)
    _announce(script.images, script.texts)
    started, clock = datetime.now(tz=UTC), time.monotonic()
    shutil.rmtree(script.folder, ignore_errors=True)
    teller = Teller(click.echo)
    with logger.at_level(LogLevel.WARNING):  # Ape would tell of every transaction
        story = play(provider, network, project, script, Told(teller.scene, teller.act, teller.count))
    facts = _run_facts(provider, network, story, started, time.monotonic() - clock)
    summary = chronicle.summarise(story, facts)
    page, data = report.write(summary, script.folder)
    _verdict(story, page, data, time.monotonic() - clock)
    return summary


class Teller:
    """Says each act in one line: the story's own time, who, what, gas."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._acts = 0
        self._start: int | None = None

    def scene(self, title: str) -> None:
        """A new scene begins."""
        self._acts = 0
        self._say(f"\n{title}")

    def act(self, act: Act) -> None:
        """Something was done."""
        self._acts += 1
        self._start = act.time if self._start is None else self._start
        if self._acts == MANY + 1:
            self._say("  … and so on; every act is in the report")
        if self._acts > MANY:
            return
        days, rest = divmod(act.time - self._start, 86_400)
        at = f"day {days:>2} {rest // 3_600:02d}:{rest // 60 % 60:02d}"
        self._say(f"  {at}  {act.actor:<13} {act.note.what}  ({act.gas:,} gas)")

    def count(self, done: int, total: int) -> None:
        """A long scene has come so far; short ones need no counter."""
        tenth = max(1, total // 10)
        if total > MANY and (done % tenth == 0 or done == total):
            self._say(f"  {done:,} of {total:,} batches are in")


def _texts(texts: Path, labels: Path) -> TextSet:
    """The truth may stand in the labels file or beside it as `truth.csv`."""
    beside = labels.with_name("truth.csv")
    return inputs.read_texts(texts, labels, beside if beside.is_file() and beside != labels else None)


def _require_local(provider: Any) -> None:
    if provider.network.name != "local":
        raise click.ClickException(
            "the demo moves time and invents money, so it runs on a local chain of its own only. "
            "Leave `--network` out."
        )


def _announce(images: ImageSet, texts: TextSet) -> None:
    left = f", {len(images.left_out)} files without a box are left out" if images.left_out else ""
    click.echo(f"{len(images.pictures):,} pictures with {len(images.labels)} labels{left}")
    people = (
        f"answered by {len(texts.workers())} real workers"
        if texts.answers
        else "answered by simulated workers"
    )
    click.echo(f"{len(texts.texts):,} texts with {len(texts.labels)} labels, {people}")


def _verdict(story: Story, page: Path, data: Path, seconds: float) -> None:
    problems = story.problems()
    rows, checks = len(story.books.rows), sum(len(sold.checks) for _, sold in story.sales)
    click.echo(f"\nReport: {page}\nThe same as data: {data}")
    if problems:
        raise click.ClickException("the run does not add up: " + "; ".join(problems))
    paid: dict[str, int] = {}
    for payment in story.journal.payments:
        paid[payment.token] = paid.get(payment.token, 0) + payment.amount
    for sitter in story.crowd.sitters:
        token = story.crowd.terms.token.lower()
        paid[token] = paid.get(token, 0) + crowd_exhibit.paid(story.crowd, sitter)
    sums = " and ".join(amount_text(amount, token) for token, amount in sorted(paid.items()))
    click.echo(
        f"Annotators earned {sums}. {rows} balances agree to the last unit, "
        f"{checks} checks of what was sold hold."
    )
    click.echo(f"Done in {seconds:.0f} s.")


def _run_facts(provider: Any, network: Any, story: Story, started: datetime, seconds: float) -> schema.Run:
    contracts = [schema.Contract(name=n, address=a) for n, a in story.world.contracts.items()]
    return schema.Run(
        chain_id=story.world.chain_id,
        network=f"{network.name}, a fresh chain whose clock starts at {START}",
        commit=_commit(),
        command=story.script.command,
        versions=_versions(provider),
        seed=story.script.seed,
        started=started.isoformat(timespec="seconds"),
        duration_s=round(seconds, 1),
        contracts=contracts,
    )


def _commit() -> str:
    git = shutil.which("git") or "git"
    try:
        done = subprocess.run(
            [git, "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"


def _versions(provider: Any) -> dict[str, str]:
    return {
        "Python": platform.python_version(),
        "Ape": version("eth-ape"),
        "Node": str(provider.make_request("web3_clientVersion", [])),
        "solc": str(project.config.solidity.version),
    }
