"""One stage for all stateful tests of a module, and a line at the end that says how much was tried."""

import os

import pytest

from tests.stateful.cast import set_stage
from tests.stateful.chain import Reader
from tests.stateful.twin import STEPS, seconds_spent


@pytest.fixture(scope="module")
def stage(networks):
    return set_stage()


@pytest.fixture(scope="module")
def reader():
    return Reader()


def pytest_terminal_summary(terminalreporter):
    """Steps per second and share of success; with STATEFUL_TABLE=1 how often each function ended how."""
    steps = STEPS.total()
    if not steps:
        return
    succeeded = sum(count for (_, error), count in STEPS.items() if error == "ok")
    errors = {error for _, error in STEPS if error != "ok"}
    terminalreporter.write_line(
        f"stateful: {steps} steps compared, {steps / seconds_spent():.0f} a second, "
        f"{100 * succeeded / steps:.0f} % succeeded, {len(errors)} different errors"
    )
    if os.environ.get("STATEFUL_TABLE"):
        for (function, error), count in sorted(STEPS.items()):
            terminalreporter.write_line(f"{count:8}  {function:20} {error}")
