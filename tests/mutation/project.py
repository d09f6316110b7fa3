"""What is mutated and what depends on it: read from the compiler's syntax trees, so that a new contract is
in without a word here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._toolchain.layout import ROOT
from tests.mutation import journal
from tests.mutation.compiler import Compiler
from tests.mutation.sites import Site, enumerate_sites
from tests.mutation.syntax import Node, grow

FOLDERS = ("contracts", "interfaces")
MOCKS = "contracts/mocks/"
# What verdicts depend on: see `Grounds`.
DECISIVE = (
    *FOLDERS,
    "offchain",
    "tests/conftest.py",
    "tests/attacks",
    "tests/behaviours",
    "tests/capabilities",
    "tests/engine",
    "tests/mutation",
    "tests/properties",
    "tests/support",
    "tests/unit",
    "ape-config.yaml",
    "package-lock.json",
)
# Test folders, those first that are about the file's folder (or, before that, the file itself).
UNIT, ATTACKS, PROPERTIES = "tests/unit", "tests/attacks", "tests/properties"
OWN_TESTS = {
    "contracts/annotation/hooks": ("hooks", "market"),
    "contracts/annotation": ("market", "access", "escrow"),
    "contracts/payments": ("escrow", "registry", "market"),
    "contracts/access": ("access", "registry", "market"),
    "contracts/datasets": ("registry",),
    "contracts/quality/adapters": ("stake_hook", "rewards", "market"),
    "contracts/quality/consensus": ("consensus", "escrow"),
    "contracts/quality/rules": ("consensus",),
    "contracts/quality": ("staking", "rewards", "reputation", "consensus", "stake_hook", "escrow"),
    "contracts/libraries": ("libraries", "consensus", "market", "registry"),
}


@dataclass(frozen=True, repr=False)
class Project:
    """Sources by name, and their trees."""

    sources: dict[str, str]
    roots: dict[str, Node]

    @property
    def files(self) -> list[str]:
        """The files that are mutated: every contract, base and library; not mocks, not interfaces."""
        return [name for name in self.sources if name.startswith("contracts/") and not name.startswith(MOCKS)]

    def sites(self) -> list[Site]:
        """All sites of all files, file by file."""
        return [site for file in self.files for site in enumerate_sites(self.roots[file])]

    def mutated(self, site: Site) -> dict[str, str]:
        """The one source that a mutant changes."""
        return {site.file: site.applied(self.sources[site.file].encode()).decode("utf-8")}

    def deployed(self, site: Site) -> dict[str, str]:
        """The contracts (name: file) whose code the file is part of, those that compile quickest first."""
        return {name: file for name, file in self._using(site.file) if not file.startswith(MOCKS)}

    def harnesses(self, site: Site) -> dict[str, str]:
        """The mocks (name: file) that show what is in the file to the unit tests."""
        return {name: file for name, file in self._using(site.file) if file.startswith(MOCKS)}

    def deployable(self) -> list[tuple[str, str]]:
        """Every contract (name, file) that some mutant is part of: the deployed ones and the harnesses."""
        return sorted({pair for file in self.files for pair in self._using(file)})

    def _using(self, file: str) -> list[tuple[str, str]]:
        """The contracts (name, file) that a file is part of, those that compile quickest first."""
        found = []
        for other in self.sources:
            reached = self._imports(other)
            if file in reached:
                names = (node.name for node in self.roots[other].children if _is_deployable(node))
                found += [(sum(map(self._size, reached)), name, other) for name in names]
        return [(name, other) for _, name, other in sorted(found)]

    def _size(self, file: str) -> int:
        return len(self.sources.get(file, ""))

    def _imports(self, file: str) -> set[str]:
        """A file and everything that it imports, by whatever way."""
        reached, waiting = set(), [file]
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            imports = (node for node in self.roots[name].children if node.kind == "ImportDirective")
            waiting += [str(node.raw["absolutePath"]) for node in imports]
        return reached

    def tests_for(self, site: Site) -> list[str]:
        """All quick test files, those first that are likeliest to fail: named after a function that reaches
        the mutated one, then of the folders about the file's folder, then the others.
        """
        reaching = {_snake(name) for name in self._entry_points(site.function_id)}
        folder = site.file.rpartition("/")[0]
        own = [f"{UNIT}/{name}/" for name in OWN_TESTS.get(folder, ())]

        def rank(file: str) -> tuple[bool, int, str]:
            named = Path(file).stem.removeprefix("test_") in reaching
            place = next((n for n, start in enumerate(own) if file.startswith(start)), len(own))
            return not named, place, file

        return sorted(quick_tests(), key=rank)

    def _entry_points(self, function_id: int) -> set[str]:
        """The names of the external and public functions that reach a function."""
        functions, callers = self._calls
        reached, waiting = set(), [function_id]
        while waiting:
            identity = waiting.pop()
            if identity in reached or identity not in functions:
                continue
            reached.add(identity)
            # Whoever calls what a function overrides may call the function.
            waiting += [*callers.get(identity, ()), *functions[identity].raw.get("baseFunctions", ())]
        return {
            functions[one].name
            for one in reached
            if functions[one].raw["visibility"] in {"external", "public"}
        }

    @cached_property
    def _calls(self) -> tuple[dict[int, Node], dict[int, set[int]]]:
        """Functions and modifiers by id, and who names each."""
        functions: dict[int, Node] = {}
        callers: dict[int, set[int]] = {}
        for root in self.roots.values():
            for function in root.walk():
                if function.kind in {"FunctionDefinition", "ModifierDefinition"}:
                    identity = int(function.raw["id"])
                    functions[identity] = function
                    for node in function.walk():
                        if "referencedDeclaration" in node.raw:
                            callers.setdefault(node.raw["referencedDeclaration"], set()).add(identity)
        return functions, callers


def load(compiler: Compiler) -> Project:
    """The project with the compiler's sources. Raises CompileError."""
    sources = {name: text.encode() for name, text in compiler.sources.items()}
    return Project(compiler.sources, grow(compiler.trees(list(compiler.sources)), sources))


def read_sources(root: Path = ROOT) -> dict[str, str]:
    """The Solidity sources of a project, by their name in it."""
    paths = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.sol"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def quick_tests(root: Path = ROOT) -> list[str]:
    """The quick part of the tests, as paths from the root."""
    folders = (UNIT, ATTACKS, PROPERTIES)
    return sorted(
        path.relative_to(root).as_posix() for folder in folders for path in (root / folder).rglob("test_*.py")
    )


class Grounds:
    """What a verdict rests on, as a digest: where that is the same, the mutant need not be tried again.

    What notices a mutant goes on noticing it, whatever tests there are beside it. What nothing noticed rests
    on everything, so a new test is tried on survivors alone.
    """

    def __init__(self, root: Path = ROOT) -> None:
        tests = set(quick_tests(root))
        files = decisive_files(root)
        self._tests = {name: digest([name], root) for name in tests}
        self._all = digest(files, root)
        self._engine = digest([name for name in files if name not in tests], root)

    def __call__(self, entry: Mapping[str, Any]) -> str:
        """The digest for an entry of the journal."""
        if entry.get("killer") == journal.ENGINE:
            return self._engine
        test = str(entry.get("found", "")).partition("::")[0]
        if entry.get("killer") == journal.UNIT and test in self._tests:
            return self._engine + self._tests[test]
        return self._all


def decisive_files(root: Path = ROOT) -> list[str]:
    """Every file that some verdict depends on, from the root."""
    found = []
    for start in DECISIVE:
        whole = root / start
        files = whole.rglob("*") if whole.is_dir() else [whole]
        found += [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    return sorted(path.relative_to(root).as_posix() for path in found)


def digest(names: Iterable[str], root: Path = ROOT) -> str:
    """SHA-256 over the names and bytes of files."""
    total = hashlib.sha256()
    for name in names:
        content = (root / name).read_bytes()
        total.update(b"%d:%s%d:" % (len(name.encode()), name.encode(), len(content)) + content)
    return total.hexdigest()


def _is_deployable(node: Node) -> bool:
    return (
        node.kind == "ContractDefinition"
        and node.raw["contractKind"] == "contract"
        and not node.raw["abstract"]
    )


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
