"""Ape alone recompiles only the file that was edited. Here the importers of an edited file are compiled
anew, whichever way Ape is started: the environment's hook (scripts/_toolchain/project_env.py) forgets a stale
build.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts._toolchain import project_env
from tests.support.anvil import own_anvil

BIN = Path(sys.prefix) / "bin"
HEADER = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"
BODY = "function number() internal pure returns (uint256) { return 2; }"
LIBRARY = HEADER + f"library Lib {{ {BODY} }}\n"
INTERFACE = HEADER + "interface IVault { function number() external pure returns (uint256); }\n"
VAULT = HEADER + (
    'import {Lib} from "./Lib.sol";\nimport {IVault} from "../interfaces/IVault.sol";\n'
    "contract Vault is IVault {\n"
    "    function number() external pure returns (uint256) { return Lib.number(); }\n}\n"
)
CONFIG = "solidity: {version: 0.8.37, evm_version: cancun, optimize: true, optimization_runs: 200}\n"
CONFIG += "foundry: {host: auto}\nethereum: {local: {default_provider: foundry}}\n"
TEST = "def test_number(accounts, project):\n    assert accounts[0].deploy(project.Vault).number() == 3\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A project of a library, an interface, and a contract that imports both; its path has a space in it."""
    root = tmp_path / "a project"
    write(root / "contracts/Lib.sol", LIBRARY)
    write(root / "contracts/Vault.sol", VAULT)
    write(root / "interfaces/IVault.sol", INTERFACE)
    write(root / "ape-config.yaml", CONFIG)
    write(root / "tests/test_vault.py", TEST)
    return root


def ape(root: Path, *arguments: str, program: tuple[str, ...] = (str(BIN / "ape"),)) -> tuple[int, str]:
    """Exit code and output of Ape, started in `root`."""
    environment = own_anvil() | {"APE_DATA_FOLDER": str(root / ".ape"), "HOME": str(root / "home")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [*program, *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def bytecode(root: Path) -> str:
    build = json.loads((root / ".build/__local__.json").read_text())
    return build["contractTypes"]["Vault"]["deploymentBytecode"]["bytecode"]


def test_ape__edited_library_setting_and_interface__reach_the_importer(tiny: Path) -> None:
    assert ape(tiny, "compile")[0] == 0
    first = bytecode(tiny)

    write(tiny / "contracts/Lib.sol", LIBRARY.replace("return 2", "return 3"))
    code, output = ape(tiny, "test")  # its test wants 3
    assert code == 0, output
    second = bytecode(tiny)
    assert second != first

    write(tiny / "contracts/Lib.sol", LIBRARY.replace("return 2", "return 4"))
    code, output = ape(tiny, program=(str(BIN / "python"), "-c", "import ape; ape.project.load_contracts()"))
    assert code == 0, output
    third = bytecode(tiny)
    assert third not in {first, second}

    write(tiny / "ape-config.yaml", CONFIG.replace("optimize: true", "optimize: false"))
    code, output = ape(tiny, "compile")
    assert code == 0, output
    assert bytecode(tiny) != third

    write(tiny / "interfaces/IVault.sol", INTERFACE.replace("number()", "amount()"))
    code, output = ape(tiny, "compile")
    assert code != 0, output
    assert "Vault" in output


@pytest.fixture
def built(tiny: Path) -> Callable[[], bool]:
    """Pretends a build, and tells whether the hook forgets it."""
    solc = tiny / "solc-v0.8.37"
    write(solc, "#!/bin/sh\n")
    write(tiny / "package-lock.json", "{}")
    write(tiny / "requirements.lock", "")

    def forgets() -> bool:
        build = tiny / project_env.BUILD
        write(build, "{}")
        forgot = project_env.forget_stale_build(tiny, solc)
        assert build.exists() is not forgot
        return forgot

    assert forgets()
    return forgets


def test_forget_stale_build__nothing_changed__keeps_the_build(built: Callable[[], bool]) -> None:
    assert [built(), built()] == [False, False]


@pytest.mark.parametrize(
    "name",
    [
        "contracts/Lib.sol",
        "contracts/new/Base.sol",
        "interfaces/IVault.sol",
        "ape-config.yaml",
        "package-lock.json",
        "requirements.lock",
        "solc-v0.8.37",
    ],
)
def test_forget_stale_build__changed_input__forgets(tiny: Path, built: Callable[[], bool], name: str) -> None:
    write(tiny / name, "something else")
    assert [built(), built()] == [True, False]


def test_forget_stale_build__file_moved_or_removed__forgets(tiny: Path, built: Callable[[], bool]) -> None:
    (tiny / "contracts/Lib.sol").rename(tiny / "contracts/Library.sol")
    assert built()
    (tiny / "contracts/Library.sol").unlink()
    assert built()


def test_forget_stale_build__bytes_moved_between_files__forgets(
    tiny: Path, built: Callable[[], bool]
) -> None:
    # A digest of the bare bytes would not see it.
    write(tiny / "contracts/Lib.sol", LIBRARY + VAULT)
    write(tiny / "contracts/Vault.sol", "")
    assert built()


def test_project_of__from_a_sub_folder__finds_the_project(tiny: Path) -> None:
    assert project_env.project_of(tiny / "contracts") == tiny
    assert project_env.project_of(tiny.parent) is None
