"""Mutations of where things go: swapped arguments, another recipient, the bucket beside the right one."""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise

from tests.mutation.syntax import Change, Node

ADDRESSES = {"address", "address payable"}
# Contracts that a call names, not people: putting a person there fails at once, which tells nothing.
NOT_PEOPLE = re.compile(r"token|hook|native", re.IGNORECASE)
RECIPIENTS = 2  # alternatives for each address
CARRIERS = {"arguments", "indexExpression", "rightHandSide", "initialValue"}


def swapped(node: Node) -> Iterator[Change]:
    """Two arguments of the same type, with none of it between them, change places."""
    if node.kind not in {"FunctionCall", "ModifierInvocation"} or node.raw["kind"] == "typeConversion":
        return
    by_type: dict[str, list[Node]] = {}
    for argument in node.all("arguments"):
        number = argument.type.startswith("int_const")
        by_type.setdefault("uint256" if number else argument.type, []).append(argument)
    for arguments in by_type.values():
        for one, other in pairwise(arguments):
            if one.text != other.text:
                between = node.file.text(one.end, other.start)
                yield Change(one.start, other.end, other.text + between + one.text)


def recipient(node: Node) -> Iterator[Change]:
    """An address becomes another one that is known there."""
    if not _carries_an_address(node):
        return
    others = [text for text in known_addresses(node) if text != node.text]
    # Not always the first, but the same in every run, whatever is edited in other functions.
    function = node.enclosing("FunctionDefinition")
    place = node.start - function.start if function is not None else 0
    others.sort(key=lambda text: hashlib.sha256(f"{place}{text}".encode()).digest())
    for text in others[:RECIPIENTS]:
        yield node.becomes(text)


def bucket(node: Node) -> Iterator[Change]:
    """A field, a mapping, a member of an enum, a constant becomes its neighbour of the same type."""
    declared = node.declaration
    if declared is None or node.kind not in {"MemberAccess", "Identifier"}:
        return
    neighbours = _neighbours(declared)
    if declared not in neighbours or len(neighbours) < 2:
        return
    name = neighbours[(neighbours.index(declared) + 1) % len(neighbours)].name
    yield node.becomes(node.text[: node.text.rindex(declared.name)] + name)


def known_addresses(node: Node) -> list[str]:
    """Addresses of people that the code at a node could name: the caller, parameters, variables, and the
    fields of what is a struct; the contract's own state.
    """
    function = node.enclosing("FunctionDefinition")
    contract = node.enclosing("ContractDefinition")
    if function is None or contract is None:
        return []
    sees_state = function.raw["stateMutability"] != "pure"
    found = ["msg.sender"] if sees_state else []
    for variable in [*_local(function, node), *(_state(contract) if sees_state else [])]:
        if variable.type in ADDRESSES:
            found.append(variable.name)
        found += [f"{variable.name}.{field.name}" for field in _fields(variable) if field.type in ADDRESSES]
    return [text for text in found if not NOT_PEOPLE.search(text)]


def _carries_an_address(node: Node) -> bool:
    """Whether this is an address that is passed, stored or looked up, not compared or converted."""
    if node.type not in ADDRESSES or node.role not in CARRIERS or NOT_PEOPLE.search(node.text):
        return False
    return not (node.parent is not None and node.parent.raw.get("kind") == "typeConversion")


def _local(function: Node, before: Node) -> list[Node]:
    """Parameters, and variables of blocks around a node that are declared before it."""
    parameters = function.child("parameters")
    found = parameters.all("parameters") if parameters is not None else []
    blocks = {id(above) for above in before.ancestors()}
    for statement in function.walk():
        declares = statement.kind == "VariableDeclarationStatement" and statement.end <= before.start
        if declares and id(statement.parent) in blocks:
            found += statement.all("declarations")
    return found


def _state(contract: Node) -> list[Node]:
    """The state variables, and those of bases that are not private."""
    bases = (contract.declarations.get(identity) for identity in contract.raw["linearizedBaseContracts"])
    return [
        variable
        for base in bases
        if base is not None
        for variable in base.all("nodes")
        if variable.kind == "VariableDeclaration"
        and (base is contract or variable.raw["visibility"] != "private")
    ]


def _fields(variable: Node) -> list[Node]:
    """The fields of a variable whose type is a struct."""
    kind = variable.child("typeName")
    struct = kind.declaration if kind is not None else None
    return struct.all("members") if struct is not None and struct.kind == "StructDefinition" else []


def _neighbours(declared: Node) -> list[Node]:
    """What stands beside a declaration and could be meant instead, itself included."""
    home = declared.parent
    if home is None:
        return []
    if home.kind in {"StructDefinition", "EnumDefinition"}:
        return [other for other in home.all("members") if other.type == declared.type]
    mapping = declared.type.startswith("mapping")
    if home.kind != "ContractDefinition" or not (mapping or declared.raw.get("constant")):
        return []
    return [
        other
        for other in home.all("nodes")
        if other.kind == "VariableDeclaration"
        and other.type == declared.type
        and bool(other.raw.get("constant")) == bool(declared.raw.get("constant"))
    ]
