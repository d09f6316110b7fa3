"""The compiler, kept loaded in a process of its own: mutants are compiled in memory, the work tree stays as
it is.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scripts._toolchain.layout import ROOT, VENV, bin_dir

SERVER = Path(__file__).with_name("compiler.js")
# The memory of a WebAssembly instance only ever grows.
COMPILES_A_PROCESS = 60


class CompileError(Exception):
    """The sources do not compile; the message is the compiler's own first one."""


class TooDeepError(CompileError):
    """The settings cannot arrange the stack; those of the project, which optimise more, may."""


class CompilerCrash(Exception):  # noqa: N818 - reads as what happened
    """The compiler's process ended."""


@cache
def project_settings() -> dict[str, Any]:
    """The settings of ape-config.yaml, as the compiler takes them. No hash of the sources is appended, so
    that equal code is equal bytes.
    """
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text(encoding="utf-8"))["solidity"]
    return {
        "evmVersion": config["evm_version"],
        "viaIR": config["via_ir"],
        "optimizer": {"enabled": config["optimize"], "runs": config["optimization_runs"]},
        "remappings": config["import_remapping"],
        "metadata": {"appendCBOR": False},
    }


def quick_settings() -> dict[str, Any]:
    """The settings that mutants are compiled with: the project's pipeline with one short pass of the
    optimizer over Yul and none over assembly.

    Measured on the market, the project's settings take 2.2 times as long, no pass at all 1.1 times. The
    pipeline without Yul cannot compile the market (its stack is too deep), and the order in which it
    evaluates is another. A few contracts are too deep for these settings, too (`TooDeepError`). What comes
    out is twice as large, so it needs an Anvil without EIP-170, and costs more gas, so the one test of the
    unit tests that is about gas at scale does not hold for it (`stages.ABOUT_GAS`); all others hold as for
    the project's own bytecode, which every campaign checks.
    """
    passes = dict.fromkeys(
        (
            "peephole",
            "inliner",
            "jumpdestRemover",
            "orderLiterals",
            "deduplicate",
            "cse",
            "constantOptimizer",
        ),
        False,
    )
    steps = {"stackAllocation": True, "optimizerSteps": "dhfoDgvulfnTUtnIf:fDnTOcmu"}
    details = {**passes, "yul": True, "yulDetails": steps}
    return project_settings() | {"optimizer": {"enabled": False, "details": details}}


class Compiler:
    """Compiles from the sources that it is given (name: text), and from the installed packages."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self._process: subprocess.Popen[str] | None = None
        self._compiled = 0

    def close(self) -> None:
        """End the process; the next request starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def code(
        self, contracts: Mapping[str, str], changed: Mapping[str, str], settings: Mapping[str, Any]
    ) -> dict[str, str]:
        """Creation bytecode, in hexadecimal, of contracts (name: file) with some sources changed. Raises
        CompileError.
        """
        wanted = {file: {name: ["evm.bytecode.object"]} for name, file in contracts.items()}
        output = self._compile(wanted, changed, settings)
        codes = output["contracts"]
        return {
            name: "0x" + codes[file][name]["evm"]["bytecode"]["object"] for name, file in contracts.items()
        }

    def trees(self, files: list[str]) -> dict[str, dict[str, Any]]:
        """The syntax trees of files and of everything that they import, by name. Raises CompileError."""
        wanted = {file: {"": ["ast"]} for file in files}
        output = self._compile({"*": {"": ["ast"]}} | wanted, {}, project_settings())
        return {name: source["ast"] for name, source in output["sources"].items()}

    def _compile(
        self, wanted: Mapping[str, Any], changed: Mapping[str, str], settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        sources = {file: {"content": changed.get(file, self.sources[file])} for file in wanted if file != "*"}
        standard = {
            "language": "Solidity",
            "sources": sources,
            "settings": dict(settings) | {"outputSelection": wanted},
        }
        output: dict[str, Any] = self._ask({"input": standard, "changed": dict(changed)})
        errors = [error for error in output.get("errors", []) if error["severity"] == "error"]
        if errors:
            message = errors[0].get("formattedMessage", errors[0]["message"]).strip()
            raise (TooDeepError if "too deep" in message.lower() else CompileError)(message)
        return output

    def _ask(self, request: Mapping[str, Any]) -> Any:
        self._compiled += 1
        if self._compiled % COMPILES_A_PROCESS == 0:
            self.close()
        if self._process is None:
            command = [str(bin_dir(VENV) / "node"), str(SERVER)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
            self._exchange(self._process, {"keep": self.sources})
        return self._exchange(self._process, request)

    @staticmethod
    def _exchange(process: subprocess.Popen[str], request: Mapping[str, Any]) -> Any:
        if process.stdin is None or process.stdout is None:
            raise CompilerCrash("the compiler has no pipes")
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise CompilerCrash(f"the compiler ended with exit code {process.wait()}")
        return json.loads(line)
