"""`make setup`: install what the lock files name into .venv and node_modules, or do nothing if that is
already so.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scripts._toolchain import node as nodes
from scripts._toolchain.layout import (
    AUDIT_VENV,
    CACHE,
    HOME,
    NODE_MODULES,
    ROOT,
    SOLC,
    SOLC_VERSION,
    STAMP,
    TRUTH_VENV,
    VENV,
    SetupError,
    bin_dir,
    purelib_of,
    python_of,
    run,
    say,
    write_script,
)

INPUTS = (
    "requirements.lock",
    "requirements-build.lock",
    "requirements-node.lock",
    "package-lock.json",
    ".npmrc",
)
EXTRAS = {"audit": AUDIT_VENV, "truth": TRUTH_VENV}
OLDEST, NEWEST = (3, 11), (3, 13)

# Ape has Anvil keep every step of every transaction, with the memory at that step, and has no setting for it.
# Who dumps the state of long transactions does without: WINNOW_NO_STEPS=1 leaves that option out.
WITHOUT_STEPS = """if [ -n "$WINNOW_NO_STEPS" ]; then
    for option; do shift; [ "$option" = --steps-tracing ] || set -- "$@" "$option"; done
fi
"""


def digest_of(names: Iterable[str]) -> str:
    """SHA-256 over files of the project, and over the Python and the absolute path that an environment is
    made for.
    """
    digest = hashlib.sha256(
        f"{platform.python_version()} {sys.base_prefix} {platform.machine()} {ROOT}".encode()
    )
    for name in names:
        digest.update(name.encode() + hashlib.sha256((ROOT / name).read_bytes()).digest())
    return digest.hexdigest()


def fingerprint(names: tuple[str, ...]) -> str:
    """What an installed environment depends on: its lock files and this code."""
    code = sorted((ROOT / "scripts" / "_toolchain").glob("*.*"))
    return digest_of([*names, *(str(path.relative_to(ROOT)) for path in code)])


def ready(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted and python_of(stamp.parent).exists()


def check_python() -> None:
    version = sys.version_info[:2]
    if version < OLDEST:
        found = platform.python_version()
        msg = f"Python {found} is too old: 3.11, 3.12 or 3.13 is needed (make PYTHON=python3.12 …)"
        raise SetupError(msg)
    if version > NEWEST:
        say(f"Python {platform.python_version()} was not tried; make PYTHON=python3.13 … picks one that was")
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        msg = f"{sys.executable} cannot make virtual environments: install python3-venv and try again"
        raise SetupError(msg)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time; a second one waits, then finds the work done."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_venv(venv: Path) -> None:
    """A fresh environment unless the one that is there runs on this very Python, from this very folder."""
    mark, origin = venv / "winnow.origin", f"{platform.python_version()} {sys.base_prefix} {ROOT}"
    if mark.is_file() and mark.read_text() == origin and python_of(venv).exists():
        return
    say(f"making {venv.name} with Python {platform.python_version()}")
    shutil.rmtree(venv, ignore_errors=True)
    # Started from an activated shell, `sys.executable` is the environment that was just removed.
    base: str = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", str(venv)], "python -m venv")
    mark.write_text(origin)


def once(mark: Path, names: tuple[str, ...], install: Callable[[], None]) -> None:
    """Call `install` unless `mark` says that it was already done for these very lock files."""
    wanted = digest_of(names)
    if mark.is_file() and mark.read_text() == wanted:
        return
    mark.unlink(missing_ok=True)
    install()
    mark.write_text(wanted)


def pip_install(venv: Path, *locks: str) -> None:
    """Install lock files in their order: exact versions, hashes checked, nothing built with an unpinned build
    tool.
    """
    for lock in locks:
        say(f"installing {lock} into {venv.name}")
        options = ["--quiet", "--require-hashes", "--no-deps", "--no-build-isolation", "--no-input"]
        run(
            [str(python_of(venv)), "-m", "pip", "install", *options, "-r", str(ROOT / lock)],
            f"pip install -r {lock}",
        )


def write_launchers(node: nodes.Node) -> None:
    """solc, Anvil and forge of this project, by absolute path, so that no PATH is needed."""
    script = nodes.launcher_script()
    version = run(
        [str(node.node), str(script), "--version"], "solc --version", WINNOW_SOLC=SOLC_VERSION
    ).strip()
    shutil.rmtree(SOLC.parent, ignore_errors=True)
    # Ape asks for the version twice per compile: the answer is kept here, which saves starting the compiler
    # for it.
    answer = f"if [ \"$1\" = --version ]; then cat <<'VERSION'\n{version}\nVERSION\nexit; fi\n"
    start = f'WINNOW_SOLC={SOLC_VERSION} exec "{node.node}" "{script}" "$@"\n'
    write_script(SOLC, f"#!/bin/sh\n{answer}{start}")
    HOME.mkdir(parents=True, exist_ok=True)
    for name, before in (("anvil", WITHOUT_STEPS), ("forge", "")):
        # Both keep caches in HOME and have no setting for it.
        program = NODE_MODULES / ".bin" / name
        write_script(bin_dir(VENV) / name, f'#!/bin/sh\n{before}HOME="{HOME}" exec "{program}" "$@"\n')
    link = bin_dir(VENV) / "node"
    link.unlink(missing_ok=True)
    link.symlink_to(node.node)


def write_hook() -> None:
    """project_env.py, and the .pth file that starts it with every Python of the environment."""
    purelib = purelib_of(VENV)
    shutil.copyfile(Path(__file__).with_name("project_env.py"), purelib / "winnow_project_env.py")
    start = "import sys, pathlib, winnow_project_env; winnow_project_env.activate(pathlib.Path(sys.prefix))"
    (purelib / "winnow_project_env.pth").write_text(f"{start}\n", encoding="utf-8")


def install() -> None:
    """Everything that `make demo`, `make test` and `make lint` need. Safe to interrupt and to start again."""
    STAMP.unlink(missing_ok=True)
    make_venv(VENV)
    node = nodes.system_node()
    locks: tuple[str, ...] = ("requirements-build.lock", "requirements.lock")
    if node is None:
        locks = ("requirements-node.lock", *locks)
    once(VENV / "winnow.packages", locks, lambda: pip_install(VENV, *locks))
    node = node or nodes.wheel_node()
    once(
        NODE_MODULES / ".winnow.packages",
        ("package-lock.json", ".npmrc"),
        lambda: nodes.install_packages(node),
    )
    if missing := nodes.check_binaries():
        machine = f"{platform.system()} {platform.machine()}"
        msg = f"no {' or '.join(missing)} for {machine}: the npm lock is complete for Linux x64 only"
        raise SetupError(msg)
    write_launchers(node)
    write_hook()


def setup() -> None:
    wanted = fingerprint(INPUTS)
    if ready(STAMP, wanted):
        return
    check_python()
    with alone():
        if not ready(STAMP, wanted):
            install()
            STAMP.write_text(wanted)
            say("ready: . .venv/bin/activate, then `ape test` or `ape run --help`")


def setup_extra(name: str) -> None:
    """The tools of one target, in an environment of their own: they need other versions of packages."""
    venv = EXTRAS[name]
    names, stamp = ("requirements-build.lock", f"requirements-{name}.lock"), venv / "winnow.stamp"
    wanted = fingerprint(names)
    if ready(stamp, wanted):
        return
    with alone():
        make_venv(venv)
        pip_install(venv, *names)
        stamp.write_text(wanted)


def main(arguments: list[str]) -> int:
    try:
        setup()
        for name in arguments:
            setup_extra(name)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; run the same command again to go on")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
