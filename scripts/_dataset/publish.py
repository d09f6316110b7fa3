"""Publishing: with or without a job, and new versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.places import store_options
from scripts._cli import facts
from scripts._job.common import Number, command, file_option, report, shown


@command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--job", type=int, help="The closed job that it came from.")
@click.option("--price", help="Of a licence, such as 0.5; 0 gives it away.")
@click.option("--token", help="Address of the payment token; without it the native coin.")
@file_option("--licence", help="The licence text; its hash goes on chain.")
@click.option(
    "--resale", default="0%", show_default=True, help="Royalty to you on resale of a licence, up to 10%."
)
@click.option("--schema", help="What is in the package; without it told by its name: coco, jsonl-chat …")
@file_option("--source", help="The data that were annotated, if there was no job.")
@click.option("--version-of", type=Number(), help="Add a version to this data set of yours.")
@click.option("--uri", help="Where the package is, if you have stored it already.")
@store_options
def publish(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    path: Path,
    job: int | None,
    price: str | None,
    token: str | None,
    licence: Path | None,
    resale: str,
    schema: str | None,
    source: Path | None,
    version_of: int | None,
    uri: str | None,
    **places: Any,
) -> None:
    """Store the package of PATH (a folder of `dataset export`, or one file) and publish it."""
    from scripts._chain.datasets import read_content  # noqa: PLC0415
    from scripts._chain.places import stores_of  # noqa: PLC0415

    content, stores = read_content(path), stores_of(places)
    origin = version_of and int(system.registry.dataset(version_of).jobId)
    version, terms = _version(system, content, job or origin or None, source)
    known = _known(system, account.address, version, job, version_of)
    if known is not None:
        facts({**known, "note": "published already"}, title="Data set", as_json=as_json)
        return
    if version_of is None:
        listing = _listing(system, content, price, token, licence, resale, schema)
    address = uri or stores.put(content.package, system, account)
    _keep(stores, content, licence)
    if version_of is not None:
        sent = _send(system, "addVersion", (version_of, version, address), account)
    elif job is None:
        sent = _send(system, "publish", (version, listing, address), account)
    else:
        origin_terms = _terms_arguments(terms)
        sent = _send(system, "publishFromJob", (job, *origin_terms, version, listing, address), account)
    added = sent.one("VersionAdded")
    values = {"dataset": shown(added["datasetId"]), "version": added["version"], "job": job, "uri": address}
    report({**values, "package_root": version[2]}, sent, title="Published", as_json=as_json)


def _send(system: Any, act: str, arguments: tuple[Any, ...], account: AccountAPI) -> Any:
    from scripts._chain.transactions import send  # noqa: PLC0415

    return send(system, act, getattr(system.registry, act), *arguments, sender=account)


def _version(system: Any, content: Any, job: int | None, source: Path | None) -> tuple[tuple[Any, ...], Any]:
    """The version, and the job's terms where there is one."""
    from offchain.hashing import ZeroGRoot, zerog_root  # noqa: PLC0415
    from scripts._chain.datasets import terms_of_job  # noqa: PLC0415

    if job is None:
        return content.version(zerog_root(source) if source else None), None
    terms = terms_of_job(system, job)
    # Of the job's source only root and length are known here, which is what a version states.
    return content.version(ZeroGRoot(terms.data_root, terms.data_length, ())), terms


def _terms_arguments(terms: Any) -> tuple[Any, ...]:
    from scripts._chain.terms import terms_tuple  # noqa: PLC0415

    return terms_tuple(terms), list(terms.word_classes)


def _known(
    system: Any, publisher: str, version: tuple[Any, ...], job: int | None, version_of: int | None
) -> dict[str, Any] | None:
    """The data set that holds this package already."""
    registry, package = system.registry, version[2]
    if version_of is not None:
        latest = int(registry.dataset(version_of).versions)
        same = latest and bytes(registry.versionOf(version_of, latest).packageRoot) == package
        return {"dataset": shown(version_of), "version": latest} if same else None
    number = int(registry.datasetIdOf(publisher, package))
    if int(registry.dataset(number).versions):
        return {"dataset": shown(number), "version": 1}
    if job is not None and (other := int(registry.datasetOfJob(job))):
        raise click.ClickException(
            f"job {job} was published with another package, as data set {shown(other)}: add a version "
            f"with --version-of {shown(other)}"
        )
    return None


def _listing(
    system: Any,
    content: Any,
    price: str | None,
    token: str | None,
    licence: Path | None,
    resale: str,
    schema: str | None,
) -> tuple[Any, ...]:
    from offchain.hashing import keccak256  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, parse_amount, parse_share, token_address  # noqa: PLC0415

    if price is None or licence is None:
        raise click.UsageError(
            "a data set has a price (--price, 0 gives it away) and a licence (--licence FILE)"
        )
    named = (schema or content.schema).encode()
    if len(named) > 32:
        raise click.UsageError("--schema is a short word, at most 32 bytes")
    address = token_address(token)
    amount = parse_amount(coin_of(system, address), price)
    return address, amount, keccak256(licence.read_bytes()), named.ljust(32, b"\0"), parse_share(resale)


def _keep(stores: Any, content: Any, licence: Path | None) -> None:
    """Manifest and licence stay at hand; only their hashes go on chain."""
    from offchain.storage import LocalStore  # noqa: PLC0415

    store = LocalStore(stores.folder)
    store.put(content.manifest)
    if licence is not None and licence.stat().st_size:
        store.put(licence)
