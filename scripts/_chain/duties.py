"""Doing what is due."""

from __future__ import annotations

from typing import Any

from ape.api.accounts import AccountAPI

from offchain.indexer import Duty
from scripts._chain.consensus import consensus_of
from scripts._chain.system import System
from scripts._chain.transactions import Sent, send


def contract_of(system: System, duty: Duty) -> Any:
    """What a duty is a call of."""
    return consensus_of(system) if duty.contract == "LabelConsensus" else system.contract(duty.contract)


def perform(system: System, account: AccountAPI, duty: Duty) -> Sent:
    """Try a duty as a call, and send it if it is not refused. Raises Refused."""
    method = getattr(contract_of(system, duty), duty.act)
    return send(system, duty.act, method, *duty.arguments, sender=account)
