"""Commands as a person starts them, in processes of their own, against an Anvil that says it is 0G
Galileo.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.anvil import anvil_for

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"


@pytest.fixture(scope="module")
def galileo() -> Iterator[str]:
    """The URL of the stand-in."""
    with anvil_for(16602) as url:
        yield url


def ape_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    places = {"WINNOW_DEPLOYMENTS": str(folder), "WINNOW_OUT": str(folder / "out")}
    return subprocess.run(
        [str(BIN / "ape"), "run", *arguments],
        cwd=ROOT,
        env=os.environ | places,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_stand_in__deploy_and_status__pure_json_and_links(galileo, tmp_path) -> None:
    network = ("--network", f"0g:galileo:{galileo}")
    done = ape_run(tmp_path, "deploy", "annotation", *network, "--account", "TEST::0", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    kept = json.loads((tmp_path / "local/0g-galileo.json").read_text())
    market = kept["contracts"]["AnnotationMarket"]["address"]
    assert (kept["chain_id"], shown["manifest"]) == (16602, str(tmp_path / "local/0g-galileo.json"))
    assert shown["contracts"][0]["explorer"] == f"https://chainscan-galileo.0g.ai/address/{market}"
    status = ape_run(tmp_path, "admin", "status", *network, "--json")
    assert json.loads(status.stdout)[0]["address"] == market
    wrong = ape_run(
        tmp_path, "deploy", "all", "--network", f"hedera:testnet:{galileo}", "--account", "TEST::0"
    )
    assert wrong.returncode == 1
    assert "16602" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_no_account__on_a_named_network__says_what_to_pass(galileo, tmp_path) -> None:
    done = ape_run(tmp_path, "deploy", "all", "--network", f"0g:galileo:{galileo}", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--account" in done.stderr


def test_refusal__on_stderr_alone(galileo, tmp_path) -> None:
    done = ape_run(tmp_path, "job", "status", "--network", f"0g:galileo:{galileo}", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ape run deploy all" in done.stderr
