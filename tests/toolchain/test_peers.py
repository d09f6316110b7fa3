"""The contracts of others that the gas bench reads. Nothing is installed here: `make gas` does that."""

import json
from pathlib import Path

import pytest

from scripts._toolchain import layout, node, peers


@pytest.fixture
def bench(tmp_path: Path, monkeypatch) -> Path:
    """A bench with a lock file, on a machine that has Node."""
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / ".npmrc").write_text("")
    monkeypatch.setattr(node, "system_node", lambda: node.Node(Path("node"), ("npm",)))
    return tmp_path


def test_install__same_lock__once(bench: Path, monkeypatch) -> None:
    calls = []

    def install(_: node.Node, folder: Path) -> None:
        (folder / "node_modules").mkdir(exist_ok=True)
        calls.append(folder)

    monkeypatch.setattr(node, "install_packages", install)
    peers.install_peers(bench)
    peers.install_peers(bench)
    assert calls == [bench]
    (bench / "package-lock.json").write_text('{"new": 1}')
    peers.install_peers(bench)
    assert calls == [bench, bench]


def test_install__npm_fails__says_how_to_do_without(bench: Path, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise layout.SetupError("npm ci failed")

    monkeypatch.setattr(node, "install_packages", fail)
    with pytest.raises(layout.SetupError, match=r"(?s)npm ci failed.*network.*make gas ARGS=--no-peers"):
        peers.install_peers(bench)


def test_artifact__there__is_read(bench: Path) -> None:
    file = bench / "node_modules/@some/peer/artifacts/A.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"abi": [], "bytecode": "0x00"}))
    assert peers.peer_artifact("@some/peer", "artifacts/A.json", bench) == {"abi": [], "bytecode": "0x00"}


def test_artifact__not_there__names_package_file_and_command(bench: Path) -> None:
    with pytest.raises(
        layout.SetupError, match=r"@some/peer is not installed, or has no A\.json: `make gas`"
    ):
        peers.peer_artifact("@some/peer", "A.json", bench)
