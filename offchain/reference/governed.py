"""Reference model of Governed: the bounded powers over a market."""

from __future__ import annotations

from dataclasses import dataclass, replace

from offchain.reference.bank import World
from offchain.reference.calls import Call, act
from offchain.reference.escrow import Escrow
from offchain.reference.journal import Table
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS

MAX_FEE_BPS = 500


@dataclass(frozen=True)
class Governance:
    """What the owner decides. `heir` is the owner to be; the zero address is nobody."""

    owner: str
    pauser: str
    heir: str = ZERO_ADDRESS
    fee_bps: int = 0
    paused: bool = False


class Governed(Escrow):
    """An escrow with an owner, a pauser and a protocol fee that goes to `fee_recipient` for ever."""

    def __init__(self, address: str, owner: str, fee_recipient: str, world: World) -> None:
        super().__init__(address, world)
        self.fee_recipient = fee_recipient
        self._governance: Table[None, Governance] = Table(self.journal, Governance(owner, pauser=owner))

    @property
    def governance(self) -> Governance:
        """The present powers, fee and pause."""
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
        if call.sender not in {self.governance.pauser, self.governance.owner}:
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

    @act
    def transfer_ownership(self, call: Call, heir: str) -> None:
        """Name the next owner, who has to accept."""
        self._only_owner(call)
        self._govern(heir=heir)
        self._emit("OwnershipTransferStarted", previousOwner=call.sender, newOwner=heir)

    @act
    def accept_ownership(self, call: Call) -> None:
        """Become the owner."""
        if call.sender != self.governance.heir:
            raise Revert("OwnableUnauthorizedAccount", call.sender)
        previous = self.governance.owner
        self._govern(owner=call.sender, heir=ZERO_ADDRESS)
        self._emit("OwnershipTransferred", previousOwner=previous, newOwner=call.sender)

    @act
    def renounce_ownership(self, call: Call) -> None:
        """Never: there is always an owner."""
        self._only_owner(call)
        raise Revert("OwnerRequired")

    def _require_running(self) -> None:
        if self.governance.paused:
            raise Revert("EnforcedPause")

    def _only_owner(self, call: Call) -> None:
        if call.sender != self.governance.owner:
            raise Revert("OwnableUnauthorizedAccount", call.sender)

    def _govern(self, **changes: object) -> None:
        self._governance[None] = replace(self.governance, **changes)  # type: ignore[arg-type]
