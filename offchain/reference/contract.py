"""What every reference model of a contract is made of: its address, its journal, the effects of its acts."""

from __future__ import annotations

from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.journal import Journal


class ContractModel:
    """A contract at `address` in plain Python; its state is in tables under `journal`, by default one of its
    own. Contracts that call each other share one.
    """

    def __init__(self, address: str, journal: Journal | None = None) -> None:
        self.address = address
        self.journal = journal or Journal()
        self.effects = Effects()

    def _emit(self, name: str, **args: Any) -> None:
        self.effects.events.append((name, args))
