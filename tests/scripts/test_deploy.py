"""Deployment: manifest, wiring, roles; nothing twice, nothing half, nothing wrong, nothing unpaid."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ape.exceptions import ApeException

from offchain.deployments import Deployment
from scripts._chain import deploy, manifest, settings
from scripts._chain.artifacts import artifact
from scripts._chain.blueprints import BLUEPRINTS, WHOLE, Site
from scripts._chain.bytecode import immutables, same_code
from scripts._chain.system import code_at
from scripts._networks import load_params
from tests.scripts.conftest import Commands

CORE = ("AnnotationMarket", "MarketLens", "DatasetRegistry")
QUALITY = (
    "RewardToken",
    "RewardDistributor",
    "ReviewedFees",
    "Staking",
    "StakeHook",
    "Reputation",
    "MajorityRule",
    "WeightedRule",
    "ExpertRule",
    "ConsensusExtension",
    "LabelConsensus",
)
NAMES = CORE + QUALITY
DEPLOYER, OTHER = 0, 1


def manifest_of(run: Commands) -> dict:
    return json.loads((run.folder / "deployments/local.json").read_text())


def test_all__manifest_wiring_and_roles(run, accounts, project, chain) -> None:
    shown = run("deploy", "all", by=DEPLOYER)
    assert [row["contract"] for row in shown["contracts"]] == list(NAMES)
    kept = Deployment.load(run.folder / "deployments/local.json")
    kept.require_chain(31337)
    market, lens, registry = (getattr(project, name).at(kept.contract(name).address) for name in CORE)
    assert lens.market() == registry.market() == market.address
    deployer = accounts[DEPLOYER].address
    for contract in (market, registry):
        assert contract.owner() == contract.pauser() == contract.feeRecipient() == deployer
        assert contract.feeBps() == 0
    for name in NAMES:
        entry = kept.entries[name]
        receipt = chain.provider.get_receipt(entry["tx"])
        assert (receipt.contract_address, receipt.block_number) == (entry["address"], entry["block"])
        assert entry["compiler"]["via_ir"] is True
    assert (kept.deployer, kept.entries["MarketLens"]["args"]) == (deployer, [market.address])


def test_all__second_run__sends_nothing(run) -> None:
    first = run("deploy", "all", by=DEPLOYER)
    assert run.nothing_sent("deploy", "all", by=OTHER) == first


def test_dry_run__predicts_the_addresses__and_sends_nothing(run) -> None:
    plan = run.nothing_sent("deploy", "all", "--dry-run", by=DEPLOYER)
    assert not (run.folder / "deployments").exists()
    real = run("deploy", "all", by=DEPLOYER)
    assert [row["address"] for row in plan["contracts"]] == [row["address"] for row in real["contracts"]]
    used = sum(run.chain.provider.get_receipt(row["tx"]).gas_used for row in real["contracts"])
    assert used <= plan["gas"] <= used * 1.3
    assert plan["settings"] == [
        "RewardDistributor.setSource(AnnotationMarket, ReviewedFees)",
        "RewardDistributor.setSource(LabelConsensus, LabelConsensus)",
        "Staking.setMarket(StakeHook, True)",
        "Staking.setMarket(LabelConsensus, True)",
        "Reputation.setWriter(LabelConsensus, True)",
    ]
    again = run.nothing_sent("deploy", "all", "--dry-run", by=DEPLOYER)
    assert (again["gas"], {row["does"] for row in again["contracts"]}) == (0, {"is there already"})


def test_unfunded__is_refused_with_the_missing_amount__before_anything(run, accounts, chain) -> None:
    poor = accounts[OTHER]
    chain.provider.set_balance(poor.address, 10**14)
    for more in ((), ("--dry-run",)):
        message = run.refused("deploy", "all", *more, by=OTHER)
        assert "ETH are missing" in message
    assert not (run.folder / "deployments").exists()
    missing = float(message.split("ETH: ")[1].split()[0])
    chain.provider.set_balance(poor.address, 10**14 + int(missing * 1e18) + 10**15)
    run("deploy", "all", by=OTHER)


@pytest.mark.parametrize("after", ["AnnotationMarket", "MarketLens"])
def test_interrupted_between_contracts__the_next_run_goes_on(run, monkeypatch, after) -> None:
    honest = deploy._deploy

    def stops(step, *rest):
        honest(step, *rest)
        if step.artifact.name == after:
            raise ApeException("the lights went out")

    monkeypatch.setattr(deploy, "_deploy", stops)
    run.refused("deploy", "all", by=DEPLOYER)
    done = manifest_of(run)["contracts"]
    monkeypatch.setattr(deploy, "_deploy", honest)
    run("deploy", "all", by=DEPLOYER)
    kept = manifest_of(run)["contracts"]
    assert list(kept) == list(NAMES)
    assert {name: kept[name] for name in done} == done


def test_interrupted_before_the_receipt__the_contract_is_found_again(run, monkeypatch) -> None:
    honest = deploy._keep
    monkeypatch.setattr(deploy, "_keep", lambda *_: (_ for _ in ()).throw(ApeException("no more")))
    run.refused("deploy", "annotation", by=DEPLOYER)
    lost = manifest_of(run)
    assert (lost["contracts"], list(lost["pending"])) == ({}, ["AnnotationMarket"])
    monkeypatch.setattr(deploy, "_keep", honest)
    run("deploy", "annotation", by=DEPLOYER)
    found = manifest_of(run)
    expected = lost["pending"]["AnnotationMarket"]
    assert found["contracts"]["AnnotationMarket"]["address"] == expected["address"]
    assert found["contracts"]["AnnotationMarket"]["tx"] == expected["tx"]
    assert found["pending"] == {}


def test_interrupted_before_mining__nothing_is_sent_twice(run, chain) -> None:
    chain.provider.make_request("evm_setAutomine", [False])
    try:
        for _ in range(2):
            assert "not mined yet" in run.refused("deploy", "annotation", by=DEPLOYER)
        waiting = chain.provider.make_request("txpool_status", [])
        assert int(waiting["pending"], 16) == 1
    finally:
        chain.provider.make_request("evm_setAutomine", [True])
    chain.mine()
    pending = manifest_of(run)["pending"]["AnnotationMarket"]
    shown = run("deploy", "annotation", by=DEPLOYER)
    assert shown["contracts"][0]["tx"] == pending["tx"]


def test_test_key_and_wrong_chain__are_refused_before_anything(run, monkeypatch) -> None:
    params = load_params("local")
    values = {name: getattr(params, name) for name in params.__slots__} | {"chain_id": 296}
    with monkeypatch.context() as patch:
        patch.setattr("scripts._cli.load_params", lambda _: type(params)(**values))
        assert "Nothing was sent" in run.refused("deploy", "all", by=DEPLOYER)
    monkeypatch.setattr("scripts._cli.is_loopback", lambda _: False)
    assert "public test account" in run.refused("deploy", "all", by=DEPLOYER)
    assert not (run.folder / "deployments").exists()


def test_other_code_at_the_address__is_refused__and_replaced_on_demand(run, chain) -> None:
    run("deploy", "all", by=DEPLOYER)
    entries = manifest_of(run)["contracts"]
    code = code_at(chain.provider, entries["MarketLens"]["address"])
    wrong = bytes([code[0] ^ 1]) + code[1:]
    chain.provider.make_request("anvil_setCode", [entries["MarketLens"]["address"], "0x" + wrong.hex()])
    assert "--replace MarketLens" in run.refused("deploy", "all", by=DEPLOYER)
    run("deploy", "all", "--replace", "MarketLens", by=DEPLOYER)
    kept = manifest_of(run)
    assert kept["contracts"]["MarketLens"]["address"] != entries["MarketLens"]["address"]
    assert [old["address"] for old in kept["replaced"]] == [entries["MarketLens"]["address"]]


def test_datasets_first__then_a_market__the_registry_has_to_be_replaced(run, project) -> None:
    alone = run("deploy", "datasets", by=DEPLOYER)["contracts"][0]
    assert int(project.DatasetRegistry.at(alone["address"]).market(), 16) == 0
    run("deploy", "annotation", by=DEPLOYER)
    assert "--replace DatasetRegistry" in run.refused("deploy", "all", by=DEPLOYER)
    run("deploy", "all", "--replace", "DatasetRegistry", by=DEPLOYER)


def test_quality__is_wired_to_the_market__and_counts_its_fees(run, accounts, project) -> None:
    run("deploy", "annotation", by=DEPLOYER)
    shown = run("deploy", "quality", by=DEPLOYER)
    at = {row["contract"]: row["address"] for row in shown["contracts"]}
    assert list(at) == list(QUALITY)
    token, distributor, fees, staking, hook, reputation, *_, consensus = (
        getattr(project, name).at(address) for name, address in at.items()
    )
    deployer, params = accounts[DEPLOYER].address, load_params("local").quality
    assert fees.market() == manifest_of(run)["contracts"]["AnnotationMarket"]["address"]
    assert distributor.sourceOf(fees.market()) == fees.address
    assert (hook.market(), hook.staking()) == (fees.market(), staking.address)
    assert staking.isListed(hook.address)
    assert staking.isListed(consensus.address)
    assert distributor.sourceOf(consensus.address) == consensus.address
    assert reputation.isWriter(consensus.address)
    assert (consensus.staking(), consensus.reputation()) == (staking.address, reputation.address)
    assert distributor.rewardToken() == staking.stakeToken() == token.address
    assert (token.name(), token.cap()) == (params.reward_name, params.reward_cap * WHOLE)
    assert distributor.MAX_EPOCH_CAP() == params.max_epoch_cap * WHOLE
    assert staking.UNBONDING_PERIOD() == params.unbonding_period
    assert staking.feeRecipient() == deployer
    for contract in (token, distributor, staking, reputation):
        assert contract.owner() == deployer
    run.nothing_sent("deploy", "quality", by=DEPLOYER)


def test_quality__without_a_market__names_the_command(run) -> None:
    assert "first run `ape run deploy annotation`" in run.refused("deploy", "quality", by=DEPLOYER)


def test_quality__another_market__needs_other_fees(run) -> None:
    run("deploy", "all", by=DEPLOYER)
    replaced = ("--replace", "AnnotationMarket", "--replace", "MarketLens", "--replace", "DatasetRegistry")
    assert "--replace ReviewedFees" in run.refused("deploy", "all", *replaced, by=DEPLOYER)


def test_replaced_source_of_fees__goes_with_the_new_one(run, project) -> None:
    """T64: of one market's fees only one source tells; nothing of the old one is left to be done."""
    run("deploy", "all", by=DEPLOYER)
    old = manifest_of(run)["contracts"]
    plan = run("deploy", "quality", "--replace", "ReviewedFees", "--dry-run", by=DEPLOYER)
    market = old["AnnotationMarket"]["address"]
    assert plan["settings"] == [f"RewardDistributor.setSource({market}, ReviewedFees)"]
    run("deploy", "quality", "--replace", "ReviewedFees", by=DEPLOYER)
    kept = manifest_of(run)["contracts"]
    distributor = project.RewardDistributor.at(kept["RewardDistributor"]["address"])
    assert distributor.sourceOf(market) == kept["ReviewedFees"]["address"] != old["ReviewedFees"]["address"]
    again = run.nothing_sent("deploy", "quality", "--dry-run", by=DEPLOYER)
    assert (again["settings"], again["notes"]) == ([], [])


def test_replaced_markets__stay_listed_for_their_open_jobs__and_are_named(run, project) -> None:
    """T13: off the lists, seats and pledges could not be locked for, and settlements count no reputation."""
    run("deploy", "all", by=DEPLOYER)
    old = {name: manifest_of(run)["contracts"][name]["address"] for name in ("StakeHook", "LabelConsensus")}
    replace = [word for name in old for word in ("--replace", name)]
    run("deploy", "quality", *replace, by=DEPLOYER)
    kept = manifest_of(run)["contracts"]
    staking = project.Staking.at(kept["Staking"]["address"])
    for name, address in old.items():
        assert staking.isListed(address)
        assert staking.isListed(kept[name]["address"])
    notes = run.nothing_sent("deploy", "quality", "--dry-run", by=DEPLOYER)["notes"]
    lines = [note.split("`")[1].removeprefix("ape run ").split() for note in notes]
    assert lines == [
        ["admin", "call", "RewardDistributor", "setSource", old["LabelConsensus"], "0x" + "0" * 40],
        ["admin", "call", "Staking", "setMarket", old["StakeHook"], "false"],
        ["admin", "call", "Staking", "setMarket", old["LabelConsensus"], "false"],
        ["admin", "call", "Reputation", "setWriter", old["LabelConsensus"], "false"],
    ]
    for line in lines:
        run(*line, by=DEPLOYER)
    again = run.nothing_sent("deploy", "quality", "--dry-run", by=DEPLOYER)
    assert (again["settings"], again["notes"]) == ([], [])


def test_quality__another_owner__is_told_what_to_do(run, accounts, monkeypatch) -> None:
    params = load_params("local")
    changed = {name: getattr(params, name) for name in params.__slots__} | {"owner": accounts[7].address}
    monkeypatch.setattr("scripts._cli.load_params", lambda _: type(params)(**changed))
    run("deploy", "annotation", by=DEPLOYER)
    run("deploy", "quality", by=DEPLOYER)
    plan = run("deploy", "quality", "--dry-run", by=DEPLOYER)
    kept, owner = manifest_of(run)["contracts"], accounts[7].address
    names = ("AnnotationMarket", "ReviewedFees", "StakeHook", "LabelConsensus")
    origin, fees, hook, consensus = (kept[name]["address"] for name in names)
    assert plan["settings"] == []
    assert plan["notes"] == [
        f"RewardDistributor: its owner {owner} has to call setSource({origin}, {fees})",
        f"RewardDistributor: its owner {owner} has to call setSource({consensus}, {consensus})",
        f"Staking: its owner {owner} has to call setMarket({hook}, True)",
        f"Staking: its owner {owner} has to call setMarket({consensus}, True)",
        f"Reputation: its owner {owner} has to call setWriter({consensus}, True)",
    ]


def test_fresh_chain__the_old_manifest_counts_as_none(run, monkeypatch) -> None:
    run("deploy", "annotation", by=DEPLOYER)
    old = manifest_of(run)
    old["genesis"] = "0x" + "11" * 32
    (run.folder / "deployments/local.json").write_text(json.dumps(old))
    assert "first run `ape run deploy all" in run.refused("job", "status")
    monkeypatch.setattr(manifest, "is_loopback", lambda _: False)
    assert "was reset" in run.refused("job", "status")
    monkeypatch.undo()


def test_parameters__are_applied_by_the_owner__or_named(run, accounts, monkeypatch) -> None:
    params = load_params("local")
    pauser = accounts[5].address
    changed = {**{name: getattr(params, name) for name in params.__slots__}, "fee_bps": 150, "pauser": pauser}
    monkeypatch.setattr("scripts._cli.load_params", lambda _: type(params)(**changed))
    run("deploy", "annotation", by=DEPLOYER)
    shown = run.nothing_sent("admin", "status")
    assert [(row["fee_bps"], row["pauser"]) for row in shown] == [(150, pauser)]
    changed |= {"owner": accounts[7].address, "fee_bps": 50}
    plan = run("deploy", "annotation", "--dry-run", by=DEPLOYER)
    assert plan["settings"] == ["AnnotationMarket.setFee(50)"]
    plan = run("deploy", "all", "--dry-run", by=OTHER)
    assert plan["settings"] == []
    assert any(f"its owner {accounts[7].address} has to call setFee(50)" in text for text in plan["notes"])


def test_live_network__an_open_role__is_refused(accounts, chain) -> None:
    live = load_params("0g-mainnet")
    with pytest.raises(ValueError, match="set 'owner' in"):
        BLUEPRINTS["AnnotationMarket"].arguments(Site(live, accounts[0].address, {}))


def test_check_unit__one_base_unit_there_and_back__or_an_error(run, monkeypatch) -> None:
    run("deploy", "annotation", by=DEPLOYER)
    assert "fee recipient" in run.refused("deploy", "annotation", "--check-unit", by=DEPLOYER)
    run("deploy", "annotation", "--check-unit", by=OTHER)
    assert manifest_of(run)["checks"]["unit"]["rpc_units"] == 1
    params = load_params("local")
    values = {name: getattr(params, name) for name in params.__slots__}
    values["coin"] = type(params.coin)("TEST", 8, 18)
    monkeypatch.setattr("scripts._cli.load_params", lambda _: type(params)(**values))
    # This chain counts in the RPC's unit, so a network file that says otherwise is found out.
    assert "WrongValue(expected=1, sent=10000000000)" in run.refused(
        "deploy", "annotation", "--check-unit", by=OTHER
    )


def test_same_code__only_immutables_may_differ(project, accounts) -> None:
    compiled = artifact("MarketLens").runtime
    places = immutables(compiled)
    assert places
    deployed = bytearray(compiled)
    for place in places:
        deployed[place : place + 32] = accounts[0].address.encode().ljust(32, b"\0")[:32]
    assert same_code(bytes(deployed), compiled)
    assert not same_code(bytes(deployed[:-1]) + b"\x00", compiled)
    assert not same_code(bytes(deployed[:-1]), compiled)
    assert not same_code(b"", b"")


def test_manifest_path__a_stand_in_never_replaces_the_reviewed_one(monkeypatch) -> None:
    monkeypatch.delenv(manifest.FOLDER, raising=False)
    params = load_params("0g-galileo")
    stand_in = SimpleNamespace(http_uri="http://127.0.0.1:8545", uri="http://127.0.0.1:8545")
    remote = SimpleNamespace(http_uri="https://evmrpc-testnet.0g.ai", uri="https://evmrpc-testnet.0g.ai")
    folder = Path(manifest.ROOT) / "deployments"
    assert manifest.manifest_path(params, stand_in) == folder / "local/0g-galileo.json"
    assert manifest.manifest_path(params, remote) == folder / "0g-galileo.json"


def test_settings__nothing_where_all_is_as_it_should_be(run, chain, accounts) -> None:
    run("deploy", "all", by=DEPLOYER)
    params = load_params("local")
    kept = manifest.open_manifest(params, chain.provider)
    found = settings.open_settings(kept, NAMES, accounts[DEPLOYER].address, params, chain.provider)
    assert found == ([], [])
