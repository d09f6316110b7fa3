"""What a contract is called with, and says, in the middle of another call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_utils import keccak

from tests.support.calls import ZERO, Contract

LOCKED = keccak(text="ReentrancyGuardReentrantCall()")[:4]
"""The selector of the lock's own error."""


def empty_call(contract: Contract, act: str) -> bytes:
    """The calldata of an act with the empty value of each argument."""
    return contract.data(act, *(_empty(item) for item in contract.functions[act][0]["inputs"]))


def _empty(item: Mapping[str, Any]) -> Any:
    kind = item["type"]
    if kind.endswith("[]"):
        return []
    if kind.endswith("]"):
        kind, size = kind[:-1].rsplit("[", 1)
        return [_empty({**item, "type": kind})] * int(size)
    if kind == "tuple":
        return [_empty(part) for part in item["components"]]
    return {"address": ZERO, "string": "", "bytes": b"", "bytes32": bytes(32), "bool": False}.get(kind, 0)
