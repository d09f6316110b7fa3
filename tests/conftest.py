"""What every test shares: Hypothesis profiles (HYPOTHESIS_PROFILE picks one), a snapshot, and the folder of
outside data.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

pytest_plugins = ["tests.support.apart"]

NO_SHRINK = tuple(phase for phase in Phase if phase is not Phase.shrink)

# Anvil would keep every step of every transaction, which takes ten times as long as the transaction itself.
os.environ["WINNOW_NO_STEPS"] = "1"

# No deadline: one transaction takes about 12 ms, and a busy machine takes its time.
settings.register_profile("dev", max_examples=25, deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("dev"), max_examples=100)
settings.register_profile("deep", parent=settings.get_profile("dev"), max_examples=1_000)
# Shrinking over RPC is the real cost of a failure: 117 s with it, 5 s without.
settings.register_profile("no-shrink", parent=settings.get_profile("dev"), phases=NO_SHRINK)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@contextmanager
def isolated(chain: Any) -> Iterator[None]:
    """Undo on leaving whatever the body did to the chain. Ape isolates per test, not per Hypothesis example,
    and its own isolating context swallows every exception, assertions included.
    """
    snapshot = chain.snapshot()
    try:
        yield
    finally:
        chain.restore(snapshot)


Check = Callable[[], None]
AtEnd = Callable[[Check], None]
CHECKS = pytest.StashKey[list[Check]]()


@pytest.fixture
def at_end(request: pytest.FixtureRequest) -> AtEnd:
    """Takes checks that are made as soon as the test's body is done. The end of a fixture is no place for
    them: there Ape may have put the chain back already.
    """
    return request.node.stash.setdefault(CHECKS, []).append


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Make the checks of `at_end` after a body that passed."""
    result = yield
    for check in pyfuncitem.stash.get(CHECKS, []):
        check()
    return result


@pytest.fixture(scope="session")
def winnow_data() -> Path:
    """The folder of real data sets that WINNOW_DATA names; tests that need one skip without it."""
    folder = os.environ.get("WINNOW_DATA")
    if not folder:
        pytest.skip("WINNOW_DATA names no folder of outside data")
    if not Path(folder).is_dir():
        pytest.fail(f"WINNOW_DATA names {folder}, which is not a folder")
    return Path(folder)


@pytest.fixture(scope="module")
def troupe(request: pytest.FixtureRequest) -> Any:
    """The `Troupe` of the one capability that the test's file defines, on Ape's Anvil."""
    from tests.engine.ape_project import ape_chain  # noqa: PLC0415 - most tests need no engine
    from tests.engine.catalogue import find  # noqa: PLC0415
    from tests.engine.check import Troupe  # noqa: PLC0415

    return Troupe(find(str(request.path))[0], ape_chain())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[Any]) -> None:
    """Leave installed packages out of tracebacks: Ape means to, but .venv lies inside the project."""
    if call.excinfo is not None:
        own = [entry for entry in call.excinfo.traceback if not str(entry.path).startswith(sys.prefix)]
        if own:
            call.excinfo.traceback = type(call.excinfo.traceback)(own)
