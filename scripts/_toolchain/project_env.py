"""Runs at the start of every Python of the project's environment (`make setup` puts a copy beside a .pth file
there).

It makes `ape` work offline however it is started (`.venv/bin/ape`, an activated shell, `python -m ape`,
pytest, an editor): the pinned solc and Anvil are found, caches stay in the project, and Ape's cached build is
forgotten when anything that the bytecode depends on has changed. Ape by itself recompiles only the file that
was edited, not the ones that import it.

Ape's data folder (accounts) is left alone: typed by hand, `ape` uses the person's own; make exports `.ape` of
the project.
"""

import contextlib
import hashlib
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

FOLDERS = ("contracts", "interfaces")
FILES = ("ape-config.yaml", "package-lock.json", "requirements.lock", "scripts/_toolchain/solc.js")
BUILD = Path(".build/__local__.json")
STAMP = Path(".build/sources.sha256")
PACKAGES = ("offchain", "scripts")


def sources_digest(project: Path, solc: Path) -> str:
    """SHA-256 over the name and the bytes of everything that decides the bytecode of `project`."""
    paths = [project / name for name in FILES] + [solc]
    for folder in FOLDERS:
        paths += sorted(path for path in (project / folder).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        name = os.path.relpath(path, project).encode()
        digest.update(b"%d:%s%d:" % (len(name), name, len(content)) + content)
    return digest.hexdigest()


def forget_stale_build(project: Path, solc: Path) -> bool:
    """Delete Ape's cached build of `project` if its sources are not the ones it was made from; tell whether
    it was.
    """
    digest, stamp = sources_digest(project, solc), project / STAMP
    if stamp.is_file() and stamp.read_text() == digest:
        return False
    # The build goes first: interrupted between the two, the next run deletes once more instead of trusting a
    # stale build.
    (project / BUILD).unlink(missing_ok=True)
    stamp.parent.mkdir(exist_ok=True)
    draft = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    draft.write_text(digest)
    draft.replace(stamp)
    return True


def project_of(folder: Path) -> Path | None:
    """The nearest folder upwards that holds an ape-config.yaml."""
    return next((path for path in (folder, *folder.parents) if (path / "ape-config.yaml").is_file()), None)


class WatchApe:
    """A finder that finds nothing: it waits for the first `import ape`, whoever does it, and checks the build
    just before.
    """

    def __init__(self, root: Path, solc: Path) -> None:
        self.root, self.solc = root, solc

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if name != "ape":
            return
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        try:
            self.check(Path.cwd())
        except OSError as error:
            message = f"could not check for a stale build ({error}); use `ape compile --force`"
            print(f"winnow: {message}", file=sys.stderr)

    def check(self, cwd: Path) -> None:
        here = project_of(cwd)
        for project in {self.root, here or self.root}:
            if (project / "ape-config.yaml").is_file():
                forget_stale_build(project, self.solc)
        if here == self.root != cwd:
            print(f"winnow: Ape works in the folder it is started from: cd {self.root}", file=sys.stderr)


class ProjectPackages:
    """Finds the project's own packages from any folder, after everything else failed to.

    A line with the root in a .pth file would not do: `ape run` takes the root off `sys.path` after it has
    loaded a script, and imports within the script's functions would fail.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        return PathFinder.find_spec(name, [str(self.root)]) if name in PACKAGES else None


def activate(venv: Path) -> None:
    """Point this process and its children to the tools and caches of the project that `venv` belongs to."""
    root, binaries = venv.parent, str(venv / "bin")
    # The compiler is pinned like every other package, so a variable of the user does not replace it.
    os.environ["SOLCX_BINARY_PATH"] = str(venv / "solcx")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(root / ".cache" / "numba"))
    search = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if search[0] != binaries:  # ape-foundry finds Anvil by PATH alone
        os.environ["PATH"] = os.pathsep.join([binaries, *(part for part in search if part != binaries)])
    solc = next(iter(sorted((venv / "solcx").glob("solc-v*"))), venv / "solcx" / "missing")
    sys.meta_path.insert(0, WatchApe(root, solc))
    sys.meta_path.append(ProjectPackages(root))
