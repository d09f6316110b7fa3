"""What all contracts with owner, pauser and fee have in common: the powers, used and abused, and the views on
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.reference.governed import Governed
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.escrow import DEPLOYMENT, EscrowActions
from tests.capabilities.escrow import UNREACHABLE as ESCROW_UNREACHABLE
from tests.capabilities.ownership import OWNERSHIP_EVENTS, Attempt, OwnerActions, ownership_of
from tests.engine.capability import action
from tests.engine.dice import Dice

ABOUT = {"FeeSet": "feeBps", "PauserSet": "pauser", "Paused": "paused", "Unpaused": "paused"}
"""The view that each event is about, besides those of a handover."""

UNREACHABLE = {**ESCROW_UNREACHABLE, "FeeRecipientRequired": DEPLOYMENT}
"""Errors of every governed escrow that no program reaches, each with the reason."""

GOVERNANCE_EVENTS = OWNERSHIP_EVENTS | ABOUT.keys()


def governance_of(model: Governed, event: str = "") -> dict[str, Any]:
    """What the views without arguments answer, by name: all of them, or those that an event is about."""
    governance = model.governance
    told = {"feeBps": governance.fee_bps, "pauser": governance.pauser, "paused": governance.paused}
    if event in ABOUT:
        return {ABOUT[event]: told[ABOUT[event]]}
    return ownership_of(model) if event else ownership_of(model) | told


class GovernedActions(OwnerActions, EscrowActions):
    """A governed escrow."""

    model: Governed

    @action(5)
    def govern(self, dice: Dice) -> None:
        """The owner's few powers, used and abused."""
        cast, owner = self.stage.cast, self.sender(dice, self.model.owner)
        power = dice.below(6)
        if power < 2:
            self.act("setFee", dice.pick((0, 250, 500, 1), (501, 10_000)), sender=owner)
        elif power == 2:
            self.act("setPauser", dice.choose((cast.keeper, cast.owner, ZERO_ADDRESS)), sender=owner)
        elif power < 5:
            self.act("transferOwnership", dice.choose((cast.keeper, cast.owner)), sender=owner)
        else:
            self.act("renounceOwnership", sender=owner)

    def attempts(self, usurper: str) -> Iterator[Attempt]:
        """As of an owner; and fee, pauser and pause."""
        owner, paused = self.model.owner, self.model.governance.paused
        yield usurper, "setFee", (1,)
        yield usurper, "setPauser", (usurper,)
        yield usurper, "pause", ()
        yield usurper, "unpause", ()
        yield from super().attempts(usurper)
        yield owner, "setFee", (501,)
        yield owner, "pause" if paused else "unpause", ()

    @action(4)
    def pause(self, dice: Dice) -> None:
        pausers = [who for who in (self.model.governance.pauser, self.model.owner) if int(who, 16)]
        self.act("pause", sender=self.sender(dice, *pausers), at=self.moment(dice))

    @action(30, lambda self: self.model.governance.paused)
    def unpause(self, dice: Dice) -> None:
        """A pause lasts a few moves: everything but new business must go on, and a program must get
        somewhere.
        """
        self.act("unpause", sender=self.sender(dice, self.model.owner), at=self.moment(dice))
