"""The pages keep their word: what they name exists, and what they say of tests is so."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
ROW = re.compile(r"^\| ([TR]\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)


def invariants() -> list[tuple[str, str]]:
    """(id, test) of every reference in docs/invariants.md."""
    text = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    return [
        (row[1], test) for row in ROW.finditer(text) for test in re.findall(r"`([^`]+\.py[^`]*)`", row[3])
    ]


@pytest.mark.parametrize(("identity", "reference"), invariants())
def test_invariants__each_reference__is_a_test_that_names_the_id(identity: str, reference: str) -> None:
    file, _, name = reference.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    said = ast.get_docstring(tree) or ""
    if name:
        functions = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        assert len(functions) == 1, f"{file} has no test {name}"
        said = ast.get_docstring(functions[0]) or ""
    assert re.search(rf"\b{identity}\b", said), f"{reference} does not say that it tests {identity}"


def test_invariants__every_threat__has_a_row() -> None:
    text = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    rows = {row[1]: row for row in ROW.finditer(text)}
    assert set(rows) >= {f"T{number}" for number in range(1, 65)} | {"R1", "R2", "R3", "R4", "R8", "R9"}
    unheld = {row[1] for row in rows.values() if ".py" not in row[3]}
    assert all(rows[identity][2].startswith("comes with: ") for identity in unheld)


def test_readme__is_short_and_names_only_what_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), f"the README links to {target}, which does not exist"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z ]+?)(?:  |$)", text, re.MULTILINE):
        for word in target.split():
            assert re.search(rf"^{word}:", makefile, re.MULTILINE), f"the Makefile has no target {word}"


def test_readme__tree__names_every_contract_and_script() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    contracts = [path for path in (ROOT / "contracts").rglob("*.sol") if "mocks" not in path.parts]
    scripts = [path for path in (ROOT / "scripts").glob("*.py") if not path.name.startswith("_")]
    packages = [path for path in (ROOT / "offchain").iterdir() if not path.name.startswith(("_", "py"))]
    missing = [path.stem for path in (*contracts, *scripts, *packages) if path.stem not in text]
    hooks = {"AllowlistHook", "HolderHook"}  # named by their folder
    assert set(missing) <= hooks | {"exceptions", "states"}
