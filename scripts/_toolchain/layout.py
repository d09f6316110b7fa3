"""Where everything of the project's own environment lies, and the one way in which commands are run there."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
AUDIT_VENV = ROOT / ".venv-audit"
TRUTH_VENV = ROOT / ".venv-truth"
NODE_MODULES = ROOT / "node_modules"
BENCH = ROOT / "tests" / "bench"  # what the gas bench compares with
CACHE = ROOT / ".cache"
HOME = CACHE / "home"  # HOME of the tools that would write into the user's
STAMP = VENV / "winnow.stamp"
SOLC_VERSION = "0.8.37"
SOLC = VENV / "solcx" / f"solc-v{SOLC_VERSION}"
MIN_NODE = 20


class SetupError(Exception):
    """Something the person at the keyboard can mend; the message says how."""


def say(message: str) -> None:
    print(f"winnow: {message}", file=sys.stderr, flush=True)


def environment(**extra: str) -> dict[str, str]:
    """The user's environment (proxies and mirrors stay), with every cache moved into the project's folder."""
    moved = {
        "PIP_NO_CACHE_DIR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
    }
    # A PYTHONHOME or PYTHONPATH of the caller would leak foreign packages into the environment.
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    return kept | moved | extra


def run(command: list[str], what: str, *, folder: Path = ROOT, **extra: str) -> str:
    """Run `command` in `folder` and return its stdout; on failure show what it said and raise
    SetupError.
    """
    done = subprocess.run(
        command, cwd=folder, env=environment(**extra), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        msg = (
            f"{what} failed (exit {done.returncode}):\n{tail}\nMend the cause and run the same command again."
        )
        raise SetupError(msg)
    return done.stdout


def bin_dir(venv: Path) -> Path:
    return venv / "bin"


def python_of(venv: Path) -> Path:
    return bin_dir(venv) / "python"


def purelib_of(venv: Path) -> Path:
    """The site-packages of an environment, as its own Python names it."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(run([str(python_of(venv)), "-I", "-c", code], "python").strip())


def write_script(path: Path, text: str) -> None:
    """Write an executable file in one step, so that an interrupted set-up leaves no half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o755)
    draft.replace(path)
