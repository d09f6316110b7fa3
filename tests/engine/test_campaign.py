"""Campaigns, from the command to the file, a second or two each."""

import json
import re
from importlib import import_module
from pathlib import Path
from random import Random

import ape
import pytest
from click.testing import CliRunner

from tests.capabilities.market import MarketPlay
from tests.engine.ape_pace import NotAsWritten, runs_of
from tests.engine.ape_project import ape_chain
from tests.engine.campaign import Campaign, Plan, fork_of
from tests.engine.dice import TAPE
from tests.engine.example.test_piggy_bank import PiggyBank
from tests.engine.failures import again, read_failure, write_failure
from tests.engine.program import View, probe_of
from tests.engine.trial import Trial
from tests.engine.workers import Failure

NETWORK = "ethereum:local:foundry"
SECONDS = 2.0
EXAMPLE = "tests/engine/example/test_piggy_bank.py"
WRONG = '''
"""A piggy bank whose model forgets the last second."""

from dataclasses import replace

from tests.engine.example import test_piggy_bank as example


class Hasty(example.Savings):
    def withdraw(self, call, amount):
        return super().withdraw(replace(call, now=call.now + 1), amount)


class HastyBank(example.PiggyBank):
    sources = ("PiggyBank",)
    name = "hasty"

    def begin(self):
        contract, _ = super().begin()
        return contract, Hasty(contract.address, self.stage[1])
'''


def campaign(capability, seconds=SECONDS, seed=5, **plan) -> Campaign:
    """A campaign whose stage is set."""
    found = Campaign(Plan([capability], seconds, seed, **plan), ape_chain)
    found.set_stages()
    return found


def fuzz(*arguments: object):
    """`ape run fuzz` with these arguments, in this process: Ape's Anvil is there."""
    cli = import_module("scripts.fuzz").cli
    done = CliRunner(mix_stderr=False).invoke(cli, [*map(str, arguments), "--network", NETWORK])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """The command writes here instead of out/ and .fuzz/."""
    module = import_module("scripts.fuzz")
    monkeypatch.setattr(module, "OUT", tmp_path / "out")
    return tmp_path


@pytest.fixture
def wrong(tmp_path) -> Path:
    """A capability whose model is wrong."""
    path = tmp_path / "hasty_bank.py"
    path.write_text(WRONG)
    return path


def test_market__counts_what_it_plays_and_leaves_the_chain_as_it_was(networks) -> None:
    played = campaign(MarketPlay, corpus=None)
    chain = played.troupes[0].chain
    before = (chain.chain_id, ape.chain.blocks.head.hash)
    assert played.run() is None
    report, tally = played.report(), played.harvest.tally
    assert (chain.chain_id, ape.chain.blocks.head.hash) == before
    assert chain.chain_id == int(chain.node.rpc("eth_chainId"), 16)
    assert report["steps"] == sum(tally.outcomes.values()) == sum(n * k for n, k in tally.lengths.items())
    assert report["steps_per_second"] == pytest.approx(report["steps"] / report["seconds"], rel=0.01)
    assert report["programs"] == tally.lengths.total() == tally.actors.total()
    assert sum(report["actions"].values()) == pytest.approx(1, abs=0.001)
    assert "market.claim" in report["actions"]
    assert 0.5 < report["success_share"] < 0.95
    assert "NotAuthorized" in report["errors_declared"]
    assert report["errors_reached"].keys() & set(report["errors_declared"])
    assert {name.split(".")[1] for name in report["errors_missing"]} == (
        set(report["errors_declared"]) - report["errors_reached"].keys() - report["errors_explained"].keys()
    )
    assert report["gas"]["createJob"] > 100_000
    assert report["corpus"]["market"] > 0
    assert {name for name, _ in played.harvest.sample} == {"market"}


def test_workers__each_plays_its_own_programs_and_tells_of_all(networks) -> None:
    one, two = campaign(PiggyBank, workers=1), campaign(PiggyBank, workers=2)
    lone = [find.trial for find in (one.run(), one.harvest.finds)[1]["PiggyBank"]]
    both = [find.trial for find in (two.run(), two.harvest.finds)[1]["PiggyBank"]]
    assert set(lone[:3]) < set(both), "the first worker's programs do not depend on the others"
    assert len(both) > len(set(both) & set(lone))
    assert two.harvest.tally.programs >= len(both)


def test_corpus__grows_and_is_played_first(networks, tmp_path) -> None:
    first = campaign(PiggyBank, corpus=tmp_path)
    assert first.run() is None
    files = sorted((tmp_path / "PiggyBank").glob("*.json"))
    assert len(files) == first.kept["PiggyBank"] > 0
    stored = {Trial.of_json(json.loads(path.read_text())) for path in files}
    assert stored <= {find.trial for find in first.harvest.finds["PiggyBank"]}
    second = campaign(PiggyBank, corpus=tmp_path, workers=1, seed=6)
    assert second.run() is None
    kept = [find.trial for find in second.harvest.finds["PiggyBank"]]
    assert kept[0] in stored
    assert set(kept) & stored


def test_failure__is_found_made_small_kept_and_played_again(networks, elsewhere, wrong) -> None:
    done = fuzz("--seconds", 20, "--contract", wrong, "--corpus", elsewhere / "corpus", "--ape-seconds", 0)
    assert done.exit_code == 1
    path = elsewhere / "out" / "failure.json"
    assert "hasty: contract and model differ at step 2, withdraw." in done.stdout
    assert f"make fuzz REPLAY={path}" in done.stdout
    assert re.search(r"Found with seed 1, program \d+ of worker \d, on chain 3133[67]", done.stdout)
    assert json.loads((elsewhere / "out" / "fuzz.json").read_text())["failure"] == str(path)
    assert not (elsewhere / "corpus").exists()
    failure, contract = read_failure(path)
    assert contract == str(wrong)
    assert len(failure.trial.tapes) <= 3
    test = elsewhere / "test_hasty.py"
    repeated = fuzz("--replay", path, "--trace", "--regression", test)
    assert repeated.exit_code == 1
    assert "contract and model differ at step 2, withdraw" in repeated.stdout
    assert "Calls of step 2:" in repeated.stdout
    assert "def test_" in test.read_text()
    wrong.write_text(WRONG.replace("call.now + 1", "call.now"))
    mended = fuzz("--replay", path)
    assert mended.exit_code == 0
    assert "agree" in mended.stderr


def test_failure__found_on_the_fork__is_played_again_there(networks, tmp_path) -> None:
    played = campaign(PiggyBank)
    troupe = played.troupes[0]
    seen = []

    def check(tapes, **silence):
        seen.append((troupe.chain.chain_id, int(troupe.chain.node.rpc("eth_chainId"), 16), tapes, silence))

    troupe.check = check
    fork = fork_of(played.home)
    failure = Failure("PiggyBank", 1, fork, 0, 3, Trial((b"\1",), ("savers",), 1), "x")
    write_failure(failure, EXAMPLE, tmp_path / "failure.json")
    assert read_failure(tmp_path / "failure.json") == (failure, EXAMPLE)
    assert again(troupe, failure) is None
    assert seen == [(fork, fork, (b"\1",), {"silent": ("savers",), "after": 1})]
    assert troupe.chain.chain_id == fork + 1 == int(troupe.chain.node.rpc("eth_chainId"), 16)


def test_ape_pace__same_steps_as_transactions__and_nothing_stays(networks) -> None:
    played = campaign(PiggyBank, workers=1)
    assert played.run() is None
    before = ape.chain.blocks.head.hash
    runs = runs_of(played.troupes, played.harvest.sample, 0.5)
    assert len(runs) == 3
    assert all(run > 0 for run in runs)
    assert ape.chain.blocks.head.hash == before
    assert runs_of(played.troupes, [], 0.5) == []


def test_ape_pace__senders_without_coin__can_pay_for_gas(networks) -> None:
    """A simulation does not ask for it, so a stage need not think of it; a transaction does."""
    played = campaign(PiggyBank, workers=1)
    assert played.run() is None
    balances = ape.chain.provider
    _, owner, (saver, _) = played.troupes[0].stage
    balances.set_balance(owner, 0)
    balances.set_balance(saver, 5 * 10**18)
    assert all(run > 0 for run in runs_of(played.troupes, played.harvest.sample, 0.5))
    assert (balances.get_balance(owner), balances.get_balance(saver)) == (10**18, 5 * 10**18)


@pytest.mark.parametrize("flaw", ["success", "revert", "logs", "balance"])
def test_ape_pace__step_that_does_something_else__is_seen(networks, flaw, monkeypatch) -> None:
    played = campaign(PiggyBank)
    troupe = played.troupes[0]
    write = troupe.write

    def twisted(tapes, **silence):
        program = write(tapes, **silence)
        step = next(step for step in program.steps if step.succeeds == (flaw != "success"))
        if flaw == "logs":
            step.logs = {}
        elif flaw == "balance":
            step.probes = [probe_of(View.balance(step.contract.address, 123))]
        else:
            step.revert = "0x" if flaw == "revert" else None
        return program

    monkeypatch.setattr(troupe, "write", twisted)
    random = Random(3)
    trial = Trial(tuple(random.randbytes(TAPE) for _ in range(60)))
    with pytest.raises(NotAsWritten):
        runs_of([troupe], [("PiggyBank", trial)], 60)


def options_of(folder, contract=EXAMPLE, ape_seconds=0.0) -> tuple[object, ...]:
    """A campaign of a second."""
    options = ("--seconds", 1, "--seed", 3, "--contract", contract, "--ape-seconds", ape_seconds)
    return (*options, "--corpus", folder / "kept")


def test_command__json_with_everything(networks, elsewhere) -> None:
    done = fuzz(*options_of(elsewhere, ape_seconds=0.2))
    assert done.exit_code == 0
    report = json.loads((elsewhere / "out" / "fuzz.json").read_text())
    assert report["seed"] == 3
    assert report["contracts"] == ["PiggyBank"]
    assert report["ape_steps_per_second"] == sorted(report["ape_runs"])[1]
    ratio = report["steps_per_second"] / report["ape_steps_per_second"]
    assert report["ratio"] == pytest.approx(ratio, abs=0.1)
    assert (elsewhere / "kept" / "PiggyBank").is_dir()


def test_command__strict__fails_where_an_error_was_not_reached(networks, elsewhere) -> None:
    path = elsewhere / "shy_bank.py"
    path.write_text(WRONG.replace("Hasty(contract", "example.Savings(contract") + UNPAUSED)
    done = fuzz(*options_of(elsewhere, path), "--strict")
    assert done.exit_code == 1
    assert "not reached, nor explained: hasty.DepositsPaused" in done.stderr
    assert fuzz(*options_of(elsewhere, path)).exit_code == 0


UNPAUSED = '''
    def set_paused(self, dice):
        """Not an action any more."""
'''


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--contract", "Nowhere"), r"no capability answers for Nowhere\. There is: market"),
        (("--replay", "nowhere.json"), r"nowhere\.json cannot be read"),
        (("--replay", "package.json"), r"package\.json is not a failure that `ape run fuzz` wrote"),
        (("--trace",), r"need --replay FILE"),
    ],
)
def test_command__bad_input__says_what_is_wrong(networks, elsewhere, arguments, message) -> None:
    done = fuzz(*arguments)
    assert done.exit_code != 0
    assert re.search(message, done.stderr)
    assert not (elsewhere / "out").exists()
