"""A job that asks for stake: asked for, pledged, worked in, left, by commands alone."""

import pytest

from tests.scripts.conftest import terms, write_results
from tests.scripts.consensus import ANN, BEN, CREATOR, DAY, EXPERT, KEEPER
from tests.scripts.test_keeper_pledges import market_entry, pledges

WEEK = 7 * DAY


@pytest.fixture
def asking(market, content, accounts):
    """Commands of a market with a job whose hook is the stake hook; nobody has said for how much it asks."""
    line = terms(content, hook=market_entry(market, "StakeHook"), arbiter=accounts[EXPERT].address)
    market("job", "create", *line, "--arbiter-account", f"TEST::{EXPERT}", by=CREATOR)
    return market


def claim(run, who, tasks):
    return run("job", "claim", 1, "--tasks", tasks, by=who)


def test_pledge__from_the_creators_word_to_the_way_out(asking, content) -> None:
    run = asking
    assert "ape run stake ask JOB AMOUNT" in run.refused("stake", "pledge", 1, 2, by=ANN)
    assert "creator" in run.refused("stake", "ask", 1, "2.5", by=ANN)
    run("stake", "ask", 1, "2.5", by=CREATOR)
    assert run.nothing_sent("stake", "ask", 1, "2.5", by=CREATOR)["note"] == "so already"
    assert "said once" in run.refused("stake", "ask", 1, "3", by=CREATOR)

    assert "ape run stake allow" in run.refused("stake", "pledge", 1, 2, by=ANN)
    run("stake", "allow", "hook", "all", by=ANN)
    assert "ape run stake pledge JOB TASKS" in run.refused("job", "claim", 1, "--tasks", "0-1", by=ANN)
    assert run("stake", "pledge", 1, 2, by=ANN)["stake"] == "5 WINNOW"
    assert run.nothing_sent("stake", "pledge", 1, 2, by=ANN)["note"] == "so already"
    assert pledges(run, ANN) == [(2, "5 WINNOW")]
    assert "NotEligible" in run.refused("job", "claim", 1, "--tasks", "0-2", by=ANN)
    run("stake", "pledge", 1, 3, by=ANN)
    assert pledges(run, ANN) == [(3, "7.5 WINNOW")], "what was missing, not three more"

    claimed = claim(run, ANN, "0-2")
    assert "Submit or release" in run.refused("stake", "leave", 1, by=ANN)
    path = write_results(run.folder / "r.jsonl", dict.fromkeys(range(3), "answer"))
    run("job", "submit", 1, "--results", path, by=ANN)
    run("job", "approve", claimed[0]["claim"], by=CREATOR)
    run("stake", "leave", 1, by=ANN)
    assert run.nothing_sent("stake", "leave", 1, by=ANN)["note"] == "so already"
    assert run("keeper", by=KEEPER) == []
    run.wait(WEEK + 1)
    assert [row["act"] for row in run("keeper", "--only", "pledges", by=KEEPER)] == ["unpledge"]
    assert pledges(run, ANN) == []


def test_pledge__that_leaves__is_renewed_by_one_task_more(asking) -> None:
    run = asking
    run("stake", "ask", 1, "1", by=CREATOR)
    assert "ape run stake status" in run.refused("stake", "leave", 1, by=BEN)
    run("stake", "allow", "hook", "all", by=BEN)
    run("stake", "pledge", 1, 1, by=BEN)
    run("stake", "leave", 1, by=BEN)
    assert "`ape run stake pledge 1 2`" in run.refused("stake", "pledge", 1, 1, by=BEN)
    run("stake", "pledge", 1, 2, by=BEN)
    claim(run, BEN, "0-1")


def test_ask__for_nothing_or_in_a_job_without_the_hook__is_refused(asking, content) -> None:
    run = asking
    assert "more than nothing" in run.refused("stake", "ask", 1, "0", by=CREATOR)
    run("job", "create", *terms(content), by=CREATOR)
    assert "another hook" in run.refused("stake", "ask", 2, "1", by=CREATOR)
