"""
What the market tells of a job's life
├── every act tells what a person or an index has to know to act next, and nothing else
└── a job with gold, a challenge, a decision, a settlement and a resolution, from the first event to the last
"""

from dataclasses import replace

import pytest

from offchain.consensus import PanelKind, Phase, account_panel, encode_labels
from offchain.hashing import keccak256
from tests.support.calls import ZERO, reverts
from tests.support.consensus import HOUR, PAY, TASKS

ALL = (1 << TASKS) - 1
BOND, FEE = 25, 9
FIRST = 1
"""The mask of the first task, which is gold."""


@pytest.fixture
def job(world, who):
    """A job with an expert and experts' money, in which nobody sits yet."""
    world.create(
        panel_kind=PanelKind.ACCOUNT,
        panel=account_panel(who.expert),
        windows=(HOUR,) * 6,
        challenge_bond=BOND,
        expert_fee=FEE,
        expert_budget=10 * FEE,
        accept_bps=9_999,
    )
    return world


def place(world, **values):
    """The values of an event about the only word of the job."""
    return {"jobId": world.job, "word": 0, **values}


def test_job_opened__has_all_terms(world, market, who):
    receipt = world.create()
    terms = world.terms
    ((name, told),) = receipt.of(market)
    assert name == "JobOpened"
    assert (told["jobId"], told["creator"], told["funded"]) == (world.job, who.creator, 3 * TASKS * PAY)
    assert told["terms"] == terms.struct()
    assert told["wordClasses"] == []
    assert told["termsHash"] == market.call("hashTerms", who.creator, terms.struct(), [])


def test_life__seat_and_reveal(job, market, who):
    labels, salt = job.labels(), keccak256(b"mine")
    request = job.request(who.ann, 2, labels, salt, ALL)
    receipt = market.send("seat", request.struct(), b"", sender=who.ann)
    taken = place(job, annotator=who.ann, layer=2, mask=ALL, commitment=request.commitment)
    assert receipt.of(market) == [("SeatTaken", taken | {"stake": TASKS * job.terms.stake, "audit": 0})]
    job.wait(Phase.REVEAL)
    struct = {"annotator": who.ann, "mask": ALL, "stake": TASKS * job.terms.stake, "audit": 0}
    receipt = market.send("reveal", job.job, 0, struct, labels, salt, sender=who.stranger)
    revealed = place(job, annotator=who.ann, labels=labels, salt=salt)
    assert receipt.of(market) == [("LabelsRevealed", revealed)]


@pytest.mark.parametrize("confirmed", [True, False])
def test_life__from_the_gold_to_the_end(job, market, who, confirmed):
    """The gold of the first task is challenged; the last task has no majority, and an expert labels it."""
    world = job
    world.sit(who.ann, world.labels())
    world.sit(who.ben, world.labels(1))
    other = bytearray(world.labels())
    other[TASKS - 1] = 3 - other[TASKS - 1]
    world.sit(who.cleo, bytes(other))
    world.reveal_all()
    world.open_gold()
    world.wait(Phase.CHALLENGE)
    truth, seat = world.known(), world.seats[1]
    args = (world.job, 0, FIRST, seat.sealed_struct(), truth.struct())
    receipt = market.send("challenge", *args, sender=seat.annotator, value=BOND)
    challenged = place(world, challenger=seat.annotator, index=0, mask=FIRST, bond=BOND)
    assert receipt.of(market) == [("GoldChallenged", challenged)]

    truth = replace(truth, challenged=FIRST)
    world.wait(Phase.EXPERT)
    verdict = encode_labels({0: world.truth(0) if confirmed else 1 - world.truth(0)}, TASKS, 2)
    args = (world.job, 0, FIRST, verdict, truth.struct(), [], b"")
    receipt = market.send("decide", *args, sender=who.expert)
    decided = place(world, expert=who.expert, mask=FIRST, verdicts=verdict, fee=FEE)
    assert receipt.of(market)[0] == ("TruthDecided", decided)

    truth = replace(truth, decided=FIRST, verdicts=verdict)
    receipt = market.send("settleChallenge", world.job, 0, 0, truth.struct(), sender=who.stranger)
    forfeited = BOND if confirmed else 0
    ended = place(world, index=0, returned=BOND - forfeited, forfeited=forfeited)
    assert receipt.of(market)[0] == ("ChallengeEnded", ended)

    world.wait(Phase.SCORE)
    args = (world.job, 0, truth.struct(), world.told())
    receipt = market.send("score", *args, sender=who.keeper)
    assert receipt.of(market) == [("WordScored", place(world))]
    told = market.send("settle", *args, sender=who.keeper).of(market)
    assert [name for name, _ in told if name in {"SeatSettled", "WordSettled"}][-1] == "WordSettled"
    seats = [values for name, values in told if name == "SeatSettled"]
    assert [values["annotator"] for values in seats] == [one["seat"]["annotator"] for one in world.told()]
    settled = dict(told)["WordSettled"]
    unresolved = FIRST | 1 << TASKS - 1
    withheld = 3 * TASKS * PAY - sum(values["paid"] for values in seats)
    accepted = bytes(0 if unresolved >> task & 1 else label for task, label in enumerate(world.labels()))
    expected = place(world, labels=accepted, unresolved=unresolved, noisy=False, withheld=withheld)
    assert settled == expected

    last = encode_labels({TASKS - 1: 1}, TASKS, 2)
    args = (world.job, 0, 1 << TASKS - 1, last, accepted, b"")
    receipt = market.send("resolve", *args, sender=who.expert)
    resolved = place(world, expert=who.expert, mask=1 << TASKS - 1, labels=last, fee=FEE)
    assert receipt.of(market)[0] == ("TasksResolved", resolved)


def test_job_ended__tells_what_goes_back(world, market, who):
    world.create()
    receipt = market.send("close", world.job, sender=who.creator)
    refunded = 3 * TASKS * PAY
    assert receipt.of(market) == [("JobEnded", {"jobId": world.job, "refunded": refunded})]


def test_set_unit__owner_alone(market, who):
    """The half of the market that knows no owner asks the other one."""
    for account in (who.stranger, who.sink, who.creator):
        with reverts("OwnableUnauthorizedAccount", account):
            market.call("setUnit", ZERO, 7, sender=account)
    receipt = market.send("setUnit", ZERO, 7, sender=who.owner)
    assert receipt.of(market) == [("UnitSet", {"token": ZERO, "unit": 7})]
    assert market.call("unitOf", ZERO) == 7
    market.send("setUnit", ZERO, 0, sender=who.owner)
