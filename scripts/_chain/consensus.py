"""The consensus market as one contract with the functions of both of its halves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

HALVES = ("LabelConsensus", "ConsensusExtension")


def whole_abi(abis: Iterable[Iterable[Any]]) -> list[Any]:
    """The entries of several ABIs, each once; a constructor or fallback of any belongs to none of them."""
    entries = [entry for abi in abis for entry in abi if entry.type not in {"constructor", "fallback"}]
    return list({(entry.type, entry.selector): entry for entry in entries}.values())


def consensus_at(project: Any, address: str) -> Any:
    """The deployed market at `address`, with the whole of `ILabelConsensus`."""
    from ape import Contract  # noqa: PLC0415 - Ape loads every script for every command

    abi = whole_abi(getattr(project, half).contract_type.abi for half in HALVES)
    return Contract(address, abi=abi, fetch_from_explorer=False)
