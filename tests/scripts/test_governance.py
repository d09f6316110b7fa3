"""`deploy all --governance`, in two runs or in many; the owner's commands behind a timelock."""

import json
from dataclasses import replace

import pytest
from ape.exceptions import ApeException

from scripts._chain import deploy, governance, settings
from scripts._chain.blueprints import BLUEPRINTS, ZERO
from scripts._networks import load_params
from tests.scripts.conftest import commands, with_manifests

OWNER, STRANGER, HEIR = 0, 1, 2
DELAY = load_params("local").governance.delay
OWNED = (
    "AnnotationMarket",
    "DatasetRegistry",
    "RewardToken",
    "RewardDistributor",
    "Staking",
    "Reputation",
    "LabelConsensus",
)


def owners(run, project) -> dict[str, str]:
    """Who owns what, by contract."""
    kept = json.loads((run.folder / "deployments/local.json").read_text())["contracts"]
    found = {}
    for name in OWNED:
        if name in kept:
            found[name] = getattr(project, name).at(kept[name]["address"]).owner()
    return found


def place_of(run, name: str = "Timelock") -> str:
    kept = json.loads((run.folder / "deployments/local.json").read_text())["contracts"]
    return str(kept[name]["address"])


@pytest.fixture
def params(monkeypatch):
    """Changes what the network's file says."""

    def change(**changes) -> None:
        changed = replace(load_params("local"), **changes)
        monkeypatch.setattr("scripts._cli.load_params", lambda _: changed)

    return change


@pytest.fixture(scope="module")
def offers(chain, tmp_path_factory):
    """A first run, once for all tests: its folder, what it told, and how many transactions it sent."""
    folder, before = tmp_path_factory.mktemp("offers"), chain.blocks.head.number
    with commands(chain, folder) as started:
        shown = started("deploy", "all", "--governance", by=OWNER)
    return folder, shown, chain.blocks.head.number - before


@pytest.fixture
def offered(run, offers):
    """Everything deployed, and offered to the timelock."""
    return with_manifests(run, offers[0])


@pytest.fixture(scope="module")
def unset(chain, tmp_path_factory):
    """A first run, once for all tests, that was interrupted when all contracts were there: its folder, and
    how many transactions it sent.
    """
    folder, before = tmp_path_factory.mktemp("unset"), chain.blocks.head.number
    with commands(chain, folder) as started, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "send", dark)
        started.refused("deploy", "all", "--governance", by=OWNER)
    return folder, chain.blocks.head.number - before


def dark(*_, **__):
    raise ApeException("the lights went out")


@pytest.fixture(scope="module")
def handover(chain, tmp_path_factory):
    """Both runs, once for all tests: their folder."""
    folder = tmp_path_factory.mktemp("handover")
    with commands(chain, folder) as started:
        started("deploy", "all", "--governance", by=OWNER)
        started.wait(DELAY + 1)
        started("deploy", "all", "--governance", by=OWNER)
    return folder


@pytest.fixture
def behind(run, handover):
    """Everything deployed, and the timelock's."""
    return with_manifests(run, handover)


def test_governance__two_runs__put_everything_behind_the_timelock(offered, offers, accounts, project) -> None:
    """T61: in the first run everything is offered and scheduled, in the second accepted; then nothing."""
    run, shown = offered, offers[1]
    assert shown["contracts"][-1]["contract"] == "Timelock"
    timelock, owner = project.Timelock.at(place_of(run)), accounts[OWNER].address
    assert set(owners(run, project).values()) == {owner}
    run.nothing_sent("deploy", "all", "--governance", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, timelock.address)
    run.nothing_sent("deploy", "all", "--governance", by=OWNER)
    assert timelock.getMinDelay() == DELAY
    rows = run("admin", "status")[:3]
    assert {(row["owner"], row["pauser"]) for row in rows} == {(timelock.address, owner)}


def test_governance__owned_are_all_that_somebody_has_power_over() -> None:
    assert {name for name in BLUEPRINTS if governance.power_of(name)} == set(OWNED)


def test_governance__dry_run__names_every_act_and_sends_nothing(run, offers) -> None:
    plan = run.nothing_sent("deploy", "all", "--governance", "--dry-run", by=OWNER)
    assert not (run.folder / "deployments").exists()
    for name in OWNED:
        power = governance.power_of(name)
        assert f"{name}.{power.offer}(Timelock)" in plan["settings"]
        assert f"Timelock.schedule {name}.{power.accept}()" in plan["settings"]
    assert offers[2] == len(plan["contracts"]) + len(plan["settings"])


@pytest.mark.parametrize("number", [3, 9])
def test_governance__interrupted__the_next_run_goes_on(run, unset, project, monkeypatch, number) -> None:
    """After any of its transactions: what is done is not done again, what is missing is."""
    honest, sent = settings.send, []

    def stops(*arguments, **more):
        done = honest(*arguments, **more)
        sent.append(done)
        return dark() if len(sent) == number else done

    with_manifests(run, unset[0])
    before = run.chain.blocks.head.number
    monkeypatch.setattr(settings, "send", stops)
    run.refused("deploy", "all", "--governance", by=OWNER)
    run("deploy", "all", "--governance", by=OWNER)
    first = unset[1] + run.chain.blocks.head.number - before
    run.wait(DELAY + 1)
    sent.clear()
    if number <= len(OWNED):
        run.refused("deploy", "all", "--governance", by=OWNER)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))
    assert first == len(BLUEPRINTS) + 5 + 2 * len(OWNED)  # entries of lists, offers, schedules


def test_governance__interrupted_between_contracts__the_next_run_goes_on(run, project, monkeypatch) -> None:
    honest = deploy._deploy

    def stops(step, *rest):
        honest(step, *rest)
        if step.artifact.name == "Staking":
            dark()

    monkeypatch.setattr(deploy, "_deploy", stops)
    run.refused("deploy", "all", "--governance", by=OWNER)
    monkeypatch.setattr(deploy, "_deploy", honest)
    run("deploy", "all", "--governance", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))


def test_governance__after_a_deployment_without__takes_it_over(deployed, project) -> None:
    run = deployed
    run("deploy", "all", "--governance", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))


def test_governance__by_a_stranger__is_told_whose_turn_it_is(deployed, accounts) -> None:
    plan = deployed("deploy", "all", "--governance", "--dry-run", by=STRANGER)
    assert plan["settings"] == []
    owner = accounts[OWNER].address
    assert f"Staking: its owner {owner} has to call transferOwnership(Timelock)" in plan["notes"]


def test_governance__a_strangers_timelock__gets_nothing(deployed, project, accounts) -> None:
    """T61: where the file names nobody, whoever deploys the timelock decides over it."""
    run = deployed
    for account in (STRANGER, OWNER):
        assert "--replace Timelock" in run.refused("deploy", "all", "--governance", by=account)
    assert set(owners(run, project).values()) == {accounts[OWNER].address}
    run("deploy", "all", "--governance", "--replace", "Timelock", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))


def test_governance__reward_token__waits_for_its_own_delay_too(run, project, params) -> None:
    """T61: its admin's handover has a delay of its own, which may be the longer one."""
    local = load_params("local")
    params(quality=replace(local.quality, admin_delay=5 * DELAY))
    run("deploy", "all", "--governance", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    late = {name for name, owner in owners(run, project).items() if owner != place_of(run)}
    assert late == {"RewardToken"}
    run.nothing_sent("deploy", "all", "--governance", by=OWNER)
    run.wait(5 * DELAY)
    run("deploy", "all", "--governance", by=OWNER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))


def test_governance__executors_are_everybody__anybody_finishes_it(
    deployed, project, accounts, params
) -> None:
    """T13: once everything is scheduled, no proposer's silence keeps it from happening."""
    run = deployed
    owner = accounts[OWNER].address
    deciders = replace(load_params("local").governance, proposers=(owner,), executors=(ZERO,))
    params(governance=deciders)
    run("deploy", "all", "--governance", by=OWNER)
    run.nothing_sent("deploy", "all", "--governance", by=STRANGER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=STRANGER)
    assert owners(run, project) == dict.fromkeys(OWNED, place_of(run))


def test_governance__one_second_early__does_nothing(offered, project, accounts) -> None:
    """T61: not even the owner of everything can make it shorter."""
    run = offered
    timelock = project.Timelock.at(place_of(run))
    contracts = {
        name: getattr(project, name).at(place_of(run, name)) for name in OWNED if name != "RewardToken"
    }
    operations = [
        governance.Operation.of(timelock, name, contract.acceptOwnership, ())
        for name, contract in contracts.items()
    ]
    operation = min(operations, key=lambda one: one.ready_at)
    assert operation.state == governance.OperationState.WAITING
    run.chain.pending_timestamp = operation.ready_at - 1
    run.chain.mine()
    assert operation.state == governance.OperationState.WAITING
    run.nothing_sent("deploy", "all", "--governance", by=OWNER)
    assert {contract.owner() for contract in contracts.values()} == {accounts[OWNER].address}


# --- who mints ---


def minters(run) -> str:
    return str(run("admin", "status")[-1]["minters"])


def test_governance__owner_who_mints__mints_no_more(deployed, accounts, project) -> None:
    """T61: the role is no admin's, and would have outlasted the handover."""
    run, owner = deployed, accounts[OWNER]
    token = project.RewardToken.at(place_of(run, "RewardToken"))
    for account in (owner, accounts[STRANGER]):
        token.grantRole(token.MINTER_ROLE(), account, sender=owner)
    assert minters(run) == f"{owner.address}, {accounts[STRANGER].address}"
    plan = run.nothing_sent("deploy", "all", "--governance", "--dry-run", by=OWNER)
    assert f"RewardToken.revokeRole(MINTER_ROLE, {owner.address})" in plan["settings"]
    assert [note for note in plan["notes"] if f"{accounts[STRANGER].address} mints without any delay" in note]
    run("deploy", "all", "--governance", by=OWNER)
    assert not token.hasRole(token.MINTER_ROLE(), owner)
    assert minters(run) == accounts[STRANGER].address


def test_governance__owner_who_mints_again_before_the_end__mints_no_more(offered, accounts, project) -> None:
    """T61: until the timelock has accepted, he is still the admin."""
    run, owner = offered, accounts[OWNER]
    token = project.RewardToken.at(place_of(run, "RewardToken"))
    token.grantRole(token.MINTER_ROLE(), owner, sender=owner)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    assert (token.owner(), minters(run)) == (place_of(run), "")


def test_governance__minter_who_was_left__is_ended_through_the_timelock(deployed, accounts, project) -> None:
    run, stranger = deployed, accounts[STRANGER].address
    token = project.RewardToken.at(place_of(run, "RewardToken"))
    token.grantRole(token.MINTER_ROLE(), stranger, sender=accounts[OWNER])
    run("deploy", "all", "--governance", by=OWNER)
    run.wait(DELAY + 1)
    run("deploy", "all", "--governance", by=OWNER)
    (note,) = run.nothing_sent("deploy", "all", "--governance", "--dry-run", by=OWNER)["notes"]
    line = note.split("`")[1].removeprefix("ape run ").split()
    run(*line, by=OWNER)
    assert minters(run) == stranger
    run.wait(DELAY + 1)
    run(*line, by=OWNER)
    assert minters(run) == ""


# --- the owner's commands ---


def test_deploy__replaced_source_of_fees__is_listed_through_the_timelock(behind, project) -> None:
    """T64: the new one takes the old one's place, and the old one counts until then."""
    run, market = behind, place_of(behind, "AnnotationMarket")
    old = place_of(run, "ReviewedFees")
    run("deploy", "quality", "--replace", "ReviewedFees", by=OWNER)
    new = place_of(run, "ReviewedFees")
    notes = run.nothing_sent("deploy", "quality", "--dry-run", by=OWNER)["notes"]
    owner = place_of(run)
    assert notes == [f"RewardDistributor: its owner {owner} has to call setSource({market}, {new})"]
    distributor = project.RewardDistributor.at(place_of(run, "RewardDistributor"))
    for source in (old, new):
        assert distributor.sourceOf(market) == (old if source == new else source)
        run("admin", "call", "RewardDistributor", "setSource", market, new, by=OWNER)
        run.wait(DELAY + 1)
    assert distributor.sourceOf(market) == new
    assert run.nothing_sent("deploy", "quality", "--dry-run", by=OWNER)["notes"] == []


def fees(run) -> list[int]:
    return [row["fee_bps"] for row in run("admin", "status")[:3]]


def test_admin__timelock_is_the_owner__schedules_then_executes(behind) -> None:
    """There and back: the second time is another operation."""
    run = behind
    for fee, expected in (("2%", 200), ("1%", 100), ("2%", 200)):
        line, before = ("admin", "set-fee", fee, "--contract", "market"), fees(run)
        assert run(*line, by=OWNER)[0]["note"].startswith("scheduled: can be executed from")
        assert run.nothing_sent(*line, by=OWNER)[0]["note"].startswith("waits: can be executed from")
        assert fees(run) == before
        run.wait(DELAY + 1)
        assert run(*line, by=OWNER)[0]["note"] == "done"
        assert fees(run) == [expected, 0, 0]
        assert run.nothing_sent(*line, by=OWNER)[0]["note"] == "so already"


def test_admin__a_pause_is_quick__unpausing_waits(behind) -> None:
    run = behind
    assert [row["note"] for row in run("admin", "pause", by=OWNER)] == ["done"] * 3
    run("admin", "unpause", by=OWNER)
    assert [row["paused"] for row in run("admin", "status")[:3]] == [True] * 3
    run.wait(DELAY + 1)
    run("admin", "unpause", by=OWNER)
    assert [row["paused"] for row in run("admin", "status")[:3]] == [False] * 3


def test_admin__no_proposer__is_told_so(behind) -> None:
    message = behind.refused("admin", "set-fee", "2%", by=STRANGER)
    assert "PROPOSER_ROLE" in message
    behind("admin", "set-fee", "2%", "--contract", "market", by=OWNER)
    behind.wait(DELAY + 1)
    message = behind.refused("admin", "set-fee", "2%", "--contract", "market", by=STRANGER)
    assert "EXECUTOR_ROLE" in message


def test_admin__any_power__by_its_name(behind, accounts, project) -> None:
    run, market = behind, accounts[HEIR].address
    line = ("admin", "call", "Staking", "setMarket", market, "true")
    assert run(*line, by=OWNER)[0]["note"].startswith("scheduled")
    run.wait(DELAY + 1)
    assert run(*line, by=OWNER)[0]["note"] == "done"
    assert project.Staking.at(place_of(run, "Staking")).isListed(market)


def test_admin__call__wrong_words_are_named(deployed) -> None:
    wrong = {
        ("Staking", "setMarkets"): "choose from",
        ("LabelConsensus", "setUnit", "0x" + "0" * 40): "takes 2 values: address, uint96",
        ("Staking", "setMarket"): "takes 2 values: address, bool",
        ("Staking", "setMarket", "0x12", "true"): "is no address",
        ("Staking", "setMarket", "0x" + "0" * 40, "yes"): "is no bool",
        ("RewardDistributor", "setEpochCap", "much"): "is no uint256",
        ("Nothing", "setFee"): "there is no Nothing: choose from",
        ("Timelock", "updateDelay", "5"): "first run `ape run deploy all --governance",
    }
    for line, named in wrong.items():
        assert named in deployed.refused("admin", "call", *line, by=OWNER)


def test_admin__call__without_a_timelock__is_direct(deployed, accounts, project) -> None:
    market = accounts[HEIR].address
    line = ("admin", "call", "Reputation", "setWriter", market, "true")
    assert deployed(*line, by=OWNER)[0]["note"] == "done"
    assert project.Reputation.at(place_of(deployed, "Reputation")).isWriter(market)
    assert "OwnableUnauthorizedAccount" in deployed.refused(*line, by=STRANGER)


def test_admin__call__reaches_both_halves_of_the_consensus_market(deployed) -> None:
    """`setUnit` is the extension's, which stands at an address of its own."""
    line = ("admin", "call", "LabelConsensus", "setUnit", "0x" + "0" * 40, "7")
    assert deployed(*line, by=OWNER)[0]["note"] == "done"
    assert "OwnableUnauthorizedAccount" in deployed.refused(*line, by=STRANGER)


def test_admin__out_of_the_timelock_again(behind, accounts, project) -> None:
    """The timelock gives a power away as slowly as it does anything."""
    run, heir = behind, accounts[HEIR].address
    line = ("admin", "transfer-ownership", heir, "--contract", "registry")
    run(*line, by=OWNER)
    run.wait(DELAY + 1)
    run(*line, by=OWNER)
    run("admin", "accept-ownership", "--contract", "registry", by=HEIR)
    assert owners(run, project)["DatasetRegistry"] == heir
    run("admin", "set-fee", "1%", "--contract", "registry", by=HEIR)
    assert fees(run) == [0, 100, 0]
