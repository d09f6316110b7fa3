"""Mutations of what decides: comparisons, conditions, truth values."""

from collections.abc import Iterator

from tests.mutation.syntax import Change, Node

COMPARED = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
}
CONNECTED = {"&&": "||", "||": "&&"}


def is_comparison(node: Node) -> bool:
    return node.kind == "BinaryOperation" and node.operator in COMPARED


def is_condition_of(node: Node, kind: str) -> bool:
    return node.role == "condition" and node.parent is not None and node.parent.kind == kind


def relational(node: Node) -> Iterator[Change]:
    """Every comparison at its boundary and negated; where it chooses between arms, `ternary` swaps them."""
    if not is_comparison(node):
        return
    *boundary, negation = COMPARED[node.operator]
    for operator in boundary:
        yield node.operator_becomes(operator)
    if not is_condition_of(node, "Conditional"):
        yield node.operator_becomes(negation)


def logical(node: Node) -> Iterator[Change]:
    """And becomes or, one side is dropped, a negation is, a condition gets one that has none of its own."""
    if node.kind == "BinaryOperation" and node.operator in CONNECTED:
        yield node.operator_becomes(CONNECTED[node.operator])
        for role in ("leftExpression", "rightExpression"):
            side = node.child(role)
            if side is not None:
                yield node.becomes(side.text)
    if _is_negation(node):
        operand = node.child("subExpression")
        if operand is not None:
            yield node.becomes(operand.text)
    if is_condition_of(node, "IfStatement") and not is_comparison(node) and not _is_negation(node):
        yield node.becomes(f"!({node.text})")


def forced(node: Node) -> Iterator[Change]:
    """A branch is always taken, or never."""
    if is_condition_of(node, "IfStatement"):
        yield node.becomes("true")
        yield node.becomes("false")


def ternary(node: Node) -> Iterator[Change]:
    """The arms are swapped, or one of them always counts."""
    if node.kind != "Conditional":
        return
    condition, yes, no = (node.child(role) for role in ("condition", "trueExpression", "falseExpression"))
    if condition is not None and yes is not None and no is not None:
        yield node.becomes(f"{condition.text} ? {no.text} : {yes.text}")
        yield node.becomes(yes.text)
        yield node.becomes(no.text)


def truth(node: Node) -> Iterator[Change]:
    """True becomes false and the other way round; whatever a function answers, it answers yes, or no."""
    if node.kind == "Literal" and node.raw["kind"] == "bool":
        yield node.becomes("false" if node.text == "true" else "true")
    elif (
        node.role == "expression"
        and node.parent is not None
        and node.parent.kind == "Return"
        and node.type == "bool"
    ):
        yield node.becomes("true")
        yield node.becomes("false")


def _is_negation(node: Node) -> bool:
    return node.kind == "UnaryOperation" and node.operator == "!"
