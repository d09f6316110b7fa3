"""`make lint`: every check runs, then all that failed are named."""

import os
import subprocess
import sys

from scripts._toolchain.layout import HOME, NODE_MODULES, ROOT, VENV, bin_dir, say

PYTHON_SOURCES = ("offchain", "scripts", "tests")
SOLIDITY_SOURCES = ("contracts", "interfaces", "tests/bench/contracts")


def existing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if (ROOT / name).is_dir()]


def checks() -> dict[str, list[str]]:
    """The command of each check, by its name."""
    binaries = bin_dir(VENV)
    python, solidity = existing(PYTHON_SOURCES), existing(SOLIDITY_SOURCES)
    ruff, forge, node = (str(binaries / name) for name in ("ruff", "forge", "node"))
    solhint = [
        node,
        str(NODE_MODULES / "solhint" / "solhint.js"),
        "--disc",
        "--noPoster",
        "--max-warnings",
        "0",
    ]
    return {
        "ruff check": [ruff, "check", *python],
        "ruff format": [ruff, "format", "--check", *python],
        "mypy": [str(binaries / "mypy"), "--strict", *existing(("offchain",))],
        "solhint": [*solhint, *(f"{folder}/**/*.sol" for folder in solidity)],
        "forge fmt": [forge, "fmt", "--check", *solidity],
    }


def main(chosen: list[str]) -> int:
    # solhint and ruff would keep state in HOME; nothing is written outside the project.
    environment = os.environ | {"HOME": str(HOME)}
    failed = []
    for name, command in checks().items():
        if chosen and name not in chosen:
            continue
        say(name)
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
            failed.append(name)
    if failed:
        say(f"failed: {', '.join(failed)} (`make format` mends layout)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
