"""`ape run shots`: the demo's report page as a picture, drawn by a Chromium on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import click

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",  # the page is our own and loads nothing
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--no-first-run",
)
TIMEOUT = 120  # seconds for one picture; a cold browser needs some of them
TALLEST = 16_000  # pixels; beyond its largest texture Chromium draws nothing
# Written into a copy of the page, which then says how tall it is when the browser prints it.
MEASURE = (
    "<script>document.title = `height=${Math.ceil("
    "document.documentElement.getBoundingClientRect().height)}`</script>"
)


def find_browser() -> str:
    """The Chromium to use: `$CHROMIUM`, else the first one on PATH. Raises ClickException where there is
    none.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if found := shutil.which(named):
            return found
        raise click.ClickException(f"CHROMIUM names {named!r}, which is not a program. Correct or unset it.")
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise click.ClickException(
        f"no Chromium found (looked for {', '.join(BROWSERS)}). "
        "Install one, for instance `apt install chromium`, or set CHROMIUM to its path."
    )


def shoot(browser: str, page: Path, picture: Path, width: int) -> int:
    """Draws the whole page at a width into a PNG and returns its height in pixels. Raises ClickException."""
    height = min(_height(browser, page, width), TALLEST)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.unlink(missing_ok=True)
    _run(browser, page, f"--window-size={width},{height}", f"--screenshot={picture.resolve()}")
    if not picture.is_file():
        raise click.ClickException(
            f"{browser} ended well but wrote no {picture}. Try another one with CHROMIUM=…"
        )
    return height


def _height(browser: str, page: Path, width: int) -> int:
    with tempfile.TemporaryDirectory(prefix="winnow-shot-") as folder:
        copy = Path(folder) / "page.html"
        copy.write_text(
            page.read_text(encoding="utf-8").replace("</body>", f"{MEASURE}</body>"), encoding="utf-8"
        )
        printed = _run(browser, copy, f"--window-size={width},800", "--dump-dom")
    found = re.search(r"<title>height=(\d+)</title>", printed)
    if not found:
        raise click.ClickException(
            f"{browser} did not say how tall the page is. Try another one with CHROMIUM=…"
        )
    return int(found.group(1))


def _run(browser: str, page: Path, *flags: str) -> str:
    """Starts the browser with a profile and a home of its own, which are deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="winnow-chromium-", ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", *flags, page.resolve().as_uri()]
        # Crash reports and desktop settings go to the home folder, whatever the profile.
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), profile)
        environment = os.environ | homes
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TIMEOUT, check=False, env=environment
            )
        except subprocess.TimeoutExpired:
            raise click.ClickException(
                f"{browser} did not finish within {TIMEOUT} s. Try another one with CHROMIUM=…"
            ) from None
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
        raise click.ClickException(f"{browser} failed with status {done.returncode}: {reason[0]}")
    return done.stdout


@click.command(help=__doc__)
@click.option(
    "--page", type=click.Path(path_type=Path), default=Path("out/demo/report.html"), show_default=True
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The PNG to write; by default beside the page."
)
@click.option("--width", type=click.IntRange(500, 4_000), default=1_200, show_default=True, help="Pixels.")
def cli(page: Path, output: Path | None, width: int) -> None:
    if not page.is_file():
        raise click.ClickException(f"there is no {page}. Run `make demo` first.")
    picture = output or page.with_suffix(".png")
    height = shoot(find_browser(), page, picture, width)
    click.echo(f"{picture}: {width} x {height} pixels")
