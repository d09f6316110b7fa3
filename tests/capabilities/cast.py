"""What all capabilities have in common: when something happens, and who does it, at times the wrong one."""

from __future__ import annotations

from tests.engine.capability import Capability
from tests.engine.dice import Dice

DAY, YEAR = 86_400, 365 * 86_400
WAITS = (0, 1, 20, 0, 0, 600, DAY, YEAR)


class CastActions(Capability):
    """Its stage has a `cast` with `everybody`."""

    def moment(self, dice: Dice) -> int:
        """A second after now: mostly soon, at times a year later."""
        return self.now + dice.choose(WAITS)

    def sender(self, dice: Dice, *right: str) -> str:
        """One of those who may, now and then anybody."""
        return dice.pick(right, self.stage.cast.everybody)
