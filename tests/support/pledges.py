"""A stake hook between a real annotation market and a real staking contract, the people around them, and
short names for what they do with good values; whatever a test wants to see fail, it calls on `World.hook`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from offchain.signing import STAKE_HOOK_NAME, Domain
from tests.support import market
from tests.support.calls import Contract, Receipt, balance, deploy, now
from tests.support.ledger import assert_ledger
from tests.support.market import DAY, ROOT, mine_at
from tests.support.signing import ANVIL_CHAIN, NEVER, Pen

STAKE = 1_003
"""Base units for a task of a job: no round number."""

PROOF = 7 * DAY
LONGEST = 180 * DAY
EXPOSURE = 1_800 + (3 + 2 + 5) * DAY + PROOF
"""Of a claim in the jobs of these tests: the four windows, and the time for a proof."""

UNLIMITED = 2**128 - 1
PLENTY = 10**24


@dataclass(frozen=True)
class System:
    """What is deployed once for many tests; annotator and rival have plenty of stake, which the hook may
    lock.
    """

    market: market.System
    hook: Contract
    staking: Contract
    token: Contract


def deploy_system(kind: str = "MockToken", *args: Any) -> System:
    """All of it for a new token of this kind."""
    system = market.deploy_system()
    who = system.who
    token = deploy(kind, *args, sender=who.owner)
    staking = deploy("Staking", who.owner, who.sink, token.address, 7 * DAY, sender=who.owner)
    hook = deploy("StakeHook", system.market.address, staking.address, sender=who.owner)
    staking.send("setMarket", hook.address, True, sender=who.owner)
    for account in (who.annotator, who.rival):
        token.send("mint", account, 2 * PLENTY, sender=who.owner)
        token.send("approve", staking.address, NEVER, sender=account)
        staking.send("stake", account, PLENTY, sender=account)
        staking.send("allow", hook.address, UNLIMITED, sender=account)
    return System(system, hook, staking, token)


class World:
    """One test's view of a system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.hook, self.staking, self.token = system.hook, system.staking, system.token
        self.work = market.World(system.market)
        self.market, self.who = self.work.market, self.work.who
        self.pen = Pen(Domain(ANVIL_CHAIN, self.hook.address, STAKE_HOOK_NAME))

    # --- acts ---

    def job(self, stake: int = STAKE, **changes: Any) -> int:
        """A job that asks for a stake; none where that is 0."""
        job_id = self.work.open(hook=self.hook.address, **changes)
        if stake:
            self.hook.send("configure", job_id, stake, sender=self.who.creator)
        return job_id

    def pledge(self, job_id: int, tasks: int, by: str | None = None, stake: int = STAKE) -> Receipt:
        return self.hook.send("pledge", job_id, tasks, stake, sender=by or self.who.annotator)

    def pledged(self, tasks: int = 3, **changes: Any) -> int:
        """A job with a pledge of the annotator's."""
        job_id = self.job(**changes)
        self.pledge(job_id, tasks)
        return job_id

    def upheld(self, job_id: int, mask: int, pending: int = 0, **how: Any) -> int:
        """A submission of which the tasks in `mask` were rejected, and nobody appealed."""
        claim_id = self.work.rejected(job_id, mask, pending, **how)
        self.stands(claim_id)
        return claim_id

    def stands(self, claim_id: int) -> None:
        """The time for an appeal passes."""
        mine_at(now() + 2 * DAY + 1)
        self.market.send("settleRejection", claim_id, sender=self.who.keeper)

    def opening(
        self, claim_id: int, done: int, word: int = 0, by: str | None = None
    ) -> tuple[int, str, int, bytes, int]:
        """The arguments of a good `slash`."""
        return claim_id, by or self.who.annotator, word, ROOT, done

    def slash(self, claim_id: int, done: int, **how: Any) -> Receipt:
        return self.hook.send("slash", *self.opening(claim_id, done, **how), sender=self.who.stranger)

    def request(self, job_id: int, by: str | None = None) -> int:
        """Ask for a pledge back; returns the last second in which it can be slashed."""
        return self.hook.send("requestUnpledge", job_id, sender=by or self.who.annotator).time + PROOF

    def unpledge(self, job_id: int, by: str | None = None) -> Receipt:
        return self.hook.send("unpledge", job_id, by or self.who.annotator, sender=self.who.stranger)

    # --- views ---

    def standing(self, job_id: int, by: str | None = None) -> tuple[int, int, int]:
        """Tasks, last second for claims, last second of a pledge that leaves."""
        return tuple(self.hook.call("pledgeOf", job_id, by or self.who.annotator).values())

    def bond(self, by: str | None = None) -> dict[str, int]:
        """What the hook has locked, and may."""
        return dict(self.staking.call("lockOf", by or self.who.annotator, self.hook.address))

    def eligible(self, job_id: int, tasks: int, by: str | None = None) -> bool:
        return bool(self.hook.call("isEligible", job_id, by or self.who.annotator, tasks, b""))

    def due(self, job_id: int, by: str | None = None) -> int:
        """Tasks that were rejected for good and not slashed for."""
        return int(self.hook.call("dueOf", job_id, by or self.who.annotator))

    def owned(self, by: str | None = None) -> int:
        """What somebody has staked or has, base units."""
        account = by or self.who.annotator
        return balance(self.token, account) + sum(self.staking.call("stakeOf", account).values())


def assert_books(world: World) -> None:
    """What is locked of an account backs exactly the tasks that it pledged for; nothing is owed twice, and
    the hook holds nothing (T1, T39).
    """
    assert_ledger(world.work)
    for account in (world.who.annotator, world.who.rival):
        worth = 0
        for job_id in world.work.terms_of:
            tasks, _, _ = world.standing(job_id, account)
            worth += tasks * world.hook.call("termsOf", job_id)["stakePerTask"]
        bond = world.bond(account)
        assert bond["locked"] == worth or now() > bond["until"]
    assert balance(world.token, world.hook.address) == 0
    held = balance(world.token, world.staking.address)
    assert held == world.staking.call("liabilities", world.token.address)
