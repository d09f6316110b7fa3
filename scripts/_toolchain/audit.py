"""`make audit`: slither over forge's build. Each finding is fixed, or answered in docs/audit-answers.json;
else it fails.

An answer is {"check": slither's name of the detector, "where": "contracts/Foo.sol:Foo.bar", "answer": why it
is all right}. Lines are left out, so that an answer survives an edit elsewhere in the file; an answer to
nothing fails too.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts._toolchain.layout import AUDIT_VENV, HOME, ROOT, VENV, SetupError, bin_dir, run, say

ANSWERS = ROOT / "docs" / "audit-answers.json"
BUILD = ROOT / ".build" / "forge"
MIN_ANSWER = 20

Key = tuple[str, str]


def place(finding: dict[str, Any]) -> str:
    """The file and the contract's member that a finding is about: 'contracts/Foo.sol:Foo.bar'."""
    elements = finding["elements"]
    if not elements:
        return "?"
    first = elements[0]
    # A statement is named by the function that it stands in: its own name is its code, which may change.
    named = first["type_specific_fields"]["parent"] if first["type"] == "node" else first
    return f"{first['source_mapping']['filename_relative']}:{qualified(named)}"


def qualified(element: dict[str, Any]) -> str:
    """'Foo.bar.amount' for the argument `amount` of the function `bar` of the contract `Foo`."""
    parent = element.get("type_specific_fields", {}).get("parent")
    inside = parent is not None and parent["type"] in {"contract", "function", "struct"}
    return f"{qualified(parent)}.{element['name']}" if inside else str(element["name"])


def load_answers(path: Path = ANSWERS) -> dict[Key, str]:
    """The reviewed answers; SetupError names one that is malformed, doubled or says nothing."""
    answers: dict[Key, str] = {}
    for entry in json.loads(path.read_text(encoding="utf-8")):
        if not isinstance(entry, dict) or set(entry) != {"check", "where", "answer"}:
            msg = f"{path.name}: an answer has exactly check, where and answer, not {entry}"
            raise SetupError(msg)
        key = (entry["check"], entry["where"])
        if key in answers or len(entry["answer"]) < MIN_ANSWER:
            msg = f"{path.name}: the answer to {key} is there twice or says too little"
            raise SetupError(msg)
        answers[key] = entry["answer"]
    return answers


def compare(findings: Iterable[dict[str, Any]], answers: dict[Key, str]) -> tuple[list[str], list[str]]:
    """Descriptions of the findings without an answer, and the answers without a finding."""
    open_findings, used = [], set()
    for finding in findings:
        key = (finding["check"], place(finding))
        if key in answers:
            used.add(key)
        else:
            open_findings.append(
                f"[{finding['impact']}] {key[0]} at {key[1]}\n    {finding['description'].strip()}"
            )
    return open_findings, [f"{check} at {where}" for check, where in answers.keys() - used]


def slither() -> list[dict[str, Any]]:
    """Build with forge, in the same settings as Ape, and return what slither finds in what is deployed."""
    shutil.rmtree(BUILD, ignore_errors=True)
    say("forge build")
    run([str(bin_dir(VENV) / "forge"), "build", "--build-info", "--force"], "forge build")
    say("slither")
    command = [
        str(bin_dir(AUDIT_VENV) / "slither"),
        ".",
        "--ignore-compile",
        "--foundry-out-directory",
        ".build/forge/out",
    ]
    command += ["--filter-paths", "node_modules|contracts/mocks", "--json", "-"]
    path = os.pathsep.join([str(bin_dir(AUDIT_VENV)), str(bin_dir(VENV)), os.environ.get("PATH", os.defpath)])
    environment = os.environ | {"HOME": str(HOME), "PATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError as error:
        msg = f"slither wrote no report:\n{done.stderr[-3000:]}"
        raise SetupError(msg) from error
    if not report["success"]:
        raise SetupError(f"slither failed: {report['error']}")
    return list(report["results"].get("detectors", []))


def main() -> int:
    try:
        answers = load_answers()
        findings = slither()
    except (SetupError, OSError, ValueError) as error:
        say(str(error))
        return 1
    unanswered, idle = compare(findings, answers)
    for text in unanswered:
        print(text)
    for text in idle:
        print(f"answer without a finding (remove it): {text}")
    say(
        f"{len(findings)} findings, {len(unanswered)} to fix or to answer in docs/{ANSWERS.name}, "
        f"{len(idle)} idle answers"
    )
    return 1 if unanswered or idle else 0


if __name__ == "__main__":
    sys.exit(main())
