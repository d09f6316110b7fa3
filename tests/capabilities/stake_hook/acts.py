"""What everybody does: stake, pledge, claim, hand in, leave, slash; and tries in vain."""

from __future__ import annotations

from typing import Any

from offchain.reference.stake_hook import PROOF_WINDOW
from offchain.reference.stakes import Split
from offchain.reference.staking import MAX_LOCK
from offchain.states import ClaimState, DisputeState
from offchain.terms import ZERO_HASH
from tests.capabilities.stake_hook.base import STAKES, Held, StakeHookBase
from tests.capabilities.stake_hook.stage import DAY, HOOKED, WINDOWS
from tests.capabilities.staking.base import Cut
from tests.engine.capability import action
from tests.engine.dice import Dice

AMOUNTS = (100_000, 10**18, 5_000, 7_007)
MOST = 2**128 - 1
WORD = 256
"""Most tasks of a claim."""

TASKS = (5, 1, 12, 30)
LATE = (DAY, PROOF_WINDOW, PROOF_WINDOW + 1, 30 * DAY, MAX_LOCK)


class HookActs(StakeHookBase):
    """Everything around a pledge."""

    def open(self, dice: Dice) -> None:
        """Most annotators have stake that the hook may lock; most jobs say what they ask for."""
        for job_id in HOOKED[: 2 + dice.below(2)]:
            stake = STAKES[dice.below(3)]
            self.act("configure", job_id, stake, sender=self.stage.creator_of(job_id))
        for account in self.cast.annotators[: 2 + dice.below(2)]:
            self.in_staking("stake", account, dice.choose((10**19, 10**18, 100_000)), sender=account)
            self.in_staking("allow", self.stage.hook.address, dice.choose((MOST, 10**18)), sender=account)

    def moment(self, dice: Dice) -> int:
        """Mostly soon; at times in the last second, or the first after it, of something that waits; at times
        days later.
        """
        if dice.chance(24):
            return self.now + dice.choose(LATE)
        if dice.chance(6):
            ends = [pledge.leaves_at for _, _, pledge in self.pledges()]
            ends += [pledge.claims_until for _, _, pledge in self.pledges()]
            ends += [self.model.lock_end(account) for account in self.cast.annotators]
            later = [end for end in ends if end >= self.now]
            if later:
                return min(later) + dice.below(2)
        return self.now + dice.choose((0, 0, 1, 0, 20, 600))

    # Creators

    @action(24, lambda self: self._unsaid())
    def configure(self, dice: Dice) -> None:
        """Once, by the creator, for a job with this hook."""
        job_id, stake = dice.choose(self._unsaid()), dice.pick(STAKES, (0,))
        self.act("configure", job_id, stake, sender=self.sender(dice, self.stage.creator_of(job_id)))

    @action(3)
    def configure_in_vain(self, dice: Dice) -> None:
        """A second time, for a job with another hook or none at all, or by somebody else."""
        job_id = dice.choose((*WINDOWS, 99))
        sender = dice.choose((self.stage.creator_of(job_id), *self.cast.annotators))
        stake = 0 if job_id in self._unsaid() and sender == self.stage.creator_of(job_id) else 7
        self.act("configure", job_id, stake, sender=sender)

    def _unsaid(self) -> list[int]:
        return [job_id for job_id in HOOKED if job_id not in self.asking()]

    # Stake

    @action(8)
    def stake(self, dice: Dice) -> None:
        account = self.annotator(dice)
        self.in_staking("stake", account, dice.choose(AMOUNTS), sender=account, at=self.moment(dice))

    @action(5)
    def set_limit(self, dice: Dice) -> None:
        """What hook or forum may lock: often all there is, at times less than is locked."""
        account = self.annotator(dice)
        market = dice.choose((self.stage.hook.address, self.stage.hook.address, self.cast.forum))
        limit = dice.choose((MOST, MOST, 10**18, MOST, MOST, 5_000, MOST, 0))
        self.in_staking("allow", market, limit, sender=account, at=self.moment(dice))

    @action(3, lambda self: self._free())
    def unbond(self, dice: Dice) -> None:
        account, most = dice.choose(self._free())
        self.in_staking("unbond", dice.choose((most, most // 2 or 1)), sender=account)

    @action(5)
    def lock_elsewhere(self, dice: Dice) -> None:
        """Another market locks and slashes: it never reaches a pledge."""
        account = self.annotator(dice)
        bond, free = self.bank.bonds[account, self.cast.forum], self.bank.available[account]
        room = min(bond.limit - bond.locked, free)
        if room > 0 and dice.below(2):
            until = self.now + dice.choose((DAY, MAX_LOCK))
            self.in_staking("lock", account, room, until, sender=self.cast.forum)
        elif bond.reach(self.now):
            fine = Cut(Split(burn=dice.choose((bond.reach(self.now), 1))))
            self.in_staking("slash", account, fine, sender=self.cast.forum)
        else:
            self.in_staking("allow", self.cast.forum, MOST, sender=account)

    @action(2, lambda self: self.bank.listed[self.stage.hook.address])
    def delist(self, dice: Dice) -> None:
        hook = self.stage.hook.address
        self.in_staking("setMarket", hook, False, sender=self.sender(dice, self.bank.owner))

    @action(60, lambda self: not self.bank.listed[self.stage.hook.address])
    def list_again(self, dice: Dice) -> None:
        """Soon, or nothing would happen any more."""
        hook = self.stage.hook.address
        self.in_staking("setMarket", hook, True, sender=self.sender(dice, self.bank.owner))

    @action(7, lambda self: self._locked())
    def reclaim(self, dice: Dice) -> None:
        """When a lock is over, anybody gives it back; pledges end with it."""
        account = dice.choose(self._locked())
        at = self.model.lock_end(account) + dice.pick((1, 1, DAY), (0,))
        hook, keeper = self.stage.hook.address, dice.choose(self.cast.everybody)
        self.in_staking("reclaim", account, hook, sender=keeper, at=at if dice.below(3) else self.now)

    # Pledges

    @action(24, lambda self: self.asking())
    def pledge(self, dice: Dice) -> None:
        job_id, tasks, stake = self._pledge(dice)
        self.act("pledge", job_id, tasks, stake, sender=self.annotator(dice), at=self.moment(dice))

    @action(8, lambda self: self.asking())
    def pledge_by_sig(self, dice: Dice) -> None:
        account, time = self.signer(dice), self.moment(dice)
        job_id, tasks, stake = self._pledge(dice)
        message = {"jobId": job_id, "tasks": tasks, "stakePerTask": stake}
        consent = self.signed(dice, "Pledge", account, time, **message)
        if dice.chance(10):  # a relayer changes what he was given (T43)
            other = dice.choose(({"jobId": job_id + 1}, {"tasks": tasks ^ 1}, {"stakePerTask": stake ^ 1}))
            consent = self.misused(consent, message | other)
        self.act("pledgeBySig", *message.values(), consent, sender=self.cast.keeper, at=time)

    def _pledge(self, dice: Dice) -> tuple[int, int, int]:
        """(job, tasks, stake per task); now and then of a job that asks for nothing, or for another stake."""
        job_id = dice.pick(self.asking(), WINDOWS)
        asked = self.model.terms[job_id].stake_per_task
        return job_id, dice.pick(TASKS, (0, 2**24 - 1)), dice.pick((asked,), (asked ^ 1, 1))

    @action(12, lambda self: self.pledges())
    def request_unpledge(self, dice: Dice) -> None:
        job_id, account = self._leaver(dice)
        self.act("requestUnpledge", job_id, sender=account, at=self.moment(dice))

    @action(5, lambda self: self.pledges())
    def request_unpledge_by_sig(self, dice: Dice) -> None:
        job_id, account = self._leaver(dice)
        time = self.moment(dice)
        consent = self.signed(dice, "RequestUnpledge", account, time, jobId=job_id)
        if dice.chance(10):
            consent = self.misused(consent, {"jobId": job_id + 1})
        self.act("requestUnpledgeBySig", job_id, consent, sender=self.cast.keeper, at=time)

    def _leaver(self, dice: Dice) -> tuple[int, str]:
        """Mostly somebody who holds no tasks."""
        standing = [(job_id, account) for job_id, account, _ in self.pledges()]
        idle = [pair for pair in standing if not self.held_open(*pair)]
        return dice.pick(idle or standing, [*standing, (99, self.cast.annotator)])

    @action(14, lambda self: self._leaving())
    def unpledge(self, dice: Dice) -> None:
        """Right after the window; at times in its last second."""
        job_id, account, pledge = dice.choose(self._leaving())
        at = pledge.leaves_at + dice.choose((1, 1, DAY, 0))
        self.act("unpledge", job_id, account, sender=dice.choose(self.cast.everybody), at=at)

    @action(2)
    def unpledge_in_vain(self, dice: Dice) -> None:
        """Where nobody asked, or nothing is pledged."""
        account, sender = (dice.choose(self.cast.everybody) for _ in range(2))
        self.act("unpledge", dice.choose((*WINDOWS, 99)), account, sender=sender)

    @action(2)
    def cancel_nonce(self, dice: Dice) -> None:
        self.cancel_some_nonce(dice)

    # Work

    @action(26, lambda self: self._admitted())
    def take(self, dice: Dice) -> None:
        """The market asks whether somebody may claim: as many tasks as his pledge is for, or one more."""
        job_id, account, pledge = dice.pick(self._admitted(), self.pledges())
        backed = self.held_open(job_id, account) + self.model.due_of(job_id, account)
        room = max(pledge.tasks - backed, 1)
        tasks = min(dice.pick((room, 1, room // 2 or 1), (room + 1,)), WORD)
        self._take(job_id, account, tasks, self.moment(dice))

    @action(3)
    def take_without_a_pledge(self, dice: Dice) -> None:
        self._take(dice.choose(HOOKED), dice.choose(self.cast.everybody), 1, self.moment(dice))

    def _take(self, job_id: int, account: str, tasks: int, at: int) -> None:
        keeper, market = self.cast.keeper, self.stage.jobs
        self.act("take", job_id, account, tasks, sender=keeper, at=at, contract=market, model=self.takes)

    @action(36, lambda self: self.open_claims())
    def settle(self, dice: Dice) -> None:
        """What becomes of a claim: rejected, in part or not at all; at the latest when its windows end."""
        held = dice.choose(self.open_claims())
        upheld = dice.choose((held.done, held.done, held.done >> 1, 1, 0))
        at = min(self.moment(dice), self.end_of(held))
        if dice.chance(5):
            self.becomes_of(held, DisputeState.REJECTED, upheld, at, over=False)
        else:
            pending = dice.chance(5)  # others of its tasks are not paid yet
            self.becomes_of(held, DisputeState.ENDED if pending else DisputeState.NONE, upheld, at)

    def becomes_of(
        self, held: Held, dispute: DisputeState, disputed: int, at: int, *, over: bool = True
    ) -> None:
        """A claim, its dispute, and whether nothing of it is open any more."""
        done = over and dispute == DisputeState.NONE
        state = ClaimState.DONE if done else ClaimState.SUBMITTED
        told = (held.claim_id, held.account, held.tasks if over else 0, state, dispute, disputed)
        keeper, market = self.cast.keeper, self.stage.jobs
        self.act(
            "setRecord", *told, held.commitment, sender=keeper, at=at, contract=market, model=self.becomes
        )

    # Slashes

    @action(22, lambda self: self.rejected())
    def slash(self, dice: Dice) -> None:
        """Whoever rejected work has it slashed for: mostly in time."""
        held = dice.pick(self.timely(self.now), self.rejected())
        at = self.provable(held) + dice.below(2) if dice.chance(6) else self.moment(dice)
        opening = dice.pick([held.opening], self._wrong_openings(held))
        self.act("slash", held.claim_id, *opening, sender=dice.choose(self.cast.everybody), at=at)

    @action(6, lambda self: self.claims)
    def slash_in_vain(self, dice: Dice) -> None:
        """A claim that is in dispute, open, paid, or slashed for."""
        known = self.model.jobs.claims
        disputed = [held for held in self.open_claims() if held.claim_id in known]
        held = dice.choose(disputed or list(self.claims.values()))
        self.act("slash", held.claim_id, *held.opening, sender=self.cast.keeper)

    def _wrong_openings(self, held: Held) -> list[tuple[str, int, bytes, int]]:
        account, word, root, done = held.opening
        return [
            (self.cast.keeper, word, root, done),
            (account, word + 1, root, done),
            (account, word, ZERO_HASH, done),
            (account, word, root, done + 1),
        ]

    @action(30, lambda self: self.timely(self.now))
    def run_away(self, dice: Dice) -> None:
        """An account whose tasks were rejected tries a way out, and is slashed for all of them (T39)."""
        held = dice.choose(self.timely(self.now))
        account, job_id, hook = held.account, held.job_id, self.stage.hook.address
        late, way = self.provable(held), dice.below(7)
        if way == 0:
            self.act("requestUnpledge", job_id, sender=account)
        elif way == 1:  # it stays for longer than a proof may take, while something is due
            self.act("requestUnpledge", job_id, sender=account)
            leaves_at = self.model.pledge_of(job_id, account, self.now).leaves_at
            end = self.model.lock_end(account)
            self.act("unpledge", job_id, account, sender=account, at=max(self.now, min(leaves_at + 1, end)))
            late = end
        elif way == 2:
            self.in_staking("unbond", max(self.bank.available[account], 1), sender=account)
        elif way == 3:
            self.in_staking("allow", hook, 0, sender=account)
        elif way == 4:
            self.in_staking("reclaim", account, hook, sender=account)
        elif way == 5:
            self.in_staking("setMarket", hook, False, sender=self.bank.owner)
        else:
            self._spend(account)
        self._slash_all(held, dice.choose((self.now, late)))

    def _spend(self, account: str) -> None:
        """Whatever is free goes to another market, which slashes it."""
        forum, free = self.cast.forum, self.bank.available[account]
        self.in_staking("allow", forum, MOST, sender=account)
        if free:
            self.in_staking("lock", account, free, self.now + DAY, sender=forum)
            self.in_staking("slash", account, Cut(Split(burn=free)), sender=forum)

    def _slash_all(self, held: Held, at: int) -> None:
        due, before = self.model.due(held.claim_id), self.bank.locked(held.account)
        done = self.act("slash", held.claim_id, *held.opening, sender=self.cast.keeper, at=at)
        assert done, f"{due} tasks cannot be slashed for: {self.steps[-1].outcome}"
        lost = before - self.bank.locked(held.account)
        wanted = due * self.model.terms[held.job_id].stake_per_task
        assert lost == wanted, f"{lost} of {wanted} were slashed: there is a way out"

    # Inside

    def _free(self) -> list[tuple[str, int]]:
        free = [(account, self.bank.available[account]) for account in self.cast.annotators]
        return [pair for pair in free if pair[1]]

    def _locked(self) -> list[str]:
        hook = self.stage.hook.address
        return [account for account in self.cast.annotators if self.bank.bonds[account, hook].locked]

    def _admitted(self) -> list[Any]:
        """Pledges that are for more tasks than are held."""
        return [one for one in self.pledges() if self.model.is_eligible(*one[:2], 1, self.now)]

    def _leaving(self) -> list[Any]:
        return [one for one in self.pledges() if one[2].leaves_at]
