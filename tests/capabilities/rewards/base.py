"""What all actions of the distributor share: arguments, and how jobs and moments are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from offchain.hashing import RewardTree
from offchain.reference.calls import Call, Effects, Payment
from offchain.reference.rewards import EPOCH, Job, Rewards
from offchain.signing import DISTRIBUTOR_NAME
from offchain.states import RewardMode
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.escrow import EscrowActions
from tests.capabilities.ownership import OwnerActions
from tests.capabilities.rewards.stage import Cast, Stage, set_stage
from tests.engine.capability import Argument
from tests.engine.chain import Chain, Contract
from tests.engine.dice import Dice


@dataclass(frozen=True)
class OwnJob(Argument):
    """A job as its own market is told: by its number."""

    market: str
    job_id: int

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (self.job_id,)

    def in_model(self) -> tuple[Any, ...]:
        return ((self.market, self.job_id),)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"{self.job_id} of {name_of(self.market)}"


class RewardsBase(OwnerActions, EscrowActions):
    """A distributor and its model from deployment on."""

    signing_name: ClassVar[str] = DISTRIBUTOR_NAME
    standard_token: ClassVar[Contract | None] = None  # it takes no deposits
    stage: Stage
    model: Rewards

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "owner": (cast.owner, cast.minter),
            "creators": cast.creators,
            "annotators": cast.annotators,
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast: Cast = self.stage.cast
        self.trees: list[RewardTree] = []
        """What the owner published, the tree that holds last."""
        return self.stage.distributor, self.stage.model()

    # What there is

    def jobs(self, *modes: RewardMode) -> list[Job]:
        """The jobs of markets with a source whose rewards are handed out in one of these ways."""
        listed = [job for job in self.stage.jobs if self.model.sources[job[0]] != ZERO_ADDRESS]
        return [job for job in listed if self.model.modes[job] in modes]

    def rewarding(self) -> list[Job]:
        """The jobs of which something could be assigned now, was there enough of everything."""
        direct = self.jobs(RewardMode.NONE, RewardMode.DIRECT)
        return [job for job in direct if any(self.uncounted(job, who) for who in self.cast.annotators)]

    def uncounted(self, job: Job, account: str) -> int:
        """Fees for an account, or for a whole job under the zero address, that have a rate and were not
        counted, base units; as the market's source tells them.
        """
        counted = self.model.counted[(*job, account)]
        has_rate = self.model.rates[self.model.fees.token_of(job)]
        return max(self.told(job, account) - counted, 0) if has_rate else 0

    def told(self, job: Job, account: str) -> int:
        """What the market's source says was paid; 0 where it has none."""
        fees, source = self.model.fees, self.model.sources[job[0]]
        paid = fees.of_account(job, account) if int(account, 16) else fees.of_job(job)
        return fees.told(source, paid) if int(source, 16) else 0

    # What is around

    def fees_are(self, _call: Call, job: Job, token: str, account: str, paid: int) -> Effects:
        """What market and adapter know from now on."""
        self.model.fees.tokens[job] = token
        self.model.fees.paid[(*job, account)] = paid
        return Effects()

    def minted(self, _call: Call, to: str, amount: int) -> Effects:
        """What the reward token does."""
        self.model.bank.balances[self.model.token, to] += amount
        self.model.journal.keep()
        return Effects(payments=[Payment(self.model.token, ZERO_ADDRESS, to, amount)])

    # Drawing

    def soon(self, dice: Dice) -> int:
        """Now, in the last second of the epoch, in the first one of the next, or as other moments."""
        end = (self.now // EPOCH + 1) * EPOCH
        return dice.choose((self.now, self.now, self.now, self.now + 1, end - 1, end, end + EPOCH, self.now))

    def owner(self, dice: Dice) -> str:
        """The owner, now and then somebody else."""
        return self.sender(dice, self.model.owner)

    def pick_job(self, dice: Dice, right: Iterable[Job]) -> Job:
        """One of `right`; now and then any."""
        return dice.pick(right, self.stage.jobs)
