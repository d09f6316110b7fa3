"""The network's parameters on the contracts: fee and pauser; which markets count for rewards, and which may
lock stakes. All of it is the owner's to set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._chain.blueprints import ZERO
from scripts._chain.manifest import Manifest
from scripts._chain.system import System, of_manifest
from scripts._chain.transactions import send
from scripts._networks import NetworkParams

GOVERNED = ("AnnotationMarket", "DatasetRegistry", "LabelConsensus")
LISTS = {
    "RewardDistributor": ("setSource", "sourceOf", ("ReviewedFees", "LabelConsensus")),
    "Staking": ("setMarket", "isListed", ("StakeHook", "LabelConsensus")),
    "Reputation": ("setWriter", "isWriter", ("LabelConsensus",)),
}
"""Contracts with a list: the act that writes it, the view, and which of our contracts belong on it."""
ORIGINS = {"ReviewedFees": "AnnotationMarket", "LabelConsensus": "LabelConsensus"}
"""Whose fees our sources tell: under that address the distributor lists them."""

SETTING_GAS = 150_000
"""At most what one act of the owner costs; it cannot be estimated before the contract is there."""


@dataclass(frozen=True)
class Setting:
    """A call that brings a contract to what the parameters say; `told` says it better than its values."""

    contract: str
    method: str
    values: tuple[int | str | bool | bytes, ...]
    told: str = ""

    def __str__(self) -> str:
        return self.told or f"{self.method}({', '.join(map(str, self.values))})"


def open_settings(
    manifest: Manifest,
    names: Iterable[str],
    sender: str,
    network: NetworkParams,
    provider: ProviderAPI,
) -> tuple[list[Setting], list[str]]:
    """What this sender has to set, and notes on what only another owner can. A contract that is not
    deployed yet starts with fee 0 and its owner as pauser.
    """
    system, mine, notes = of_manifest(manifest, network, provider), [], []
    for name in names:
        owner = network.role("owner", sender)
        if name in (*GOVERNED, *LISTS) and name in manifest.contracts:
            owner = str(system.contract(name).owner())
            notes += _still_listed(name, system, manifest)
        wanted = _open(name, system, owner, network)
        if owner == sender:
            mine += wanted
            continue
        notes += [f"{name}: its owner {owner} has to call {act}" for act in wanted]
    return mine, notes


def apply_settings(
    system: System, settings: Iterable[Setting], account: AccountAPI, tell: Callable[[str], None]
) -> None:
    """Send them, one after another."""
    for setting in settings:
        tell(f"{setting.contract}: {setting}")
        method = getattr(system.contract(setting.contract), setting.method)
        send(system, setting.method, method, *setting.values, sender=account, gas=SETTING_GAS)


def _open(name: str, system: System, owner: str, network: NetworkParams) -> list[Setting]:
    """What is not yet as it should be, with a contract that is there or that will be."""
    contract = system.contract(name) if name in system.entries else None
    if name in LISTS:
        return _unlisted(name, contract, system)
    if name not in GOVERNED:
        return []
    fee, pauser = (0, owner) if contract is None else (int(contract.feeBps()), str(contract.pauser()))
    found = [] if fee == network.fee_bps else [Setting(name, "setFee", (network.fee_bps,))]
    if network.pauser is not None and pauser != network.pauser:
        found.append(Setting(name, "setPauser", (network.pauser,)))
    return found


def _unlisted(name: str, contract: Any, system: System) -> list[Setting]:
    """Which of our contracts are not yet on the list of this one, which may have to be deployed first."""
    act, view, entries = LISTS[name]
    found = []
    for entry in entries:
        key, value = (ORIGINS[entry], entry) if name == "RewardDistributor" else (entry, True)
        # Before all are there, a plan names them instead of their addresses.
        there: dict[Any, Any] = {
            each: system.entries[each]["address"] for each in (key, entry) if each in system.entries
        }
        wanted = there.get(key, key), there.get(value, value)
        unknown = contract is None or len(there) < len({key, entry})
        if unknown or getattr(contract, view)(wanted[0]) != wanted[1]:
            found.append(Setting(name, act, wanted))
    return found


def _still_listed(name: str, system: System, manifest: Manifest) -> list[str]:
    """What was replaced and still stands on this contract's list. It stays there for its open jobs: their
    seats and pledges need new locks, their settlements record reputation, their fees are to be rewarded.
    """
    if name not in LISTS:
        return []
    act, view, entries = LISTS[name]
    rewards = name == "RewardDistributor"
    keys = [ORIGINS[entry] for entry in entries] if rewards else entries
    none = ZERO if rewards else False
    listed = getattr(system.contract(name), view)
    return [
        f"{name}: the replaced {old['name']} at {old['address']} is still listed, as its open jobs need "
        f"that: once all are done, `ape run admin call {name} {act} {old['address']} {str(none).lower()}`"
        for old in manifest.replaced
        if old["name"] in keys and listed(old["address"]) != none
    ]
