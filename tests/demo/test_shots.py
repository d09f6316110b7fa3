import shutil
import stat

import pytest
from click.testing import CliRunner
from PIL import Image

from scripts._demo.report import write
from scripts.shots import BROWSERS, cli
from tests.demo.sample_summary import sample


def fake(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def page(tmp_path):
    return write(sample(), tmp_path)[0]


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_shots__no_page__names_the_next_command(tmp_path):
    result = run("--page", tmp_path / "none.html")
    assert result.exit_code == 1
    assert "Run `make demo` first" in result.output


def test_shots__no_browser__says_what_to_install(page, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    result = run("--page", page)
    assert result.exit_code == 1
    assert "no Chromium found" in result.output
    assert "set CHROMIUM" in result.output


def test_shots__wrong_variable__is_named(page, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert "CHROMIUM names '/nowhere/chromium'" in run("--page", page).output


def test_shots__measures_the_page__and_asks_for_its_height(page, monkeypatch, tmp_path):
    script = """
for word; do case $word in
  --dump-dom) echo '<title>height=4321</title>';;
  --screenshot=*) echo "$@" > "${word#--screenshot=}";;
esac; done"""
    monkeypatch.setenv("CHROMIUM", str(fake(tmp_path / "browser", script)))
    result = run("--page", page, "--width", "900")
    assert result.exit_code == 0, result.output
    asked = page.with_suffix(".png").read_text(encoding="utf-8")
    assert "--window-size=900,4321" in asked
    assert page.resolve().as_uri() in asked


def test_shots__what_the_browser_keeps__does_not_go_to_the_home_folder(page, monkeypatch, tmp_path):
    """Regression: Chromium left crash reports in ~/.config and settings in ~/.cache."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    keep = 'touch "$HOME/a" "$XDG_CONFIG_HOME/b" "$XDG_CACHE_HOME/c"; echo "<title>height=9</title>"'
    monkeypatch.setenv("CHROMIUM", str(fake(tmp_path / "browser", keep)))
    assert "wrote no" in run("--page", page).output  # the browser ran, to its end
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo broken >&2; exit 3", "failed with status 3: broken"),
        ("echo '<title>other</title>'", "did not say how tall"),
        ("echo '<title>height=10</title>'", "wrote no"),
    ],
)
def test_shots__browser_fails__says_how(page, monkeypatch, tmp_path, script, message):
    monkeypatch.setenv("CHROMIUM", str(fake(tmp_path / "browser", script)))
    result = run("--page", page)
    assert result.exit_code == 1
    assert message in result.output


def test_shots__real_browser__draws_the_whole_page(page, tmp_path):
    if not any(shutil.which(name) for name in BROWSERS):
        pytest.skip("no Chromium on this machine")
    picture = tmp_path / "shot.png"
    result = run("--page", page, "--output", picture)
    assert result.exit_code == 0, result.output
    with Image.open(picture) as drawn:
        assert drawn.width == 1_200
        assert drawn.height > 4_000
        # The page's last line of pixels is its background, and the verdict's green lies near its top.
        assert len(drawn.convert("RGB").crop((0, 0, 1_200, 400)).getcolors(100_000)) > 20
