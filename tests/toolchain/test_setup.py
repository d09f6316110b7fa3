"""The lock files and what `make setup` makes of them."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts._toolchain import layout, node, setup

ROOT = layout.ROOT
LOCKS = sorted(ROOT.glob("requirements*.lock"))
SOLC_JS = node.launcher_script()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock__every_package_has_an_exact_version_and_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text()).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in lock.read_text()
    assert "--index" not in lock.read_text()


def test_locks__are_there_for_each_input() -> None:
    assert {path.stem for path in LOCKS} == {path.stem for path in ROOT.glob("requirements*.in")}


def test_core_lock__holds_what_pyproject_names() -> None:
    locked = dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^ ]+)", (ROOT / "requirements.lock").read_text()))
    for requirement in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]:
        name, _, exact = requirement.partition("==")
        name = re.split(r"[<>=]", name)[0]
        assert name in locked
        assert not exact or locked[name] == exact


@pytest.mark.parametrize("folder", [ROOT, layout.BENCH], ids=lambda path: path.name)
def test_npm_lock__has_hashes_and_no_addresses_of_packages(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    manifest = json.loads((folder / "package.json").read_text())
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for path, package in packages.items() if path)
    groups = ("dependencies", "devDependencies", "optionalDependencies")
    wanted = {name: version for group in groups for name, version in manifest.get(group, {}).items()}
    assert wanted
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_solc__one_version_everywhere() -> None:
    manifest = json.loads((ROOT / "package.json").read_text())
    assert manifest["devDependencies"]["solc"] == layout.SOLC_VERSION
    assert f"version: {layout.SOLC_VERSION}\n" in (ROOT / "ape-config.yaml").read_text()
    assert f"solc-v{layout.SOLC_VERSION}" in (ROOT / "foundry.toml").read_text()


def test_once__same_inputs__installs_once_and_again_after_a_failure(tmp_path: Path) -> None:
    mark, calls = tmp_path / "mark", []
    for _ in range(2):
        setup.once(mark, ("package.json",), lambda: calls.append("done"))
    assert calls == ["done"]

    def fail() -> None:
        raise layout.SetupError("no network")

    with pytest.raises(layout.SetupError):
        setup.once(mark, (".npmrc",), fail)
    setup.once(mark, ("package.json",), lambda: calls.append("again"))
    assert calls == ["done", "again"]


def test_ready__needs_the_stamp_of_these_inputs_and_a_python(tmp_path: Path) -> None:
    stamp = tmp_path / "winnow.stamp"
    assert not setup.ready(stamp, "x")
    stamp.write_text("x")
    assert not setup.ready(stamp, "x")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").write_text("")
    assert setup.ready(stamp, "x")
    assert not setup.ready(stamp, "y")


def test_check_python__too_old__says_which_are_good(monkeypatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(layout.SetupError, match=r"3\.11, 3\.12 or 3\.13"):
        setup.check_python()


def test_check_python__without_venv__names_the_package(monkeypatch) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(layout.SetupError, match="python3-venv"):
        setup.check_python()


def test_run__failure__shows_the_end_of_what_was_said() -> None:
    with pytest.raises(layout.SetupError, match=r"(?s)npm ci failed \(exit 3\).*no such package"):
        layout.run([sys.executable, "-c", "print('no such package'); raise SystemExit(3)"], "npm ci")


def solc(*arguments: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(layout.bin_dir(Path(sys.prefix)) / "node"), str(SOLC_JS), *arguments],
        input=stdin,
        env=os.environ | extra,
        capture_output=True,
        text=True,
        check=False,
    )


def test_solc__wrong_version__says_make_setup() -> None:
    done = solc("--version", WINNOW_SOLC="0.8.36")
    assert done.returncode == 1
    assert "make setup" in done.stderr


def test_solc__large_output_and_imports__arrive_whole(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "more").mkdir()
    (tmp_path / "more/B.sol").write_text("pragma solidity 0.8.37; contract B { }")
    body = "() public pure returns (uint) { return 1; }"
    functions = "".join(f"function f{number}{body}" for number in range(200))
    wanted = {"*": {"*": ["evm.bytecode", "metadata"], "": ["ast"]}}
    imports = 'import "B.sol"; import "C.sol";'
    source = f"pragma solidity 0.8.37; {imports} contract A is B {{ {functions} }}"
    request = {
        "language": "Solidity",
        "sources": {"A.sol": {"content": source.replace(' import "C.sol";', "")}},
        "settings": {"outputSelection": wanted},
    }
    paths = ("--standard-json", "--base-path", str(tmp_path / "base"), f"--include-path={tmp_path / 'more'}")
    done = solc(*paths, stdin=json.dumps(request))
    assert len(done.stdout) > 200_000
    assert "A" in json.loads(done.stdout)["contracts"]["A.sol"]

    request["sources"]["A.sol"]["content"] = source
    errors = json.loads(solc(*paths, stdin=json.dumps(request)).stdout)["errors"]
    assert any("File not found: C.sol" in error["message"] for error in errors)


def test_system_node__activated_shell__is_still_found(tmp_path: Path, monkeypatch) -> None:
    """The project's own link to Node comes first there, and has no npm beside it."""
    for program in (tmp_path / "venv/bin/node", tmp_path / "usr/node", tmp_path / "usr/npm"):
        layout.write_script(program, "#!/bin/sh\necho v20.1.0\n")
    monkeypatch.setattr(node, "VENV", tmp_path / "venv")
    search = f"{tmp_path / 'venv/bin'}{os.pathsep}{tmp_path / 'usr'}"
    monkeypatch.setenv("PATH", search)
    assert node.system_node() == node.Node(tmp_path / "usr/node", (str(tmp_path / "usr/npm"),))
    (tmp_path / "usr/npm").unlink()
    assert node.system_node() is None


@pytest.mark.parametrize(("value", "kept"), [("", ["--steps-tracing"]), ("1", [])])
def test_anvil__asked_for_no_steps__loses_that_option_alone(
    tmp_path: Path, value: str, kept: list[str]
) -> None:
    launcher = tmp_path / "anvil"
    layout.write_script(launcher, f"#!/bin/sh\n{setup.WITHOUT_STEPS}printf '%s\\n' \"$@\"\n")
    done = subprocess.run(
        [str(launcher), "--mnemonic", "test  test", "--steps-tracing", "--balance", "1"],
        env=os.environ | {"WINNOW_NO_STEPS": value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["--mnemonic", "test  test", *kept, "--balance", "1"]
    assert setup.WITHOUT_STEPS in (layout.bin_dir(layout.VENV) / "anvil").read_text()


def test_launchers__answer_as_ape_and_forge_ask() -> None:
    version = subprocess.run(
        [str(layout.SOLC), "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert f"Version: {layout.SOLC_VERSION}+commit." in version
    for name in ("anvil", "forge"):
        script = (layout.bin_dir(layout.VENV) / name).read_text()
        assert f'HOME="{layout.HOME}"' in script
        assert "code-size-limit" not in script
