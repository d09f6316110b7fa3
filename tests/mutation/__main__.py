"""`make mutants`: see the package."""

from __future__ import annotations

import difflib
import json
import sys
import time
from pathlib import Path

import click

from scripts._toolchain.layout import ROOT
from tests.mutation import project as projects
from tests.mutation import stages
from tests.mutation.campaign import chosen, run
from tests.mutation.compiler import CompileError, Compiler, CompilerCrash
from tests.mutation.journal import Journal
from tests.mutation.judge import Judge, Originals
from tests.mutation.report import KeptError, complaints, load_kept, summarise
from tests.mutation.sampling import Draw
from tests.mutation.sites import Site

KEPT = ROOT / "docs" / "mutants-kept.json"
OUT = ROOT / "out"


@click.command()
@click.option("--seed", default=1, show_default=True, help="Which sample.")
@click.option(
    "--count",
    default=320,
    show_default=True,
    help="How many mutants of market and registry; half as many of each later capability.",
)
@click.option("--only", default="", help="Only files whose name contains this.")
@click.option("--list", "listed", is_flag=True, help="Print all sites, judge nothing.")
@click.option("--show", metavar="ID", help="Print the difference that a mutant makes.")
@click.option("--id", "identity", metavar="ID", help="Judge one mutant and say what happens.")
def main(seed: int, count: int, only: str, listed: bool, show: str | None, identity: str | None) -> None:  # noqa: FBT001
    """Plant bugs in the contracts and see whether the tests notice."""
    try:
        compiler = Compiler(projects.read_sources())
        project = projects.load(compiler)
        compiler.close()
        sites = chosen(project.sites(), only)
        if not sites:
            raise click.ClickException(f"no contract's file name contains {only!r}")
        if listed:
            for site in sites:
                click.echo(f"{site.id}  {site.mutation}")
        elif show:
            click.echo(difference(project, named(sites, show)))
        elif identity:
            judge_one(project, named(sites, identity), seed)
        else:
            sys.exit(campaign(project, sites, seed=seed, count=count))
    except (CompileError, CompilerCrash, KeptError, stages.StageError, TimeoutError) as error:
        raise click.ClickException(str(error)) from error


def campaign(project: projects.Project, sites: list[Site], *, seed: int, count: int) -> int:
    """Judge a sample and write the report; the exit code."""
    started = time.monotonic()
    kept = load_kept(KEPT)
    journal = Journal(OUT / "mutants.jsonl", projects.Grounds())
    originals = Originals()
    click.echo(f"mutants: {len(sites)} sites, seed {seed}", err=True)
    times = journal.times()
    if times is None:
        click.echo("mutants: running the tests without a mutation first", err=True)
        first = Judge(project, originals, seed)
        times = first.unmutated()
        first.close()
        journal.add_times(times)
    draw = Draw(sites, count, seed)
    verdicts = run(draw, journal, lambda: Judge(project, originals, seed, times), reviewed=kept.keys())
    report = summarise(sites, verdicts, kept, seed=seed, seconds=time.monotonic() - started)
    write(OUT / "mutants.json", report)
    found = complaints(report, sites, verdicts, kept)
    for text in found:
        click.echo(text)
    click.echo(
        f"{report['killed']} of {report['total']} mutants killed ({report['share']:.1%}): out/mutants.json"
    )
    return 1 if found else 0


def write(path: Path, report: dict[str, object]) -> None:
    """In one step, so that an interrupted command leaves the report of the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)


def named(sites: list[Site], identity: str) -> Site:
    found = next((site for site in sites if site.id == identity), None)
    if found is None:
        raise click.ClickException(f"there is no mutant {identity}: `--list` names all")
    return found


def difference(project: projects.Project, site: Site) -> str:
    before, after = project.sources[site.file], project.mutated(site)[site.file]
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), site.file, f"{site.file} ({site.operator})", lineterm=""
    )
    return "\n".join(lines)


def judge_one(project: projects.Project, site: Site, seed: int) -> None:
    click.echo(difference(project, site))
    judge = Judge(project, Originals(), seed, tell=click.echo)
    verdict = judge.judge(site)
    judge.close()
    outcome = "does not compile" if not verdict.compiles else f"killed by {verdict.killer}"
    click.echo(outcome if verdict.killer or not verdict.compiles else f"survived {verdict.why}".strip())


if __name__ == "__main__":
    main()
