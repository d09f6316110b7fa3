"""Simulated and real transactions."""

import pytest
from hypothesis import given, settings

from tests.capabilities.market import MarketPlay
from tests.engine.ape_project import ape_chain
from tests.engine.check import Disagreement, Troupe
from tests.engine.executor import MODEL, Difference
from tests.engine.flawed import RoundingPlay, decided
from tests.engine.program import Program
from tests.engine.replay import MOST_CALLS, Replay, undone
from tests.engine.strategies import programs
from tests.engine.words import Words

PROGRAMS = 500
TURNS = 6


@pytest.fixture(scope="module")
def troupe():
    return Troupe(MarketPlay, ape_chain())


@pytest.fixture(scope="module")
def rounding():
    return Troupe(RoundingPlay, ape_chain())


def failure_of(rounding):
    play = rounding.begin()
    decided(play)
    with pytest.raises(Disagreement) as failure:
        rounding.run(play.end())
    return failure.value


def plain(answers):
    """What counts of an answer: status, return data, gas and logs of the step, then the views."""
    return [[_plain_step(answer[0]), *(one["returnData"] for one in answer[1:])] for answer in answers]


def _plain_step(call):
    logs = [(log["address"], tuple(log["topics"]), log["data"]) for log in call.get("logs", ())]
    return call["status"], call["returnData"], call.get("gasUsed"), logs


def state_of(node):
    block = node.rpc("eth_getBlockByNumber", "latest", False)
    return block["number"], block["timestamp"], block["stateRoot"]


@settings(max_examples=PROGRAMS)
@given(tapes=programs(TURNS))
def test_simulation_and_chain_agree(troupe, tapes) -> None:
    """On 500 programs, in every profile, step by step: status, return data, gas used, logs and all views.
    There is no systematic difference in gas: both charge calldata, cold slots and refunds per
    transaction (EIP-2929, EIP-3529), and views asked in the block of a step warm nothing for the next one.
    """
    program, replay = troupe.write(tapes), Replay(troupe.chain)
    with undone(troupe.chain.node):
        mined = list(replay.answers(program))
    simulated = list(troupe.executor.answers(program))
    steps = len(program.steps)
    assert plain(mined[:steps]) == plain(simulated[:steps])
    assert [one[0]["returnData"] for one in mined[steps:]] == [
        one[0]["returnData"] for one in simulated[steps:]
    ]
    outcome = replay.compare(program, mined)
    assert outcome.difference is None
    assert outcome.gas == troupe.executor.compare(program, simulated).gas


def test_replay__leaves_the_chain_and_its_clock_as_they_were(troupe) -> None:
    before = state_of(troupe.chain.node)
    outcome = Replay(troupe.chain).run(troupe.write([bytes([at] * 32) for at in range(1, 20)]))
    assert outcome.difference is None
    assert state_of(troupe.chain.node) == before


def test_replay__wrong_model__same_difference_and_no_step_after_it(rounding) -> None:
    failure = failure_of(rounding)
    before = state_of(rounding.chain.node)
    outcome = Replay(rounding.chain).run(failure.program)
    assert outcome.difference == failure.difference
    assert len(outcome.gas) == failure.length == 6 < len(failure.program.steps)
    assert state_of(rounding.chain.node) == before


def test_story__tells_the_calls_of_the_step_that_differs(rounding) -> None:
    told = Replay(rounding.chain).story(failure_of(rounding)).splitlines()
    at = told.index("Real transactions differ in the same way.")
    assert told[at + 1] == "Calls of step 6:"
    calls = [line.partition(",")[0] for line in told[at + 2 :]]
    assert calls == [
        "  market.decide(claimId 1:0",
        "    annotator with 23",
        "    arbiter with 1 wei",
    ]


def test_story__real_transactions_that_agree__says_so(troupe) -> None:
    """A difference that was made up: the chain does what the model says."""
    play = troupe.begin()
    decided(play)
    program = Program(play.steps)
    made_up = Difference(5, program.steps[5], "result", "success", "a revert")
    told = Replay(troupe.chain).story(Disagreement(troupe, program, made_up))
    assert "Real transactions do as the model says." in told
    broken = Difference(5, program.steps[5], MODEL, "its own rules kept", "5 is stuck")
    assert "Real transactions" not in Replay(troupe.chain).story(Disagreement(troupe, program, broken))


def test_trace__failed_step__tells_the_error(troupe) -> None:
    play = troupe.begin()
    decided(play)
    play.act("appeal", 1 << 24, sender=play.cast.keeper)
    words = Words(troupe.chain, MarketPlay.phrase)
    (told,) = Replay(troupe.chain).trace(Program(play.steps), 6, words)
    assert told.startswith("market.appeal(claimId 1:0), ")
    assert told.endswith(" gas → WrongClaimState(claimId 1:0, state 3)")


def test_trace__very_many_calls__is_cut(troupe, monkeypatch) -> None:
    monkeypatch.setattr("tests.engine.replay.Trace.lines", lambda *_: iter(["call"] * (MOST_CALLS + 2)))
    play = troupe.begin()
    decided(play)
    told = Replay(troupe.chain).trace(Program(play.steps), 0, Words(troupe.chain))
    assert told[MOST_CALLS:] == ["… and 2 more calls"]
