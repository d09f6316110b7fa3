"""Making a data set from a job, and checking one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.places import store_options
from scripts._cli import facts, note, progress, table
from scripts._job.common import command, dataset_argument, file_option

DATASET = "ape run dataset"


@command(signs=False)
@click.argument("job", type=int)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the files."
)
@file_option("--instructions", help="The job's instructions, if they are not kept here.")
@file_option("--data", help="The job's source data, if they are not kept here.")
@click.option(
    "--schema",
    type=click.Choice(["chat", "instruction", "completion"]),
    default="chat",
    show_default=True,
    help="Which JSONL is the package of a text job.",
)
@click.option("--title", help="For the data card.")
@click.option("--description", help="For the data card; without it the job's instructions.")
@click.option(
    "--licence-id", default="other", show_default=True, help="SPDX or hub identifier, for the data card."
)
@click.option("--overwrite", is_flag=True, help="Replace files of that name that differ.")
@store_options
def export(
    system: Any,
    account: AccountAPI | None,  # noqa: ARG001 - anybody may
    as_json: bool,
    job: int,
    out: Path,
    instructions: Path | None,
    data: Path | None,
    schema: str,
    title: str | None,
    description: str | None,
    licence_id: str,
    overwrite: bool,
    **places: Any,
) -> None:
    """Make the data set of JOB from events and payloads: COCO as ZIP, or JSONL, with manifest and data
    card.
    """
    from offchain.packaging import Card  # noqa: PLC0415

    found = _recover(system, job, instructions, data, places, as_json)
    card = Card(title or f"Job {job}", description or found.instructions.text, licence_id)
    export_ = found.export(card, schema)
    _write(out, export_.files, overwrite)
    values = {
        "job": job,
        "folder": str(out),
        "results": sum(batch.accepted_mask.bit_count() for batch in found.batches),
        "manifest_sha256": "0x" + hashlib.sha256(export_.files["manifest.json"]).hexdigest(),
    }
    facts({**values, **_roots(export_)}, title=f"Data set of job {job}", as_json=as_json)
    note(f"Next: `{DATASET} publish {out} --job {job} --price … --licence FILE`")


def _recover(
    system: Any, job: int, instructions: Path | None, data: Path | None, places: Any, as_json: bool
) -> Any:
    from scripts._chain.datasets import recover  # noqa: PLC0415
    from scripts._chain.places import stores_of  # noqa: PLC0415

    with progress("Reading payloads", 100, unit="percent", as_json=as_json) as advance:
        shown = 0

        def report(done: int, total: int) -> None:
            nonlocal shown
            advance(100 * done // total - shown)
            shown = 100 * done // total

        return recover(system, job, stores_of(places), instructions, data, report)


def _roots(export_: Any) -> dict[str, Any]:
    from offchain.hashing import zerog_root  # noqa: PLC0415

    shown: dict[str, Any] = {}
    for what in ("package", "annotations"):
        name = getattr(export_, what)
        root = zerog_root(export_.files[name])
        shown |= {what: name, f"{what}_root": root.hex, f"{what}_length": root.length}
    return shown


def _write(folder: Path, files: Any, overwrite: bool) -> None:
    from scripts.storage import write_atomically  # noqa: PLC0415

    for name, content in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() != content and not overwrite:
            raise click.ClickException(
                f"{path} exists and is another file: name a new folder, or pass --overwrite"
            )
    for name, content in files.items():
        write_atomically(folder / name, content)


@command(signs=False)
@dataset_argument
@click.option(
    "--path", type=click.Path(path_type=Path, exists=True), help="The download: a folder or the package."
)
@click.option("--version", "number", type=int, help="Without it the latest.")
@click.option("--no-recompute", is_flag=True, help="Only compare PATH with the chain.")
@file_option("--instructions", help="The job's instructions, if they are not kept here.")
@file_option("--data", help="The job's source data, if they are not kept here.")
@store_options
def verify(
    system: Any,
    account: AccountAPI | None,  # noqa: ARG001 - anybody may
    as_json: bool,
    dataset: int,
    path: Path | None,
    number: int | None,
    no_recompute: bool,
    instructions: Path | None,
    data: Path | None,
    **places: Any,
) -> None:
    """Compare a download with the chain, and make the data set anew from its job to see that it holds the
    accepted results. Ends with an error that names the first difference.
    """
    from scripts._chain.datasets import entry_of  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    entry = entry_of(system, dataset, number)
    package = _check_path(entry, path, rows) if path else None
    if entry.kept.jobId and not no_recompute:
        found = _recover(system, int(entry.kept.jobId), instructions, data, places, as_json)
        _check_recomputed(entry, found, package, places, rows)
    if not rows:
        raise click.UsageError(
            "this data set came from no job: there is only a download to check, pass --path"
        )
    table(rows, {"check": "Check", "root": "Root", "length": "Bytes"}, title="All equal", as_json=as_json)


def _check_path(entry: Any, path: Path, rows: list[dict[str, Any]]) -> bytes:
    from offchain.exceptions import MismatchError  # noqa: PLC0415
    from scripts._chain.datasets import read_content  # noqa: PLC0415

    content, said = read_content(path), entry.content
    _compare("package of the download", content.package, said.packageRoot, said.packageLength, rows)
    if path.is_dir():
        if content.annotations and said.annotationsLength:
            _compare(
                "annotations of the download",
                content.annotations,
                said.annotationsRoot,
                said.annotationsLength,
                rows,
            )
        digest = hashlib.sha256(content.manifest).digest()
        if digest != bytes(said.manifestHash):
            raise MismatchError(
                f"manifest.json has the SHA-256 0x{digest.hex()}, the chain says "
                f"0x{bytes(said.manifestHash).hex()}"
            )
        rows.append({"check": "manifest of the download", "root": digest, "length": len(content.manifest)})
    return content.package


def _check_recomputed(
    entry: Any, found: Any, package: bytes | None, places: Any, rows: list[dict[str, Any]]
) -> None:
    from offchain.exceptions import MismatchError, StorageError  # noqa: PLC0415
    from offchain.packaging import Card  # noqa: PLC0415
    from scripts._chain.datasets import first_difference  # noqa: PLC0415
    from scripts._chain.places import stores_of  # noqa: PLC0415

    schema = entry.schema.removeprefix("jsonl-") if entry.schema.startswith("jsonl-") else "chat"
    export_ = found.export(Card("recomputed", "recomputed", "other"), schema)
    mine = export_.files[export_.package]
    try:
        _compare(
            "package recomputed from the job",
            mine,
            entry.content.packageRoot,
            entry.content.packageLength,
            rows,
        )
    except MismatchError as error:
        if package is None:
            try:
                package = stores_of(places).get(entry.uri)
            except (StorageError, ValueError):
                raise error from None
        raise MismatchError(
            f"{error}. First difference: {first_difference(export_.package, mine, package)}"
        ) from error
    if entry.content.annotationsLength:
        notes = export_.files[export_.annotations]
        said = entry.content
        _compare("annotations recomputed", notes, said.annotationsRoot, said.annotationsLength, rows)


def _compare(what: str, data: bytes, root: bytes, length: int, rows: list[dict[str, Any]]) -> None:
    from offchain.exceptions import MismatchError  # noqa: PLC0415
    from offchain.hashing import zerog_root  # noqa: PLC0415

    found = zerog_root(data)
    if (found.root, found.length) != (bytes(root), int(length)):
        raise MismatchError(
            f"{what}: its root is {found.hex} with {found.length} bytes, the chain says "
            f"0x{bytes(root).hex()} with {length}"
        )
    rows.append({"check": what, "root": found.hex, "length": found.length})
