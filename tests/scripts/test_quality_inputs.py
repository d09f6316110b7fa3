"""Consensus commands with bad input: one message that says what is wrong, nothing sent, no traceback."""

import pytest

from tests.scripts.consensus import ANN, BEN, CREATOR, EXPERT, KEEPER, OWNER, Job, truth

POOR = 9
"""An account without stake."""


@pytest.fixture
def job(market, content, tmp_path):
    return Job(market, content, tmp_path)


def test_create__impossible_terms__are_named(job, accounts) -> None:
    head = job.run.chain.blocks.head.number
    one_class = job.labels("bare", {0: None})
    cases = {
        "no pay": {"pay": None},
        "no gold": {"gold": None},
        "gold tasks of 10": {"gold_share": "50%"},
        "no label: gold is": {"gold": one_class},
        "nobody is one": {"expert_fee": "0.1"},
        "either --expert": {"expert": accounts[EXPERT].address, "experts": job.folder / "e.txt"},
        "2 labels, not 3": {"classes": 3},
        "no number of classes": {"instructions": None, "tasks": 10, "gold": None},
        "is a factor": {"slope": "steep"},
        "slope is a factor": {"slope": "-3"},
        "max_stake is a factor": {"max_stake": "inf"},
        "difficulty is a factor": {"difficulty": "nan"},
        "'nan' is no share": {"accept": "nan"},
        f"reveal: {10**20} is not between 1m and 20d": {"reveal": 10**20},
        "settle: 59s is not": {"settle": "59s"},
        "cannot be encoded": {"seats": 10**20},
        "b.txt is no text": {"experts": job.folder / "b.txt"},
        "a.txt: '0x12' is not an address": {"experts": job.folder / "a.txt"},
        "TermOutOfBounds(field=redundancy": {"redundancy": 2},
        "is no duration": {"reveal": "soon"},
        "is no share": {"accept": "most"},
        "no stake": {"stake": None},
        "40 hex": {"rule": "dictator"},
        "NotAContract": {"rule": accounts[KEEPER].address},
    }
    (job.folder / "e.txt").write_text(accounts[EXPERT].address)
    (job.folder / "a.txt").write_text("0x12")
    (job.folder / "b.txt").write_bytes(b"\xff\xfe")
    found = {
        said: job.run.refused("quality", "create", *job.line(**more), by=CREATOR)
        for said, more in cases.items()
    }
    wrong = {said: message for said, message in found.items() if said not in message}
    assert wrong == {}
    assert "RoleConflict" in job.run.refused("quality", "create", *job.line(), by=OWNER)
    terms = job.folder / "terms.yaml"
    assert "no text" in job.run.refused("quality", "create", "--terms", job.folder / "b.txt", by=CREATOR)
    terms.write_text("pey: 1\n")
    assert "'pey'" in job.run.refused("quality", "create", "--terms", terms, by=CREATOR)
    assert job.run.chain.blocks.head.number == head


def test_create__terms_from_a_file__which_options_beat(job) -> None:
    terms = job.folder / "terms.yaml"
    job.labels("gold", {task: truth(task) for task in range(4)})
    terms.write_text(
        "pay: 0.5\nstake: 2\ngold: gold.jsonl\ngold_share: 30%\nrule: weighted\nredundancy: 5\n"
        "data: source.jsonl\ninstructions: instructions.json\ndomain: sentiment\n"
    )
    made = job.run("quality", "create", "--terms", terms, "--redundancy", 4, by=CREATOR)
    shown = job.run("quality", "status", made["job"])
    assert (made["locked"], shown["layers"], shown["gold_bps"]) == ("20 ETH", 4, 3_000)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"task": 0, "label": "poem"}', "line 1: 'poem' is no label"),
        ("a.jsonl", '{"task": 10, "label": "answer"}', "line 1: 10 is no task"),
        ("a.jsonl", '{"task": true, "label": "answer"}', "is no task"),
        ("a.jsonl", '{"task": 1, "label": 1}\n{"task": 1, "label": 0}', "line 2: task 1 has a label already"),
        ("a.jsonl", '{"task": 1}', "say its label"),
        ("a.jsonl", "task 1", "is not JSON"),
        ("a.jsonl", "[1]", "is no object"),
        ("a.jsonl", "", "holds no labels"),
        ("a.csv", "id,label\n1,answer", "no columns task and label"),
        ("a.csv", "task,label\n0,answer\nx,answer", "line 3: 'x' is no task"),
        ("a.bin", b"\xff\xfe\x00", "is no text"),
    ],
)
def test_labels__bad_files__name_the_line(job, name, text, said) -> None:
    job.create()
    path = job.folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert said in job.refused("seat", ANN, "--labels", path)


def test_seat__what_cannot_be_taken__says_why(job, accounts) -> None:
    job.create()
    some = job.folder / "some.csv"
    some.write_text("task,label\n0,answer\n1,\n")
    assert "no layer of word 0 has the 2 tasks 0-1 free" in job.refused("seat", ANN, "--labels", some)
    everything = job.answers(ANN)
    assert "no labels for word 1" in job.refused("seat", ANN, "--labels", everything, "--word", 1)
    assert "RoleConflict" in job.refused("seat", CREATOR, "--labels", everything)
    assert "ape run stake" in job.refused("seat", POOR, "--labels", everything)
    assert "StakeAboveMax" in job.refused("seat", ANN, "--labels", everything, "--max-stake", "9.5")
    assert "no consensus job 7" in job.run.refused("quality", "seat", 7, "--labels", everything, by=ANN)
    job.sit(ANN)
    taken = job.refused("seat", BEN, "--labels", everything, "--layer", 0)
    assert "layer 0: none" in taken
    assert "has no seat" in job.refused("reveal", BEN)
    job.wait("seats")
    assert "is over" in job.refused("seat", BEN, "--labels", everything)


def test_experts__what_is_not_theirs__is_refused(job, accounts) -> None:
    listed = job.folder / "experts.txt"
    listed.write_text(f"{accounts[EXPERT].address}\n{accounts[KEEPER].address}\n")
    job.opened(0, 1, 1, experts=listed, challenge_bond="0.001", expert_fee="0.001", expert_budget="0.001")
    verdicts = job.labels("verdicts", {0: truth(0)})
    assert "too early" in job.refused("challenge", ANN, "--tasks", "0")
    job.wait("gold")
    assert "no gold of your seat" in job.refused("challenge", ANN, "--tasks", "0,5")
    assert "no revealed seat" in job.refused("challenge", EXPERT, "--tasks", "0")
    assert "too early" in job.refused("decide", EXPERT, "--verdicts", job.labels("v", {7: truth(7)}))
    assert "names no tasks" in job.refused("challenge", ANN, "--tasks", "first")
    assert job.do("challenge", ANN, "--tasks", "0-1")[0]["bond"] == "0.002 ETH"
    assert job.nothing("challenge", BEN, "--tasks", "0")[0]["note"] == "challenged already"
    assert "too early" in job.refused("decide", EXPERT, "--verdicts", verdicts, "--experts", listed)
    job.wait("challenges")
    assert "not for experts" in job.refused("decide", EXPERT, "--verdicts", job.labels("v", {7: truth(7)}))
    assert "allow list" in job.refused("decide", POOR, "--verdicts", verdicts, "--experts", listed)
    both = job.labels("both", {0: truth(0), 1: None})
    assert job.do("decide", EXPERT, "--verdicts", verdicts, "--experts", listed)[0]["fee"] == "0.001 ETH"
    again = job.nothing("decide", EXPERT, "--verdicts", verdicts, "--experts", listed)
    assert again[0]["note"] == "decided already"
    spent = job.do("decide", EXPERT, "--verdicts", both, "--experts", listed)
    assert [row["fee"] for row in spent if "fee" in row] == ["0 ETH"]
    assert "no label" in job.refused("resolve", EXPERT, "--verdicts", both)
    assert "not for experts yet" in job.refused("resolve", EXPERT, "--verdicts", verdicts)
