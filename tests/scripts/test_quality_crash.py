"""A command that dies at whichever point: what was committed to can be revealed, nothing is done twice."""

import json
import os
from pathlib import Path

import pytest

from scripts._chain import transactions
from scripts._chain.consensus import consensus_job, consensus_of
from scripts._quality.secrets import Vault
from tests.scripts.consensus import ANN, CREATOR, Job


class Killed(BaseException):
    """The process ends here: nothing of a command catches it."""


@pytest.fixture
def job(market, content, tmp_path):
    return Job(market, content, tmp_path)


def die(job, act, line, by, *, sent):
    """Run a command whose process ends at a transaction: before it is sent, or as soon as it is mined."""
    with pytest.MonkeyPatch.context() as patch:
        send = transactions.send

        def dying(system, name, *args, **more):
            if name != act or sent:
                done = send(system, name, *args, **more)
            if name == act:
                raise Killed
            return done

        patch.setattr(transactions, "send", dying)
        with pytest.raises(Killed):
            job.run("quality", *line, by=by)


def seat_file(job, accounts):
    return Vault.of(job.system()).seat_file(job.number, 0, accounts[ANN].address)


def seat_line(job, wrong=0):
    return ("seat", job.number, "--labels", job.answers(ANN, wrong))


@pytest.mark.parametrize("sent", [False, True])
def test_seat__killed_at_its_transaction__goes_on_and_reveals(job, accounts, sent) -> None:
    job.create()
    die(job, "seat", seat_line(job), ANN, sent=sent)
    kept = seat_file(job, accounts).read_bytes()
    again = (job.nothing if sent else job.do)("seat", ANN, *seat_line(job)[2:])
    assert again[0].get("note", "") == ("seated already" if sent else "")
    assert seat_file(job, accounts).read_bytes() == kept
    job.wait("seats")
    assert job.do("reveal", ANN)[0]["note"] == "revealed"


def test_seat__lost_transaction_that_is_mined_after_all__can_be_revealed(job, accounts) -> None:
    """Other labels in a second run do not overwrite the salt of the first."""
    job.create()
    die(job, "seat", seat_line(job), ANN, sent=False)
    first = Vault.of(job.system()).seats(1, 0, accounts[ANN].address)[0]
    die(job, "seat", seat_line(job, wrong=3), ANN, sent=False)
    assert len(json.loads(seat_file(job, accounts).read_text())["secrets"]) == 2
    request = (1, 0, 0, first.mask, first.commitment, 2**127)
    consensus_of(job.system()).seat(request, b"", sender=accounts[ANN])
    said = job.nothing("seat", ANN, *seat_line(job, wrong=3)[2:])[0]["note"]
    assert "other labels" in said
    job.wait("seats")
    job.do("reveal", ANN)
    revealed = consensus_job(job.system(), 1).words[0].seats[accounts[ANN].address]
    assert revealed.labels == first.labels


def test_seat__secrets_are_on_disk__before_anything_is_sent(job, accounts, monkeypatch) -> None:
    job.create()
    order, sync, send, replace = [], os.fsync, transactions.send, Path.replace

    def told(name, function):
        def call(*args, **more):
            order.append(name)
            return function(*args, **more)

        return call

    monkeypatch.setattr(os, "fsync", told("sync", sync))
    monkeypatch.setattr(Path, "replace", told("replace", replace))
    monkeypatch.setattr(transactions, "send", told("send", send))
    job.sit(ANN)
    assert order == ["sync", "replace", "sync", "send"]


def test_seats_of_two_jobs__have_secrets_of_their_own(job) -> None:
    kept = []
    for more in ({}, {"pay": "0.02"}):
        job.create(**more)
        kept.append(job.sit(ANN)["secret"])
    assert len(set(kept)) == 2
    job.wait("seats")
    for number in (1, 2):
        assert job.run("quality", "reveal", number, by=ANN)[0]["note"] == "revealed"


def test_seat__disk_that_is_full__sends_nothing(job, monkeypatch) -> None:
    job.create()
    head = job.run.chain.blocks.head.number

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in job.refused("seat", ANN, *seat_line(job)[2:])
    assert job.run.chain.blocks.head.number == head


def test_secrets__damaged__are_not_overwritten(job, accounts) -> None:
    job.create()
    die(job, "seat", seat_line(job), ANN, sent=False)
    path = seat_file(job, accounts)
    good = path.read_text()
    other = json.loads(good)
    other["secrets"][0]["salt"] = "0x" + "11" * 32
    for bad in (good[:40], json.dumps(other), "{}"):
        path.write_text(bad)
        assert "damaged" in job.refused("seat", ANN, *seat_line(job)[2:])
        assert path.read_text() == bad


def test_reveal__without_the_file__says_which(job, accounts) -> None:
    job.create()
    job.sit(ANN)
    seat_file(job, accounts).rename(job.folder / "away.json")
    said = job.nothing("seat", ANN, *seat_line(job)[2:])[0]["note"]
    assert "not in this folder" in said
    job.wait("seats")
    said = job.refused("reveal", ANN)
    assert "not revealed: word 0" in said
    assert str(seat_file(job, accounts)) in said
    (job.folder / "away.json").rename(seat_file(job, accounts))
    assert job.do("reveal", ANN)[0]["note"] == "revealed"


@pytest.mark.parametrize("sent", [False, True])
def test_create__killed_at_its_transaction__goes_on_with_the_same_gold(job, sent) -> None:
    die(job, "createJob", ("create", *job.line()), CREATOR, sent=sent)
    (kept,) = Vault.of(job.system()).folder.glob("gold/*.json")
    before = kept.read_bytes()
    made = job.run("quality", "create", *job.line(), by=CREATOR)
    assert (made["job"], made.get("note", "")) == (1, "open already" if sent else "")
    assert Path(made["gold_file"]) == kept
    assert kept.read_bytes() == before
    again = job.run("quality", "create", *job.line(), "--again", by=CREATOR)
    assert again["job"] == 2
    assert again["gold_file"] != made["gold_file"]


def test_open_gold__from_a_copy_of_its_file(job) -> None:
    made = job.create()
    job.sit(ANN)
    job.wait("reveals")
    copy = Path(made["gold_file"]).rename(job.folder / "gold-copy.json")
    assert "is missing" in job.refused("open-gold", CREATOR)
    other = json.loads(copy.read_text())
    other["words"]["0"]["salt"] = "0x" + "11" * 32
    wrong = job.folder / "wrong.json"
    wrong.write_text(json.dumps(other))
    assert "not the file that `create` wrote" in job.refused(
        "open-gold", CREATOR, "--gold", job.labels("plain", {0: "answer"})
    )
    assert "not the gold of this job" in job.refused("open-gold", CREATOR, "--gold", wrong)
    assert job.do("open-gold", CREATOR, "--gold", copy)[0]["note"] == "opened"
