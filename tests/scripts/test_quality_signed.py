"""Consensus acts that one account signs and another sends: once, on its chain, about what is still open."""

import json

import pytest

from tests.scripts.consensus import ANN, BEN, CREATOR, CROWD, EXPERT, KEEPER, OWNER, Job, truth

BOND, FEE = 10**15, 10**15
OTHER_EXPERT = 9


@pytest.fixture
def job(market, content, tmp_path):
    return Job(market, content, tmp_path)


@pytest.fixture
def panel(job, accounts):
    """The options of a job with two experts on a list."""
    path = job.folder / "experts.txt"
    path.write_text("\n".join(accounts[who].address for who in (EXPERT, OTHER_EXPERT)))
    return {"experts": path, "challenge_bond": "0.001", "expert_fee": "0.001", "expert_budget": "0.01"}


def signed(job, act, by, *more):
    """A file with an act that nobody has sent."""
    path = job.folder / f"{act}-{by}.json"
    shown = job.nothing(act, by, *more, "--sign-only", path)
    assert shown["next"] == f"ape run quality relay {path}"
    return path


def relay(job, path):
    return job.run("quality", "relay", path, by=KEEPER)


def relay_refused(job, path):
    head = job.run.chain.blocks.head.number
    said = job.run.refused("quality", "relay", path, by=KEEPER)
    assert job.run.chain.blocks.head.number == head
    return said


def spent(job, accounts, who, act):
    """What an act cost somebody besides gas."""
    before = accounts[who].balance
    sent = act()
    receipt = job.run.chain.provider.get_receipt(sent["tx"])
    paid = receipt.gas_used * receipt.gas_price if receipt.sender == accounts[who].address else 0
    return before - accounts[who].balance - paid


def test_challenge__bond_in_the_native_coin__is_the_relayers_gift(job, panel, accounts) -> None:
    """What another annotator challenges in between makes no signature useless."""
    job.opened(**panel)
    assert "too early" in job.refused("challenge", ANN, "--tasks", "0", "--sign-only", job.folder / "a.json")
    job.wait("gold")
    act = signed(job, "challenge", ANN, "--tasks", "0-1")
    job.do("challenge", BEN, "--tasks", "2")
    assert spent(job, accounts, KEEPER, lambda: relay(job, act)) == 2 * BOND
    assert "sent already" in relay_refused(job, act)
    assert job.nothing("challenge", ANN, "--tasks", "0-1")[0]["note"] == "challenged already"
    before = accounts[ANN].balance
    job.wait("experts")
    job.do("settle-challenge")
    assert accounts[ANN].balance - before == 2 * BOND


def test_challenge__bond_in_a_token__is_the_signers(job, panel, accounts, project) -> None:
    token = project.RewardToken.at(job.system().entry("RewardToken")["address"])
    token.transfer(accounts[CREATOR], 10**20, sender=accounts[OWNER])
    job.opened(**panel, token=token.address, stake=None)
    job.wait("gold")
    act = signed(job, "challenge", ANN, "--tasks", "0")
    assert "short of" in relay_refused(job, act)
    token.transfer(accounts[ANN], BOND, sender=accounts[OWNER])
    assert f"{accounts[ANN].address} has to let" in relay_refused(job, act)
    token.approve(job.system().entry("LabelConsensus")["address"], BOND, sender=accounts[ANN])
    assert spent(job, accounts, KEEPER, lambda: relay(job, act)) == 0
    assert token.balanceOf(accounts[ANN]) == 0


def test_experts__signed__are_paid_by_what_somebody_else_sends(job, panel, accounts) -> None:
    job.opened(0, 0, **panel)
    job.wait("gold")
    job.do("challenge", ANN, "--tasks", "0-1")
    job.wait("challenges")
    listed = ("--experts", panel["experts"])
    verdicts = ("--verdicts", job.labels("verdicts", {0: truth(0), 1: None}))
    act = signed(job, "decide", EXPERT, *verdicts, *listed)
    assert spent(job, accounts, EXPERT, lambda: relay(job, act)) == -2 * FEE
    assert "sent already" in relay_refused(job, act)
    assert job.nothing("decide", EXPERT, *verdicts, *listed)[0]["note"] == "decided already"
    job.wait("experts")
    job.do("settle-challenge")
    job.do("score")
    rest = ("--verdicts", job.labels("rest", {task: truth(task) for task in range(3)}))
    act = signed(job, "resolve", EXPERT, *rest, *listed)
    job.do("resolve", OTHER_EXPERT, "--verdicts", job.labels("five", {5: truth(5)}), *listed)
    assert spent(job, accounts, EXPERT, lambda: relay(job, act)) == -3 * FEE
    assert "sent already" in relay_refused(job, act)


def test_relay__what_somebody_else_did_meanwhile__is_refused(job, panel) -> None:
    job.opened(**panel)
    job.wait("gold")
    listed = ("--experts", panel["experts"])
    act = signed(job, "challenge", ANN, "--tasks", "0-1")
    job.do("challenge", BEN, "--tasks", "0")
    assert "the tasks 0 were challenged" in relay_refused(job, act)
    job.wait("challenges")
    assert "too late" in relay_refused(job, act)
    verdicts = job.labels("verdicts", {0: truth(0)})
    act = signed(job, "decide", EXPERT, "--verdicts", verdicts, *listed)
    job.do("decide", OTHER_EXPERT, "--verdicts", verdicts, *listed)
    assert "the tasks 0 were decided" in relay_refused(job, act)


def test_relay__changed_files__are_refused(job, panel, accounts) -> None:
    job.opened(**panel)
    job.wait("gold")
    act = signed(job, "challenge", ANN, "--tasks", "0")
    good = json.loads(act.read_text())
    changes = {
        "choose that network": {"chain_id": 1},
        "changed afterwards": {"message": {**good["message"], "mask": "3"}},
        "no signed act": {"message": [1]},
        "make one with --sign-only": {"handed": 5},
        "lacks a value": {"message": {}},
        "there is no typed data": {"winnow_act": "Raise"},
        "'Bazaar'": {"contract": "Bazaar"},
    }
    changes |= {"changed afterwards ": {"message": {**good["message"], "jobId": "2"}}}
    for said, change in changes.items():
        act.write_text(json.dumps({**good, **change}))
        assert said.strip() in relay_refused(job, act), said
    job.do("challenge", ANN, "--tasks", "1")
    job.wait("challenges")
    listed = ("--experts", panel["experts"])
    act = signed(job, "decide", EXPERT, "--verdicts", job.labels("v", {1: truth(1)}), *listed)
    good = json.loads(act.read_text())
    for handed in ({}, {**good["handed"], "verdicts": "0x" + "01" * 10}):
        act.write_text(json.dumps({**good, "handed": handed}))
        assert "lacks the verdicts" in relay_refused(job, act)
    assert accounts[EXPERT].address == good["message"]["account"]


def test_sign_only__several_words__one_at_a_time(job, panel) -> None:
    gold = {task: truth(task) for task in range(0, 300, 8)}
    job.create(tasks=300, **{**panel, "gold": job.labels("more", gold)})
    everything = job.labels("everything", {task: truth(task) for task in range(300)})
    for who in CROWD:
        job.do("seat", who, "--labels", everything)
    job.wait("seats")
    for who in CROWD:
        job.do("reveal", who)
    job.wait("reveals")
    job.do("open-gold", CREATOR)
    job.wait("gold")
    line = ("--tasks", "0,256", "--sign-only", job.folder / "act.json")
    assert "tasks of one" in job.refused("challenge", ANN, *line)
    job.do("challenge", ANN, *line[:2])
    job.wait("challenges")
    verdicts = ("--verdicts", job.labels("verdicts", {0: truth(0), 256: truth(256)}))
    listed = ("--experts", panel["experts"])
    assert "choose --word" in job.refused("decide", EXPERT, *verdicts, *listed, *line[2:])
    for word in (0, 1):
        relay(job, signed(job, "decide", EXPERT, *verdicts, *listed, "--word", word))
    job.do("settle-challenge")
    assert [row["challenges"] for row in job.status()["word_rows"]] == [0, 0]
