"""`ape run gas` where something is missing; what it measures has tests of its own."""

import os

import pytest
from click.testing import CliRunner

from scripts._cli import WinnowCommand
from scripts._toolchain.layout import SetupError
from scripts.gas import cli


def test_command__peers_cannot_be_installed__ends_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    def invoke(*_: object) -> None:
        steps.append(os.environ["WINNOW_NO_STEPS"])
        raise SetupError("npm ci failed. Without it, ...")

    monkeypatch.setenv("WINNOW_NO_STEPS", "")
    monkeypatch.setattr(WinnowCommand, "invoke", invoke)
    done = CliRunner().invoke(cli, [])
    assert (done.exit_code, done.output) == (1, "Error: npm ci failed. Without it, ...\n")
    assert steps == ["1"]
