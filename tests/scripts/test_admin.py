"""The powers of owner and pauser by commands, each act once."""

from tests.scripts.conftest import terms

OWNER, STRANGER, HEIR = 0, 1, 2


def test_pause__stops_new_jobs__and_unpause_is_the_owners(deployed, content) -> None:
    run = deployed
    assert "NotPauser" in run.refused("admin", "pause", by=STRANGER)
    assert [row["note"] for row in run("admin", "pause", by=OWNER)] == ["done"] * 3
    assert [row["note"] for row in run.nothing_sent("admin", "pause", by=OWNER)] == ["so already"] * 3
    assert "paused" in run.refused("job", "create", *terms(content), by=STRANGER)
    run("admin", "unpause", "--contract", "market", by=OWNER)
    assert [row["paused"] for row in run("admin", "status")[:3]] == [False, True, True]
    assert run("job", "create", *terms(content), by=STRANGER)["job"] == 1


def test_set_fee__counts_for_what_opens_later(deployed, content) -> None:
    run = deployed
    assert "FeeAboveCap" in run.refused("admin", "set-fee", "6%", by=OWNER)
    run("admin", "set-fee", "2%", "--contract", "market", by=OWNER)
    assert [row["fee_bps"] for row in run("admin", "status")[:3]] == [200, 0, 0]
    assert run("job", "create", *terms(content), by=STRANGER)["locked"] == "0.102 ETH"
    assert "OwnableUnauthorizedAccount" in run.refused("admin", "set-fee", "1%", by=STRANGER)
    run("admin", "set-fee", "3%", "--contract", "consensus", by=OWNER)
    assert [row["fee_bps"] for row in run("admin", "status")[:3]] == [200, 0, 300]


def test_transfer_ownership__in_two_steps(deployed, accounts) -> None:
    run = deployed
    run("admin", "transfer-ownership", accounts[HEIR].address, by=OWNER)
    run.nothing_sent("admin", "transfer-ownership", accounts[HEIR].address, by=OWNER)
    assert {row["owner"] for row in run("admin", "status")[:3]} == {accounts[OWNER].address}
    assert "accept-ownership" in run.refused("admin", "accept-ownership", by=STRANGER)
    run("admin", "accept-ownership", by=HEIR)
    assert {row["owner"] for row in run("admin", "status")[:3]} == {accounts[HEIR].address}
    run("admin", "set-pauser", accounts[STRANGER].address, by=HEIR)
    run("admin", "pause", by=STRANGER)
