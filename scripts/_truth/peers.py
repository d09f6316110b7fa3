"""Majority vote and Dawid-Skene of crowd-kit, which lives in an environment of its own."""

import json
import os
import subprocess
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from scripts._toolchain.layout import TRUTH_VENV, SetupError, environment, purelib_of, python_of
from scripts._truth.crowd import Answers

WORKER = Path(__file__).with_name("peers_worker.py")
METHODS = ("majority", "dawid_skene")


class Peers:
    """A running crowd-kit. One process, which starts with the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def labels(self, answers: Answers, *methods: str) -> dict[str, list[int]]:
        """By method, the class of every question."""
        rows = [
            (task, worker, label) for task, given in enumerate(answers) for worker, label in given.items()
        ]
        found = self._ask({"answers": rows, "methods": methods})
        return {method: list(found[method]) for method in methods}

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _ask(self, request: dict[str, Any]) -> Any:
        process = self._process = self._process or _start()
        if process.stdin is None or process.stdout is None:
            raise SetupError("crowd-kit has no pipes")
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return _answer(process)


def crowd_kit_version() -> str:
    """Of the installed package; SetupError where there is none."""
    require_peers()
    found = list(Distribution.discover(name="crowd-kit", path=[str(purelib_of(TRUTH_VENV))]))
    return found[0].version


def require_peers() -> None:
    """Raises SetupError where the environment of crowd-kit is missing."""
    if not (TRUTH_VENV / "winnow.stamp").is_file():
        raise SetupError(f"crowd-kit is not installed in {TRUTH_VENV.name}: `make truth` installs it")


def _start() -> "subprocess.Popen[str]":
    require_peers()
    # One thread each: two processes share two cores.
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    process = subprocess.Popen(
        [os.fspath(python_of(TRUTH_VENV)), "-I", "-W", "ignore", os.fspath(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(**threads),
        text=True,
    )
    _answer(process)
    return process


def _answer(process: "subprocess.Popen[str]") -> Any:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise SetupError(f"crowd-kit ended with exit code {process.wait()}; what it said stands above")
    return json.loads(line)
