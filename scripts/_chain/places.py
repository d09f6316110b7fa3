"""Where the commands keep things: stores for content, and a work folder for what an interrupted run needs
again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import click
from ape.api.accounts import AccountAPI

from offchain.exceptions import InputError
from offchain.hashing import bytes32
from offchain.storage import IpfsStore, LocalStore, Ref, Store, ZeroGStore
from scripts._chain.system import System

KUBO = "http://127.0.0.1:5001"
STORES = ("local", "ipfs", "0g")
LOCAL_NAME = re.compile(r"0x[0-9a-f]{64}-[0-9]{1,15}")


def output_folder() -> Path:
    """`out`, or the folder that WINNOW_OUT names."""
    return Path(os.environ.get("WINNOW_OUT") or "out")


def store_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--store` and what the remote ones need; the command takes them as `**places`, for `stores_of`."""
    options = (
        click.option(
            "--store", type=click.Choice(STORES), default="local", show_default=True, help="Where to write."
        ),
        click.option(
            "--store-folder", type=click.Path(path_type=Path, file_okay=False), help="Default: out/store."
        ),
        click.option("--ipfs", default=KUBO, show_default=True, help="Kubo's HTTP API."),
        click.option("--node", help="JSON-RPC of a 0G storage node."),
        click.option("--flow", help="Address of 0G's Flow contract, to write to it."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def stores_of(places: Mapping[str, Any]) -> Stores:
    """The stores that the options of `store_options` name."""
    folder = places["store_folder"] or output_folder() / "store"
    return Stores(places["store"], folder, places["ipfs"], places["node"], places["flow"])


@dataclass(frozen=True)
class Stores:
    """Writes to the chosen store, reads from whichever an address names."""

    kind: str
    folder: Path
    ipfs: str
    node: str | None
    flow: str | None

    def put(self, data: bytes, system: System | None = None, account: AccountAPI | None = None) -> str:
        """Keep bytes; the address under which they can be found and checked, root and length included."""
        if self.kind == "0g":
            return self._put_0g(data, system, account)
        ref = self._open(self.kind).put(data)
        return ref.uri if self.kind == "local" else f"{ref.uri}?root=0x{ref.root.hex()}&length={ref.length}"

    def get(self, uri: str) -> bytes:
        """The checked bytes of an address as `put` made it. Raises StorageError, MismatchError,
        InputError.
        """
        ref = ref_of(uri)
        return self._open(uri.partition(":")[0]).get(ref)

    def local(self, root: bytes, length: int) -> bytes | None:
        """What the local store holds under a root and a length, if anything."""
        from offchain.exceptions import NotFoundError  # noqa: PLC0415

        try:
            return LocalStore(self.folder).get(Ref(root, length, f"local://0x{root.hex()}-{length}"))
        except NotFoundError:
            return None

    def _open(self, kind: str) -> Store:
        if kind == "ipfs":
            return IpfsStore(self.ipfs)
        if kind == "0g":
            if not self.node:
                raise click.ClickException("0G Storage is reached through a storage node: pass --node URL")
            return ZeroGStore(self.node)
        return LocalStore(self.folder)

    def _put_0g(self, data: bytes, system: System | None, account: AccountAPI | None) -> str:
        from scripts._flow import connected_flow  # noqa: PLC0415

        if not self.node or system is None:
            raise click.ClickException("to write to 0G Storage, pass --node URL and --flow ADDRESS")
        with connected_flow(self.flow, system.choice, account) as flow:
            ref = ZeroGStore(self.node, flow).put(data)
        return f"{ref.uri}?root=0x{ref.root.hex()}&length={ref.length}"


def ref_of(uri: str) -> Ref:
    """What an address says of its content. Raises InputError for one that does not say all of it."""
    if uri.startswith("local://") and LOCAL_NAME.fullmatch(name := uri.removeprefix("local://")):
        root, _, length = name.partition("-")
        return Ref(bytes32(root), int(length), uri)
    parts = urlparse(uri)
    query = parse_qs(parts.query)
    if parts.scheme in STORES and query.get("root") and (query.get("length") or [""])[0].isdigit():
        return Ref(bytes32(query["root"][0]), int(query["length"][0]), uri.partition("?")[0])
    raise InputError(
        f"{uri!r} is no address that can be checked: local://ROOT-LENGTH, ipfs://CID?root=…&length=… or 0g://…"
    )


def market_name(system: System, contract: str) -> str:
    """A folder's name for one market on one chain: a chain that was started anew has another."""
    entry = system.entry(contract)
    address, tx = str(entry["address"]), str(entry["tx"])
    return f"{system.network.name}-{address[2:10]}-{tx[2:8]}"


@dataclass(frozen=True)
class Work:
    """Files that make a second run of an interrupted command do the same thing."""

    folder: Path

    @classmethod
    def of(cls, system: System, contract: str = "AnnotationMarket") -> Work:
        """Of one market on one chain."""
        return cls(output_folder() / "work" / market_name(system, contract))

    def read(self, name: str) -> bytes | None:
        """A file's content, if it is there."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def write(self, name: str, data: bytes | dict[str, Any]) -> Path:
        """Written whole or not at all."""
        from scripts.storage import write_atomically  # noqa: PLC0415

        content = data if isinstance(data, bytes) else (json.dumps(data, indent=2) + "\n").encode()
        write_atomically(self.folder / name, content)
        return self.folder / name
