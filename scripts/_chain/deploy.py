"""Deployment: what is missing, what it costs, and then one contract after another, each kept as it is
mined.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._chain.artifacts import Artifact, artifact, commit, compile_anew, compiler_settings
from scripts._chain.blueprints import (
    ANNOTATION,
    BLUEPRINTS,
    DATASETS,
    GOVERNANCE,
    PARTS,
    Site,
    check_links,
    check_wiring,
)
from scripts._chain.bytecode import same_code
from scripts._chain.creation import create, creation_input, predicted_address
from scripts._chain.fees import Price, estimate, price_of
from scripts._chain.governance import open_handover
from scripts._chain.manifest import Manifest, open_manifest
from scripts._chain.settings import SETTING_GAS, Setting, apply_settings, open_settings
from scripts._chain.system import System, code_at, of_manifest
from scripts._cli import is_loopback
from scripts._networks import NetworkParams

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """A contract that has to be deployed. `gas` is the limit that will be set."""

    artifact: Artifact
    arguments: tuple[Any, ...]
    address: str
    gas: int


@dataclass(frozen=True)
class Plan:
    """What a deployment will do. `cost` and `missing` are at most, in the RPC's unit of the coin."""

    manifest: Manifest
    present: dict[str, str]
    steps: list[Step]
    settings: list[Setting]
    price: Price
    balance: int
    notes: list[str] = field(default_factory=list)

    @property
    def gas(self) -> int:
        """The gas limits of everything that will be sent, together."""
        return sum(step.gas for step in self.steps) + SETTING_GAS * len(self.settings)

    @property
    def cost(self) -> int:
        """What the sender needs: the node asks for limit times highest price."""
        return self.gas * self.price.most

    @property
    def missing(self) -> int:
        """What the sender lacks of it."""
        return max(0, self.cost - self.balance)


def plan_system(
    account: AccountAPI,
    network: NetworkParams,
    provider: ProviderAPI,
    parts: Sequence[str] = (ANNOTATION, DATASETS),
    replace: Sequence[str] = (),
) -> Plan:
    """What is there, what is missing, what it costs. Sends nothing.

    Raises ClickException where the chain holds something else than the manifest says or than was compiled.
    """
    if not is_loopback(provider):
        compile_anew()
    manifest = open_manifest(network, provider)
    names = [name for part in parts for name in PARTS[part]]
    _set_aside(manifest, [name for name in replace if name in names])
    for name in names:
        _settle_pending(manifest, name, network, provider)
        _check_recorded(manifest, name, provider)
    price = price_of(provider)
    steps = _steps(manifest, names, account, network, provider)
    settings, notes = open_settings(manifest, names, account.address, network, provider)
    if GOVERNANCE in parts:
        acts, told = open_handover(manifest, names, account.address, network, provider)
        settings, notes = settings + acts, notes + told
    present = {name: manifest.contracts[name]["address"] for name in names if name in manifest.contracts}
    return Plan(manifest, present, steps, settings, price, int(account.balance), notes)


def deploy_system(
    account: AccountAPI,
    network: NetworkParams,
    provider: ProviderAPI,
    parts: Sequence[str] = (ANNOTATION, DATASETS),
    *,
    replace: Sequence[str] = (),
    tell: Tell = lambda _: None,
) -> System:
    """Deploy what is missing and apply the network's parameters. The manifest is written after each contract.

    Refuses an account that cannot pay for all of it, naming what is missing, before anything is sent.
    """
    plan = plan_system(account, network, provider, parts, replace)
    refuse_unfunded(plan, account, network)
    for step in plan.steps:
        tell(f"{step.artifact.name}: deploying to {step.address}")
        _deploy(step, plan, account, network, provider)
    system = of_manifest(plan.manifest, network, provider)
    for name, entry in system.entries.items():
        check_wiring(name, system.contract(name), entry)
    # Asked again: the contracts that are new have settings of their own.
    names = [name for part in parts for name in PARTS[part]]
    settings, notes = open_settings(plan.manifest, names, account.address, network, provider)
    apply_settings(system, settings, account, tell)
    if GOVERNANCE in parts:
        settings, told = open_handover(plan.manifest, names, account.address, network, provider)
        apply_settings(system, settings, account, tell)
        notes += told
    for text in notes:
        tell(text)
    return system


def refuse_unfunded(plan: Plan, account: AccountAPI, network: NetworkParams) -> None:
    """ClickException that names the amount."""
    if plan.missing:
        coin = network.coin
        raise click.ClickException(
            f"{account.address} has {coin.format_rpc(plan.balance)}, the deployment takes up to "
            f"{coin.format_rpc(plan.cost)}: {coin.format_rpc(plan.missing)} are missing. Nothing was sent"
        )


# --- what is there ---


def _set_aside(manifest: Manifest, names: Iterable[str]) -> None:
    for name in names:
        if old := manifest.contracts.pop(name, None):
            manifest.replaced.append({"name": name, **{key: old[key] for key in ("address", "tx", "block")}})
            manifest.pending.pop(name, None)


def _settle_pending(manifest: Manifest, name: str, network: NetworkParams, provider: ProviderAPI) -> None:
    """A run that was interrupted after sending: what was mined is kept as if that run had seen it."""
    entry = manifest.pending.get(name)
    if entry is None or name in manifest.contracts:
        return
    if same_code(code_at(provider, entry["address"]), artifact(name).runtime):
        receipt = provider.make_request("eth_getTransactionReceipt", [entry["tx"]])
        block = receipt["blockNumber"]
        entry["block"] = int(block, 16) if isinstance(block, str) else int(block)
        _keep(manifest, name, entry, network)
    elif _waits(provider, entry["tx"]):
        raise click.ClickException(_not_mined(name, entry["tx"]))


def _not_mined(name: str, tx: str) -> str:
    return f"{name} was sent in {tx}, which is not mined yet: run this again in a while"


def _waits(provider: ProviderAPI, tx: str) -> bool:
    """Whether the node knows the transaction and has not mined it."""
    found = provider.web3.provider.make_request("eth_getTransactionByHash", [tx]).get("result")
    return found is not None and found.get("blockNumber") is None


def _check_recorded(manifest: Manifest, name: str, provider: ProviderAPI) -> None:
    entry = manifest.contracts.get(name)
    if entry is None:
        return
    code = code_at(provider, entry["address"])
    if same_code(code, artifact(name).runtime):
        return
    if not code and is_loopback(provider):
        del manifest.contracts[name]
        return
    what = "something else than what was compiled here" if code else "no code"
    raise click.ClickException(
        f"{manifest.path.name} says that {name} is at {entry['address']}, but there is {what}. It was "
        f"made from "
        f"commit {entry['commit'] or 'unknown'}: use that one, or deploy it anew with --replace {name}"
    )


# --- what is missing ---


def _steps(
    manifest: Manifest, names: list[str], account: AccountAPI, network: NetworkParams, provider: ProviderAPI
) -> list[Step]:
    addresses = {name: entry["address"] for name, entry in manifest.contracts.items()}
    steps: list[Step] = []
    for name in names:
        if name in addresses:
            check_links(name, manifest.contracts[name], addresses)
            continue
        arguments = BLUEPRINTS[name].arguments(Site(network, account.address, addresses))
        address = predicted_address(account, len(steps))
        compiled = artifact(name)
        gas = estimate(provider, account.address, creation_input(compiled, arguments))
        steps.append(Step(compiled, arguments, address, gas))
        addresses[name] = address
    return steps


# --- doing it ---


def _deploy(
    step: Step, plan: Plan, account: AccountAPI, network: NetworkParams, provider: ProviderAPI
) -> None:
    name, manifest = step.artifact.name, plan.manifest

    def sending(tx: str) -> None:
        manifest.pending[name] = {
            "address": step.address,
            "tx": tx,
            "args": list(step.arguments),
            "deployer": account.address,
            "timestamp": int(time.time()),
        }
        manifest.save()

    block = create(step.artifact, step.arguments, account, network, plan.price, step.gas, sending)
    code = code_at(provider, step.address)
    if not code:
        raise click.ClickException(_not_mined(name, manifest.pending[name]["tx"]))
    if not same_code(code, step.artifact.runtime):
        raise click.ClickException(
            f"the code at {step.address} is not what was compiled as {name}: do not use it; the "
            f"transaction was "
            f"{manifest.pending[name]['tx']}"
        )
    _keep(manifest, name, {**manifest.pending[name], "block": block}, network)


def _keep(manifest: Manifest, name: str, entry: dict[str, Any], network: NetworkParams) -> None:
    settings, made_from = compiler_settings(), commit()
    manifest.contracts[name] = {
        **entry,
        "explorer": network.address_link(entry["address"]),
        "explorer_tx": network.transaction_link(entry["tx"]),
        "commit": made_from,
        "compiler": settings,
        "abi": artifact(name).abi,
    }
    manifest.pending.pop(name, None)
    manifest.deployer, manifest.timestamp = entry["deployer"], entry["timestamp"]
    manifest.commit, manifest.compiler = made_from, settings
    manifest.save()
