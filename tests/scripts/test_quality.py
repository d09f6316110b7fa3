"""A consensus job by commands, from its terms to its end: what events tell is compared with what is kept."""

import json
import stat

import pytest

from offchain.hashing import checksum_address
from scripts._chain.consensus import consensus_at, consensus_state
from tests.scripts.consensus import ANN, BEN, CLEO, CREATOR, CROWD, KEEPER, OWNER, TASKS, Job, truth

PAY = 10**16


@pytest.fixture
def job(market, content, tmp_path):
    return Job(market, content, tmp_path)


@pytest.fixture
def contract(quality, project):
    """The market with the functions of both halves."""
    (manifest,) = quality.rglob("*.json")
    return consensus_at(project, json.loads(manifest.read_text())["contracts"]["LabelConsensus"]["address"])


def test_whole_life__from_terms_to_the_end(job, accounts, contract) -> None:
    made = job.create()
    assert (made["job"], made["tasks"], made["locked"]) == (1, TASKS, "0.3 ETH")
    again = job.run.nothing_sent("quality", "create", *job.line(), by=CREATOR)
    assert (again["note"], again["job"]) == ("open already", 1)
    for who in CROWD:
        assert job.sit(who)["layer"] == who - ANN
    assert job.nothing("seat", ANN, "--labels", job.answers(ANN))[0]["note"] == "seated already"
    assert "begins" in job.refused("reveal", ANN)
    job.wait("seats")
    for who in CROWD:
        assert job.do("reveal", who)[0]["note"] == "revealed"
    assert job.nothing("reveal", ANN)[0]["note"] == "revealed already"
    job.wait("reveals")
    assert job.do("open-gold", CREATOR)[0]["tasks"] == "0-3"
    assert job.nothing("open-gold", CREATOR)["note"] == "open already"
    assert "nothing of this is due" in job.nothing("score")["note"]
    job.wait("gold")
    before = [accounts[who].balance for who in CROWD]
    assert [row["act"] for row in job.do("score")] == ["scoreAndSettle"]
    assert [accounts[who].balance - had for who, had in zip(CROWD, before, strict=True)] == [TASKS * PAY] * 3
    assert "nothing of this is due" in job.nothing("settle")["note"]
    assert [row["act"] for row in job.do("close")] == ["close"]
    assert "nothing of this is due" in job.nothing("close")["note"]
    shown = job.status()
    assert (shown["state"], shown["refunded"], shown["next"]) == ("Closed", "0 ETH", [])
    assert (shown["word_rows"][0]["state"], shown["word_rows"][0]["accepted"]) == ("Settled", TASKS)
    assert {seat["paid"] for seat in shown["seats"]} == {"0.1 ETH"}
    assert contract.bookOf(1)["balance"] == 0


def test_status__says_what_may_be_done_and_by_whom(job) -> None:
    job.create()
    assert [row["command"] for row in job.status()["next"]] == ["ape run quality seat 1 --labels FILE"]
    job.sit(ANN)
    assert job.status()["next"][0]["about"] == "20 labels"
    job.wait("seats")
    (step,) = job.status()["next"]
    assert (step["who"], step["command"]) == ("annotators", "ape run quality reveal 1")
    assert step["until"] == job.status()["phases"]["reveals"]
    job.wait("reveals")
    assert [row["command"] for row in job.status()["next"]] == [
        "ape run quality slash-silent 1",
        "ape run quality open-gold 1",
    ]
    text = job.run.text("quality", "status", 1)
    assert "What may be done now" in text
    assert "seated" in text
    assert job.run("quality", "status")["jobs"][0]["phase"] == "gold"
    assert "Consensus jobs" in job.run.text("quality", "status")


def test_silence__slash_expire_close__end_a_job_in_which_nobody_acts(job, accounts) -> None:
    job.create()
    for who in CROWD:
        job.sit(who)
    job.wait("seats")
    job.do("reveal", ANN)
    job.wait("reveals")
    assert job.do("slash-silent")[0]["about"] == "job 1, word 0: 2 seats"
    assert "nothing of this is due" in job.nothing("slash-silent")["note"]
    job.wait("settlement")
    assert "ended" in job.refused("open-gold", CREATOR)
    before = accounts[ANN].balance
    assert [row["act"] for row in job.do("expire")] == ["expire"]
    assert accounts[ANN].balance - before == TASKS * PAY
    assert job.do("close")[0]["act"] == "close"
    shown = {seat["annotator"]: seat for seat in job.status()["seats"]}
    assert float(shown[accounts[BEN].address]["slashed"].split()[0]) == TASKS
    assert job.status()["refunded"] == "0.2 ETH"


def test_seat__signed__is_relayed_by_somebody_else(job, accounts, tmp_path) -> None:
    job.create()
    act = tmp_path / "seat.json"
    labels = job.answers(ANN)
    job.nothing("seat", ANN, "--labels", labels, "--sign-only", act)
    assert job.run("quality", "relay", act, by=KEEPER)["in_the_name_of"] == accounts[ANN].address
    assert "sent already" in job.run.refused("quality", "relay", act, by=KEEPER)
    assert job.nothing("seat", ANN, "--labels", labels)[0]["note"] == "seated already"
    job.wait("seats")
    told = job.do("reveal", KEEPER, "--of", accounts[ANN].address)
    assert told[0]["note"] == "revealed"


def test_secrets__are_for_their_owner_alone__and_not_on_the_chain(job) -> None:
    made = job.create()
    seat = job.sit(ANN)
    for path in (made["gold_file"], seat["secret"]):
        mode = stat.S_IMODE((job.folder / path).stat().st_mode)
        assert mode == 0o600
    assert len(json.loads((job.folder / seat["secret"]).read_text())["secrets"]) == 1


def test_fold__is_what_the_market_keeps(job, accounts, contract) -> None:
    """After each phase, the digests that follow from events alone are those of the views."""
    people = [accounts[who].address for who in CROWD]

    def compare() -> None:
        kept = consensus_state(job.system()).jobs[1]
        for who in people:
            assert kept.seat_digest(0, checksum_address(who)) == contract.seatDigest(1, 0, who)
        assert kept.words[0].digest() == contract.wordDigest(1, 0)
        for layer in range(4):
            assert kept.free_tasks(0, layer) == contract.freeTasks(1, 0, layer)
        assert kept.words[0].unresolved == contract.unresolvedTasks(1, 0)
        assert kept.terms_hash == contract.job(1)["termsHash"]

    job.create(expert=accounts[7].address, audit="50%", challenge_bond="0.001", expert_fee="0.001",
               expert_budget="0.01")  # fmt: skip
    for who in CROWD:
        job.sit(who, 2)
    compare()
    job.wait("seats")
    for who in CROWD[:2]:
        job.do("reveal", who)
    compare()
    job.wait("reveals")
    job.do("slash-silent")
    job.do("open-gold", CREATOR)
    compare()
    job.wait("gold")
    job.do("challenge", ANN, "--tasks", "0-1")
    compare()
    job.wait("challenges")
    (todo,) = [row for row in job.status()["next"] if "decide" in row["command"]]
    verdicts = job.labels("verdicts", {0: truth(0), 1: truth(1)})
    assert todo["who"] == "experts"
    job.do("decide", 7, "--verdicts", verdicts)
    compare()
    job.do("settle-challenge")
    job.wait("experts")
    job.do("score")
    compare()
    assert job.status()["word_rows"][0]["unresolved"] == TASKS  # two votes are not enough
    rest = job.labels("rest", {task: truth(task) for task in range(3)})
    job.do("resolve", 7, "--verdicts", rest)
    compare()


def test_parent__what_it_left_is_labelled_anew(job) -> None:
    job.opened(0, 0)
    job.wait("gold")
    job.do("score")
    job.do("close")
    assert "no consensus job 9" in job.run.refused("quality", "create", *job.line(parent=9), by=CREATOR)
    made = job.create(parent=1)
    assert (made["job"], made["tasks"]) == (2, TASKS)
    assert job.sit(ANN)["tasks"] == "0-9"


def test_two_words__a_seat_for_each(job) -> None:
    more = {"tasks": 300, "redundancy": 4, "difficulty": "1,1.5"}
    gold = {task: truth(task) for task in range(0, 300, 8)}
    short = job.labels("short", {task: truth(task) for task in range(20)})
    assert "word 1 has no gold" in job.run.refused(
        "quality", "create", *job.line(**more, gold=short), by=CREATOR
    )
    job.create(**more, gold=job.labels("more", gold))
    everything = job.labels("everything", {task: truth(task) for task in range(300)})
    act = job.folder / "act.json"
    assert "choose --word" in job.refused("seat", ANN, "--labels", everything, "--sign-only", act)
    rows = job.do("seat", ANN, "--labels", everything, "--word", 1)
    assert [(row["word"], row["tasks"]) for row in rows] == [(1, "256-299")]
    assert float(rows[0]["stake"].split()[0]) == 44 * 1.5
    rows = job.do("seat", ANN, "--labels", everything)
    assert [(row["word"], row.get("note", "")) for row in rows] == [(0, ""), (1, "seated already")]
    job.wait("seats")
    assert [row["note"] for row in job.do("reveal", ANN)] == ["revealed", "revealed"]
    job.wait("reveals")
    assert len(job.do("open-gold", CREATOR)) == 2
    job.wait("gold")
    assert [row["act"] for row in job.do("score")] == ["score", "score"]
    assert [row["act"] for row in job.do("settle")] == ["settle", "settle"]


def test_withdraw__nothing_there(job) -> None:
    assert job.run.nothing_sent("quality", "withdraw", by=CLEO)["note"] == "nothing to withdraw"
    assert "nothing" in job.run.nothing_sent("job", "withdraw", "--contract", "consensus", by=OWNER)["note"]
