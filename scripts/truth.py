"""`ape run truth`: whether the consensus rules find the truth on real answers, and whether cheating pays."""

from pathlib import Path

import click

from scripts._cli import facts, friendly_errors, json_option, note, table
from scripts._toolchain.layout import SetupError

TARGET = Path("out/truth.json")


def progress(done: int, total: int) -> None:
    """A line for every twentieth."""
    if done * 20 // total != (done - 1) * 20 // total:
        note(f"{done} of {total} draws")


@click.command(short_help="Truth and profit by each consensus rule")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with the sets duck, face_sentiment and product_match; an embedded crowd without it.",
)
@click.option("--draws", default=20, show_default=True, type=click.IntRange(min=1), help="Draws of gold.")
@click.option("--seed", default=1, show_default=True, type=int, help="Of gold, spammers and their answers.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the page, and its plot beside it.")
@json_option
def cli(data: Path | None, draws: int, seed: int, markdown: Path | None, as_json: bool) -> None:
    """Measure each consensus rule on crowds whose truth is known and write out/truth.json.

    Every rule labels the same answers, with spammers of five kinds and without; majority vote and
    Dawid-Skene of crowd-kit stand beside. A check that fails is named on the last line.
    """
    from scripts._truth.crowd import load_crowds  # noqa: PLC0415 - Ape loads every script for every command
    from scripts._truth.outcome import run  # noqa: PLC0415
    from scripts._truth.peers import crowd_kit_version  # noqa: PLC0415
    from scripts._truth.plot import svg  # noqa: PLC0415
    from scripts._truth.report import failed  # noqa: PLC0415
    from scripts._truth.report import markdown as page  # noqa: PLC0415
    from scripts._truth.synthetic import synthetic_crowds  # noqa: PLC0415

    with friendly_errors():
        crowds = load_crowds(data) if data else synthetic_crowds()
        source = "given" if data else "synthetic"
        note(f"seed {seed}, {draws} draws, {source} data")
        try:
            kit = crowd_kit_version()
            outcome = run(crowds, data=source, seed=seed, draws=draws, crowd_kit=kit, progress=progress)
        except SetupError as error:
            raise click.ClickException(str(error)) from error
        outcome.write(TARGET)
        if markdown:
            markdown.write_text(page(outcome), encoding="utf-8")
            markdown.with_suffix(".svg").write_text(svg(outcome), encoding="utf-8")
    if as_json:
        facts(outcome.to_json(), as_json=True)
    else:
        columns = {"name": "Check", "wanted": "Wanted", "got": "Got", "passed": "Passed"}
        table([check.to_json() for check in outcome.checks], columns, title=f"Truth ({source} data)")
    note(f"{TARGET} written")
    missed = failed(outcome)
    note(f"FAILED: {'; '.join(missed)}" if missed else f"all {len(outcome.checks)} checks passed")
