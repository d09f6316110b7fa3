"""What stakes and rewards cost: each act of an account that has a history, as most have."""

from __future__ import annotations

from collections.abc import Iterator

from offchain.hashing import RewardTree, keccak256
from scripts._chain.consensus_job import ANY_STAKE
from scripts._gas.bench import DAY, ZERO
from scripts._gas.consensus import STAKE, UNBONDING, ConsensusBench

PART = STAKE // 10
RATE = 10**17
"""A tenth of what was paid in fees, in reward tokens."""
FEES, BATCH, LEAVES = 10**7, 16, 1_024


class StakeBench:
    """The staking contract of the consensus bench, whose owner is a market there, too, and a distributor."""

    def __init__(self, consensus: ConsensusBench) -> None:
        self.bench, self.consensus, self.owner = consensus.bench, consensus, consensus.owner
        project, owner = consensus.bench.project, consensus.owner
        self.token = owner.deploy(project.RewardToken, "Reward", "RWD", 10**27, owner, 0)
        self.distributor = owner.deploy(project.RewardDistributor, owner, self.token, 10**24)
        self.source = owner.deploy(project.MockFees)

    def measure(self) -> Iterator[str]:
        """Adds the rows; yields what it is about to do."""
        yield "stakes"
        self.stakes()
        yield "rewards"
        self.rewards()

    def stakes(self) -> None:
        """In, allowed, locked and released by a market, slashed three ways, out."""
        add, send, owner, creator = self.bench.add, self.bench.unmeasured, self.owner, self.bench.creator
        staking, token = self.consensus.staking, self.consensus.token
        who = self.consensus.account("staker")
        self.consensus.stake(who)
        send(token.mint, who, STAKE, sender=owner)
        send(token.approve, staking, STAKE, sender=who)
        send(staking.setMarket, owner, True, sender=owner)
        add("staking.stake", staking.stake(who, STAKE, sender=who))
        add("staking.allow", staking.allow(owner, ANY_STAKE, sender=who))
        until = self.bench.chain.pending_timestamp + DAY
        add("staking.lock", staking.lock(who, 4 * PART, until, sender=owner))
        add("staking.unlock", staking.unlock(who, PART, sender=owner))
        split = {"payout": PART, "burn": PART, "fee": PART // 2, "payee": creator.address}
        add("staking.slash", staking.slash(who, split, sender=owner))
        add("staking.unbond", staking.unbond(PART, sender=who))
        self.bench.chain.mine(timestamp=self.bench.chain.pending_timestamp + UNBONDING + 1)
        add("staking.reclaim", staking.reclaim(who, owner, sender=self.bench.relayer))
        add("staking.collect", staking.collect(who, sender=self.bench.relayer))

    def rewards(self) -> None:
        """For fees of a job to one account and to many, by a call and from a tree, and taken out."""
        add, owner, job = self.bench.add, self.owner, 1
        distributor, send = self.distributor, self.bench.unmeasured
        send(self.token.grantRole, keccak256(b"MINTER_ROLE"), owner, sender=owner)
        send(self.token.mint, distributor, 10**24, sender=owner)
        send(distributor.setSource, self.source, self.source, sender=owner)
        send(distributor.setRate, ZERO, RATE, sender=owner)
        send(distributor.setEpochCap, 10**24, sender=owner)
        crowd = [self.consensus.account(("rewarded", number)) for number in range(1 + BATCH)]
        for who in crowd:
            self._pay(job, who)
        origin = self.source.address
        add("reward.assign1", distributor.assign(origin, job, crowd[:1], sender=owner))
        add("reward.assign16", distributor.assign(origin, job, crowd[1:], sender=owner), units=BATCH)
        add("reward.claim", distributor.claim(crowd[0], sender=crowd[0]))
        add("reward.useTree", distributor.useTree(origin, job + 1, sender=owner))
        self._pay(job + 1, crowd[0])
        add("reward.collect", distributor.collect(origin, job + 1, sender=owner))
        tree = RewardTree({self.consensus.account(("leaf", number)).address: 1 for number in range(LEAVES)})
        add("reward.setRoot", distributor.setRoot(tree.root, tree.total, sender=owner))
        leaf = next(iter(tree.shares))
        receipt = distributor.claimFromTree(leaf, 1, tree.proof(leaf), sender=self.bench.relayer)
        add("reward.claimFromTree.1024", receipt)

    def _pay(self, job: int, who: object) -> None:
        self.bench.unmeasured(self.source.setFees, job, ZERO, who, FEES, sender=self.owner)
