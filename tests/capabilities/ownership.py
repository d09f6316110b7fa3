"""What all contracts with an owner have in common: the handover, attempts at a power, the views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.reference.owned import Owned
from tests.capabilities.cast import CastActions
from tests.engine.capability import action
from tests.engine.dice import Dice

OWNERSHIP_EVENTS = frozenset({"OwnershipTransferStarted", "OwnershipTransferred"})

Attempt = tuple[str, str, tuple[Any, ...]]
"""Sender, function, arguments."""


def ownership_of(model: Owned) -> dict[str, Any]:
    """What the views without arguments answer, by name."""
    return {"owner": model.owner, "pendingOwner": model.heir}


class OwnerActions(CastActions):
    """A contract with an owner. Its stage has a `cast` with `owner` and `keeper`, too."""

    model: Owned

    @action(4)
    def govern(self, dice: Dice) -> None:
        """The owner hands over, or tries to go."""
        owner = self.sender(dice, self.model.owner)
        if dice.below(4):
            cast = self.stage.cast
            self.act("transferOwnership", dice.choose((cast.keeper, cast.owner)), sender=owner)
        else:
            self.act("renounceOwnership", sender=owner)

    @action(60, lambda self: int(self.model.heir, 16))
    def accept_ownership(self, dice: Dice) -> None:
        self.act("acceptOwnership", sender=self.sender(dice, self.model.heir))

    @action(3)
    def usurp(self, dice: Dice) -> None:
        """Somebody takes a power that he does not have, or uses his own where there is nothing to use it for
        (T61).
        """
        usurper = dice.choose([who for who in self.stage.cast.everybody if who != self.model.owner])
        sender, function, args = dice.choose(list(self.attempts(usurper)))
        self.act(function, *args, sender=sender)

    def attempts(self, usurper: str) -> Iterator[Attempt]:
        """What an account may try that is not the owner, and the owner in vain."""
        yield usurper, "transferOwnership", (usurper,)
        yield usurper, "acceptOwnership", ()
        yield self.model.owner, "renounceOwnership", ()
