"""What the owner does: sources, rates, the cap, the tree. Others try it, too."""

from __future__ import annotations

from collections.abc import Iterator

from offchain.hashing import RewardTree
from offchain.reference.rewards import MAX_RATE, RATE_UNIT, Job
from offchain.states import RewardMode
from offchain.terms import ZERO_ADDRESS, ZERO_HASH
from tests.capabilities.ownership import Attempt
from tests.capabilities.rewards.base import RewardsBase
from tests.capabilities.rewards.stage import EPOCH_CAP, MAX_EPOCH_CAP
from tests.engine.capability import NATIVE, action
from tests.engine.dice import Dice

RATES = (3 * 10**17, RATE_UNIT, 10**30 + 7, 10**18 + 1, 1, 5 * 10**17, 0, MAX_RATE)
CAPS = (EPOCH_CAP, 10**20 + 1, EPOCH_CAP, 2 * EPOCH_CAP, 7, EPOCH_CAP, 0, MAX_EPOCH_CAP)


class OwnerActs(RewardsBase):
    """The owner's powers, used and abused."""

    @action(4)
    def set_source(self, dice: Dice) -> None:
        """A market's source goes, or is replaced by the other one of the same fees (T64); those that went
        come back soon, or nothing would happen any more.
        """
        markets = [market.address for market in self.stage.markets]
        gone = [market for market in markets if self.model.sources[market] == ZERO_ADDRESS]
        market = dice.choose(gone) if gone and dice.below(4) else dice.choose(markets)
        listed, sources = self.model.sources[market], self.stage.sources
        right = [source for source, of in sources.items() if of.origin == market and source != listed]
        if not dice.below(3):
            right.append(ZERO_ADDRESS)
        source = dice.pick(right, [source for source, of in sources.items() if of.origin != market])
        self.act("setSource", market, source, sender=self.owner(dice))

    @action(4)
    def set_rate(self, dice: Dice) -> None:
        token = dice.choose((NATIVE, self.stage.dollar.address, self.stage.silver.address))
        rate = dice.pick(RATES, (MAX_RATE + 1, 2**256 - 1))
        self.act("setRate", token, rate, sender=self.owner(dice))

    @action(4)
    def set_epoch_cap(self, dice: Dice) -> None:
        cap = dice.pick(CAPS, (MAX_EPOCH_CAP + 1, 2**256 - 1))
        self.act("setEpochCap", cap, sender=self.owner(dice), at=self.soon(dice))

    @action(9, lambda self: self.jobs(RewardMode.NONE))
    def use_tree(self, dice: Dice) -> None:
        job = self.pick_job(dice, self.jobs(RewardMode.NONE))
        self.act("useTree", *job, sender=self.owner(dice), at=self.soon(dice))

    @action(30, lambda self: self.collectable())
    def collect(self, dice: Dice) -> None:
        right = self.jobs(RewardMode.TREE) if dice.chance(8) else self.collectable()
        self.act("collect", *self.pick_job(dice, right), sender=self.owner(dice), at=self.soon(dice))

    def collectable(self) -> list[Job]:
        """The jobs in the tree of which something could be collected, was there enough of everything."""
        return [job for job in self.jobs(RewardMode.TREE) if self.uncounted(job, ZERO_ADDRESS)]

    @action(12, lambda self: self.model.tree.budget)
    def set_root(self, dice: Dice) -> None:
        """A tree with more for some than before: mostly all that there is to give away; at times its leaves
        promise more than its sum (T5), or less than before to those who were there.
        """
        tree = self.model.tree
        most = min(tree.budget - tree.total, self.model.supply())
        given = dice.choose((most, most // 2, most // 3))
        shares = dict(self.trees[-1].shares) if self.trees else {}
        first, second = (dice.choose(self.cast.annotators) for _ in range(2))
        for account, amount in ((first, given // 3), (second, given - given // 3)):
            shares[account] = shares.get(account, 0) + amount
        if dice.chance(6):
            shares[first] += dice.choose((most, 1, 10**19))
        elif dice.chance(8):
            shares[second] //= 2
        total = tree.total + dice.pick([given], [most + 1, -1 if tree.total else most + 1])
        self._publish(dice, RewardTree(shares), total)

    def _publish(self, dice: Dice, tree: RewardTree, total: int) -> None:
        root = ZERO_HASH if dice.chance(24) else tree.root
        if (
            self.act("setRoot", root, total, sender=self.owner(dice), at=self.soon(dice))
            and root == tree.root
        ):
            self.trees.append(tree)

    def attempts(self, usurper: str) -> Iterator[Attempt]:
        """As of an owner; and everything about sources, rates, cap and tree."""
        market, token = self.stage.markets[-1].address, self.model.token
        yield usurper, "setSource", (market, market)
        yield usurper, "setRate", (token, 1)
        yield usurper, "setEpochCap", (MAX_EPOCH_CAP,)
        yield usurper, "useTree", (market, 1)
        yield usurper, "collect", (market, 1)
        yield usurper, "setRoot", (RewardTree({usurper: 10**20}).root, 0)
        yield from super().attempts(usurper)
