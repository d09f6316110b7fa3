"""People who act by chance in a consensus market that is a model, and a keeper who has its events alone."""

from dataclasses import replace
from random import Random

from offchain.consensus import (
    RULES,
    ConsensusTerms,
    GoldTree,
    GoldWord,
    PanelKind,
    WordState,
    account_panel,
    audit_mask,
    audit_seed,
    encode_labels,
)
from offchain.hashing import checksum_address, keccak256
from offchain.indexer import ConsensusIndexer, MarketEvent, StakeIndexer, consensus_duties, stake_duties
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.calls import Call
from offchain.reference.consensus import LabelConsensus, Opening, Seat, SeatRequest, Truth
from offchain.reference.stakes import Bond
from offchain.reference.staking import Staking, Terms
from offchain.terms import ZERO_ADDRESS

MARKET, STAKING, OWNER, SINK, CREATOR, EXPERT, KEEPER, GEM, RULE = (
    checksum_address("0x" + f"{number:02x}" * 20) for number in range(1, 10)
)
CROWD = tuple(checksum_address("0x" + f"{number:02x}" * 20) for number in range(0xA1, 0xA6))
START, HOUR, DAY = 1_000_000, 3_600, 86_400
STAKE, PLENTY, TASKS = 10**9, 10**15, 300
SIZES = (256, 44)
ACTS = {
    "settleChallenge": "settle_challenge",
    "slashSilent": "slash_silent",
    "scoreAndSettle": "score_and_settle",
}


def salt(*parts):
    return keccak256(repr(parts).encode())


def some_labels(dice, mask, size):
    return encode_labels({bit: dice.randrange(2) for bit in range(size) if mask >> bit & 1}, size, 2)


class Play:
    """Models, the folds of their events, and somebody who acts by chance."""

    def __init__(self, seed):
        self.dice, self.now = Random(seed), START
        world = World(frozenset({MARKET, STAKING, GEM, RULE}))
        self.staking = Staking(STAKING, OWNER, Terms(GEM, SINK, 21 * DAY), world)
        self.model = LabelConsensus(MARKET, OWNER, SINK, self.staking, None, {RULE: RULES["majority"]})
        self.staking.listed[MARKET] = True
        for who in CROWD:
            self.staking.available[who] = STAKE
            self.staking.bonds[who, MARKET] = Bond(limit=UNLIMITED)
        self.model.bank.balances[GEM, STAKING] = STAKE * len(CROWD)
        for who in (CREATOR, *CROWD):
            self.model.bank.balances[ZERO_ADDRESS, who] = PLENTY
        self.folds = {MARKET: ConsensusIndexer(MARKET), STAKING: StakeIndexer(STAKING)}
        self.golds, self.secrets, self.told, self.words = {}, {}, 0, 2

    @property
    def stakes(self):
        return self.folds[STAKING]

    @property
    def jobs(self):
        return self.folds[MARKET].jobs

    def act(self, model, name, *args, sender, value=0):
        """An act of a model; all its events go to the folds."""
        effects = getattr(model, name)(Call(sender, self.now, value), *args)
        told = list(effects.others)
        told += [(model.address, event) for event in effects.events]
        for address, (event, values) in told:
            self.told += 1
            self.folds[address].apply(MarketEvent(event, values, self.now, self.told, 0, address))
        return effects.result

    def create(self, parent=0):
        panel = self.dice.choice([PanelKind.NONE, PanelKind.ACCOUNT])
        experts = panel == PanelKind.ACCOUNT
        words = {}
        for number, size in enumerate(SIZES):
            mask = sum(1 << bit for bit in range(0, size, 9))
            words[number] = GoldWord(mask, some_labels(self.dice, mask, size), salt("gold", number))
        tree = GoldTree(words)
        terms = ConsensusTerms(
            pay=1_000,
            task_count=TASKS,
            stake=700,
            min_seat=self.dice.choice([13, 128]),
            gold_bps=1 if parent else 500,
            audit_bps=2_500 if experts else 0,
            max_audit_bps=2_500 if experts else 0,
            seats_until=self.now + HOUR,
            windows=(HOUR, HOUR, HOUR if experts else 0, HOUR if experts else 0, HOUR, HOUR),
            rule=RULE,
            panel_kind=panel,
            panel=account_panel(EXPERT) if experts else bytes(32),
            expert_fee=3 if experts else 0,
            expert_budget=900 if experts else 0,
            challenge_bond=7 if experts else 0,
            gold_root=tree.root,
            parent=parent,
        )
        tasks = self.left_of(parent) if parent else [(1 << size) - 1 for size in SIZES]
        value = 3 * terms.pay * sum(mask.bit_count() for mask in tasks) + terms.expert_budget
        job = self.act(self.model, "create_job", terms, salt(len(self.jobs)), sender=CREATOR, value=value)
        self.golds[job] = tree
        return job

    def left_of(self, job):
        """The tasks that a job has accepted no label for."""
        words = self.model.words
        settled = [words[job, number].state == WordState.SETTLED for number in range(len(SIZES))]
        return [
            words[job, number].unresolved if done else (1 << size) - 1
            for (number, size), done in zip(enumerate(SIZES), settled, strict=True)
        ]

    # What somebody may do, whether or not it can be done now

    def seat(self, job, word):
        who, layer = self.dice.choice(CROWD), self.dice.randrange(3)
        free = self.jobs[job].free_tasks(word, layer)
        half = self.dice.choice([(1 << 256) - 1, (1 << 128) - 1])
        mask, labels = free & half, some_labels(self.dice, free & half, SIZES[word])
        sealed = salt(job, word, who)
        request = SeatRequest(job, word, layer, mask, sealed, UNLIMITED)
        self.act(self.model, "seat", request, sender=who)
        self.secrets[sealed] = (labels, salt(sealed))

    def reveal(self, job, word):
        seats = [seat for seat in self.jobs[job].words[word].live() if not seat.revealed]
        seat = self.dice.choice(seats)
        labels, secret = self.secrets[seat.commitment]
        # A model knows no hashes: it takes the content of the digest from the seat that is handed over.
        told = replace(seat, labels=labels, salt=secret)
        self.act(self.model, "reveal", job, word, told, sender=KEEPER)

    def open_gold(self, job, word):
        tree = self.golds[job]
        opening = Opening(word, tree.words[word], tuple(tree.proof(word)))
        self.act(self.model, "open_gold", job, [opening], sender=CREATOR)

    def challenge(self, job, word):
        kept = self.jobs[job].words[word]
        seat = self.dice.choice(kept.revealed())
        free = seat.mask & kept.truth.gold & ~kept.truth.challenged
        mask = free & self.dice.getrandbits(256) & self.dice.getrandbits(256)
        value = 7 * mask.bit_count()
        self.act(
            self.model, "challenge", job, word, mask, seat, kept.truth, sender=seat.annotator, value=value
        )

    def decide(self, job, word):
        kept, truth = self.jobs[job].words[word], self.jobs[job].words[word].truth
        seed, drawn = audit_seed(truth.salt, [seat.salt for seat in kept.revealed()]), 0
        for seat in kept.revealed():
            drawn |= audit_mask(seed, seat.annotator, seat.mask, seat.audit)
        allowed = (truth.challenged | drawn & ~truth.gold) & ~truth.decided
        mask = allowed & self.dice.getrandbits(256)
        verdicts = some_labels(self.dice, mask & self.dice.getrandbits(256), SIZES[word])
        self.act(self.model, "decide", job, word, mask, verdicts, truth, kept.revealed(), sender=EXPERT)

    def resolve(self, job, word):
        kept = self.jobs[job].words[word]
        mask = kept.unresolved & self.dice.getrandbits(256)
        verdicts = some_labels(self.dice, mask, SIZES[word])
        self.act(self.model, "resolve", job, word, mask, verdicts, kept.labels, sender=EXPERT)

    def unbond(self, job, word):
        self.act(self.staking, "unbond", self.dice.randrange(1, 1_000), sender=self.dice.choice(CROWD))

    # The keeper

    def keep(self):
        """Do whatever is due; the names of it. A refusal is a failure."""
        done = []
        for _ in range(50):
            due = [duty for job in self.jobs.values() for duty in consensus_duties(job, self.now)]
            due += stake_duties(self.stakes, self.now)
            if not due:
                return done
            for duty in due:
                self.do(duty)
                done.append(duty.act)
        raise AssertionError(f"the keeper finds no end: {due[0]}")

    def do(self, duty):
        if duty.contract == "Staking":
            self.act(self.staking, duty.act, *duty.arguments, sender=KEEPER)
            return
        args = list(duty.arguments)
        for at, value in enumerate(args):
            if isinstance(value, dict):
                args[at] = Truth(**value)
            elif isinstance(value, list):
                args[at] = [as_seat(struct) for struct in value]
        self.act(self.model, ACTS.get(duty.act, duty.act), *args, sender=KEEPER)

    def compare(self):
        """What the fold says is what the models keep."""
        for job_id, job in self.jobs.items():
            kept = self.model.job_of(job_id)
            assert (job.terms, job.creator, job.terms_hash) == (kept.terms, kept.creator, kept.terms_hash)
            assert (job.state, job.tasks, set(job.words)) == (kept.state, kept.tasks, set(kept.words))
            for number, word in job.words.items():
                same = self.model.words[job_id, number]
                assert (word.truth, word.state) == (same.truth, same.state)
                assert (word.labels, word.unresolved) == (same.labels, same.unresolved)
                assert tuple(word.challenges) == same.challenges
                assert word.scored == self.model.scored_words[job_id, number]
                assert word.revealed() == self.model.revealed_seats(job_id, number)
                assert word.live() == self.model.live_seats(job_id, number)
                for layer in range(4):
                    assert job.free_tasks(number, layer) == self.model.free_tasks(job_id, number, layer)
        for (who, market), lock in self.stakes.locks.items():
            bond = self.staking.bonds[who, market]
            assert (lock.locked, lock.until) == (bond.locked, bond.until)
        for who, queue in self.stakes.leaving.items():
            kept = self.staking.unbondings[who]
            assert [(one.amount, one.until) for one in queue] == [(one.amount, one.until) for one in kept]
        owed = {key: amount for key, amount in self.model.credits.items() if amount}
        assert {key: amount for key, amount in self.folds[MARKET].credits.items() if amount} == owed


def as_seat(struct):
    """A seat as a call hands it over."""
    if "labels" in struct:
        return Seat(**struct["seat"], labels=struct["labels"])
    return Seat(**struct["seat"], commitment=struct["content"])
