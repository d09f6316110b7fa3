"""Mutations by omission: guards, effects, results."""

from collections.abc import Iterator

from tests.mutation.syntax import Change, Node

# A statement may not be empty, a block may.
NOTHING = "{}"
CHANGES_NOTHING = {"view", "pure"}


def guard(node: Node) -> Iterator[Change]:
    """A modifier, a `require`, a revert, or a call that could do nothing but revert is gone."""
    if node.kind == "ModifierInvocation" and _is_modifier(node):
        yield node.becomes("")
    elif node.kind == "RevertStatement" or (node.kind == "ExpressionStatement" and is_guard(node)):
        yield _left_out(node)


def effect(node: Node) -> Iterator[Change]:
    """An assignment, a deletion, an event, a call is gone; of an assignment to several, one of them is."""
    if node.kind == "EmitStatement":
        yield _left_out(node)
    if node.kind != "ExpressionStatement" or node.role == "loopExpression" or is_guard(node):
        return
    yield _left_out(node)
    expression = node.child("expression")
    targets = expression.child("leftHandSide") if expression is not None else None
    if targets is not None and targets.kind == "TupleExpression":
        for target in targets.all("components"):
            yield target.becomes("")


def result(node: Node) -> Iterator[Change]:
    """What a call returns is not used; what a function returns is its type's zero."""
    value = node.child("initialValue")
    if node.kind == "VariableDeclarationStatement" and value is not None and _is_call(value):
        variables = node.all("declarations")
        if len(variables) == 1 and node.file.text(node.start, variables[0].end) == variables[0].text:
            yield node.becomes(f"{variables[0].text}; {value.text}")
    elif node.kind == "ExpressionStatement":
        assignment = node.child("expression")
        used = assignment.child("rightHandSide") if assignment is not None else None
        if used is not None and _is_call(used):
            yield node.becomes(used.text)
    elif node.kind == "Return" and _ends_a_function(node) and not _answers_a_truth(node):
        yield _left_out(node)


def is_guard(statement: Node) -> bool:
    """Whether an expression statement can only revert: `require`, or a call that changes nothing and whose
    answer nobody takes.
    """
    call = statement.child("expression")
    if call is None or call.kind != "FunctionCall":
        return False
    called = call.child("expression")
    if called is not None and called.name in {"require", "assert"}:
        return True
    function = call.callee
    return function is not None and function.raw.get("stateMutability") in CHANGES_NOTHING


def _is_modifier(node: Node) -> bool:
    return bool(node.raw["kind"] == "modifierInvocation")


def _is_call(node: Node) -> bool:
    return node.kind == "FunctionCall" and node.raw["kind"] == "functionCall"


def _left_out(statement: Node) -> Change:
    """The statement with its semicolon, which the compiler does not count to it, becomes an empty block."""
    return Change(statement.start, statement.file.data.index(b";", statement.end) + 1, NOTHING)


def _ends_a_function(node: Node) -> bool:
    body = node.parent
    if body is None or body.role != "body" or node.child("expression") is None:
        return False
    return body.parent is not None and body.parent.kind == "FunctionDefinition" and body.children[-1] is node


def _answers_a_truth(node: Node) -> bool:
    """Then `truth` has the same mutant."""
    expression = node.child("expression")
    return expression is not None and expression.type == "bool"
