"""The keeper slashes pledges for rejections that stand, once, and gives back what has left."""

import pytest

from scripts._chain.system import load_system
from scripts._cli import checked_network
from tests.scripts.conftest import terms, write_results
from tests.scripts.consensus import ANN, BEN, CREATOR, DAY, EXPERT, KEEPER

STAKE = 10**18


@pytest.fixture
def pledged(market, content, accounts, project):
    """Commands of a market with a job that asks for a stake, for whose tasks two accounts have pledged."""
    address = {name: market_entry(market, name) for name in ("StakeHook", "Staking")}
    hook, staking = project.StakeHook.at(address["StakeHook"]), project.Staking.at(address["Staking"])
    line = terms(content, hook=hook.address, arbiter=accounts[EXPERT].address)
    market("job", "create", *line, "--arbiter-account", f"TEST::{EXPERT}", by=CREATOR)
    hook.configure(1, STAKE, sender=accounts[CREATOR])
    for who in (ANN, BEN):
        staking.allow(hook, 2**104 - 1, sender=accounts[who])
        hook.pledge(1, 3, STAKE, sender=accounts[who])
    return market


def market_entry(run, name):
    """The address of a contract in the only manifest."""
    provider = run.chain.provider
    return load_system(checked_network(provider), provider).entry(name)["address"]


def keep(run, *more):
    return [(row["act"], row["about"], row["note"]) for row in run("keeper", *more, by=KEEPER)]


def rejected(run, who, tasks):
    """A claim of these tasks that the creator rejected, and nobody appealed."""
    run("job", "claim", 1, "--tasks", f"{tasks[0]}-{tasks[-1]}", by=who)
    path = write_results(run.folder / "r.jsonl", dict.fromkeys(tasks, "answer"))
    claim = run("job", "submit", 1, "--results", path, by=who)[0]["claim"]
    run("job", "reject", claim, "--reason", "no", by=CREATOR)
    return claim


def pledges(run, who):
    return [(row["tasks"], row["stake"]) for row in run("stake", "status", by=who)["pledges"]]


def test_rejection_that_stands__is_slashed_once(pledged) -> None:
    run = pledged
    claim = rejected(run, ANN, range(2))
    assert keep(run) == []
    assert pledges(run, ANN) == [(3, "3 WINNOW")]
    run.wait(5 * DAY)
    assert keep(run, "--only", "pledges") == [], "nobody has said yet that it stands"
    settled, slashed = keep(run)
    assert settled[::2] == ("settleRejection", "done")
    assert slashed == ("slash", f"claim {claim}: 2 rejected", "done")
    assert run.nothing_sent("keeper", by=KEEPER) == []
    assert pledges(run, ANN) == [(1, "1 WINNOW")]
    assert pledges(run, BEN) == [(3, "3 WINNOW")]
    assert "Pledged to jobs" in run.text("stake", "status", by=BEN)


def test_pledge_that_is_gone__is_passed_over__and_what_has_left_is_given_back(
    pledged, accounts, project
) -> None:
    run = pledged
    hook = project.StakeHook.at(market_entry(run, "StakeHook"))
    rejected(run, ANN, range(2))
    run.wait(5 * DAY)
    assert keep(run, "--only", "jobs")[0][0] == "settleRejection"
    for who in (ANN, BEN):
        leaves = hook.requestUnpledge(1, sender=accounts[who]).timestamp + 7 * DAY
    run.wait(leaves - run.chain.blocks.head.timestamp - 60)
    slashed = keep(run, "--only", "pledges")
    assert [row[::2] for row in slashed] == [("slash", "done")]
    run.wait(120)
    given = keep(run, "--only", "pledges")
    assert [row[::2] for row in given] == [("unpledge", "done")] * 2
    assert run.nothing_sent("keeper", "--only", "pledges", by=KEEPER) == []
    assert pledges(run, ANN) == pledges(run, BEN) == []


def test_lock_that_is_over__leaves_nothing_to_slash(pledged) -> None:
    run = pledged
    rejected(run, ANN, range(2))
    run.wait(5 * DAY)
    keep(run, "--only", "jobs")
    run.wait(180 * DAY)
    assert keep(run, "--only", "pledges") == []
    assert [row[::2] for row in keep(run, "--only", "stakes")] == [("reclaim", "done")] * 2
