"""The folds of the consensus market's and the stakes' events, without any chain: the reference models are
the source of events, and what anyone may do is done to them.

Whoever falls silent, a keeper who has the events alone ends every job, and nothing that he thinks is due is
refused (T13, T14, T35).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import (
    ConsensusState,
    Phase,
)
from offchain.exceptions import IntegrityError
from offchain.indexer import (
    ConsensusIndexer,
    MarketEvent,
    StakeIndexer,
    _duties,
    consensus_duties,
    stake_duties,
)
from offchain.indexer._stakes import IndexedLock, Leaving
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS
from tests.offchain.consensus.play import DAY, HOUR, MARKET, OWNER, STAKING, START, Play

WORKERS = ("seat", "reveal", "open_gold", "challenge", "decide", "resolve", "unbond")
PHASES = {
    "seat": 14,
    "reveal": 9,
    "open_gold": 3,
    "challenge": 3,
    "decide": 3,
    "none": 1,
}
"""How often somebody acts in each of the first phases."""


def play_out(play, silent, helped, parent=0):
    """A job in which people act by chance, in the keeper's absence or not."""
    job, play.words = play.create(parent), play.dice.choice([1, 2])
    play.keep()
    ends = (play.jobs[job].terms.seats_until, *play.jobs[job].terms.ends)
    for (act, times), end in zip(PHASES.items(), ends, strict=False):
        for _ in range(times):
            if act not in {*silent, "none"}:
                attempt(play, act, job)
            attempt(play, "unbond", job)
        play.compare()
        play.now = max(play.now, end)
        if helped:
            play.keep()  # in its last second a phase is not over
        play.now = max(play.now, end + 1)
        if helped:
            play.keep()
            play.compare()
    if "resolve" not in silent:
        attempt(play, "resolve", job)
    return job


def attempt(play, act, job):
    """Whatever is not possible is not done."""
    try:
        getattr(play, act)(job, play.dice.randrange(play.words))
    except (Revert, KeyError, IndexError, AttributeError):
        return


@given(
    seed=st.integers(0, 2**32),
    silent=st.sets(st.sampled_from(WORKERS)),
    helped=st.booleans(),
    late=st.integers(0, 40),
)
def test_fold__is_what_the_model_keeps__and_a_keeper_ends_everything(seed, silent, helped, late):
    play = Play(seed)
    job = play_out(play, silent, helped)
    play.now += late * DAY
    play.keep()
    play.now = max(play.now, play.jobs[job].terms.ends[-1] + HOUR + 1)
    play.keep()
    if play.jobs[job].state == ConsensusState.CLOSED and all(play.left_of(job)):
        play_out(play, silent, helped, job)
    play.now += 60 * DAY
    play.keep()
    play.compare()
    assert {each.state for each in play.jobs.values()} == {ConsensusState.CLOSED}
    assert not any(lock.locked for lock in play.stakes.locks.values())
    assert play.keep() == []
    credit = sum(amount for (token, _), amount in play.model.credits.items() if token == ZERO_ADDRESS)
    assert play.model.bank.balances[ZERO_ADDRESS, MARKET] == credit


def a_whole_life():
    play = Play(7)
    play_out(play, (), True)
    return play


def test_keeper__in_an_ordinary_job__does_each_act_once_it_is_due():
    play = Play(7)
    job = play.create()
    for _ in range(30):
        attempt(play, "seat", job)
    assert play.keep() == []
    play.now = play.jobs[job].terms.seats_until + 1
    for _ in range(3):
        attempt(play, "reveal", job)
    assert play.keep() == []
    play.now = play.jobs[job].terms.end(Phase.REVEAL) + 1
    assert set(play.keep()) == {"slashSilent"}
    for word in range(2):
        attempt(play, "open_gold", job)
        play.open_gold(job, word) if play.jobs[job].words[word].truth is None else None
    play.now = play.jobs[job].terms.end(Phase.EXPERT) + 1
    done = play.keep()
    assert done[0] == "score"
    assert set(done) <= {"score", "scoreAndSettle", "settle", "close"}
    assert play.jobs[job].is_opened


def test_stake_duties__begin_after_the_last_second():
    stakes = StakeIndexer(STAKING)
    stakes.locks[OWNER, MARKET] = IndexedLock(5, 100)
    stakes.leaving[OWNER] = [Leaving(5, 200)]
    due = {now: [duty.act for duty in stake_duties(stakes, now)] for now in (100, 101, 200, 201)}
    assert due == {100: [], 101: ["reclaim"], 200: ["reclaim"], 201: ["reclaim", "collect"]}


def test_duties__of_the_silent__begin_after_the_last_second():
    play = Play(7)
    job = play.create()
    empty = play.create()
    for _ in range(30):
        attempt(play, "seat", job)
    terms = play.jobs[job].terms

    def due(number, now):
        return {duty.act for duty in consensus_duties(play.jobs[number], now)}

    assert (due(empty, terms.seats_until), due(empty, terms.seats_until + 1)) == (set(), {"close"})
    assert due(job, terms.end(Phase.REVEAL)) == set()
    assert due(job, terms.end(Phase.REVEAL) + 1) == {"slashSilent"}


@pytest.mark.parametrize(("spare", "acts"), [(0, ["scoreAndSettle"]), (-1, ["score", "settle"])])
def test_keeper__last_word_with_many_seats__takes_two_calls(monkeypatch, spare, acts):
    """T11: what both do together may need more gas than a transaction can have."""
    play = Play(3)
    play.words = 1
    job = play.create()
    for _ in range(30):
        attempt(play, "seat", job)
    play.now = play.jobs[job].terms.seats_until + 1
    for _ in range(30):
        attempt(play, "reveal", job)
    play.now = play.jobs[job].terms.end(Phase.REVEAL) + 1
    play.keep()
    for word in play.jobs[job].words:
        play.open_gold(job, word)
    play.now = play.jobs[job].terms.end(Phase.EXPERT) + 1
    revealed = [len(word.revealed()) for word in play.jobs[job].words.values()]
    monkeypatch.setattr(_duties, "MOST_AT_ONCE", revealed[-1] + spare)
    done = play.keep()
    assert [act for act in done if act in {"score", "scoreAndSettle", "settle"}][-len(acts) :] == acts


def test_events_of_a_job_that_was_never_opened__are_a_gap():
    fold = ConsensusIndexer(MARKET)
    event = MarketEvent("WordScored", {"jobId": 1, "word": 0}, START, 1, 0, MARKET)
    with pytest.raises(IntegrityError, match="feed all of them"):
        fold.apply(event)


def test_challenge_of_gold_that_was_not_opened__is_a_gap():
    play = a_whole_life()
    fold, values = play.folds[MARKET], {"jobId": 1, "word": 0, "challenger": OWNER, "mask": 1}
    fold.jobs[1].words[0].truth = None
    with pytest.raises(IntegrityError, match="gold of word 0"):
        fold.apply(MarketEvent("GoldChallenged", values, START, 10**6, 0, MARKET))
