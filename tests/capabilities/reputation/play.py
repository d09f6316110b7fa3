"""Reputation, whole: markets that count answers, an owner who lists them, and time that fades everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

from offchain.reference.calls import Effects
from offchain.reference.reputation import (
    ANSWER_BITS,
    BPS,
    CLASSES,
    GOOD,
    MOST,
    NOTHING,
    PERIOD,
    POOR,
    PRIOR,
    Counter,
    Reputation,
    pack,
    risk,
)
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.cast import YEAR
from tests.capabilities.escrow import DEPLOYMENT
from tests.capabilities.ownership import OWNERSHIP_EVENTS, Attempt, OwnerActions, ownership_of
from tests.engine.capability import action
from tests.engine.chain import Chain, Contract
from tests.engine.dice import Dice
from tests.engine.program import View

DOMAINS = (b"\x00" * 32, b"cats".ljust(32, b"\0"), b"\xff" * 32)
ASKED = (1, 3, 7, 40, 0, 300, MOST, MOST // 2 + 1)
CLASS_COUNTS = (2, 3, CLASSES)
SUBJECTS = ("annotator", "rival", "keeper")


@dataclass(frozen=True)
class Cast:
    """Everybody, by address. `guild` and `forum` are markets that the owner lists from the beginning on,
    `bazaar` comes later, `outlaw` never; markets count the answers of the others.
    """

    owner: str
    guild: str
    forum: str
    bazaar: str
    outlaw: str
    annotator: str
    rival: str
    keeper: str

    @property
    def markets(self) -> tuple[str, ...]:
        return self.guild, self.forum, self.bazaar

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in SUBJECTS)

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True)
class Stage:
    """The contract and the cast."""

    reputation: Contract
    cast: Cast


class ReputationPlay(OwnerActions):
    """Programs of many actors for `Reputation`."""

    name = "reputation"
    sources: ClassVar[tuple[str, ...]] = ("Reputation",)
    unreachable: ClassVar[dict[str, str]] = {
        "BadClasses": "said by a view only: unit/reputation/test_standing_of.py",
        "OwnableInvalidOwner": DEPLOYMENT,
    }
    stage: Stage
    model: Reputation

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        cast = Cast(**{item.name: chain.person(item.name).address for item in fields(Cast)})
        reputation = chain.deploy("Reputation", cast.owner)
        for market in cast.markets[:2]:
            chain.send(reputation, "setWriter", market, True, sender=cast.owner)
        return Stage(reputation, cast)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        return {"owner": (stage.cast.owner,), "markets": stage.cast.markets}

    def begin(self) -> tuple[Contract, Any]:
        cast, address = self.stage.cast, self.stage.reputation.address
        model = Reputation(address, cast.owner)
        for market in cast.markets[:2]:
            model.writers[market] = True
        model.journal.keep()
        return self.stage.reputation, model

    # Actions

    def moment(self, dice: Dice) -> int:
        """Mostly soon; at times around the end of a period, or years later."""
        end = (self.now // PERIOD + 1) * PERIOD
        steps = (self.now, self.now + 1, self.now, end - 1, end, end + PERIOD, self.now + YEAR, self.now)
        return self.now + 4 * YEAR if dice.chance(24) else dice.choose(steps)

    @action(30)
    def record(self, dice: Dice) -> None:
        listed = [who for who, is_writer in self.model.writers.items() if is_writer]
        strangers = [who for who in self.stage.cast.everybody if who not in listed]
        market = dice.pick(listed, strangers)
        account, domain = dice.choose(self.stage.cast.subjects), dice.choose(DOMAINS)
        self.act("record", account, domain, self._answers(dice), sender=market, at=self.moment(dice))

    @action(8)
    def record_more(self, dice: Dice) -> None:
        """As many answers of one account as fit, and more."""
        listed = [who for who, is_writer in self.model.writers.items() if is_writer]
        market = dice.pick(listed, self.stage.cast.everybody)
        right = dice.choose((MOST, MOST // 2, MOST - 1, 0))
        answers = pack([(right, MOST), (right // 3, MOST // 2 + 1)])
        account = self.stage.cast.subjects[0]
        self.act("record", account, DOMAINS[0], answers, sender=market, at=self.now)

    def _answers(self, dice: Dice) -> int:
        """A word of answers, of few classes mostly; now and then one that cannot be."""
        classes = dice.choose(CLASS_COUNTS)
        counters = [self._counter(dice) for _ in range(classes)]
        answers = pack(counters)
        if dice.wrong() or dice.chance(16):
            shift = 30 * dice.below(CLASSES)
            bad = [
                answers | 1 << ANSWER_BITS,
                answers | 1 << 255,
                answers & ~(MOST << shift + 15) | 1 << shift,
            ]
            return dice.choose(bad)
        return answers

    @staticmethod
    def _counter(dice: Dice) -> Counter:
        asked = dice.choose(ASKED)
        return dice.choose((asked, asked // 2, asked - asked // 10, 0)), asked

    @action(4)
    def set_writer(self, dice: Dice) -> None:
        """Markets come and go; those that went come back soon."""
        gone = [market for market in self.stage.cast.markets if not self.model.writers[market]]
        market = dice.choose(gone if gone and dice.below(3) else self.stage.cast.markets)
        owner = self.sender(dice, self.model.owner)
        self.act("setWriter", market, not self.model.writers[market], sender=owner)

    def attempts(self, usurper: str) -> Iterator[Attempt]:
        """As of an owner; and somebody lists himself, or writes without being listed."""
        yield usurper, "setWriter", (usurper, True)
        outlaw = self.stage.cast.outlaw
        yield outlaw, "record", (outlaw, DOMAINS[0], pack([(MOST, MOST)] * CLASSES))
        yield from super().attempts(usurper)

    # What must hold

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        """Of an account's counters after each record; of everything at the end."""
        if effects is None:
            if self.model.owner == ZERO_ADDRESS:
                yield "nobody owns the contract (T61)"
            for account, domain in self.model.records:
                yield from self._broken(account, domain)
            return
        for name, values in effects.events:
            if name == "AnswersRecorded":
                yield from self._broken(values["account"], values["domain"])

    def _broken(self, account: str, domain: bytes) -> Iterator[str]:
        counters = self.model.counters(account, domain, self.now)
        if any(not 0 <= right <= asked <= MOST for right, asked in counters):
            yield f"{account} was right more often than asked: {counters}"
        for classes in CLASS_COUNTS:
            standing = self.model.standing_of(account, domain, classes, self.now)
            shares = sum(right / asked for right, asked in counters[:classes] if asked)
            if standing > shares * BPS / classes or risk(standing) > risk(0):
                yield f"{account} stands at {standing}, better than its answers, or below a new one (T33)"

    def finish(self) -> None:
        """Whoever falls silent, everything fades: four years later all accounts are new ones."""
        self.act("acceptOwnership", sender=self.stage.cast.outlaw, at=self.now + 4 * YEAR)
        for account, domain in self.model.records:
            assert self.model.counters(account, domain, self.now) == NOTHING, f"{account} is remembered"

    # Views

    def touched(self, effects: Effects) -> Iterator[View]:
        for name, values in effects.events:
            if name == "AnswersRecorded":
                yield from self._account(values["account"], values["domain"], self.now)
            elif name == "WriterSet":
                yield from self._writers([values["market"]])
            elif name in OWNERSHIP_EVENTS:
                yield from self._told(ownership_of(self.model))

    def views(self) -> Iterator[View]:
        now = self.now + 1 if self.steps else 1  # they are asked a second after the last step
        constants = {"PERIOD": PERIOD, "PRIOR": PRIOR, "GOOD": GOOD, "POOR": POOR}
        yield from self._told(constants | ownership_of(self.model))
        yield from self._writers(self.stage.cast.everybody)
        for account in self.stage.cast.subjects:
            for domain in DOMAINS:
                yield from self._account(account, domain, now)

    def _account(self, account: str, domain: bytes, now: int) -> Iterator[View]:
        counters = self.model.counters(account, domain, now)
        yield View(self.contract, "answersOf", (account, domain), pack(counters))
        for classes in CLASS_COUNTS:
            standing = self.model.standing_of(account, domain, classes, now)
            yield View(self.contract, "standingOf", (account, domain, classes), standing)
            yield View(self.contract, "riskOf", (account, domain, classes), risk(standing))

    def _writers(self, accounts: Iterable[str]) -> Iterator[View]:
        return View.each(
            self.contract, "isWriter", ((account, self.model.writers[account]) for account in accounts)
        )

    def _told(self, answers: dict[str, Any]) -> Iterator[View]:
        return (View(self.contract, name, (), value) for name, value in answers.items())
