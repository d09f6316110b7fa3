"""The views on who may do what with a contract that holds money, and the events that change them."""

from __future__ import annotations

from typing import Any

from offchain.reference.governed import Governed

GOVERNANCE_EVENTS = frozenset(
    {"FeeSet", "PauserSet", "Paused", "Unpaused", "OwnershipTransferStarted", "OwnershipTransferred"}
)


def governance_of(model: Governed) -> dict[str, Any]:
    """What the views without arguments answer, by name."""
    governance = model.governance
    return {
        "feeBps": governance.fee_bps,
        "pauser": governance.pauser,
        "owner": governance.owner,
        "pendingOwner": governance.heir,
        "paused": governance.paused,
    }
