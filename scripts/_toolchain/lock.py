"""`make lock` (maintainers): write every lock file anew from the *.in files and the package.json files.

uv resolves for all supported Pythons at once. It is installed into an environment of its own in .cache,
unpinned: it decides what is locked, and is no part of what is locked. Read the diff before you commit it.
"""

import os
import shutil
import sys
from pathlib import Path

from scripts._toolchain import node as nodes
from scripts._toolchain.layout import BENCH, CACHE, ROOT, SetupError, bin_dir, run, say

LOCKS = (
    "requirements",
    "requirements-node",
    "requirements-build",
    "requirements-audit",
    "requirements-truth",
)


def lock_npm(home: Path) -> None:
    """`home`'s package-lock.json, made in an empty folder: beside node_modules npm would leave hashes out."""
    say(str((home / "package-lock.json").relative_to(ROOT)))
    folder = CACHE / "npm-lock"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", ".npmrc"):
        shutil.copy(home / name, folder / name)
    node = nodes.system_node() or nodes.wheel_node()
    path = f"{node.node.parent}:{os.environ.get('PATH', os.defpath)}"
    run(
        [*node.npm, "install", "--package-lock-only", "--ignore-scripts"],
        "npm install",
        folder=folder,
        PATH=path,
    )
    shutil.copy(folder / "package-lock.json", home / "package-lock.json")


def main() -> int:
    uv_venv = CACHE / "uv"
    try:
        run([sys.executable, "-m", "venv", str(uv_venv)], "python -m venv")
        run([str(bin_dir(uv_venv) / "pip"), "install", "--quiet", "uv"], "pip install uv")
        compile_ = [
            str(bin_dir(uv_venv) / "uv"),
            "--cache-dir",
            str(CACHE / "uv-cache"),
            "pip",
            "compile",
            "--quiet",
        ]
        # No header: it would print this command. No index: none may stand in the files.
        compile_ += [
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-header",
            "--upgrade",
        ]
        for name in LOCKS:
            say(f"{name}.lock")
            overrides = f"{name}.overrides"
            override = ["--override", overrides] if (ROOT / overrides).is_file() else []
            files = ["-o", f"{name}.lock", f"{name}.in"]
            run([*compile_, *override, *files], f"locking {name}.in", XDG_DATA_HOME=str(CACHE / "uv-data"))
        for home in (ROOT, BENCH):
            lock_npm(home)
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
