"""Doing what is due."""

from __future__ import annotations

from ape.api.accounts import AccountAPI

from offchain.indexer import Duty
from scripts._chain.consensus import whole_contract
from scripts._chain.system import System
from scripts._chain.transactions import Sent, send


def perform(system: System, account: AccountAPI, duty: Duty) -> Sent:
    """Try a duty as a call, and send it if it is not refused. Raises Refused."""
    method = getattr(whole_contract(system, duty.contract), duty.act)
    return send(system, duty.act, method, *duty.arguments, sender=account)
