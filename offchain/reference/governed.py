"""Reference model of Governed: the bounded powers over a market."""

from __future__ import annotations

from dataclasses import dataclass, replace

from offchain.reference.bank import Bank, World
from offchain.reference.calls import Call, act
from offchain.reference.escrow import Escrow
from offchain.reference.journal import Table
from offchain.reference.owned import Owned
from offchain.reference.revert import Revert

MAX_FEE_BPS = 500


@dataclass(frozen=True)
class Governance:
    """What the owner decides."""

    pauser: str
    fee_bps: int = 0
    paused: bool = False


class Governed(Owned, Escrow):
    """An escrow with an owner, a pauser and a protocol fee that goes to `fee_recipient` for ever."""

    def __init__(self, address: str, owner: str, fee_recipient: str, world: World | Bank) -> None:
        Escrow.__init__(self, address, world)
        self._start_owned_by(owner)
        self.fee_recipient = fee_recipient
        self._governance: Table[None, Governance] = Table(self.journal, Governance(pauser=owner))

    @property
    def governance(self) -> Governance:
        """The present pauser, fee and pause."""
        return self._governance[None]

    @act
    def set_fee(self, call: Call, fee_bps: int) -> None:
        """The fee for what opens later."""
        self._only_owner(call)
        if fee_bps > MAX_FEE_BPS:
            raise Revert("FeeAboveCap", fee_bps, MAX_FEE_BPS)
        self._govern(fee_bps=fee_bps)
        self._emit("FeeSet", feeBps=fee_bps)

    @act
    def set_pauser(self, call: Call, pauser: str) -> None:
        """Who may pause besides the owner."""
        self._only_owner(call)
        self._govern(pauser=pauser)
        self._emit("PauserSet", pauser=pauser)

    @act
    def pause(self, call: Call) -> None:
        """Refuse new business."""
        if call.sender not in {self.governance.pauser, self.owner}:
            raise Revert("NotPauser", call.sender)
        self._require_running()
        self._govern(paused=True)
        self._emit("Paused", account=call.sender)

    @act
    def unpause(self, call: Call) -> None:
        """Admit new business."""
        self._only_owner(call)
        if not self.governance.paused:
            raise Revert("ExpectedPause")
        self._govern(paused=False)
        self._emit("Unpaused", account=call.sender)

    def _require_running(self) -> None:
        if self.governance.paused:
            raise Revert("EnforcedPause")

    def _govern(self, **changes: object) -> None:
        self._governance[None] = replace(self.governance, **changes)  # type: ignore[arg-type]
