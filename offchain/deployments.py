"""Addresses and ABIs of a network, from the manifest that the deploy script wrote. No chain is asked."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from offchain.exceptions import DeploymentError, InputError
from offchain.hashing import checksum_address

FOLDER = Path(__file__).resolve().parent.parent / "deployments"
FIELDS = ("chain_id", "network", "contracts")


class Contract(NamedTuple):
    """Where a contract is and how to call it."""

    address: str
    abi: list[dict[str, Any]]


@dataclass(frozen=True)
class Deployment:
    """The manifest of one network. `entries` has what the deploy script kept of each contract, by name."""

    network: str
    chain_id: int
    commit: str
    deployer: str
    timestamp: int
    entries: Mapping[str, Mapping[str, Any]] = field(repr=False)

    @classmethod
    def load(cls, source: str | os.PathLike[str], folder: Path = FOLDER) -> Deployment:
        """The deployment of a network by its name, or in a file by its path.

        Raises DeploymentError where there is none, naming those that exist, or where it is damaged.
        """
        path = folder / f"{source}.json" if isinstance(source, str) and _is_name(source) else Path(source)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            known = sorted(entry.stem for entry in folder.glob("*.json")) if folder.is_dir() else []
            hint = f"known are {', '.join(known)}" if known else "run `ape run deploy all --network …` first"
            raise DeploymentError(f"there is no deployment {source}: {hint}") from error
        except (OSError, ValueError) as error:
            raise DeploymentError(f"{path} cannot be read: {error}") from error
        return cls._from_json(value, path)

    @classmethod
    def _from_json(cls, value: Any, path: Path) -> Deployment:
        if not isinstance(value, dict) or any(name not in value for name in FIELDS):
            raise DeploymentError(f"{path} is no deployment manifest: it needs {', '.join(FIELDS)}")
        if type(value["chain_id"]) is not int or not isinstance(value["contracts"], dict):
            raise DeploymentError(f"{path}: chain_id is a whole number and contracts an object")
        return cls(
            network=str(value["network"]),
            chain_id=value["chain_id"],
            commit=str(value.get("commit", "")),
            deployer=str(value.get("deployer", "")),
            timestamp=int(value.get("timestamp") or 0),
            entries=value["contracts"],
        )

    def contract(self, name: str) -> Contract:
        """Address and ABI; raises DeploymentError for a contract that was not deployed or an entry that
        is damaged.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise DeploymentError(
                f"{name} is not deployed on {self.network}; it has {', '.join(sorted(self.entries))}"
            )
        try:
            address, abi = checksum_address(entry["address"]), entry["abi"]
        except (KeyError, TypeError, AttributeError, InputError) as error:
            raise DeploymentError(f"the entry of {name} on {self.network} is damaged: {error!r}") from error
        if not isinstance(abi, list):
            raise DeploymentError(f"the entry of {name} on {self.network} has no ABI")
        return Contract(address, abi)

    def require_chain(self, chain_id: int) -> None:
        """Raises DeploymentError unless this deployment is on the chain that a node says it is."""
        if chain_id != self.chain_id:
            raise DeploymentError(f"{self.network} is chain {self.chain_id}, the node is on chain {chain_id}")


def _is_name(source: str) -> bool:
    return os.sep not in source and not source.endswith(".json")
