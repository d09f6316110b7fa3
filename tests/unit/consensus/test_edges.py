"""
Where one second, one unit or one condition decides
├── locks, the end of a job and audits at their bounds
├── amounts round towards safety
├── gold that is open in part neither measures nor biases
└── what has nothing to do with somebody does not touch him
"""

from dataclasses import replace
from math import gcd

import pytest

from offchain.consensus import GoldTree, GoldWord, PanelKind, Phase, account_panel, encode_labels
from offchain.hashing import keccak256
from offchain.reference.consensus import Opening
from offchain.reference.reputation import pack
from offchain.signing import CONSENSUS_NAME, Domain
from tests.support.calls import ZERO, reverts
from tests.support.consensus import GOLD_EVERY, HOUR, PAY, TASKS, World, deploy_system
from tests.support.market import mine_at, next_at
from tests.support.signing import ANVIL_CHAIN, Pen

WORD = 256
ALL = (1 << TASKS) - 1
GRACE = 14 * 86_400
DOMAIN = keccak256(b"birds")


@pytest.mark.parametrize(("late", "burns"), [(0, True), (1, False)])
def test_slash_silent__last_second_of_the_lock__still_burns(world, system, market, who, late, burns):
    """T39: the stake stands for the seat up to and including that second."""
    world.create()
    seat = world.sit(who.dan, world.labels())
    before = _staked(system, who.dan)
    sealed = replace(seat, labels=None).sealed_struct()
    world.wait(None)
    next_at(world.terms.end(Phase.SETTLE) + GRACE + late)
    receipt = market.send("slashSilent", world.job, 0, [sealed], sender=who.stranger)
    told = dict(receipt.of(market))["SilentSlashed"]
    assert told["slashed"] == (seat.stake if burns else 0)
    assert before - _staked(system, who.dan) == told["slashed"]


@pytest.mark.parametrize(("late", "frees"), [(0, True), (1, False)])
def test_expire__last_second_of_the_lock__still_frees_it(world, system, market, who, late, frees):
    world.create()
    seat = world.sit(who.dan, world.labels())
    world.reveal_all()
    before = system.staking.call("lockOf", who.dan, market.address)["locked"]
    world.wait(None)
    next_at(world.terms.end(Phase.SETTLE) + GRACE + late)
    market.send("expire", world.job, 0, world.told(), sender=who.keeper)
    left = system.staking.call("lockOf", who.dan, market.address)["locked"]
    assert before - left == (seat.stake if frees else 0)


def test_close__last_second_of_the_seats_phase__is_too_early(world, market, who):
    world.create()
    until = world.terms.seats_until
    mine_at(until)
    with reverts("OutsidePhase", until, 2**256 - 1, until):
        market.call("close", world.job, sender=who.stranger)
    mine_at(until + 1)
    market.call("close", world.job, sender=who.stranger)


def test_close__last_second_of_the_experts__is_too_early(world, market, who):
    """What was not accepted may still be labelled in that second."""
    panel = {"panel_kind": PanelKind.ACCOUNT, "panel": account_panel(who.expert), "windows": (HOUR,) * 6}
    world.run(0, 0, TASKS // 4, accept_bps=9_000, **panel)
    ends = world.terms.end(Phase.SETTLE) + HOUR
    mine_at(ends)
    with reverts("OutsidePhase", ends, 2**256 - 1, ends):
        market.call("close", world.job, sender=who.creator)
    mine_at(ends + 1)
    market.call("close", world.job, sender=who.creator)


def test_audit__share_of_everything__draws_every_task(world, market, who):
    """A share of 10,000 basis points is 256 of 256, one more than the eight bits of a draw can say."""
    panel = {"panel_kind": PanelKind.ACCOUNT, "panel": account_panel(who.expert), "windows": (HOUR,) * 6}
    world.create(audit_bps=10_000, max_audit_bps=10_000, **panel)
    seat = world.sit(who.ann, world.labels())
    assert seat.audit == 256
    world.reveal_all()
    assert market.call("auditOf", world.job, 0, seat.struct(), keccak256(b"gold")) == ALL


def test_stake__of_a_dear_word__rounds_up(world, market, who):
    """T40: 3 units at 1.5 are 5, for every task."""
    multipliers, classes = 15_000, (0,)
    terms = replace(world.good_terms(stake=3), multipliers=multipliers, word_classes=classes)
    value = TASKS * (PAY * 3 // 2) * 3
    args = (terms.struct(), list(classes))
    world.terms = terms
    world.job = market.send("createJob", *args, sender=who.creator, value=value).value
    assert market.call("taskTerms", world.job, 0) == (PAY * 3 // 2, 0, 5)
    assert world.sit(who.ann, world.labels()).stake == 5 * TASKS


def test_stake__of_a_middling_reputation__rounds_up(system, market, who):
    """T40: the risk is a share in basis points; what it adds is never less than it says."""
    world = World(system)
    world.create(domain=DOMAIN, max_stake_bps=10_001, stake=1)
    seat = world.sit(who.ann, world.labels())
    assert seat.stake == TASKS + 1


def test_stake__one_part_in_a_hundred_million_more__rounds_up(system, market, who):
    """T40: however little is left of the division, it is paid for."""
    world, reputation, whole = World(system), system.reputation, 10**8
    reputation.send("setWriter", who.owner, True, sender=who.owner)
    answers = pack([(18, 21), (18, 21)])
    reputation.send("record", who.ben, DOMAIN, answers, sender=who.owner)
    risk = reputation.call("riskOf", who.ben, DOMAIN, 2)
    factor = next(
        factor for most in range(10_001, 20_000) if gcd(factor := whole + risk * (most - 10_000), whole) == 1
    )
    tasks = TASKS - 1
    stake = pow(factor * tasks, -1, whole)
    world.create(domain=DOMAIN, max_stake_bps=10_000 + (factor - whole) // risk, stake=stake)
    seat = world.sit(who.ben, world.labels(), mask=ALL >> 1)
    assert divmod(stake * tasks * factor, whole) == (seat.stake - 1, 1)


def test_seat_without_gold__earns_nothing_to_the_last_unit(world, market, who):
    """F1: nothing is known of it, whatever a label is worth."""
    world.create(pay=10**18, stake=1)
    known = world.tree.words[0].mask
    unknown = {task: world.truth(task) for task in range(TASKS) if not known >> task & 1}
    seat = world.sit(who.ann, encode_labels(unknown, TASKS, 2), mask=ALL & ~known)
    for annotator in (who.ben, who.cleo):
        world.sit(annotator, world.labels())
    world.reveal_all()
    world.open_gold()
    assert world.settled(world.score_and_settle())[who.ann] == (0, 0)
    assert seat.mask & known == 0


def test_reveal__more_than_the_seat_is_for__says_what(world, market, who):
    world.create()
    seat = world.sit(who.ann, world.labels(), mask=ALL >> 1)
    world.wait(Phase.REVEAL)
    with reverts("TasksNotLabelled", 0, ALL, ALL >> 1):
        world.reveal(seat)


def test_parent__of_somebody_else__reverts(world, market, who):
    """Nobody goes on with another's job, whose tasks he never paid for."""
    world.create()
    market.send("close", world.job, sender=who.creator)
    struct = world.good_terms(parent=world.job).struct()
    with reverts("BadParent", world.job):
        market.call("createJob", struct, [], sender=who.expert, value=TASKS * PAY * 3)
    market.call("createJob", struct, [], sender=who.creator, value=TASKS * PAY * 3)


def test_create__by_the_sink__reverts(world, market, who):
    """T34: whoever gets what others forfeit opens no jobs."""
    struct = world.good_terms().struct()
    with reverts("RoleConflict", who.sink):
        market.call("createJob", struct, [], sender=who.sink, value=TASKS * PAY * 3)


def test_seat_by_sig__while_paused__reverts(world, system, market, who):
    """T17: new business, by whatever way."""
    world.create()
    request = world.request(who.ann, 0, world.labels(), keccak256(b"salt"), ALL)
    terms_hash = market.call("job", world.job)["termsHash"]
    pen = Pen(Domain(ANVIL_CHAIN, market.address, CONSENSUS_NAME))
    auth = pen.auth("Seat", who.ann, **request.struct(), termsHash=terms_hash)
    market.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        market.call("seatBySig", request.struct(), b"", auth, sender=who.stranger)
    market.send("unpause", sender=who.owner)
    market.call("seatBySig", request.struct(), b"", auth, sender=who.stranger)


def test_reputation__market_is_no_writer_any_more__settles_without(who):
    """The owner of the reputations stops nobody's pay."""
    system = deploy_system()
    world = World(system)
    system.market.send("setFee", 500, sender=who.owner)
    system.market.send("setUnit", ZERO, 1, sender=who.owner)
    system.reputation.send("setWriter", system.market.address, False, sender=who.owner)
    receipt = world.run(0, 0, 0, domain=DOMAIN, fee_bps=500)
    assert set(world.settled(receipt).values()) == {(TASKS * PAY, 0)}
    assert system.reputation.call("answersOf", who.ann, DOMAIN) == 0


def test_reputation__seat_without_known_tasks__records_nothing(who):
    """No answers are no record: a deed that nobody asked for must not cost gas, or appear in events."""
    system = deploy_system()
    world, market = World(system), system.market
    market.send("setFee", 500, sender=who.owner)
    market.send("setUnit", ZERO, 1, sender=who.owner)
    known = encode_labels({0: 0, 1: 1}, TASKS, 2)
    world.create(
        GoldTree({0: GoldWord(0b11, known, keccak256(b"gold"))}), domain=DOMAIN, fee_bps=500, gold_bps=1
    )
    half = (1 << TASKS // 2) - 1
    for annotator, mask in ((who.ann, half), (who.ben, ALL & ~half)):
        labels = bytes(label if mask >> task & 1 else 0 for task, label in enumerate(world.labels()))
        world.sit(annotator, labels.ljust(64, b"\0"), mask)
    world.reveal_all()
    world.open_gold()
    receipt = world.score_and_settle()
    recorded = [args["account"] for name, args in receipt.of(system.reputation) if name == "AnswersRecorded"]
    assert recorded == [who.ann]


@pytest.fixture
def half_open(world, market, who):
    """Two words in which three have revealed; the gold of the second, all of one class, is open."""
    labels = encode_labels(dict.fromkeys(range(0, TASKS, GOLD_EVERY), 0), WORD, 2)
    mask = sum(1 << task for task in range(0, TASKS, GOLD_EVERY))
    salts = {word: keccak256(bytes([word])) for word in (0, 1)}
    gold = {
        0: GoldWord(mask, labels, salts[0]),
        1: GoldWord(mask, labels[: len(labels) // 4].ljust(64, b"\0"), salts[1]),
    }
    tree = GoldTree(gold)
    panel = {"panel_kind": PanelKind.ACCOUNT, "panel": account_panel(who.expert), "windows": (HOUR,) * 6}
    rule = world.system.rules["weighted"].address
    world.create(
        tree, task_count=WORD + TASKS, gold_bps=1, audit_bps=10_000, max_audit_bps=10_000, rule=rule, **panel
    )
    seats = {}
    for annotator in who.crowd[:3]:
        for word, size in ((0, WORD), (1, TASKS)):
            answers = encode_labels(dict.fromkeys(range(size), 1), size, 2)
            wanted = world.place.seat(
                annotator, (1 << size) - 1, answers, salts[word], word=word, layer=who.crowd.index(annotator)
            )
            receipt = market.send(
                "seat", world.place.request(wanted, word=word).struct(), b"", sender=annotator
            )
            told = dict(receipt.of(market))["SeatTaken"]
            seats[word, annotator] = replace(wanted, stake=told["stake"], audit=told["audit"])
    world.wait(Phase.REVEAL)
    for (word, annotator), seat in seats.items():
        args = (world.job, word, seat.struct(), seat.labels, seat.salt)
        market.send("reveal", *args, sender=annotator)
    world.wait(Phase.GOLD)
    opening = Opening(1, gold[1], tuple(tree.proof(1)))
    market.send("openGold", world.job, [opening.struct()], sender=who.creator)
    return world, gold, seats


def test_decide__gold_is_open_in_part__reverts(half_open, market, who):
    """F2: all of it or nothing."""
    world, gold, seats = half_open
    world.wait(Phase.EXPERT)
    free = ALL & ~gold[1].mask
    truth = {**vars(gold[1]), "gold": gold[1].mask, "challenged": 0, "decided": 0, "verdicts": b""}
    del truth["mask"]
    audited = [seats[1, who.ann].sealed_struct()]
    verdicts = encode_labels({(free & -free).bit_length() - 1: 0}, TASKS, 2)
    with reverts("GoldNotOpened", 1, 2):
        market.call("decide", world.job, 1, free & -free, verdicts, truth, audited, b"", sender=who.expert)


def test_settle__gold_is_open_in_part__does_not_bias_labels(half_open, market, who):
    """F2: what is open of the gold, all of one class, must not outvote three annotators who agree on the
    other one: the creator would choose the labels by what he opens.
    """
    world, _, seats = half_open
    world.wait(Phase.CHALLENGE)
    told = world.told([seats[1, annotator] for annotator in who.crowd[:3]])
    truth = {"gold": 0, "labels": b"", "salt": bytes(32), "challenged": 0, "decided": 0, "verdicts": b""}
    receipt = market.send("settle", world.job, 1, truth, told, sender=who.keeper)
    labels = dict(receipt.of(market))["WordSettled"]["labels"]
    assert labels == encode_labels(dict.fromkeys(range(TASKS), 1), TASKS, 2)


def _staked(system, account):
    staked = system.staking.call("stakeOf", account)
    return staked["available"] + staked["locked"]
