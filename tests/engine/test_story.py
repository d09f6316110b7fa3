"""Stories of failed programs."""

from dataclasses import replace

import pytest

from offchain.reference.terms import DAY
from offchain.states import SEQUENCE_BITS, ClaimState
from tests.capabilities.market import MarketPlay
from tests.engine import check
from tests.engine.ape_project import ape_chain
from tests.engine.chain import EPOCH, UNLIMITED
from tests.engine.check import Disagreement, Troupe
from tests.engine.executor import MODEL, SUCCESS, Difference, Reverted
from tests.engine.flawed import decided
from tests.engine.program import Program, View
from tests.engine.signing import Flaw, Signed
from tests.engine.story import INDENT, MOST_LINES, WIDTH, tell
from tests.engine.words import moment, span, tasks, told_value

CLAIM = 1 << SEQUENCE_BITS


@pytest.fixture(scope="module")
def troupe():
    return Troupe(MarketPlay, ape_chain())


@pytest.fixture
def play(troupe):
    """A market where a decision was made in six steps."""
    play = troupe.begin()
    decided(play)
    return play


def story_of(play, difference, *heading, silent=()):
    return tell(play.chain, MarketPlay, Program(play.steps, [], silent), difference, *heading).splitlines()


def joined(lines):
    """Steps as one line each, without the width of the columns."""
    told = []
    for line in lines:
        words = " ".join(line.split())
        if line.startswith(" " * INDENT):
            told[-1] += f" {words}"
        else:
            told.append(words)
    return told


def last(play, what, expected, found, view=None):
    return Difference(len(play.steps) - 1, play.steps[-1], what, expected, found, view)


def test_story__names_times_money_and_the_first_difference(play) -> None:
    difference = last(play, "result", SUCCESS, Reverted("TooLate", (EPOCH + DAY, EPOCH + DAY + 1)))
    told = story_of(play, difference, "seed 7")
    assert all(len(line) <= WIDTH for line in told)
    terms = (
        "3 tasks at 10,000 wei, review window 1 h, appeal window 1 h, decision window 1 d, "
        "deadline day 10 00:00:00, max open 3, bond bps 1,000, reject fee bps 500, arbiter arbiter, "
        "arbiter fee 1, accepted"
    )
    batch = "root 0x01010101…0101, done {0,1,2}, uri 0g://x"
    reason = "mask {0,1,2}, reasonHash 0x33333333…3333"
    assert joined(told) == [
        "market: contract and model differ at step 6, decide.",
        "seed 7",
        f"1 +0 s creator: createJob({terms}) with 30,000 wei → ok; market gets 30,000 wei",
        "2 +20 s annotator: claim(jobId 1, word 0, mask {0,1,2}) with 3,000 wei → ok; market gets 3,000 wei",
        f"3 +0 s annotator: submitBatch(claimId 1:0, {batch}) → ok",
        f"4 +0 s creator: reject(claimId 1:0, {reason}) with 1,501 wei → ok; market gets 1,501 wei",
        "5 +0 s annotator: appeal(claimId 1:0) with 1 wei → ok; market gets 1 wei",
        "6 +0 s arbiter: decide(claimId 1:0, upheld {0}) → ok; annotator gets 23,001 wei, arbiter gets 1 wei",
        "",
        "result:",
        "expected success",
        "found TooLate(deadline day 1 00:00:00, currentTime day 1 00:00:01)",
    ]


def test_story__failed_step__tells_the_error_and_what_is_wrong_with_the_signature(play) -> None:
    keeper, annotator = play.cast.keeper, play.cast.annotator
    consent = Signed(
        contract=play.contract.address,
        name="Winnow AnnotationMarket",
        kind="Release",
        message={"claimId": CLAIM},
        signer=annotator,
        person=play.stage.signers[annotator],
        nonce=1,
        deadline=EPOCH + 9 * DAY,
        flaw=Flaw.OTHER_CHAIN,
    )
    play.act("releaseBySig", CLAIM, consent, sender=keeper, at=EPOCH + 3 * DAY + 4 * 3_600 + 1)
    told = story_of(play, last(play, "result", SUCCESS, SUCCESS))
    assert (
        "7 day 3 04:00:01 keeper: releaseBySig(claimId 1:0, signed by annotator (for another chain)) → "
        "InvalidSignature(signer annotator)"
    ) in joined(told)


def test_story__other_contract__is_named(play) -> None:
    dollar = play.stage.tokens[0]
    args = (play.contract.address, UNLIMITED)
    play.act("approve", *args, sender=play.cast.creator, contract=dollar, model=play.allow)
    told = story_of(play, last(play, "result", SUCCESS, SUCCESS))
    assert "  7  +0 s             creator: dollar.approve(spender market, value unlimited) → ok" in told


def test_story__token__is_told_who_gets_it(play) -> None:
    """From the logs that the model expects."""
    job = play.job(1).terms
    offer = play.steps[0].told[0]
    dollar = play.stage.tokens[0].address
    terms = replace(job, token=dollar, deadline=EPOCH + 11 * DAY)
    play.act("createJob", replace(offer, terms=terms), sender=job.creator)
    (told,) = [
        line for line in joined(story_of(play, last(play, "result", SUCCESS, SUCCESS))) if line[0:1] == "7"
    ]
    assert "3 tasks at 10,000 dollar" in told
    assert told.endswith("accepted) → ok; market gets 30,000 dollar")


def test_difference__struct__only_fields_that_differ(play) -> None:
    told = {"annotator": play.cast.annotator, "state": ClaimState.DONE, "mask": 6, "time": EPOCH + 60}
    found = {**told, "state": 2, "mask": 7, "time": EPOCH + 61}
    view = View(play.contract, "claimRecord", (CLAIM,), told)
    assert story_of(play, last(play, "market.claimRecord(16777216)", told, found, view))[-4:] == [
        "market.claimRecord(1:0):",
        "  state: expected done, found 2",
        "  mask: expected {1,2}, found {0,1,2}",
        "  time: expected day 0 00:01:00, found day 0 00:01:01",
    ]


def test_difference__logs__fields_missing_events_and_others(play) -> None:
    credited = ("Credited", {"token": play.stage.tokens[0].address, "account": play.cast.sink, "amount": 5})
    closing = ("JobClosing", {"jobId": 1, "tasks": 3, "refunded": 30_000})
    paused = ("Paused", {"account": play.cast.owner})
    expected = [credited, closing]
    found = [(credited[0], {**credited[1], "amount": 6_000}), paused]
    assert story_of(play, last(play, "logs of market", expected, found))[-4:] == [
        "logs of market:",
        "  Credited.amount: expected 5, found 6,000",
        "  expected JobClosing(jobId 1, tasks 3, refunded 30,000), found nothing of it",
        "  found Paused(account owner), which was not expected here",
    ]


def test_difference__very_long__is_cut(play) -> None:
    events = [("Paused", {"account": play.cast.owner})] * 99
    told = story_of(play, last(play, "logs of market", [], events))
    assert told[-1] == f"  … and {99 - MOST_LINES} more lines"


def test_story__views_at_the_end__all_steps_and_who_was_silent(play) -> None:
    view = View.balance(play.cast.creator, 1_000)
    told = story_of(
        play, Difference(None, None, "balance", 1_000, 2_000, view), silent=("arbiter", "creators")
    )
    assert told[0] == "market: contract and model differ in the views at the end."
    assert told[1] == "Silent: arbiter, creators."
    assert told[-3:] == ["balance of creator:", "  expected 1,000", "  found    2,000"]
    assert sum(line[:3].strip().isdigit() for line in told) == 6


def test_story__model_that_breaks_its_rules(play) -> None:
    told = story_of(play, last(play, MODEL, "its own rules kept", "after decide: market holds 5 and owes 6"))
    assert told[0] == "market: the model breaks its own rules at step 6, decide."
    assert told[-1] == "  found    after decide: market holds 5 and owes 6"


def test_story__steps_after_the_difference_are_left_out(play) -> None:
    difference = Difference(1, play.steps[1], "result", SUCCESS, Reverted("", ()))
    told = story_of(play, difference)
    assert told[0] == "market: contract and model differ at step 2, claim."
    assert told[-1] == "  found    a revert without data"
    assert not any("submitBatch" in line for line in told)


def test_story__twenty_steps__fit_sixty_lines(troupe) -> None:
    for seed in range(1, 9):
        tapes = [bytes([seed * 29 % 256, at * 37 % 256] * 16) for at in range(1, 40)]
        steps = troupe.write(tapes).steps[:20]
        assert len(steps) == 20
        difference = Difference(19, steps[-1], "result", SUCCESS, SUCCESS)
        assert len(tell(troupe.chain, MarketPlay, Program(steps), difference).splitlines()) <= 60


def test_disagreement__is_told_only_when_printed(play, troupe, monkeypatch) -> None:
    told = []
    monkeypatch.setattr(check, "tell", lambda *args: told.append(args) or "the story")
    failure = Disagreement(troupe, Program(play.steps), last(play, "result", SUCCESS, SUCCESS))
    failure.heading = ("seed 7",)
    assert not told
    assert str(failure) == "the story"
    assert told[0][-1] == "seed 7"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 s"), (3, "3 s"), (7_203, "2 h 3 s"), (60, "1 min"), (86_401, "1 d 1 s")]
)
def test_span(seconds, told) -> None:
    assert span(seconds) == told


def test_moment__before_and_after_the_beginning() -> None:
    assert moment(EPOCH + 3 * DAY + 4 * 3_600 + 1) == "day 3 04:00:01"
    assert moment(EPOCH - 1) == "day -1 23:59:59"


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (0, "{}"),
        (0b111, "{0,1,2}"),
        (0b1010, "{1,3}"),
        ((1 << 256) - 1, "{0-255}"),
        (1 << 255, "{255}"),
        (0x5555, "0x5555"),
    ],
)
def test_tasks(mask, told) -> None:
    assert tasks(mask) == told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("deadline", EPOCH + DAY, "day 1 00:00:00"),
        ("amount", EPOCH + DAY, "2,000,086,400"),
        ("review window", 3_600, "1 h"),
        ("amount", UNLIMITED, "unlimited"),
        ("amount", 1 << 200, "0x10000000…0000"),
        ("paused", True, "True"),
        ("state", ClaimState.DONE, "done"),
        ("ids", (1_000, 2), "[1,000, 2]"),
    ],
)
def test_told_value(name, value, told) -> None:
    assert told_value(name, value) == told
