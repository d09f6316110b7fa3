"""
challenge, decide, settleChallenge, resolve
├── a word with gold that is challenged and not decided is not scored, but paid in full
├── a bond returns unless experts confirm the gold; silent experts return it
├── experts are paid for each task, whatever they say, as long as there is money
├── experts are neither the creator, nor the sink, nor annotators of the word (T34)
├── what may be audited is the same whenever it is asked (T36)
└── experts label what annotators left open
"""

from dataclasses import replace

import pytest
from eth_abi import encode

from offchain.consensus import (
    GoldTree,
    GoldWord,
    PanelKind,
    Phase,
    account_panel,
    audit_mask,
    audit_seed,
    encode_labels,
)
from offchain.hashing import AllowList, keccak256
from offchain.reference.consensus import Truth
from tests.support.calls import ZERO, balance, deploy, now, reverts
from tests.support.consensus import GOLD_EVERY, HOUR, PAY, TASKS
from tests.support.market import mine_at

BOND, FEE = 25, 9
FIRST = 1  # the mask of the first task, which is gold


@pytest.fixture
def panel(world, who):
    """A job with an expert, in which three have revealed and the gold is open."""

    def opened(*wrong, **changes):
        usual = {
            "panel_kind": PanelKind.ACCOUNT,
            "panel": account_panel(who.expert),
            "windows": (HOUR,) * 6,
            "challenge_bond": BOND,
            "expert_fee": FEE,
            "expert_budget": 10 * FEE,
        }
        world.create(**{**usual, **changes})
        for annotator, mistakes in zip(who.crowd, wrong or (0, 0, 0), strict=False):
            world.sit(annotator, world.labels(mistakes))
        world.reveal_all()
        world.open_gold()
        return world

    return opened


@pytest.mark.parametrize(
    ("verdict", "returned"), [("other", BOND), ("same", 0), ("none", BOND), ("silent", BOND)]
)
def test_challenge__bond__returns_unless_the_gold_is_confirmed(panel, market, who, verdict, returned):
    """F2, T15: right or unheard, the challenger has his bond back; wrong, the sink has it."""
    world = panel()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    if verdict != "silent":
        right = world.truth(0)
        answer = {"other": 1 - right, "same": right, "none": None}[verdict]
        truth = world.decide(FIRST, {0: answer}, truth)
    else:
        ends = world.terms.end(Phase.EXPERT)
        mine_at(ends)
        with reverts("OutsidePhase", ends, 2**256 - 1, ends):
            market.call("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.keeper)
        mine_at(ends + 1)
    before, sink = balance(ZERO, who.ann), market.call("creditOf", ZERO, who.sink)
    market.send("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.keeper)
    assert balance(ZERO, who.ann) - before == returned
    assert market.call("creditOf", ZERO, who.sink) - sink == BOND - returned
    with reverts("NoSuchChallenge", world.job, 0, 0):
        market.call("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.keeper)


def test_challenge__is_decided__counts_as_the_experts_say(panel, market, who):
    world = panel()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    other = 1 - world.truth(0)
    truth = world.decide(FIRST, {0: other}, truth)
    world.wait(Phase.SCORE)
    market.send("score", world.job, 0, truth.struct(), world.told(), sender=who.keeper)
    gold = market.call("bookOf", world.job)["gold"]
    classes = [other if task == 0 else world.truth(task) for task in range(0, TASKS, GOLD_EVERY)]
    assert gold == sum(1 << 24 * number for number in classes)


def test_challenge__silent_panel__the_challenger_does_not_choose_what_is_measured(panel, market, who):
    """T15, F2: a seat of noise challenges all gold that it missed, and with a silent panel would be measured
    by the rest: full pay. Another challenges all gold that an honest seat had right, whose stake would burn.
    """
    missed = TASKS // 2
    world = panel(0, missed, 0)
    noise, honest = world.seats[1], world.seats[0]
    world.wait(Phase.CHALLENGE)
    gold = world.known().gold
    spared = gold & (1 << missed) - 1
    truth = world.challenge(noise, spared)
    truth = world.challenge(noise, gold & ~spared & ~(1 << (gold.bit_length() - 1)), truth)
    world.wait(Phase.EXPERT)
    one = spared & -spared
    truth = world.decide(one, {0: world.truth(0)}, truth)
    world.wait(Phase.SCORE)
    undecided = truth.challenged & ~truth.decided
    args = (world.job, 0, truth.struct(), world.told())
    for act in ("score", "scoreAndSettle"):
        with reverts("TasksUndecided", world.job, 0, undecided):
            market.call(act, *args, sender=noise.annotator)
    world.wait(Phase.SETTLE)
    for index in (0, 1):
        market.send("settleChallenge", world.job, 0, index, truth.struct(), sender=who.keeper)
    told = world.settled(market.send("settle", *args, sender=noise.annotator))
    assert told == dict.fromkeys([seat.annotator for seat in world.seats], (TASKS * PAY, 0))
    assert honest.annotator in told


def test_settle__open_challenge__has_to_be_settled_first(panel, market, who):
    world = panel()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    truth = world.decide(FIRST, {0: 0}, truth)
    world.wait(Phase.SCORE)
    args = (world.job, 0, truth.struct(), world.told())
    market.send("score", *args, sender=who.keeper)
    with reverts("ChallengesOpen", world.job, 0, 1):
        market.call("settle", *args, sender=who.keeper)
    market.send("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.keeper)
    market.send("settle", *args, sender=who.keeper)


def test_challenge__by_whom_and_what__reverts(panel, market, who):
    """T34: only an annotator of the word, about gold of his seat that nobody challenged."""
    world = panel()
    world.wait(Phase.CHALLENGE)
    seat, truth = world.seats[0], world.known()
    call = (seat.sealed_struct(), truth.struct())
    with reverts("WrongSeat", world.job, 0, who.stranger):
        market.call("challenge", world.job, 0, FIRST, *call, sender=who.stranger, value=BOND)
    with reverts("TasksNotAvailable", 0, 2, truth.gold):
        market.call("challenge", world.job, 0, 2, *call, sender=who.ann, value=BOND)
    challenged = world.challenge(seat, FIRST)
    other = (world.seats[1].sealed_struct(), challenged.struct())
    with reverts("TasksNotAvailable", 0, FIRST, truth.gold & ~FIRST):
        market.call("challenge", world.job, 0, FIRST, *other, sender=who.ben, value=BOND)
    with reverts("WrongTruth", world.job, 0):
        market.call("challenge", world.job, 0, 16, *call, sender=who.ann, value=BOND)


def test_decide__paid_for_each__as_long_as_there_is_money(panel, market, who):
    """Experts are paid whatever they decide; the budget is all there is."""
    world = panel()
    world.wait(Phase.CHALLENGE)
    gold = world.known().gold
    truth = world.challenge(world.seats[0], gold)
    world.wait(Phase.EXPERT)
    before = balance(ZERO, who.expert)
    answers = {task: 0 for task in range(TASKS) if gold >> task & 1}
    world.decide(gold, answers, truth)
    assert balance(ZERO, who.expert) - before == FEE * gold.bit_count() == 10 * FEE
    assert market.call("bookOf", world.job)["expertBudget"] == 0


def test_decide__more_than_there_is_money_for__is_paid_what_is_left(panel, market, who):
    """A budget that is too small must not keep experts from deciding what others are measured by."""
    world = panel(expert_budget=2 * FEE + 1)
    world.wait(Phase.CHALLENGE)
    three = 1 | 1 << GOLD_EVERY | 1 << 2 * GOLD_EVERY
    truth = world.challenge(world.seats[0], three)
    world.wait(Phase.EXPERT)
    before = balance(ZERO, who.expert)
    truth = world.decide(1, {0: 0}, truth)
    assert balance(ZERO, who.expert) - before == FEE
    world.decide(three & ~1, {GOLD_EVERY: 0, 2 * GOLD_EVERY: 0}, truth)
    assert balance(ZERO, who.expert) - before == 2 * FEE + 1
    assert market.call("bookOf", world.job)["expertBudget"] == 0


def test_experts__strangers_and_annotators__revert(panel, market, who):
    """T34: who sat there does not decide there."""
    world = panel()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    verdicts = encode_labels({0: 0}, TASKS, 2)
    args = (world.job, 0, FIRST, verdicts, truth.struct(), [], b"")
    with reverts("NotExpert", world.job, who.stranger):
        market.call("decide", *args, sender=who.stranger)
    market.call("decide", *args, sender=who.expert)


def test_experts__on_a_list__sat_there__reverts(world, market, who):
    """T34: a list may name an annotator; on his own word he does not decide, also after he was paid."""
    listed = AllowList([who.ann, who.expert])
    world.create(
        panel_kind=PanelKind.LIST,
        panel=listed.root,
        windows=(HOUR,) * 6,
        expert_fee=FEE,
        expert_budget=10 * FEE,
        accept_bps=9_000,
    )
    for annotator, wrong in zip(who.crowd[:3], (0, 0, 4), strict=True):
        world.sit(annotator, world.labels(wrong))
    world.reveal_all()
    world.open_gold()
    receipt = world.score_and_settle()
    told = next(args for name, args in receipt.of(market) if name == "WordSettled")
    assert told["unresolved"] == 0b1111
    verdicts = encode_labels({0: 1}, TASKS, 2)
    proof = {who_: encode(["bytes32[]"], [listed.proof(who_)]) for who_ in (who.ann, who.expert)}
    args = (world.job, 0, 1, verdicts, told["labels"])
    with reverts("RoleConflict", who.ann):
        market.call("resolve", *args, proof[who.ann], sender=who.ann)
    with reverts("NotExpert", world.job, who.stranger):
        market.call("resolve", *args, proof[who.expert], sender=who.stranger)
    market.send("resolve", *args, proof[who.expert], sender=who.expert)
    assert market.call("unresolvedTasks", world.job, 0) == 0b1110
    with reverts("WrongTruth", world.job, 0):
        market.call("resolve", *args, proof[who.expert], sender=who.expert)


@pytest.mark.parametrize("role", ["creator", "sink"])
def test_experts__creator_or_sink_on_the_list__revert(panel, market, who, role):
    """T34: nobody judges his own gold, or what his fees depend on."""
    account = getattr(who, role)
    listed = AllowList([account, who.expert])
    world = panel(panel_kind=PanelKind.LIST, panel=listed.root)
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    args = (world.job, 0, FIRST, encode_labels({0: 0}, TASKS, 2), truth.struct(), [])
    proof = {who_: encode(["bytes32[]"], [listed.proof(who_)]) for who_ in (account, who.expert)}
    with reverts("RoleConflict", account):
        market.call("decide", *args, proof[account], sender=account)
    market.call("decide", *args, proof[who.expert], sender=who.expert)


def test_panel__contract__is_asked(world, market, who):
    known = deploy("MockPanel", sender=who.owner)
    world.create(
        panel_kind=PanelKind.CONTRACT,
        panel=account_panel(known.address),
        windows=(HOUR,) * 6,
        challenge_bond=BOND,
    )
    known.send("setExpert", world.job, who.expert, True, sender=who.owner)
    world.sit(who.ann, world.labels())
    world.reveal_all()
    world.open_gold()
    world.wait(Phase.CHALLENGE)
    truth = world.challenge(world.seats[0], FIRST)
    world.wait(Phase.EXPERT)
    args = (world.job, 0, FIRST, encode_labels({0: 0}, TASKS, 2), truth.struct(), [], b"")
    with reverts("NotExpert", world.job, who.keeper):
        market.call("decide", *args, sender=who.keeper)
    market.send("decide", *args, sender=who.expert)


def test_audit__draws_the_same_tasks_whenever__and_only_those_can_be_decided(panel, market, who):
    """T36: the seed is the gold's salt and all revealed salts; it needs no block and does not age."""
    world = panel(audit_bps=5_000, max_audit_bps=5_000)
    seat, truth = world.seats[0], world.known()
    seed = audit_seed(truth.salt, [each.salt for each in world.seats])
    drawn = audit_mask(seed, seat.annotator, seat.mask, seat.audit)
    asked = (world.job, 0, seat.struct(), truth.salt)
    assert market.call("auditOf", *asked) == drawn
    world.wait(Phase.EXPERT)
    mine_at(now() + 600)
    assert market.call("auditOf", *asked) == drawn
    free = drawn & ~truth.gold
    other = ~drawn & ~truth.gold & (1 << TASKS) - 1
    one, not_drawn = free & -free, other & -other
    verdict = {one.bit_length() - 1: 0, not_drawn.bit_length() - 1: 0}
    told = [seat.sealed_struct()]
    for mask, given in ((not_drawn, told), (one, [])):
        allowed = free if given else 0
        labels = encode_labels({mask.bit_length() - 1: 0}, TASKS, 2)
        with reverts("TasksNotAvailable", 0, mask, allowed):
            market.call("decide", world.job, 0, mask, labels, truth.struct(), given, b"", sender=who.expert)
    assert len(verdict) == 2
    world.decide(one, {one.bit_length() - 1: 0}, truth, [seat])


def test_decide__no_seats_given__not_even_the_first_task_is_drawn(panel, market, who):
    """T36: where the first task is no gold, it is as closed as any other."""
    known = {task: task % 2 for task in range(1, TASKS, GOLD_EVERY)}
    mask = sum(1 << task for task in known)
    world = panel(tree=GoldTree({0: GoldWord(mask, encode_labels(known, TASKS, 2), keccak256(b"gold"))}))
    truth = world.known()
    world.wait(Phase.EXPERT)
    labels = encode_labels({0: 0}, TASKS, 2)
    with reverts("TasksNotAvailable", 0, FIRST, 0):
        market.call("decide", world.job, 0, FIRST, labels, truth.struct(), [], b"", sender=who.expert)


def test_challenge__more_than_a_word_can_have__reverts(world, market, who):
    """T19: challenges are counted in a byte."""
    labels = encode_labels({task: task % 2 for task in range(256)}, 256, 2)
    whole = GoldWord((1 << 256) - 1, labels, keccak256(b"gold"))
    world.create(
        GoldTree({0: whole}),
        task_count=256,
        panel_kind=PanelKind.ACCOUNT,
        panel=account_panel(who.expert),
        windows=(HOUR,) * 6,
    )
    seat = world.sit(who.dan, labels, (1 << 256) - 1)
    world.reveal_all()
    world.open_gold()
    world.wait(Phase.CHALLENGE)
    truth = Truth(whole.mask, whole.labels, whole.salt)
    for task in range(255):
        args = (world.job, 0, 1 << task, seat.sealed_struct(), truth.struct())
        market.send("challenge", *args, sender=who.dan)
        truth = replace(truth, challenged=truth.challenged | 1 << task)
    args = (world.job, 0, 1 << 255, seat.sealed_struct(), truth.struct())
    with reverts("TooManyChallenges", world.job, 0):
        market.call("challenge", *args, sender=who.dan)
