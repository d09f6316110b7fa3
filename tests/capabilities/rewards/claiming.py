"""What everybody does: fees are paid, rewards are asked for, taken out, claimed from the tree."""

from __future__ import annotations

from dataclasses import replace

from offchain.hashing import RewardTree
from offchain.reference.rewards import MAX_ACCOUNTS, ROOT_WINDOW, Job
from offchain.states import RewardMode
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.rewards.base import OwnJob
from tests.capabilities.rewards.owning import OwnerActs
from tests.capabilities.signing import Misused
from tests.engine.capability import action
from tests.engine.dice import Dice

FEES = (1_000_003, 3, 10**9 + 7, 10**12, 10**17 + 7, 10**20, 1, 77)
MINTED = (3 * 10**21, 1, 7 * 10**20)


class ClaimActs(OwnerActs):
    """Fees and rewards."""

    # Around the distributor

    @action(22)
    def pay_fees(self, dice: Dice) -> None:
        """A creator pays fees for what an annotator did."""
        jobs = self.jobs(RewardMode.TREE) if dice.below(3) == 2 else []
        job, account = dice.choose(jobs or self.stage.jobs), dice.choose(self.cast.annotators)
        paid = self.model.fees.of_account(job, account) + dice.choose(FEES)
        self.act(
            "setFees",
            OwnJob(*job),
            self.stage.token_of(job),
            account,
            paid,
            sender=dice.choose(self.cast.creators),
            contract=self.stage.market(job[0]),
            model=self.fees_are,
        )

    @action(3)
    def mint(self, dice: Dice) -> None:
        """There is more supply."""
        to, amount = self.contract.address, dice.choose(MINTED)
        self.act("mint", to, amount, sender=self.cast.minter, contract=self.stage.token, model=self.minted)

    # Assigning

    @action(28, lambda self: self.rewarding())
    def assign(self, dice: Dice) -> None:
        """Anybody asks for anybody's rewards: mostly where there are some."""
        job = self.pick_job(dice, self.rewarding() or self.jobs(RewardMode.NONE, RewardMode.DIRECT))
        accounts = [dice.choose(self.cast.annotators) for _ in range(dice.below(5))]
        accounts += [who for who in self.cast.annotators if self.uncounted(job, who) and who not in accounts]
        if dice.wrong():
            accounts *= 1 + MAX_ACCOUNTS // max(len(accounts), 1)
        self.act("assign", *job, accounts, sender=dice.choose(self.cast.everybody), at=self.soon(dice))

    @action(3)
    def assign_nothing(self, dice: Dice) -> None:
        """Asking for nothing, or for as many as can be asked for (T64)."""
        job = self.pick_job(dice, self.jobs(RewardMode.NONE, RewardMode.DIRECT))
        accounts = dice.choose(([], [ZERO_ADDRESS, self.contract.address], [self.cast.keeper] * MAX_ACCOUNTS))
        self.act("assign", *job, accounts, sender=dice.choose(self.cast.everybody))

    @action(4, lambda self: self.jobs(RewardMode.TREE))
    def leave_tree(self, dice: Dice) -> None:
        """Right after the owner's time; at times in its last second."""
        waiting = [job for job in self.jobs(RewardMode.TREE) if self.model.is_waiting(job)]
        job = self.pick_job(dice, waiting or self.jobs(RewardMode.TREE))
        over = self.model.tree_jobs[job].since + ROOT_WINDOW
        time = self.now if dice.chance(4) else over + dice.pick((1, 1, 1, 1_000), [0])
        self.act("leaveTree", *job, sender=dice.choose(self.cast.everybody), at=time)

    # Taking out

    def withdrawable(self) -> list[str]:
        """Who can claim."""
        return [account for _, account in self.credits()]

    @action(8, lambda self: self.withdrawable())
    def claim(self, dice: Dice) -> None:
        account = self.sender(dice, *self.withdrawable())
        self.act("claim", self._recipient(dice, account), sender=account, at=self.moment(dice))

    @action(12, lambda self: self.signable_credits())
    def claim_by_sig(self, dice: Dice) -> None:
        account = dice.pick([account for _, account in self.signable_credits()], self.cast.everybody)
        to, time = self._recipient(dice, account), self.soon(dice)
        consent = self.signed(dice, "ClaimReward", account, time, role="account", to=to)
        if dice.chance(8):  # a relayer wants it himself (T43)
            consent = Misused(**vars(replace(consent, message={"to": self.stage.token.address})))
        self.act("claimBySig", to, consent, sender=self.cast.keeper, at=time)

    def _recipient(self, dice: Dice, account: str) -> str:
        return dice.pick((account, self.cast.keeper), (ZERO_ADDRESS, self.contract.address))

    # From the tree

    @action(20, lambda self: self.trees)
    def claim_from_tree(self, dice: Dice) -> None:
        """Anybody has anybody paid: mostly who is owed something."""
        tree = self.trees[-1]
        due = [who for who, amount in tree.shares.items() if amount > self.model.paid_from_tree[who]]
        account = dice.pick(due or tree.shares, tree.shares)
        claim = self._wrong_claim(dice, tree, account) if dice.wrong() else self._claim_in(tree, account)
        self.act("claimFromTree", *claim, sender=dice.choose(self.cast.everybody), at=self.moment(dice))

    @staticmethod
    def _claim_in(tree: RewardTree, account: str) -> tuple[str, int, list[bytes]]:
        return account, tree.shares[account], tree.proof(account)

    def _wrong_claim(self, dice: Dice, tree: RewardTree, account: str) -> tuple[str, int, list[bytes]]:
        """Another amount, another account, another proof, another tree (T59)."""
        _, amount, proof = self._claim_in(tree, account)
        old = dice.choose(self.trees)
        claims = [
            (account, amount + 1, proof),
            (self.cast.keeper, amount, proof),
            (account, amount, [*proof, tree.root]),
            (account, amount, proof[1:] or [tree.root]),
            self._claim_in(old, dice.choose(list(old.shares))),
        ]
        return dice.choose(claims)

    # For the end

    def waiting(self) -> list[Job]:
        """The jobs that can leave the tree."""
        return [job for job, _ in self.model.modes.items() if self.model.is_waiting(job)]
