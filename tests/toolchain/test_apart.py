"""
Processes of tests that run at the same time
├── each has an Anvil that it started itself, at a port where nobody listened
├── a worker has a folder of Ape's own, and not the node that the caller named
└── files stay whole, in the order of one process
"""

import os
import socket
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import ape
import pytest
from ape.logging import logger

from tests.support import anvil, apart


def listening(stack: ExitStack) -> int:
    """A port where somebody listens as long as the stack lasts."""
    taken = stack.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken.getsockname()[1]


def test_anvil_of_the_tests__was_started_by_them(chain) -> None:
    process = chain.provider.process
    if process is None:
        pytest.skip("the caller named a node")
    assert process.poll() is None
    assert chain.provider.uri == os.environ[anvil.HOST]
    assert anvil.own_anvil()[anvil.HOST] != os.environ[anvil.HOST]


def test_data_of_ape__in_a_worker__lies_beside_its_temporary_files(request, tmp_path_factory) -> None:
    worker = getattr(request.config, "workerinput", None)
    if worker is None:
        pytest.skip("there is one process only")
    folder = tmp_path_factory.getbasetemp().with_name(f"ape-{worker['workerid']}")
    assert ape.config.DATA_FOLDER == folder == Path(os.environ["APE_DATA_FOLDER"])
    assert ape.networks.running_nodes.path.is_relative_to(folder)


def test_free_port__one_that_is_taken__is_not_chosen(monkeypatch) -> None:
    with ExitStack() as stack:
        taken = [listening(stack) for _ in range(20)]
        with ExitStack() as brief:
            free = listening(brief)
        monkeypatch.setattr(anvil, "PORTS", [*taken, free])
        assert {anvil.free_port() for _ in range(20)} == {free}


def test_configure__worker__gets_folder_level_and_no_named_node(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(ape.config, "DATA_FOLDER", ape.config.DATA_FOLDER)
    monkeypatch.setenv("APE_DATA_FOLDER", "the caller's")
    monkeypatch.setenv(anvil.HOST, "http://127.0.0.1:8545")
    option = SimpleNamespace(basetemp=str(tmp_path / "popen-gw7"))
    apart.pytest_configure(SimpleNamespace(option=option))
    assert os.environ["APE_DATA_FOLDER"] == "the caller's"
    told = {"workerid": "gw7", apart.LEVEL: logger.level}
    apart.pytest_configure(SimpleNamespace(option=option, workerinput=told))
    assert os.environ["APE_DATA_FOLDER"] == str(ape.config.DATA_FOLDER) == str(tmp_path / "ape-gw7")
    assert ape.config.DATA_FOLDER.is_dir()
    assert anvil.HOST not in os.environ


def test_node__is_told_how_much_to_log() -> None:
    node = SimpleNamespace(workerinput={})
    apart.pytest_configure_node(node)
    assert node.workerinput == {apart.LEVEL: logger.level}


def test_scheduler__whatever_was_asked_for__keeps_files_whole_and_their_order(pytestconfig) -> None:
    option = SimpleNamespace(loadscopereorder=True, dist="load", tx=["popen"], maxschedchunk=None)
    config = SimpleNamespace(option=option, getvalue=vars(option).get)
    scheduler = apart.pytest_xdist_make_scheduler(config, None)
    assert scheduler._split_scope("tests/a.py::A::test_b[c]") == "tests/a.py"
    assert not scheduler.config.option.loadscopereorder


def test_collection_finish__node_of_the_caller__stays(monkeypatch) -> None:
    monkeypatch.setenv(anvil.HOST, "http://127.0.0.1:8545")
    apart.pytest_collection_finish()
    assert os.environ[anvil.HOST] == "http://127.0.0.1:8545"
    monkeypatch.delenv(anvil.HOST)
    apart.pytest_collection_finish()
    assert int(os.environ[anvil.HOST].rpartition(":")[2]) in anvil.PORTS
