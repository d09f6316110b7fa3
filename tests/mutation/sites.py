"""Every place of a source where the tester can plant a bug, and the bug: deterministic, in the order of the
source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.mutation.amounts import arithmetic, bitwise, constant, deadline
from tests.mutation.conditions import forced, logical, relational, ternary, truth
from tests.mutation.effects import effect, guard, result
from tests.mutation.places import bucket, recipient, swapped
from tests.mutation.syntax import Change, File, Node

OPERATORS: dict[str, Callable[[Node], Iterable[Change]]] = {
    "relational": relational,
    "logical": logical,
    "forced-branch": forced,
    "ternary": ternary,
    "truth": truth,
    "arithmetic": arithmetic,
    "bitwise": bitwise,
    "constant": constant,
    "deadline": deadline,
    "guard": guard,
    "effect": effect,
    "result": result,
    "swapped-arguments": swapped,
    "recipient": recipient,
    "bucket": bucket,
}
# Whatever changes nothing but what an error says.
ERROR_ARGUMENT = "error-argument"
DECLARATIONS = {
    "PragmaDirective",
    "ImportDirective",
    "StructuredDocumentation",
    "StructDefinition",
    "EnumDefinition",
    "EventDefinition",
    "ErrorDefinition",
    "UsingForDirective",
    "UserDefinedValueTypeDefinition",
    "InheritanceSpecifier",
    "OverrideSpecifier",
    "InlineAssembly",
    "ParameterList",
    "ElementaryTypeName",
    "UserDefinedTypeName",
    "ArrayTypeName",
    "Mapping",
}


@dataclass(frozen=True)
class Site:
    """One mutant: a change of one place in one file."""

    file: str
    line: int
    column: int
    operator: str
    change: Change
    function: str
    function_id: int
    before: str
    after: str

    @property
    def id(self) -> str:
        """Stable while the file above stays as it is."""
        change = f"{self.change.end - self.change.start}:{self.change.text}"
        digest = hashlib.sha256(change.encode()).hexdigest()[:6]
        return f"{self.file}:{self.line}:{self.column}:{self.operator}:{digest}"

    @property
    def mutation(self) -> str:
        """The mutant in words that survive edits elsewhere in the file: function, text before and after."""
        return f"{self.function}: {self.before} => {self.after}"

    def applied(self, data: bytes) -> bytes:
        """The file with the change."""
        return data[: self.change.start] + self.change.text.encode() + data[self.change.end :]


def enumerate_sites(root: Node) -> list[Site]:
    """All sites of a file. Where two operators mean the same change, the first one has it."""
    found: dict[Change, Site] = {}
    for node, in_error in _mutable(root):
        for name, operator in OPERATORS.items():
            for change in operator(node):
                if change not in found:
                    found[change] = _site(node, ERROR_ARGUMENT if in_error else name, change)
    return list(found.values())


def _mutable(node: Node, *, in_error: bool = False) -> Iterator[tuple[Node, bool]]:
    """The nodes that do something, and whether they only say what an error says."""
    if node.kind in DECLARATIONS:
        return
    in_error = in_error or _makes_an_error(node)
    yield node, in_error
    for child in node.children:
        yield from _mutable(child, in_error=in_error)


def _makes_an_error(node: Node) -> bool:
    callee = node.callee if node.kind == "FunctionCall" else None
    return callee is not None and callee.kind == "ErrorDefinition"


def _site(node: Node, operator: str, change: Change) -> Site:
    function = node.enclosing("FunctionDefinition") or node.enclosing("ContractDefinition")
    file = node.file
    start = file.data.rfind(b"\n", 0, change.start) + 1
    end = file.data.find(b"\n", change.end)
    end = len(file.data) if end < 0 else end
    changed = file.text(start, change.start) + change.text + file.text(change.end, end)
    return Site(
        file=file.name,
        line=file.line_of(change.start),
        column=file.column_of(change.start),
        operator=operator,
        change=change,
        function=function.name if function is not None else "",
        function_id=int(function.raw["id"]) if function is not None else 0,
        before=_one_line(file.text(start, end)),
        after=_one_line(changed),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def source_of(file: File, site: Site) -> str:
    """The text of the mutated file."""
    return site.applied(file.data).decode("utf-8")
