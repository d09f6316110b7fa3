"""Store files and check them: 0G Storage, IPFS, or a folder on this machine.

`root`, `cid`, `verify` and everything with the store `local` need no network. Without further options,
`local` is the folder out/store, `ipfs` a Kubo node on this machine; `0g` needs the URL of a storage node.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from offchain.exceptions import InputError, MismatchError
from offchain.hashing import bytes32, ipfs_cid, sha256_file, zerog_root
from offchain.storage import MAX_SIZE, IpfsStore, LocalStore, Ref, Store, ZeroGStore
from scripts._cli import account_option, facts, friendly_errors, json_option, progress
from scripts._flow import connected_flow

STORES = ("local", "ipfs", "0g")
DEFAULT_FOLDER = Path("out/store")
KUBO = "http://127.0.0.1:5001"

Report = Callable[[int, int], None]


class OfflineCommand(click.Command):
    """A command that connects to no network by itself; what is wrong ends in one line, not in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        with friendly_errors():
            return super().invoke(ctx)


class OfflineGroup(click.Group):
    command_class = OfflineCommand


cli = OfflineGroup(name="cli", help=__doc__)
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


def store_options(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that say which store is meant; `name` is `--to` or `--from`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        options = (
            click.option(name, "kind", type=click.Choice(STORES), default="local", show_default=True),
            click.option(
                "--folder", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT_FOLDER
            ),
            click.option("--api", default=KUBO, show_default=True, help="Kubo's HTTP API, for ipfs."),
            click.option("--node", help="JSON-RPC of a storage node, for 0g."),
        )
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@cli.command()
@file_argument
@click.option(
    "--method", default="auto", show_default=True, help="How to hash; every way gives the same result."
)
@json_option
def root(file: Path, method: str, as_json: bool) -> None:
    """Print the 0G Storage root of FILE, its length and the nodes of its Flow submission."""
    with reporting(file, as_json) as report:
        found = zerog_root(file, method=method, progress=report)  # type: ignore[arg-type] # checked there
    nodes: Any = [{"root": "0x" + node.root.hex(), "height": node.height} for node in found.nodes]
    if not as_json:
        nodes = "\n".join(f"height {node['height']}: {node['root']}" for node in nodes)
    facts({"file": str(file), "root": found.hex, "length": found.length, "nodes": nodes}, as_json=as_json)


@cli.command()
@file_argument
@click.option("--chunk-size", default=262_144, show_default=True, help="Bytes of a leaf.")
@click.option("--max-children", default=174, show_default=True, help="Links of an inner node.")
@click.option("--raw-leaves/--no-raw-leaves", default=True, show_default=True)
@click.option("--cid-version", default=1, show_default=True)
@json_option
def cid(
    file: Path, chunk_size: int, max_children: int, raw_leaves: bool, cid_version: int, as_json: bool
) -> None:
    """Print the IPFS CID of FILE."""
    with reporting(file, as_json) as report:
        found = ipfs_cid(
            file,
            chunk_size=chunk_size,
            max_children=max_children,
            raw_leaves=raw_leaves,
            cid_version=cid_version,
            progress=report,
        )
    facts({"file": str(file), "cid": found, "length": file.stat().st_size}, as_json=as_json)


@cli.command()
@file_argument
@store_options("--to")
@click.option("--flow", help="Address of the network's Flow contract, for 0g.")
@click.option("--network", help="Network of the Flow contract, such as 0g:galileo:node.")
@account_option
@json_option
def put(
    file: Path,
    kind: str,
    folder: Path,
    api: str,
    node: str | None,
    flow: str | None,
    network: str | None,
    account: AccountAPI | None,
    as_json: bool,
) -> None:
    """Store FILE and print what is needed to read it again. Doing it twice does no harm."""
    with reporting(file, as_json) as report:
        if kind == "0g":
            with connected_flow(flow, network, account) as announced:
                ref = ZeroGStore(_need_node(node), announced).put(file, report)
        else:
            ref = open_store(kind, folder, api, node).put(file)
    shown = {"file": str(file), "root": "0x" + ref.root.hex(), "length": ref.length, "uri": ref.uri}
    facts(shown, as_json=as_json)


@cli.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@store_options("--from")
@click.option("--root", "root_hex", required=True, help="0G root, 0x and 64 digits.")
@click.option(
    "--length", required=True, type=click.IntRange(1), help="Bytes; the root does not commit to them."
)
@click.option("--cid", "cid_text", help="CID, for ipfs.")
@click.option("--max-size", default=MAX_SIZE, show_default=True, help="Most bytes to accept.")
@json_option
def get(
    target: Path,
    kind: str,
    folder: Path,
    api: str,
    node: str | None,
    root_hex: str,
    length: int,
    cid_text: str | None,
    max_size: int,
    as_json: bool,
) -> None:
    """Read a file into TARGET after its root and its length were checked."""
    if kind == "ipfs" and not cid_text:
        raise click.UsageError("IPFS finds a file by its CID: pass --cid")
    uri = f"ipfs://{cid_text}" if kind == "ipfs" else f"{kind}://{root_hex}"
    ref = Ref(bytes32(root_hex, "a root"), length, uri)
    _refuse_other(target, ref)
    write_atomically(target, open_store(kind, folder, api, node, max_size).get(ref))
    facts({"file": str(target), "root": root_hex, "length": length, "checked": True}, as_json=as_json)


@cli.command()
@file_argument
@click.option("--root", "root_hex", required=True, help="0G root, 0x and 64 digits.")
@click.option("--length", required=True, type=int, help="Bytes; the root does not commit to them.")
@click.option("--sha256", "sha_hex", help="SHA-256 of a manifest, 0x and 64 digits.")
@click.option("--cid", "cid_text", help="CID of the first profile (256 KiB, 174 links, raw leaves).")
@json_option
def verify(
    file: Path, root_hex: str, length: int, sha_hex: str | None, cid_text: str | None, as_json: bool
) -> None:
    """Check FILE against what a contract or a manifest says of it; ends with an error if anything differs."""
    with reporting(file, as_json) as report:
        found = zerog_root(file, progress=report)
    pairs: list[tuple[str, Any, Any]] = [
        ("length", found.length, length),
        ("root", found.root, bytes32(root_hex, "a root")),
    ]
    if sha_hex:
        pairs.append(("SHA-256", sha256_file(file), bytes32(sha_hex, "a SHA-256")))
    if cid_text:
        pairs.append(("CID", ipfs_cid(file), cid_text))
    for what, is_value, said in pairs:
        if is_value != said:
            raise MismatchError(f"{file}: its {what} is {_text(is_value)}, expected {_text(said)}")
    facts({"file": str(file), "verified": [what for what, _, _ in pairs]}, as_json=as_json)


def open_store(kind: str, folder: Path, api: str, node: str | None, max_size: int = MAX_SIZE) -> Store:
    """The store that the options name; one that only reads, for 0g."""
    if kind == "ipfs":
        return IpfsStore(api, max_size=max_size)
    if kind == "0g":
        return ZeroGStore(_need_node(node), max_size=max_size)
    return LocalStore(folder, max_size=max_size)


@contextlib.contextmanager
def reporting(file: Path, as_json: bool) -> Iterator[Report]:
    """A progress bar for a file as the functions of `offchain` report: (bytes done, bytes in all)."""
    shown = 0
    with progress(file.name, file.stat().st_size, as_json=as_json) as advance:

        def report(done: int, _total: int) -> None:
            nonlocal shown
            advance(done - shown)
            shown = done

        yield report


def write_atomically(target: Path, data: bytes) -> None:
    """The file appears under its name only when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _refuse_other(target: Path, ref: Ref) -> None:
    """A file that is there already is only replaced by itself."""
    if target.exists():
        found = zerog_root(target)
        if (found.root, found.length) != (ref.root, ref.length):
            raise InputError(f"{target} exists and is another file: name a new one or delete it")


def _need_node(node: str | None) -> str:
    if not node:
        raise click.UsageError("0G Storage is reached through a storage node: pass --node URL")
    return node


def _text(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
