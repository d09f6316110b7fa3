"""The deployed contracts of a network, ready to call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import click
from ape.api.providers import ProviderAPI

from scripts._chain.blueprints import part_of
from scripts._chain.manifest import Manifest, open_manifest
from scripts._networks import NetworkParams

#: Names in the EIP-712 domains of the contracts that take signatures.
DOMAINS = {
    name: f"Winnow {name}"
    for name in (
        "AnnotationMarket",
        "DatasetRegistry",
        "RewardDistributor",
        "Staking",
        "StakeHook",
        "LabelConsensus",
    )
}


@dataclass(frozen=True)
class System:
    """A network and what is deployed on it. `entries` are the manifest's, by contract name."""

    network: NetworkParams
    provider: ProviderAPI
    entries: Mapping[str, Mapping[str, Any]]

    @cached_property
    def market(self) -> Any:
        """The AnnotationMarket. ClickException, which names the next command, where there is none."""
        return self.contract("AnnotationMarket")

    @cached_property
    def lens(self) -> Any:
        """The MarketLens, as above."""
        return self.contract("MarketLens")

    @cached_property
    def registry(self) -> Any:
        """The DatasetRegistry, as above."""
        return self.contract("DatasetRegistry")

    def contract(self, name: str) -> Any:
        """An Ape contract at the manifest's address with the manifest's ABI."""
        entry = self.entry(name)
        return contract_at(str(entry["address"]), name, entry["abi"])

    def entry(self, name: str) -> Mapping[str, Any]:
        """What the manifest says of a contract; ClickException where it has none."""
        if name not in self.entries:
            raise click.ClickException(
                f"no {name} is deployed on {self.network.name}: first run "
                f"`ape run deploy {part_of(name)} --network {self.choice}`"
            )
        return self.entries[name]

    @property
    def choice(self) -> str:
        """The network as `--network` takes it."""
        return str(self.provider.network.choice)

    @property
    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        block = self.provider.make_request("eth_getBlockByNumber", ["latest", False])
        return _int(block["timestamp"])

    def domain(self, name: str = "AnnotationMarket") -> Any:
        """The EIP-712 domain of a contract, an `offchain.signing.Domain`."""
        from offchain.signing import Domain  # noqa: PLC0415 - scripts start fast

        return Domain(self.network.chain_id, str(self.entry(name)["address"]), name=DOMAINS[name])


def load_system(network: NetworkParams, provider: ProviderAPI) -> System:
    """The system that the network's manifest describes. ClickException where nothing is deployed, or where
    the chain has no code at a recorded address.
    """
    manifest = open_manifest(network, provider)
    if not manifest.contracts:
        raise click.ClickException(
            f"nothing is deployed on {network.name}: first run `ape run deploy all --network "
            f"{provider.network.choice}`"
        )
    system = of_manifest(manifest, network, provider)
    for name, entry in manifest.contracts.items():
        if not code_at(provider, entry["address"]):
            raise click.ClickException(
                f"{manifest.path.name} says that {name} is at {entry['address']}, but there is no code: "
                f"run `ape run deploy all --network {system.choice}`"
            )
    return system


def of_manifest(manifest: Manifest, network: NetworkParams, provider: ProviderAPI) -> System:
    """The system in a manifest, unchecked."""
    return System(network, provider, dict(manifest.contracts))


def contract_at(address: str, name: str, abi: list[dict[str, Any]]) -> Any:
    """An Ape contract instance; no explorer is asked."""
    from ape import chain  # noqa: PLC0415 - connects Ape's managers

    return chain.contracts.instance_at(
        address,
        contract_type=_contract_type(name, json.dumps(abi)),
        fetch_from_explorer=False,
        fetch_from_disk=False,
        detect_proxy=False,
        replace=True,
    )


@lru_cache(maxsize=64)
def _contract_type(name: str, abi: str) -> Any:
    """An ABI (JSON) as Ape takes it. It takes some 10 ms, and scripts ask for a contract again and again."""
    from ethpm_types import ContractType  # noqa: PLC0415 - scripts start fast

    return ContractType.model_validate({"contractName": name, "abi": json.loads(abi)})


def code_at(provider: ProviderAPI, address: str) -> bytes:
    """The code at an address; empty where there is none."""
    code = provider.make_request("eth_getCode", [address, "latest"])
    return bytes.fromhex(code.removeprefix("0x")) if isinstance(code, str) else bytes(code)


def _int(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
