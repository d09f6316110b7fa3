"""The contracts of others that the gas bench compares with: packages that the bench alone installs."""

import json
from pathlib import Path
from typing import Any

from scripts._toolchain import node as nodes
from scripts._toolchain.layout import BENCH, SetupError
from scripts._toolchain.setup import alone, once


def install_peers(folder: Path = BENCH) -> None:
    """`folder`'s node_modules as its lock file says, or nothing if that is already so. SetupError if npm
    cannot.
    """
    names = tuple(str(folder / name) for name in ("package-lock.json", ".npmrc"))
    with alone():
        once(folder / "node_modules" / ".winnow.packages", names, lambda: _install(folder))


def _install(folder: Path) -> None:
    try:
        nodes.install_packages(nodes.system_node() or nodes.wheel_node(), folder)
    except SetupError as error:
        msg = (
            f"{error}\nThe contracts to compare with are installed from the network, once. Without it, "
            "`make gas ARGS=--no-peers` measures the rest."
        )
        raise SetupError(msg) from error


def peer_artifact(package: str, path: str, folder: Path = BENCH) -> dict[str, Any]:
    """A contract's artifact (`abi`, `bytecode` and more) as its project published it. SetupError if it is not
    there.
    """
    file = folder / "node_modules" / package / path
    try:
        artifact: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        msg = f"{package} is not installed, or has no {path}: `make gas` installs the version that is locked"
        raise SetupError(msg) from error
    return artifact
