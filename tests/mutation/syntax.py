"""The compiler's syntax tree of a file, with the text of every node: positions are the compiler's own, byte
by byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Change(NamedTuple):
    """The bytes from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass
class File:
    """A source: its name in the project and its bytes."""

    name: str
    data: bytes

    def text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf-8")

    def line_of(self, position: int) -> int:
        """The number of the line, from 1."""
        return self.data.count(b"\n", 0, position) + 1

    def column_of(self, position: int) -> int:
        """The number of the byte in its line, from 1."""
        return position - self.data.rfind(b"\n", 0, position)


@dataclass(eq=False, repr=False)
class Node:
    """A node of the tree. `role` is what it is to its parent, as the compiler names it."""

    raw: Mapping[str, Any]
    file: File
    declarations: Mapping[int, Node]
    parent: Node | None = None
    role: str = ""
    children: list[Node] = field(default_factory=list)

    def __repr__(self) -> str:  # the generated one would print the whole tree, from every node
        return f"<{self.kind} {self.name} in {self.file.name}:{self.file.line_of(self.start)}>"

    @property
    def kind(self) -> str:
        return str(self.raw["nodeType"])

    @property
    def start(self) -> int:
        return int(self.raw["src"].split(":")[0])

    @property
    def end(self) -> int:
        start, length, _ = self.raw["src"].split(":")
        return int(start) + int(length)

    @property
    def text(self) -> str:
        return self.file.text(self.start, self.end)

    @property
    def name(self) -> str:
        return str(self.raw.get("name") or self.raw.get("kind", ""))

    @property
    def type(self) -> str:
        """The type as the compiler writes it, without where the value lies."""
        words = ((self.raw.get("typeDescriptions") or {}).get("typeString") or "").split()
        return " ".join(
            word for word in words if word not in {"storage", "memory", "calldata", "ref", "pointer"}
        )

    @property
    def operator(self) -> str:
        return str(self.raw.get("operator", ""))

    def child(self, role: str) -> Node | None:
        """The one child in this role."""
        return next((child for child in self.children if child.role == role), None)

    def all(self, role: str) -> list[Node]:
        """The children in this role, in order."""
        return [child for child in self.children if child.role == role]

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in the order of the source."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        """The parent, its parent and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def enclosing(self, kind: str) -> Node | None:
        """The nearest ancestor of a kind."""
        return next((node for node in self.ancestors() if node.kind == kind), None)

    def becomes(self, text: str) -> Change:
        """The change of this node's whole text."""
        return Change(self.start, self.end, text)

    def operator_becomes(
        self, operator: str, left: str = "leftExpression", right: str = "rightExpression"
    ) -> Change:
        """The change of the operator between two operands; the compiler gives it no position of its own."""
        before, after = self.child(left), self.child(right)
        if before is None or after is None:
            raise ValueError(f"{self.kind} has no operands {left} and {right}")
        start = before.end + self.file.text(before.end, after.start).index(self.operator)
        return Change(start, start + len(self.operator), operator)

    @property
    def declaration(self) -> Node | None:
        """What an identifier, a member or a modifier refers to, where that is in the sources."""
        reference = self.raw.get("referencedDeclaration")
        return None if reference is None else self.declarations.get(reference)

    @property
    def callee(self) -> Node | None:
        """What a call calls, where that is declared in the sources."""
        expression = self.child("expression")
        while expression is not None and expression.kind == "FunctionCallOptions":
            expression = expression.child("expression")
        return expression.declaration if expression is not None else None


def grow(trees: Mapping[str, Mapping[str, Any]], sources: Mapping[str, bytes]) -> dict[str, Node]:
    """The trees of all files, by name; one knows the declarations of the others."""
    declarations: dict[int, Node] = {}
    roots = {}
    for name, raw in trees.items():
        roots[name] = Node(raw, File(name, sources.get(name, b"")), declarations)
        _fill(roots[name])
        declarations.update({node.raw["id"]: node for node in roots[name].walk() if "id" in node.raw})
    return roots


def _fill(node: Node) -> None:
    for role, value in node.raw.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and "nodeType" in part and "src" in part:
                child = Node(part, node.file, node.declarations, node, role)
                node.children.append(child)
                _fill(child)
    node.children.sort(key=lambda child: (child.start, child.end))
