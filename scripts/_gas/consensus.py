"""What a label costs where several annotators give it: seats, reveals, gold, scores, settlement, pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from offchain.consensus import (
    ConsensusTerms,
    GoldTree,
    GoldWord,
    Phase,
    encode_labels,
)
from offchain.hashing import checksum_address
from offchain.reference.consensus import Seat
from scripts._chain.consensus import consensus_at
from scripts._chain.consensus_job import ANY_STAKE, JobPlace, openings, undisputed
from scripts._gas.bench import FULL, Bench, digest

PAY = 1_000_003
HOUR = 3_600
STAKE = 10**18
UNBONDING = 21 * 24 * HOUR
GOLD_EVERY = 10
"""One task in ten is gold."""
ALL = (1 << FULL) - 1
ERROR = 7
"""One answer in seven is wrong."""


class ConsensusBench:
    """A deployed consensus market with annotators who have staked."""

    def __init__(self, bench: Bench) -> None:
        project, owner = bench.project, bench.owner
        self.bench, self.owner, self.creator, self.keeper = bench, owner, bench.creator, bench.relayer
        self.token = owner.deploy(project.DemoToken)
        self.staking = owner.deploy(project.Staking, owner, bench.sink, self.token, UNBONDING)
        self.reputation = owner.deploy(project.Reputation, owner)
        extension = owner.deploy(project.ConsensusExtension, bench.sink)
        args = (owner, bench.sink, self.staking, self.reputation, extension)
        core = owner.deploy(project.LabelConsensus, *args)
        self.market = consensus_at(project, core.address)
        self.rules = {
            "weighted": owner.deploy(project.WeightedRule),
            "majority": owner.deploy(project.MajorityRule),
        }
        self.staking.setMarket(self.market, True, sender=owner)

    def measure(self) -> Iterator[str]:
        """Adds the rows; yields what it is about to do."""
        yield "consensus: five annotators of 256 tasks"
        crowd = self.crowd(5)
        for name, classes in (("k5x256", 2), ("k5x256.again", 2), ("k5x256.classes4", 4)):
            self.round(name, crowd, [ALL] * len(crowd), classes=classes)

    def crowd(self, size: int) -> list[Any]:
        """Accounts with a stake that the market may lock, in ascending order; nobody worked before."""
        found = []
        for number in range(size):
            account = self.account(number)
            self.stake(account)
            found.append(account)
        return sorted(found, key=lambda account: int(account.address, 16))

    def account(self, key: object) -> Any:
        """Somebody with a balance and no history; the node's own accounts are too few."""
        from ape import accounts  # noqa: PLC0415 - Ape loads every script for every command

        # By its address alone, Ape would derive all of the node's own accounts anew to see whether it is one.
        address = checksum_address(digest("annotator", key)[12:])
        account = accounts.test_accounts.impersonate_account(address)
        account.balance = 10**20
        return account

    def stake(self, account: Any) -> None:
        """As much as anybody needs."""
        send = self.bench.unmeasured
        send(self.token.mint, account, STAKE, sender=self.owner)
        send(self.token.approve, self.staking, STAKE, sender=account)
        send(self.staking.stake, account, STAKE, sender=account)
        send(self.staking.allow, self.market, ANY_STAKE, sender=account)

    def round(self, name: str, crowd: Sequence[Any], masks: Sequence[int], *, classes: int) -> None:
        """A job of one word from the first seat to the last pay."""
        gold = self._gold(classes)
        terms = self._terms(len(crowd), classes, gold)
        funds = PAY * FULL * terms.redundancy
        self.market.createJob(terms.struct(), [], sender=self.creator, value=funds)
        job = self.market.jobCount()
        seats, receipts = self._sit(job, crowd, masks, classes)
        parts = {"seat": receipts}
        self._wait(terms.seats_until)
        parts["reveal"] = [
            self.market.reveal(job, 0, seat.struct(), seat.labels, seat.salt, sender=account)
            for account, seat in zip(crowd, seats, strict=True)
        ]
        self._wait(terms.end(Phase.REVEAL))
        structs = [opening.struct() for opening in openings(gold)]
        parts["gold"] = [self.market.openGold(job, structs, sender=self.creator)]
        self._wait(terms.end(Phase.GOLD))
        known = undisputed(gold.words[0]).struct()
        told = [seat.revealed_struct() for seat in seats]
        parts["settle"] = [self.market.scoreAndSettle(job, 0, known, told, sender=self.keeper)]
        labels = sum(mask.bit_count() for mask in masks)
        for act, done in parts.items():
            self.bench.add(f"consensus.{name}.{act}", *done, units=labels)
        everything = [receipt for done in parts.values() for receipt in done]
        self.bench.add(f"consensus.{name}.per_label", *everything, units=labels)

    # Pieces

    def _gold(self, classes: int) -> GoldTree:
        answers = {task: _truth(task, classes) for task in range(0, FULL, GOLD_EVERY)}
        labels = encode_labels(answers, FULL, classes)
        return GoldTree({0: GoldWord(sum(1 << task for task in answers), labels, digest("gold salt"))})

    def _terms(self, redundancy: int, classes: int, gold: GoldTree) -> ConsensusTerms:
        return ConsensusTerms(
            pay=PAY,
            task_count=FULL,
            redundancy=redundancy,
            classes=classes,
            stake=3 * PAY,
            seats_until=self.bench.chain.pending_timestamp + HOUR,
            windows=(HOUR, HOUR, 0, 0, HOUR, HOUR),
            rule=self.rules["weighted"].address,
            gold_root=gold.root,
            data_root=digest("data"),
            data_length=123_456_789,
            instructions_hash=digest("instructions"),
        )

    def _sit(
        self, job: int, crowd: Sequence[Any], masks: Sequence[int], classes: int
    ) -> tuple[list[Seat], list[Any]]:
        place, seats, receipts = JobPlace(self.bench.chain.chain_id, self.market.address, job), [], []
        for layer, (account, mask) in enumerate(zip(crowd, masks, strict=True)):
            labels, salt = _answers(layer, classes), digest("salt", layer)
            stake = 3 * PAY * mask.bit_count()
            seat = place.seat(account.address, mask, labels, salt, layer=layer, stake=stake)
            receipts.append(self.market.seat(place.request(seat).struct(), b"", sender=account))
            seats.append(seat)
        return seats, receipts

    def _wait(self, until: int) -> None:
        self.bench.chain.mine(timestamp=until + 1)


def _truth(task: int, classes: int) -> int:
    """Classes in a pattern that no annotator's errors follow."""
    return digest("truth", task)[0] % classes


def _answers(annotator: int, classes: int) -> bytes:
    """What somebody says who is wrong at times."""
    answers = {}
    for task in range(FULL):
        wrong = digest("error", annotator, task)[0] % ERROR == 0
        answers[task] = (_truth(task, classes) + wrong) % classes
    return encode_labels(answers, FULL, classes)
