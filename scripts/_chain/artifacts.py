"""What Ape compiled: creation and runtime code, ABI, compiler settings, and the commit it was made from."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("contracts", "interfaces", "ape-config.yaml", "package-lock.json")


@dataclass(frozen=True)
class Artifact:
    """A compiled contract; codes are bytes without constructor arguments."""

    name: str
    container: Any
    creation: bytes
    runtime: bytes
    abi: list[dict[str, Any]]


def artifact(name: str) -> Artifact:
    """The compiled contract of that name; Ape compiles first whatever is stale."""
    from ape import project  # noqa: PLC0415 - compiles

    container = getattr(project, name)
    kind = container.contract_type
    abi = [json.loads(item.model_dump_json(by_alias=True, exclude_none=True)) for item in kind.abi]
    return Artifact(name, container, _code(kind.deployment_bytecode), _code(kind.runtime_bytecode), abi)


def compile_anew() -> None:
    """What goes to a network that others use is compiled from the sources as they are, never from a cache."""
    from ape import project  # noqa: PLC0415

    project.load_contracts(use_cache=False)


def compiler_settings() -> dict[str, Any]:
    """Version and settings of the compiler, as a verifier needs them."""
    from ape import project  # noqa: PLC0415

    chosen = project.config.get_config("solidity")
    return {
        "name": "solc",
        "version": str(chosen.version),
        "evm_version": chosen.evm_version,
        "optimizer": {"enabled": bool(chosen.optimize), "runs": int(chosen.optimization_runs)},
        "via_ir": bool(chosen.via_ir),
    }


@lru_cache(maxsize=1)
def commit() -> str:
    """The commit of the sources, with `-dirty` where they differ from it; empty outside a repository."""
    git = shutil.which("git")
    if git is None:
        return ""

    def ask(*arguments: str) -> str | None:
        done = subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    head = ask("rev-parse", "HEAD")
    if head is None:
        return ""
    return f"{head}-dirty" if ask("status", "--porcelain", "--", *SOURCES) else head


def _code(code: Any) -> bytes:
    text = str(code.bytecode if code else "")
    if "__$" in text or not text:
        raise click.ClickException(
            "a contract without code of its own, or with open links, cannot be deployed"
        )
    return bytes.fromhex(text.removeprefix("0x"))
