"""Stakes by commands: in, allowed, locked by a market, out."""

import json

import pytest

from offchain.hashing import keccak256

OWNER, WORKER, HELPER = 0, 1, 2
MONTH = 31 * 86_400


@pytest.fixture
def staker(deployed, accounts, project):
    """Commands of somebody who has 100 of what is staked."""
    kept = json.loads((deployed.folder / "deployments/local.json").read_text())["contracts"]
    token = project.RewardToken.at(kept["RewardToken"]["address"])
    token.grantRole(keccak256(b"MINTER_ROLE"), accounts[OWNER], sender=accounts[OWNER])
    token.mint(accounts[WORKER], 100 * 10**18, sender=accounts[OWNER])
    return deployed


def amount(text: str) -> float:
    """The number of what a command shows."""
    return float(text.split(maxsplit=1)[0].replace(",", ""))


def test_stake__in_and_out(staker, accounts) -> None:
    run = staker
    run("stake", "deposit", "40.5", by=WORKER)
    assert amount(run("stake", "status", by=WORKER)["available"]) == 40.5
    assert "short of" in run.refused("stake", "deposit", "60", by=WORKER)
    assert "StakeTooLow" in run.refused("stake", "unbond", "41", by=WORKER)
    run("stake", "unbond", "10", by=WORKER)
    shown = run("stake", "status", "--of", accounts[WORKER].address, by=HELPER)
    assert (amount(shown["available"]), amount(shown["unbonding"])) == (30.5, 10)
    assert run.nothing_sent("stake", "collect", by=WORKER)["note"] == "nothing is over"
    run.wait(MONTH)
    run("stake", "collect", "--of", accounts[WORKER].address, by=HELPER)
    shown = run("stake", "status", by=WORKER)
    assert (amount(shown["available"]), amount(shown["unbonding"]), shown["leaving"]) == (30.5, 0, [])


def test_allow__says_how_much_a_market_may_lock(staker) -> None:
    run = staker
    run("stake", "allow", "consensus", "12", by=WORKER)
    assert run.nothing_sent("stake", "allow", "consensus", "12", by=WORKER)["note"] == "so already"
    run("stake", "allow", "hook", "all", by=WORKER)
    limits = {row["market"]: row["limit"] for row in run("stake", "status", by=WORKER)["markets"]}
    assert (amount(limits["consensus"]), limits["hook"]) == (12, "all")
    assert run.nothing_sent("stake", "reclaim", "hook", by=WORKER)["note"] == "nothing is locked"


def test_amounts_and_markets_that_are_none__are_refused(staker) -> None:
    run = staker
    assert "much" in run.refused("stake", "deposit", "much", by=WORKER)
    assert "consensus" in run.refused("stake", "allow", "bazaar", "1", by=WORKER)
    assert "Staked" in run.text("stake", "deposit", "1", by=WORKER)
    assert "May lock" in run.text("stake", "status", by=WORKER)
