"""The two ways in which a mutant can be noticed, each in a process and on an Anvil of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scripts._toolchain.layout import ROOT, VENV, bin_dir
from tests.engine.catalogue import registered
from tests.support.anvil import anvil_for, wait_for

ENGINE_SECONDS = 8
CHAIN = 31_337
# As Ape starts its own, but for the limit on code: see `compiler.quick_settings`.
AS_APE = ("--accounts", "20", "--block-base-fee-per-gas", "0", "--gas-price", "0", "--hardfork", "cancun")
ANVIL = (*AS_APE, "--disable-code-size-limit")
# The one test that holds for the optimizer's code alone.
ABOUT_GAS = (
    "tests/unit/market/test_create_job.py::test_create_job__the_largest_job__costs_less_than_15_million_gas"
)
# A run that takes this many times as long as without a mutation does not end.
PATIENCE = 5
LONGEST = 300  # letters of what is kept of a finding
Done = subprocess.CompletedProcess[str]
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+)$", re.MULTILINE)


class StageError(Exception):
    """A stage could not be run, so it says nothing of the mutant; the message has the end of what it said."""


class TooLongError(Exception):
    """A stage was still running when its time was over."""


@dataclass(frozen=True)
class Finding:
    """What a stage noticed: "" for nothing."""

    text: str
    seconds: float


def hunted() -> set[str]:
    """The contracts that some capability of the engine answers for."""
    return {source for capability in registered() for source in capability.sources}


def engine(contract: str, codes: Mapping[str, str], seed: int, limit: float | None) -> Finding:
    """Let the engine run programs on a contract that is `hunted`. Raises StageError, TooLongError."""
    with _Setting(codes) as setting:
        command = [sys.executable, "-m", "tests.mutation.hunter", setting.url, setting.file]
        command += [contract, str(ENGINE_SECONDS), str(seed)]
        done = setting.run(command, limit)
    if done.returncode != 0:
        raise StageError(f"the engine ended with exit code {done.returncode}:\n{_tail(done)}")
    found = json.loads(done.stdout.splitlines()[-1])  # before it, Ape may tell that it compiles
    return Finding("" if found is None else str(found)[:LONGEST], setting.seconds)


def unit(tests: Sequence[str], codes: Mapping[str, str], limit: float | None) -> Finding:
    """Run the test files in this order until one fails. Raises StageError, TooLongError."""
    with _Setting(codes) as setting:
        command = [str(bin_dir(VENV) / "ape"), "test", *tests, "-x", "-q", "-p", "no:cacheprovider"]
        command += ["--hypothesis-seed=0", "--deselect", ABOUT_GAS]
        done = setting.run(command, limit)
    if done.returncode == 0:
        return Finding("", setting.seconds)
    failed = FAILED.search(done.stdout)
    if done.returncode != 1 or failed is None:
        raise StageError(f"ape test ended with exit code {done.returncode}:\n{_tail(done)}")
    return Finding(failed[1][:LONGEST], setting.seconds)


class _Setting:
    """An Anvil, and a folder for what a stage reads and writes."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self._anvil = anvil_for(CHAIN, *ANVIL)
        self._folder = tempfile.TemporaryDirectory()
        self.file = str(Path(self._folder.name) / "codes.json")
        self.url, self.seconds = "", 0.0
        Path(self.file).write_text(json.dumps(codes), encoding="utf-8")

    def __enter__(self) -> Self:
        self.url = self._anvil.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._anvil.__exit__(None, None, None)
        self._folder.cleanup()

    def run(self, command: Sequence[str], limit: float | None) -> Done:
        """Raises TooLongError, and TimeoutError if the Anvil is gone."""
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as error:
            raise TooLongError(f"still running after {limit:.0f} s") from error
        finally:
            _end(process)
        self.seconds = time.monotonic() - started
        if process.returncode != 0:
            # Whatever fails because its node is gone is no finding.
            wait_for(int(urlsplit(self.url).port or 0))
        return Done(command, process.returncode, output, errors)

    def _environment(self) -> dict[str, str]:
        folder = Path(self._folder.name)
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept.setdefault("APE_DATA_FOLDER", str(ROOT / ".ape"))
        return kept | {
            "WINNOW_ARTIFACTS": self.file,
            "APE_FOUNDRY_HOST": self.url,
            "HYPOTHESIS_PROFILE": "no-shrink",
            # What fails for a mutant must not come back in the tests of the contract itself.
            "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        }


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _tail(done: Done) -> str:
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
