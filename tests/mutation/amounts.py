"""Mutations of what is counted: arithmetic, bits, constants, points in time."""

import re
from collections.abc import Iterator

from tests.mutation.conditions import is_comparison
from tests.mutation.syntax import Change, Node

CALCULATED = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"}
ASSIGNED = {"+=": ("-=", "="), "-=": ("+=", "="), "*=": ("/=",), "/=": ("*=",)}
STEPPED = {"++": "--", "--": "++"}
BITS = {"&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<"}
BITS_ASSIGNED = {"&=": "|=", "|=": "&=", "^=": "&=", "<<=": ">>=", ">>=": "<<="}
# One unit of gas more or less is nothing that a caller could see, so such a constant is doubled and halved.
GAS = re.compile(r"GAS|STIPEND|RESERVE")
NOW = "block.timestamp"


def arithmetic(node: Node) -> Iterator[Change]:
    """Every operation becomes its opposite; what adds to a sum replaces it."""
    if node.kind == "BinaryOperation" and node.operator in CALCULATED:
        yield node.operator_becomes(CALCULATED[node.operator])
    elif node.kind == "Assignment" and node.operator in ASSIGNED:
        for operator in ASSIGNED[node.operator]:
            yield node.operator_becomes(operator, "leftHandSide", "rightHandSide")
    elif node.kind == "UnaryOperation" and node.operator in STEPPED and not _steps_a_loop(node):
        yield node.becomes(node.text.replace(node.operator, STEPPED[node.operator]))


def bitwise(node: Node) -> Iterator[Change]:
    """And becomes or, left becomes right, a complement is left out."""
    if node.kind == "BinaryOperation" and node.operator in BITS:
        yield node.operator_becomes(BITS[node.operator])
    elif node.kind == "Assignment" and node.operator in BITS_ASSIGNED:
        yield node.operator_becomes(BITS_ASSIGNED[node.operator], "leftHandSide", "rightHandSide")
    elif node.kind == "UnaryOperation" and node.operator == "~":
        operand = node.child("subExpression")
        if operand is not None:
            yield node.becomes(operand.text)


def constant(node: Node) -> Iterator[Change]:
    """A number is one more, or one less; an amount of gas is twice as much, or half."""
    if node.kind != "Literal" or node.raw["kind"] != "number" or _is_compared_with_bytes(node):
        return
    value = _value_of(node)
    if value is None:
        return
    near = (value + 1, value - 1)
    variable = node.enclosing("VariableDeclaration")
    if variable is not None and GAS.search(variable.name) and value > 1_000:
        near = (value * 2, value // 2)
    unit = node.raw.get("subdenomination")
    for number in near:
        if number >= 0:
            yield node.becomes(_written(node, number) + (f" {unit}" if unit else ""))


def deadline(node: Node) -> Iterator[Change]:
    """Deadlines a second off: in comparisons with the present, in the arguments of functions that make one,
    and in what is derived from the present. Where a comparison's boundary says the same, `relational` has it.
    """
    if is_comparison(node) and NOW in node.text:
        right = node.child("rightExpression")
        if right is not None and node.operator in {"<=", ">"}:
            yield right.becomes(_plus(right, 1))
        elif right is not None and node.operator in {"<", ">="}:
            yield right.becomes(_plus(right, -1))
    elif _is_deadline_argument(node) or _is_stored_present(node):
        yield node.becomes(_plus(node, 1))
        yield node.becomes(_plus(node, -1))


def _steps_a_loop(node: Node) -> bool:
    """Whether this is the step of a for loop: without it every loop runs out of gas, which tells nothing."""
    statement = node.parent
    return statement is not None and statement.role == "loopExpression"


def _value_of(node: Node) -> int | None:
    """A literal's number before its unit; None for what is no whole number."""
    digits = node.text.split()[0].replace("_", "")
    try:
        return int(digits, 16 if digits.startswith("0x") else 10)
    except ValueError:
        return None


def _written(node: Node, number: int) -> str:
    return hex(number) if node.text.startswith("0x") else str(number)


def _is_compared_with_bytes(node: Node) -> bool:
    """Bytes and a number other than 0 cannot be compared, so that would never compile."""
    parent = node.parent
    if parent is None or parent.kind != "BinaryOperation":
        return False
    common = (parent.raw.get("commonType") or {}).get("typeString", "")
    return str(common).startswith("bytes")


def _plus(node: Node, seconds: int) -> str:
    sign = "+" if seconds > 0 else "-"
    if node.text == NOW:  # whatever stands beside it must not bind closer
        return f"({NOW} {sign} 1)"
    simple = node.kind in {"Identifier", "MemberAccess", "IndexAccess", "FunctionCall"}
    return f"{node.text if simple else f'({node.text})'} {sign} 1"


def _is_stored_present(node: Node) -> bool:
    compared = any(is_comparison(above) for above in node.ancestors() if above.operator)
    return node.kind == "MemberAccess" and node.text == NOW and not compared


def _is_deadline_argument(node: Node) -> bool:
    """Whether this is passed to a function that compares that parameter with the present."""
    call = node.parent
    if node.role != "arguments" or call is None or NOW in node.text:
        return False
    function = call.callee
    if function is None or function.kind != "FunctionDefinition":
        return False
    names = function.child("parameters")
    place = call.all("arguments").index(node)
    parameters = names.all("parameters") if names is not None else []
    return place < len(parameters) and parameters[place].raw["id"] in _compared_with_now(function)


def _compared_with_now(function: Node) -> set[int]:
    """The ids of what is compared with the present in a function."""
    return {
        int(side.raw["referencedDeclaration"])
        for node in function.walk()
        if is_comparison(node) and NOW in node.text
        for side in node.children
        if side.kind == "Identifier"
    }
