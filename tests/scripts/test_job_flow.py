"""Jobs by commands alone, from their terms to their end; each command run again does no harm."""

import json

import pytest

from offchain.hashing import AllowList
from offchain.packaging import image_source
from tests.offchain.samples import picture
from tests.scripts.conftest import terms, write_results

HOUR, DAY = 3_600, 86_400
CREATOR, WORKER, OTHER, ARBITER, RELAYER = 1, 2, 3, 4, 5


@pytest.fixture
def results(tmp_path):
    return write_results(tmp_path / "results.jsonl", dict.fromkeys(range(10), "answer"))


def test_job__from_terms_to_closed__twice(deployed, content, accounts, results) -> None:
    run, job_terms = deployed, terms(content, bond="5%", royalty="20%")
    job = run("job", "create", *job_terms)
    assert (job["job"], job["tasks"], job["locked"]) == (1, 10, "0.1 ETH")
    run.wait(HOUR)
    assert run.nothing_sent("job", "create", *job_terms)["note"] == "open already"
    claim = run("job", "claim", 1, "--tasks", "0-5", by=WORKER)[0]
    assert claim["bond"] == "0.003 ETH"
    again = run.nothing_sent("job", "claim", 1, "--tasks", "0-5", by=WORKER)
    assert [row["note"] for row in again] == ["yours already"]
    batch = run("job", "submit", 1, "--results", results, by=WORKER)[0]
    second = run.nothing_sent("job", "submit", 1, "--results", results, by=WORKER)[0]
    assert (second["note"], second["root"]) == ("already submitted", batch["root"])
    before = accounts[WORKER].balance
    paid = run("job", "approve", claim["claim"])
    assert (paid["reward"], paid["bond_back"]) == ("0.06 ETH", "0.003 ETH")
    assert accounts[WORKER].balance - before == 63 * 10**15
    assert "paid already" in run.nothing_sent("job", "approve", claim["claim"])["note"]
    reviewed = run("job", "review", claim["claim"])
    assert [row["state"] for row in reviewed] == ["accepted"] * 6
    closed = run("job", "close", 1)
    assert (closed["state"], closed["refunded"]) == ("Closed", "0.04 ETH")
    assert run.nothing_sent("job", "close", 1)["note"] == "closed already"
    shown = run("job", "status", 1)
    assert (shown["approved"], shown["held_for_it"], shown["claims"]) == (6, "0 ETH", [])


def test_create__draft_and_acceptance__opens_the_accepted_terms(
    deployed, content, accounts, tmp_path
) -> None:
    run, draft = deployed, tmp_path / "draft.json"
    disputes = terms(content, arbiter=accounts[ARBITER].address, arbiter_fee="0.02")
    assert "arbiter" in run.refused("job", "create", *disputes)
    run("job", "create", *disputes, "--draft", draft)
    assert "terms' arbiter" in run.refused("job", "accept", draft, by=OTHER)
    acceptance = run("job", "accept", draft, by=ARBITER)["acceptance"]
    other = tmp_path / "other.json"
    run("job", "create", *terms(content, arbiter=accounts[ARBITER].address, reward="0.02"), "--draft", other)
    message = run.refused("job", "create", "--terms", other, "--acceptance", acceptance)
    assert "accepts other terms" in message
    assert run("job", "create", "--terms", draft, "--acceptance", acceptance)["job"] == 1
    assert run("job", "status", 1)["arbiter"] == accounts[ARBITER].address


def test_create__terms_file__counts_units_and_shares(deployed, content, tmp_path) -> None:
    run, path = deployed, tmp_path / "terms.toml"
    path.write_text(
        'reward = "0.5"\ntasks = 300\nclaim_window = "1h30m"\nbond = "2.5%"\ndifficulty = [1, 1.5]\n'
        'data = "source.jsonl"\ninstructions = "instructions.json"\n'
    )
    job = run("job", "create", "--terms", path)
    assert job["locked"] == "161 ETH"  # 256 at 0.5 and 44 at 0.75
    shown = run("job", "status", 1)
    assert (shown["tasks"], shown["bond_bps"]) == (300, 250)
    path.write_text("rewrad = 1\n")
    assert "rewrad" in run.refused("job", "create", "--terms", path)


def test_claim__expired_one_in_the_way__is_taken_over(deployed, content, results) -> None:
    run = deployed
    run("job", "create", *terms(content, bond="10%"))
    first = run("job", "claim", 1, "--count", 4, by=WORKER)[0]
    assert "not to be had" in run.refused("job", "claim", 1, "--tasks", "3-4", by=OTHER)
    assert run("job", "claim", 1, "--count", 20, by=OTHER)[0]["tasks"] == "4-9"
    run.wait(HOUR)
    assert "expired" in run.refused("job", "submit", 1, "--results", results, by=WORKER)
    taken = run("job", "claim", 1, "--tasks", "0-3", by=RELAYER)[0]
    assert taken["ended"] == [first["claim"]]
    due = run("job", "settle", 1, "--dry-run", by=OTHER)
    assert [row["act"] for row in due] == ["releaseExpired"]
    run("job", "settle", 1, by=OTHER)
    assert run("job", "settle", 1, by=OTHER) == []
    # Forfeited bonds became credits of the fee recipient: of four tasks, and of six.
    assert run("job", "status", by=0)["credits"][0]["amount"] == str(10**16)
    assert "Your credit" in run.text("job", "status", by=0)
    assert run("job", "withdraw", "--amount", "0.004", by=0)["amount"] == "0.004 ETH"
    assert run("job", "withdraw", by=0)["amount"] == "0.006 ETH"


def test_status__for_a_person__tells_when_money_unlocks(deployed, content, results) -> None:
    run = deployed
    run("job", "create", *terms(content, bond="10%"))
    run("job", "claim", 1, "--count", 10, by=WORKER)
    run("job", "submit", 1, "--results", results, by=WORKER)
    shown = run.text("job", "status", 1)
    assert "submitted, in review" in shown
    assert "0.11 ETH" in shown
    assert "(in 3d)" in shown
    row = run("job", "status", 1, "--mine", by=WORKER)["claims"][0]
    assert row["unlocks_at"] - run.chain.blocks.head.timestamp == 3 * DAY + 1
    assert run("job", "status", 1, "--mine", by=OTHER)["claims"] == []
    run.wait(3 * DAY + 1)
    assert run("job", "status", 1)["claims"][0]["due"] is True


def test_submit__wrong_or_missing_results__nothing_is_sent(deployed, content, tmp_path) -> None:
    run, path = deployed, tmp_path / "r.jsonl"
    run("job", "create", *terms(content))
    run("job", "claim", 1, "--tasks", "0-2", by=WORKER)
    write_results(path, {0: "answer", 1: "poem"})
    assert "task 1" in run.refused("job", "submit", 1, "--results", path, by=WORKER)
    write_results(path, {0: "answer", 1: "question"})
    assert "tasks 2" in run.refused("job", "submit", 1, "--results", path, by=WORKER)
    path.write_text('{"name": "t0", "label": "answer"}\n{"name": "t9", "label": "answer"}\n')
    row = run("job", "submit", 1, "--results", path, "--partial", by=WORKER)[0]
    assert row["tasks"] == "0"
    assert run("job", "status", 1)["open"] == 9


def test_dispute__rejected_appealed_decided(deployed, content, accounts, results) -> None:
    run = deployed
    extra = {"arbiter": accounts[ARBITER].address, "arbiter_fee": "0.02", "bond": "10%"}
    job = terms(content, **extra)
    run("job", "create", *job, "--arbiter-account", f"TEST::{ARBITER}")
    claim = run("job", "claim", 1, "--count", 10, by=WORKER)[0]["claim"]
    run("job", "submit", 1, "--results", results, by=WORKER)
    assert "--reason" in run.refused("job", "reject", claim, "--tasks", "0-1")
    rejected = run("job", "reject", claim, "--tasks", "0-1", "--reason", "these are questions")
    assert rejected["deposit"] == "0.022 ETH"
    assert (
        run.nothing_sent("job", "reject", claim, "--tasks", "0", "--reason", "x")["note"]
        == "rejected already"
    )
    run("job", "appeal", claim, by=WORKER)
    assert run.nothing_sent("job", "appeal", claim, by=WORKER)["note"] == "appealed already"
    decided = run("job", "decide", claim, "--uphold", "1", by=ARBITER)
    assert (decided["upheld"], decided["overturned"], decided["to_arbiter"]) == ("1", "0", "0.02 ETH")
    run.wait(4 * DAY)
    assert [row["act"] for row in run("job", "settle", 1, by=OTHER)] == ["finalize"]
    shown = run("job", "status", 1)
    assert (shown["approved"], shown["open"], shown["taken"]) == (9, 1, 0)


def test_settle__lapsed_rejection_and_lapsed_appeal(deployed, content, accounts, tmp_path) -> None:
    run = deployed
    run(
        "job",
        "create",
        *terms(content, arbiter=accounts[ARBITER].address),
        "--arbiter-account",
        f"TEST::{ARBITER}",
    )
    for worker, tasks in ((WORKER, range(5)), (OTHER, range(5, 10))):
        run("job", "claim", 1, "--tasks", f"{tasks[0]}-{tasks[-1]}", by=worker)
        path = write_results(tmp_path / "r.jsonl", dict.fromkeys(tasks, "answer"))
        claim = run("job", "submit", 1, "--results", path, by=worker)[0]["claim"]
        run("job", "reject", claim, "--reason", "no")
    run("job", "appeal", claim, by=OTHER)
    assert run("job", "settle", 1, by=RELAYER) == []
    run.wait(6 * DAY)
    acts = [row["act"] for row in run("job", "settle", 1, by=RELAYER)]
    assert acts == ["settleRejection", "settleAppeal"]
    shown = run("job", "status", 1)
    assert (shown["open"], shown["approved"]) == (5, 5)


def test_sign_only__claim_and_batch_are_relayed_by_somebody_else(
    deployed, content, accounts, results, tmp_path
) -> None:
    run, act = deployed, tmp_path / "act.json"
    run("job", "create", *terms(content, bond="10%"))
    before = accounts[WORKER].balance
    run.nothing_sent("job", "claim", 1, "--tasks", "0-9", "--sign-only", act, by=WORKER)
    claim = run("job", "relay", act, by=RELAYER)["claim"]
    assert "sent already" in run.refused("job", "relay", act, by=RELAYER)
    run.nothing_sent("job", "submit", 1, "--results", results, "--sign-only", act, by=WORKER)
    run("job", "relay", act, by=RELAYER)
    forged = json.loads(act.read_text())
    forged["message"]["nonce"] = "5"
    act.write_text(json.dumps(forged))
    assert "changed afterwards" in run.refused("job", "relay", act, by=RELAYER)
    run("job", "approve", claim)
    # The worker sent nothing: the pay, and the bond that the relayer put down for him.
    assert accounts[WORKER].balance - before == 11 * 10**16


def test_release__gives_back_and_says_so_twice(deployed, content) -> None:
    run = deployed
    run("job", "create", *terms(content, bond="10%"))
    claim = run("job", "claim", 1, "--count", 2, by=WORKER)[0]["claim"]
    assert "NotAuthorized" in run.refused("job", "release", claim, by=OTHER)
    run("job", "release", claim, by=WORKER)
    assert run.nothing_sent("job", "release", claim, by=WORKER)["note"] == "given back already"


def test_errors__name_the_next_command(deployed, content) -> None:
    run = deployed
    assert "ape run job status" in run.refused("job", "status", 7)
    run("job", "create", *terms(content))
    assert "--count" in run.refused("job", "claim", 1)
    assert "fee recipient" in run.refused("job", "create", *terms(content), by=0)
    run("job", "close", 1)
    assert "Closed" in run.refused("job", "claim", 1, "--count", 1, by=WORKER)


def test_withdraw__nothing_there(deployed) -> None:
    assert deployed.nothing_sent("job", "withdraw", by=WORKER)["note"] == "nothing to withdraw"


def test_image_job_in_a_token__from_pictures_to_coco(deployed, accounts, project, tmp_path) -> None:
    run, folder = deployed, tmp_path / "found"
    token = accounts[0].deploy(project.DemoToken)
    token.mint(accounts[CREATOR], 100 * 10**6, sender=accounts[0])
    source, told = tmp_path / "pictures.zip", tmp_path / "told.json"
    source.write_bytes(image_source([picture(f"{name}.png", colour=i) for i, name in enumerate("abc")]))
    told.write_text('{"kind": "image", "labels": ["cat"], "text": "Find the cats."}')
    content = {"data": source, "instructions": told}
    assert "short of" in run.refused("job", "create", *terms(content, token=token.address, reward="50"))
    job = run("job", "create", *terms(content, token=token.address, reward="1.5"))
    assert (job["locked"], token.balanceOf(accounts[CREATOR])) == ("4.5 USDW", 955 * 10**5)
    run("job", "claim", 1, "--count", 3, by=WORKER)
    folder.mkdir()
    for name, width in (("a", 10), ("b", 500), ("c", 12)):
        box = {"label": "cat", "box": [1, 1, width, 5]}
        (folder / f"{name}.png.json").write_text(json.dumps({"objects": [box]}))
    assert "task 1" in run.refused("job", "submit", 1, "--results", folder, by=WORKER)
    (folder / "b.png.json").write_text('{"objects": []}')
    run("job", "submit", 1, "--results", folder, by=WORKER)
    run("job", "approve", 1 << 24)
    assert token.balanceOf(accounts[WORKER]) == 45 * 10**5
    made = run("dataset", "export", 1, "--out", tmp_path / "set")
    document = json.loads((tmp_path / "set/annotations/instances.json").read_text())
    assert (made["package"], len(document["images"]), len(document["annotations"])) == ("dataset.zip", 3, 2)


def test_allow_list__only_who_is_on_it(deployed, content, accounts, project, tmp_path) -> None:
    run, people = deployed, [accounts[WORKER].address, accounts[OTHER].address]
    hook = accounts[0].deploy(project.AllowlistHook, AllowList(people).root)
    run("job", "create", *terms(content, hook=hook.address))
    listed = tmp_path / "people.txt"
    listed.write_text("\n".join(people))
    assert "--allowlist" in run.refused("job", "claim", 1, "--count", 1, by=WORKER)
    assert run("job", "claim", 1, "--count", 1, "--allowlist", listed, by=WORKER)[0]["tasks"] == "0"
    assert "allow list" in run.refused("job", "claim", 1, "--count", 1, "--allowlist", listed, by=RELAYER)
