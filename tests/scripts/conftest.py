"""The commands inside `ape test`: its Anvil, its isolation, folders of their own."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from offchain.annotations import TextItem
from offchain.hashing import keccak256
from offchain.packaging import text_source

NETWORK = "ethereum:local:foundry"
LABELS = ("question", "answer")


class Refused(AssertionError):  # noqa: N818 - reads as what happened
    """A command ended with an error."""


@dataclass(frozen=True)
class Commands:
    """Starts commands as `ape run` does, with accounts by their number."""

    folder: Path
    chain: Any

    def __call__(self, script: str, *arguments: object, by: int = 1) -> Any:
        """The JSON that a command prints; Refused with its message where it ends with an error."""
        return json.loads(self.text(script, *arguments, "--json", by=by))

    def text(self, script: str, *arguments: object, by: int = 1) -> str:
        """What a command prints for a person."""
        cli = import_module(f"scripts.{script}").cli
        line = [*map(str, arguments), "--network", NETWORK, "--account", f"TEST::{by}"]
        done = CliRunner(mix_stderr=False).invoke(cli, line)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        if done.exit_code:
            raise Refused(done.stderr)
        return str(done.stdout)

    def refused(self, script: str, *arguments: object, by: int = 1) -> str:
        """The message of a command that has to fail."""
        with pytest.raises(Refused) as caught:
            self(script, *arguments, by=by)
        return str(caught.value)

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.chain.pending_timestamp = self.chain.pending_timestamp + seconds
        self.chain.mine()

    def nothing_sent(self, *line: object, by: int = 1) -> Any:
        """Run a command that has to leave the chain as it is."""
        before = self.chain.blocks.head.number
        found = self(*line, by=by)
        assert self.chain.blocks.head.number == before
        return found


@contextmanager
def commands(chain: Any, folder: Path) -> Iterator[Commands]:
    """Commands with their manifests and their files in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        # A command would start an Anvil of its own and stop it again; here it gets the one of the tests.
        patch.setattr("ape.cli.commands.parse_network", lambda _: nullcontext(chain.provider))
        patch.setenv("WINNOW_DEPLOYMENTS", str(folder / "deployments"))
        patch.setenv("WINNOW_OUT", str(folder / "out"))
        yield Commands(folder, chain)


def with_manifests(run: Commands, folder: Path) -> Commands:
    """Commands that go on from what others left in their folder."""
    shutil.copytree(folder / "deployments", run.folder / "deployments")
    return run


@pytest.fixture(scope="module")
def quality(chain, accounts, project, tmp_path_factory) -> Path:
    """The folder of the manifests of a deployment that a whole file of tests uses. Accounts 2 to 6 have
    stakes that the consensus market may lock.
    """
    folder = tmp_path_factory.mktemp("quality")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ape.cli.commands.parse_network", lambda _: nullcontext(chain.provider))
        patch.setenv("WINNOW_DEPLOYMENTS", str(folder))
        patch.setenv("WINNOW_OUT", str(folder / "out"))
        run = Commands(folder, chain)
        at = {row["contract"]: row["address"] for row in run("deploy", "all", by=0)["contracts"]}
        token, staking = project.RewardToken.at(at["RewardToken"]), project.Staking.at(at["Staking"])
        token.grantRole(keccak256(b"MINTER_ROLE"), accounts[0], sender=accounts[0])
        token.mint(accounts[0], 10**22, sender=accounts[0])
        token.approve(staking, 10**22, sender=accounts[0])
        for worker in accounts[2:7]:
            staking.stake(worker, 10**21, sender=accounts[0])
            staking.allow(at["LabelConsensus"], 2**128 - 1, sender=worker)
    return folder


@pytest.fixture
def market(run, quality, monkeypatch) -> Commands:
    """Commands on that deployment, with files of the test's own."""
    monkeypatch.setenv("WINNOW_DEPLOYMENTS", str(quality))
    monkeypatch.setenv("WINNOW_SECRETS", str(run.folder / "secrets"))
    return run


@pytest.fixture
def run(chain, tmp_path) -> Iterator[Commands]:
    """Commands in a folder of the test's own, on a network where nothing is deployed."""
    with commands(chain, tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def deployment(chain, tmp_path_factory) -> Path:
    """Everything deployed by account 0, who is owner and fee recipient: once for the tests of a file, each of
    which finds it as it was. The folder of the command.
    """
    folder = tmp_path_factory.mktemp("deployment")
    with commands(chain, folder) as started:
        started("deploy", "all", by=0)
    return folder


@pytest.fixture
def deployed(run, deployment) -> Commands:
    """Commands of a network where everything is deployed."""
    return with_manifests(run, deployment)


@pytest.fixture
def content(tmp_path) -> dict[str, Path]:
    """Source data and instructions of a text job of ten tasks."""
    texts = [TextItem(f"t{number}", f"text number {number}") for number in range(10)]
    source, told = tmp_path / "source.jsonl", tmp_path / "instructions.json"
    source.write_bytes(text_source(texts))
    told.write_text(json.dumps({"kind": "text", "labels": LABELS, "text": "Say what it is."}))
    return {"data": source, "instructions": told}


def terms(content: dict[str, Path], **more: object) -> list[object]:
    """The options of `job create`."""
    values = {"reward": "0.01", "deadline": "10d", **content, **more}
    return [part for name, value in values.items() for part in (f"--{name.replace('_', '-')}", value)]


def write_results(path: Path, labels: dict[int, str]) -> Path:
    """A JSONL file of labels by task."""
    path.write_text("".join(json.dumps({"task": t, "label": label}) + "\n" for t, label in labels.items()))
    return path
