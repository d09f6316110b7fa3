"""The manifest of a network: what was deployed where, from what, by whom. `offchain.deployments` reads it."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import msgspec
from ape.api.providers import ProviderAPI

from scripts._cli import is_loopback
from scripts._networks import NetworkParams

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "WINNOW_DEPLOYMENTS"  # environment variable: another folder than deployments/


def manifest_path(network: NetworkParams, provider: ProviderAPI) -> Path:
    """`deployments/<network>.json`. A stand-in on this machine for a live network has its own, in `local/`,
    so that it never replaces the reviewed one.
    """
    folder = Path(os.environ.get(FOLDER) or ROOT / "deployments")
    stand_in = network.kind != "local" and is_loopback(provider)
    return (folder / "local" if stand_in else folder) / f"{network.name}.json"


@dataclass
class Manifest:
    """`contracts` by name, each with address, tx, block, args, abi, explorer, commit and compiler;
    `pending` are transactions that were sent but not yet seen mined.
    """

    path: Path
    network: str
    chain_id: int
    genesis: str
    deployer: str = ""
    timestamp: int = 0
    commit: str = ""
    compiler: dict[str, Any] = field(default_factory=dict)
    contracts: dict[str, dict[str, Any]] = field(default_factory=dict)
    pending: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, Any] = field(default_factory=dict)
    replaced: list[dict[str, Any]] = field(default_factory=list)

    def save(self) -> None:
        """Written whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        values = {name: value for name, value in vars(self).items() if name != "path"}
        # As json.dumps writes it, ten times as fast: it is written anew with every contract.
        text = msgspec.json.format(msgspec.json.encode(values), indent=2).decode() + "\n"
        handle, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".incoming-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(draft).chmod(0o644)
            Path(draft).replace(self.path)
        finally:
            Path(draft).unlink(missing_ok=True)


def open_manifest(network: NetworkParams, provider: ProviderAPI) -> Manifest:
    """The network's manifest; an empty one where there is none. ClickException where it is of another chain.

    A chain on this machine that was started anew has another genesis block: its old manifest counts as none.
    """
    path, genesis = manifest_path(network, provider), genesis_hash(provider)
    empty = Manifest(path, network.name, network.chain_id, genesis)
    if not path.is_file():
        return empty
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        found = Manifest(path, **values)
    except (ValueError, TypeError) as error:
        raise click.ClickException(f"{path} is no manifest: {error}. Restore it, or move it away") from error
    if found.chain_id != network.chain_id:
        raise click.ClickException(f"{path} is of chain {found.chain_id}, not of {network.chain_id}")
    if found.genesis != genesis:
        if is_loopback(provider):
            return empty
        raise click.ClickException(
            f"{path.name} was written on a chain whose first block is {found.genesis}; this one's is "
            f"{genesis}. "
            "If the network was reset, move the file away and deploy again; else check the URL of --network"
        )
    return found


def genesis_hash(provider: ProviderAPI) -> str:
    """The hash of block 0: what tells two chains of one id apart."""
    block = provider.make_request("eth_getBlockByNumber", ["0x0", False])
    value = block["hash"]
    return value if isinstance(value, str) else "0x" + bytes(value).hex()
