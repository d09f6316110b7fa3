"""The consensus market as one contract with the functions of both of its halves, and its state from its
events.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from offchain.hashing import checksum_address
from offchain.indexer import ConsensusIndexer, IndexedConsensusJob
from scripts._chain.events import event_of, read_events, topic
from scripts._chain.system import System, contract_at

HALVES = ("LabelConsensus", "ConsensusExtension")
STATUS = "ape run quality status"


def whole_abi(abis: Iterable[Iterable[Any]]) -> list[Any]:
    """The entries of several ABIs, each once; a constructor or fallback of any belongs to none of them."""
    entries = [entry for abi in abis for entry in abi if entry.type not in {"constructor", "fallback"}]
    return list({(entry.type, entry.selector): entry for entry in entries}.values())


def consensus_at(project: Any, address: str) -> Any:
    """The deployed market at `address`, with the whole of `ILabelConsensus`."""
    from ape import Contract  # noqa: PLC0415 - Ape loads every script for every command

    abi = whole_abi(getattr(project, half).contract_type.abi for half in HALVES)
    return Contract(address, abi=abi, fetch_from_explorer=False)


def consensus_of(system: System) -> Any:
    """The market of the manifest, with the whole of `ILabelConsensus`."""
    from ethpm_types import ContractType  # noqa: PLC0415

    abis = [ContractType.model_validate({"abi": list(system.entry(half)["abi"])}).abi for half in HALVES]
    abi = [entry.model_dump(by_alias=True, exclude_none=True) for entry in whole_abi(abis)]
    return contract_at(str(system.entry("LabelConsensus")["address"]), "LabelConsensus", abi)


def whole_contract(system: System, name: str) -> Any:
    """A contract of the manifest with everything that can be called at its address."""
    return consensus_of(system) if name == "LabelConsensus" else system.contract(name)


def consensus_state(system: System, job_id: int | None = None) -> ConsensusIndexer:
    """The market's state from its events: of one job and its parents, or of everything."""
    state = ConsensusIndexer(checksum_address(system.entry("LabelConsensus")["address"]))
    found = read_events(system, "LabelConsensus") if job_id is None else _of_job(system, job_id)
    for event in sorted(found, key=lambda event: (event.block, event.index)):
        state.apply(event)
    return state


def consensus_job(system: System, job_id: int) -> IndexedConsensusJob:
    """A job; ClickException where there is none."""
    state = consensus_state(system, job_id)
    if job_id not in state.jobs:
        raise click.ClickException(
            f"there is no consensus job {job_id} on {system.network.name}: `{STATUS} --network "
            f"{system.choice}` lists them"
        )
    return state.jobs[job_id]


def _of_job(system: System, job_id: int) -> list[Any]:
    """What happened in a job, and in those that it labels anew: its tasks follow from them."""
    found: list[Any] = []
    while job_id:
        events = read_events(system, "LabelConsensus", (None, topic(job_id)))
        found += events
        opened = event_of(events, "JobOpened")
        job_id = int(opened[0].args["terms"]["parent"]) if opened else 0
    return found
