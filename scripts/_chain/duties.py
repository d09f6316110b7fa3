"""Doing what is due."""

from __future__ import annotations

from typing import Any

from ape.api.accounts import AccountAPI

from offchain.indexer import Duty
from scripts._chain.consensus import consensus_of
from scripts._chain.system import System
from scripts._chain.transactions import Sent, send


def perform(system: System, account: AccountAPI, duty: Duty) -> Sent:
    """Try a duty as a call, and send it if it is not refused."""
    contract: Any = (
        consensus_of(system) if duty.contract == "LabelConsensus" else system.contract(duty.contract)
    )
    return send(system, duty.act, getattr(contract, duty.act), *duty.arguments, sender=account)
