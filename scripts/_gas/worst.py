"""The heaviest words that terms allow: as many seats, classes and known tasks as there can be, of accounts
that were never paid before and burn what gas they get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from offchain.consensus import (
    ConsensusTerms,
    GoldTree,
    GoldWord,
    PanelKind,
    Phase,
    account_panel,
    encode_labels,
)
from offchain.hashing import checksum_address
from offchain.reference.consensus import Seat
from offchain.terms import ZERO_ADDRESS
from scripts._chain.consensus_job import JobPlace, in_order, openings, undisputed
from scripts._gas.bench import FULL, digest
from scripts._gas.consensus import ALL, HOUR, PAY, ConsensusBench

BLOCK = 15_000_000
"""Gas that every call is sent with: what is given back at its end has to be there before."""
BURNER = b"\xfe"
"""All gas that it gets."""
FEE_BPS = 500
GOOD, POOR = 90, 20
"""Of a hundred answers: more than chance, and less."""


class Sent(NamedTuple):
    """A transaction that succeeded."""

    gas_used: int
    txn_hash: str


@dataclass(frozen=True)
class Word:
    """A word of `redundancy` layers of `parts` seats each. The first `lucky` seats earn something, the others
    lose a part of their stake.
    """

    name: str
    redundancy: int
    parts: int
    classes: int
    lucky: int
    token: bool = False
    panel: bool = False

    @property
    def seats(self) -> int:
        """Of all layers."""
        return self.redundancy * self.parts


#: Where seats times classes are as many as they may be; and as many seats as a word can have.
SETTLED = (
    Word("56x4", 56, 1, 4, 56),
    Word("28x8", 28, 1, 8, 28, token=True),
    Word("64x3", 8, 8, 3, 64),
)
EXPIRED = Word("64", 16, 4, 2, 64)
SILENT = Word("64", 16, 4, 3, 0)
DECIDED = Word("64", 16, 4, 3, 64, panel=True)


class WorstWords:
    """Adds rows of such words to a bench; jobs cost a fee from then on."""

    def __init__(self, consensus: ConsensusBench) -> None:
        self.consensus, self.bench, self.market = consensus, consensus.bench, consensus.market
        project, owner = self.bench.project, consensus.owner
        self.owner, self.creator, self.keeper = owner, consensus.creator, consensus.keeper
        self.token = owner.deploy(project.HookToken)
        self.token.mint(self.creator, 10**30, sender=owner)
        self.token.approve(self.market, 2**256 - 1, sender=self.creator)
        self.burner = checksum_address(digest("burner")[12:])
        self._become_burner(self.burner)
        consensus.reputation.setWriter(self.market, True, sender=owner)
        for token in (ZERO_ADDRESS, self.token.address):
            self.market.setUnit(token, 1, sender=owner)

    def measure(self) -> Iterator[str]:
        """Adds the rows; yields what it is about to do."""
        self.market.setFee(FEE_BPS, sender=self.owner)
        for word in SETTLED:
            yield f"the worst word of {word.seats} seats and {word.classes} classes"
            for act, sent in self.settled(word).items():
                self._add(f"{act}.{word.name}", sent)
        yield "words of 64 seats that nobody settled, revealed or decided"
        self._add(f"expire.{EXPIRED.name}", self.expired(EXPIRED))
        self._add(f"slashSilent.{SILENT.name}", self.silent(SILENT))
        self._add(f"decide.{DECIDED.name}", self.decided(DECIDED))

    def settled(self, word: Word) -> dict[str, Sent]:
        """From the first seat to the last pay."""
        terms, gold, job, seats = self._revealed(word)
        self._open(job, terms, gold)
        self._wait(terms.end(Phase.EXPERT))
        known, told = undisputed(gold.words[0]).struct(), _told(seats)
        self._burn(seats, self.burner)
        sent = {act: self.send(act, job, 0, known, told) for act in ("score", "settle")}
        self._burn((), ZERO_ADDRESS)
        return sent

    def expired(self, word: Word) -> Sent:
        """Nobody settled it: everybody is paid in full."""
        terms, _, job, seats = self._revealed(word)
        self._wait(terms.end(Phase.SETTLE))
        self._burn(seats, self.burner)
        sent = self.send("expire", job, 0, _told(seats))
        self._burn((), ZERO_ADDRESS)
        return sent

    def silent(self, word: Word) -> Sent:
        """Nobody revealed anything."""
        terms, _, job, seats = self._seated(word)
        self._wait(terms.end(Phase.REVEAL))
        return self.send(
            "slashSilent", job, 0, [replace(seat, labels=None).sealed_struct() for seat in seats]
        )

    def decided(self, word: Word) -> Sent:
        """Everything that is not gold is drawn, and all seats are needed to show it."""
        terms, gold, job, seats = self._revealed(word)
        self._open(job, terms, gold)
        self._wait(terms.end(Phase.CHALLENGE))
        truth, mask = undisputed(gold.words[0]), ALL & ~gold.words[0].mask
        verdicts = encode_labels({task: 0 for task in range(FULL) if mask >> task & 1}, FULL, word.classes)
        told = [seat.sealed_struct() for seat in seats]
        return self.send(
            "decide", job, 0, mask, verdicts, truth.struct(), told, b"", sender=self.bench.arbiter
        )

    def send(self, act: str, *args: Any, sender: Any = None) -> Sent:
        """Straight to the node, with the gas of `BLOCK`; raises ValueError where that is not enough."""
        ask = self.bench.chain.provider.make_request
        data = bytes(getattr(self.market, act).encode_input(*args))
        request = {"from": (sender or self.keeper).address, "to": self.market.address}
        request |= {"data": "0x" + data.hex(), "gas": hex(BLOCK)}
        receipt = ask("eth_sendTransactionSync", [request])
        if int(receipt["status"], 16) != 1:
            raise ValueError(f"{act} does not get by with {BLOCK:,} gas")
        return Sent(int(receipt["gasUsed"], 16), str(receipt["transactionHash"]))

    # Pieces

    def _add(self, name: str, sent: Sent) -> None:
        self.bench.add(f"worst.consensus.{name}", sent)

    def _become_burner(self, address: str) -> None:
        self.bench.chain.provider.set_code(address, BURNER)

    def _burn(self, seats: Sequence[Seat], hook: str) -> None:
        """From now on the annotators of these seats, or the token's hook, burn all gas that they get."""
        for seat in seats:
            self._become_burner(seat.annotator)
        self.token.callBackWith(hook, b"", sender=self.owner)

    def _crowd(self, word: Word) -> list[Any]:
        """In the order in which the market wants their seats: the lucky ones are paid first."""
        found = [self.consensus.account((word, number)) for number in range(word.seats)]
        for account in found:
            self.consensus.stake(account)
        return sorted(found, key=lambda account: int(account.address, 16))

    def _seated(self, word: Word) -> tuple[ConsensusTerms, GoldTree, int, list[Seat]]:
        """Every part of a layer has every so many tasks, so that no stretch of a seat's labels is empty."""
        gold = _gold(word)
        terms = self._terms(word, gold)
        funds = (PAY + PAY * FEE_BPS // 10_000) * FULL * terms.redundancy + terms.expert_budget
        self.market.createJob(terms.struct(), [], sender=self.creator, value=0 if word.token else funds)
        job = self.market.jobCount()
        place, seats = JobPlace(self.bench.chain.chain_id, self.market.address, job), []
        for number, account in enumerate(self._crowd(word)):
            layer, part = divmod(number, word.parts)
            tasks = range(part, FULL, word.parts)
            mask = sum(1 << task for task in tasks)
            right = GOOD if number < word.lucky else POOR
            answers = {task: _answer(number, task, right, word.classes) for task in tasks}
            labels = encode_labels(answers, FULL, word.classes)
            # Nobody has a reputation.
            stake, audit = terms.stake * len(tasks) * terms.max_stake_bps // 10_000, 256 if word.panel else 0
            seat = place.seat(
                account.address, mask, labels, digest("salt", number), layer=layer, stake=stake, audit=audit
            )
            self.bench.unmeasured(self.market.seat, place.request(seat).struct(), b"", sender=account)
            seats.append(seat)
        self._wait(terms.seats_until)
        return terms, gold, job, seats

    def _revealed(self, word: Word) -> tuple[ConsensusTerms, GoldTree, int, list[Seat]]:
        terms, gold, job, seats = self._seated(word)
        for seat in seats:
            told = (job, 0, seat.struct(), seat.labels, seat.salt)
            self.bench.unmeasured(self.market.reveal, *told, sender=self.keeper)
        self._wait(terms.end(Phase.REVEAL))
        return terms, gold, job, seats

    def _open(self, job: int, terms: ConsensusTerms, gold: GoldTree) -> None:
        self.market.openGold(job, [opening.struct() for opening in openings(gold)], sender=self.creator)
        self._wait(terms.end(Phase.GOLD))

    def _terms(self, word: Word, gold: GoldTree) -> ConsensusTerms:
        panel = PanelKind.ACCOUNT if word.panel else PanelKind.NONE
        experts = HOUR if word.panel else 0
        return ConsensusTerms(
            token=self.token.address if word.token else ZERO_ADDRESS,
            pay=PAY,
            fee_bps=FEE_BPS,
            task_count=FULL,
            redundancy=word.redundancy,
            classes=word.classes,
            min_seat=FULL // word.parts,
            audit_bps=10_000 if word.panel else 0,
            max_audit_bps=10_000 if word.panel else 0,
            stake=3 * PAY,
            max_stake_bps=20_000,
            seats_until=self.bench.chain.pending_timestamp + HOUR,
            windows=(HOUR, HOUR, experts, experts, HOUR, HOUR),
            rule=self.consensus.rules["weighted"].address,
            panel_kind=panel,
            panel=account_panel(self.bench.arbiter.address) if word.panel else bytes(32),
            expert_fee=PAY if word.panel else 0,
            expert_budget=PAY * FULL if word.panel else 0,
            gold_root=gold.root,
            domain=digest("domain"),
            data_root=digest("data"),
            data_length=123_456_789,
            instructions_hash=digest("instructions"),
        )

    def _wait(self, until: int) -> None:
        self.bench.chain.mine(timestamp=until + 1)


def _gold(word: Word) -> GoldTree:
    """All tasks; half of them where experts decide the others."""
    answers = {task: _truth(task, word.classes) for task in range(0, FULL, 2 if word.panel else 1)}
    labels = encode_labels(answers, FULL, word.classes)
    return GoldTree({0: GoldWord(sum(1 << task for task in answers), labels, digest("gold salt"))})


def _told(seats: Sequence[Seat]) -> list[Any]:
    return [seat.revealed_struct() for seat in in_order(seats)]


def _truth(task: int, classes: int) -> int:
    return digest("truth", task)[0] % classes


def _answer(annotator: int, task: int, right: int, classes: int) -> int:
    """So that hardly two tasks have the same answers."""
    drawn = digest("answer", annotator, task)
    wrong = drawn[0] % 100 >= right
    return (_truth(task, classes) + wrong * (1 + drawn[1] % (classes - 1))) % classes
