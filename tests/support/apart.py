"""Hooks that keep tests apart which run at the same time: in the two processes that one `make test` starts
(workers of pytest-xdist), and in other clones on the same machine.
"""

import os
from pathlib import Path
from typing import Any

import ape
import pytest
from ape.logging import logger
from xdist.scheduler import LoadFileScheduling

from tests.support.anvil import HOST, free_url

LEVEL = "winnow_log_level"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Compile before there are workers: each would do it, and write the same file."""
    ape.project.load_contracts()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """A file stays whole, since its tests share what was deployed for them. The order is that of one process:
    the many short files of tests/unit come last, and so the workers end at the same time.
    """
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """What a worker needs to know that is no option of pytest: how much Ape shall log."""
    node.workerinput[LEVEL] = logger.level


def pytest_configure(config: pytest.Config) -> None:
    """Give a worker a folder of Ape's own, beside the one for its temporary files: Ape rewrites a file there
    that says what nodes are running. A node that the caller has named cannot be the node of every worker.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return
    logger.set_level(worker[LEVEL])
    folder = Path(config.option.basetemp).with_name(f"ape-{worker['workerid']}")
    folder.mkdir(parents=True)
    ape.config.DATA_FOLDER = folder
    os.environ["APE_DATA_FOLDER"] = str(folder)
    os.environ.pop(HOST, None)


def pytest_collection_finish() -> None:
    """Choose the port of Ape's Anvil, which Ape starts as soon as this is done. By itself it takes any port,
    and if an Anvil of somebody else answers there, then that Anvil.
    """
    os.environ.setdefault(HOST, free_url())
