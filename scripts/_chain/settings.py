"""The network's parameters on the contracts: fee and pauser. Both are the owner's to set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._chain.manifest import Manifest
from scripts._chain.system import System, of_manifest
from scripts._chain.transactions import send
from scripts._networks import NetworkParams

GOVERNED = ("AnnotationMarket", "DatasetRegistry")


@dataclass(frozen=True)
class Setting:
    """A call that brings a contract to what the parameters say."""

    contract: str
    method: str
    value: int | str


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
    for name in (name for name in names if name in GOVERNED):
        if name in manifest.contracts:
            contract = system.contract(name)
            owner, fee, pauser = str(contract.owner()), int(contract.feeBps()), str(contract.pauser())
        else:
            owner, fee = network.role("owner", sender), 0
            pauser = owner
        wanted = _wanted(name, fee, pauser, network)
        if owner == sender:
            mine += wanted
            continue
        notes += [f"{name}: its owner {owner} has to call {act.method}({act.value})" for act in wanted]
    return mine, notes


def apply_settings(
    system: System, settings: Iterable[Setting], account: AccountAPI, tell: Callable[[str], None]
) -> None:
    """Send them, one after another."""
    for setting in settings:
        tell(f"{setting.contract}: {setting.method}({setting.value})")
        method = getattr(system.contract(setting.contract), setting.method)
        send(system, setting.method, method, setting.value, sender=account)


def _wanted(name: str, fee: int, pauser: str, network: NetworkParams) -> list[Setting]:
    found = [] if fee == network.fee_bps else [Setting(name, "setFee", network.fee_bps)]
    if network.pauser is not None and pauser != network.pauser:
        found.append(Setting(name, "setPauser", network.pauser))
    return found
