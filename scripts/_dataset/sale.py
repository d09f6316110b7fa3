"""Buying, prices, royalties, and what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.places import store_options
from scripts._cli import HINTS, facts, note, table
from scripts._job.common import Number, command, dataset_argument, file_option, report, shown

DATASET = "ape run dataset"

HINTS.update(
    {
        "NotForSale": "Its publisher took it off sale.",
        "PriceAboveMax": f"See the price: `{DATASET} status DATASET`.",
        "LicenceChanged": f"Read the new licence, then buy: `{DATASET} status DATASET`.",
        "VersionChanged": f"There is a newer version: `{DATASET} status DATASET`.",
        "JobNotClosed": "A job is published when all of its tasks are settled: `ape run job close JOB`, "
        "then `settle`.",
        "NothingApproved": "Nothing in that job was approved, so there is nothing to publish.",
        "NotPublisher": "Only its publisher may: --account ALIAS.",
        "NotJobCreator": "Only the job's creator publishes it: --account ALIAS.",
        "NoJob": "This registry, or this data set, has no job behind it.",
    }
)


@command()
@dataset_argument
@click.option("--max-price", help="The most that you pay, such as 0.5.")
@file_option("--licence", help="The licence that you read and accept.")
@click.option("--licence-hash", help="Its hash, instead of the file.")
@click.option("--version", "number", type=int, help="The version that you saw; without it the latest.")
@click.option("--to", help="Who gets the licence token; without it you.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Download the package here, checked."
)
@click.option("--again", is_flag=True, help="Buy although a licence is held already.")
@store_options
def purchase(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    dataset: int,
    max_price: str | None,
    licence: Path | None,
    licence_hash: str | None,
    number: int | None,
    to: str | None,
    out: Path | None,
    again: bool,
    **places: Any,
) -> None:
    """Buy a licence for DATASET. You confirm its price and its licence by naming them."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, allow, coin_of, parse_amount  # noqa: PLC0415
    from scripts._chain.datasets import entry_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    entry = entry_of(system, dataset, number)
    kept, target = entry.kept, checksum_address(address_bytes(to)) if to else account.address
    coin, price = coin_of(system, str(kept.token)), int(kept.price)
    if not again and system.registry.licenceCount(dataset, target):
        values = {
            "dataset": shown(dataset),
            "holder": target,
            "note": "a licence is held already (--again buys another)",
        }
        facts({**values, **_download(entry, out, places)}, title="Licence", as_json=as_json)
        return
    accepted = _accepted(entry, coin, max_price, licence, licence_hash)
    most = parse_amount(coin, max_price or "0")
    allow(system, str(kept.token), system.registry.address, min(price, most), account)
    arguments = (dataset, entry.version, accepted, most, target)
    value = price if str(kept.token) == NATIVE else 0
    sent = send(system, "purchase", system.registry.purchase, *arguments, sender=account, value=value)
    sold = sent.one("LicencePurchased")
    values = {
        "dataset": shown(dataset),
        "licence": sold["licenceId"],
        "holder": target,
        "version": sold["version"],
        "price": coin.format(sold["price"]),
        "of_that_to_annotators": coin.format(sold["royalty"]),
        "of_that_fee": coin.format(sold["fee"]),
    }
    report({**values, **_download(entry, out, places)}, sent, title="Licence bought", as_json=as_json)


def _accepted(entry: Any, coin: Any, most: str | None, licence: Path | None, digest: str | None) -> bytes:
    """The hash of the licence that the buyer accepts. ClickException, which shows price and licence, where
    one of the two was not named.
    """
    from offchain.hashing import bytes32, keccak256  # noqa: PLC0415

    current = "0x" + bytes(entry.kept.licenceHash).hex()
    if most is None or (licence is None and digest is None):
        price = coin.format(int(entry.kept.price))
        raise click.ClickException(
            f"data set {shown(entry.number)} costs {price} under the licence {current}. To buy it: "
            f"`{DATASET} purchase "
            f"{shown(entry.number)} --max-price {price.split()[0]} --licence-hash {current}` (or "
            f"--licence FILE with its text)"
        )
    return keccak256(licence.read_bytes()) if licence else bytes32(digest or "", "--licence-hash")


def _download(entry: Any, out: Path | None, places: Any) -> dict[str, Any]:
    """Write the package where it was asked for; the bytes are checked against the chain, not against the
    address.
    """
    from offchain.storage import Ref, check_bytes  # noqa: PLC0415
    from scripts._chain.places import stores_of  # noqa: PLC0415
    from scripts.storage import write_atomically  # noqa: PLC0415

    if out is None:
        return {"uri": entry.uri}
    said = entry.content
    data = stores_of(places).get(entry.uri)
    check_bytes(data, Ref(bytes(said.packageRoot), int(said.packageLength), entry.uri))
    write_atomically(out / entry.file_name, data)
    return {"uri": entry.uri, "file": str(out / entry.file_name), "checked": True}


@command()
@dataset_argument
@click.option("--set", "amount", help="The new price, such as 0.5.")
@click.option(
    "--licence", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The new licence text."
)
@click.option("--for-sale/--not-for-sale", default=None, help="Put it on or off sale.")
def price(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    dataset: int,
    amount: str | None,
    licence: Path | None,
    for_sale: bool | None,
) -> None:
    """Show or change price, licence and sale of DATASET; licences sold before stay what they are."""
    from offchain.hashing import keccak256  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, parse_amount  # noqa: PLC0415
    from scripts._chain.datasets import entry_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    kept, registry = entry_of(system, dataset).kept, system.registry
    coin = coin_of(system, str(kept.token))
    wanted: list[tuple[str, Any, Any]] = []
    if amount is not None:
        wanted.append(("setPrice", int(kept.price), parse_amount(coin, amount)))
    if licence is not None:
        wanted.append(("setLicence", bytes(kept.licenceHash), keccak256(licence.read_bytes())))
    if for_sale is not None:
        wanted.append(("setForSale", bool(kept.forSale), for_sale))
    done = [
        send(system, act, getattr(registry, act), dataset, value, sender=account).tx
        for act, now, value in wanted
        if value != now
    ]
    kept = registry.dataset(dataset)
    values = {
        "dataset": shown(dataset),
        "price": coin.format(int(kept.price)),
        "licence_hash": bytes(kept.licenceHash),
        "for_sale": bool(kept.forSale),
    }
    facts({**values, "transactions": done}, title="Data set", as_json=as_json)


@command()
@dataset_argument
@click.option("--annotator", help="Whose; without it all annotators of the job.")
@click.option("--pay", is_flag=True, help="Pay what is due; anyone may.")
def royalty(
    system: Any, account: AccountAPI, as_json: bool, dataset: int, annotator: str | None, pay: bool
) -> None:
    """Show, and with --pay hand out, the annotators' share of the sales of DATASET."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.datasets import entry_of  # noqa: PLC0415
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    kept, rows = entry_of(system, dataset).kept, []
    coin, job = coin_of(system, str(kept.token)), int(kept.jobId)
    if not job:
        raise click.ClickException("this data set came from no job: all of its price is the publisher's")
    state = market_state(system, job)
    people = [checksum_address(address_bytes(annotator))] if annotator else [
        who for (of, who), found in state.accounts.items() if of == job and found.weight
    ]  # fmt: skip
    for who in people:
        due = int(system.registry.royaltyDue(dataset, who))
        row: dict[str, Any] = {
            "annotator": who,
            "weight": state.account(job, who).weight,
            "due": coin.format(due),
        }
        if pay and due:
            row |= send(
                system, "payRoyalty", system.registry.payRoyalty, dataset, who, sender=account
            ).facts()
        rows.append(row)
    if not pay:
        note(f"Pay it with `{DATASET} royalty {shown(dataset)} --pay`")
    headings = {
        "annotator": "Annotator",
        "weight": "Weight",
        "due": "Paid" if pay else "Due",
        "tx": "Transaction",
    }
    table(rows, headings, title=f"Royalties of data set {dataset}", as_json=as_json)


@command(signs=False)
@click.argument("dataset", type=Number(), required=False)
@click.option("--version", "number", type=int, help="Without it the latest.")
def status(
    system: Any, account: AccountAPI | None, as_json: bool, dataset: int | None, number: int | None
) -> None:
    """Show DATASET, or all that there are."""
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.datasets import all_entries, entry_of  # noqa: PLC0415

    if dataset is None:
        rows = [
            {
                "dataset": shown(said["datasetId"]),
                "job": said["jobId"] or None,
                "publisher": said["publisher"],
            }
            for said in all_entries(system)
        ]
        table(rows, {"dataset": "Data set", "job": "Job", "publisher": "Publisher"}, as_json=as_json)
        return
    entry = entry_of(system, dataset, number)
    kept, content = entry.kept, entry.content
    coin, pool = coin_of(system, str(kept.token)), system.registry.poolOf(dataset)
    values = {
        "dataset": shown(dataset),
        "publisher": str(kept.publisher),
        "job": int(kept.jobId) or None,
        "schema": entry.schema,
        "price": coin.format(int(kept.price)),
        "for_sale": bool(kept.forSale),
        "licence_hash": bytes(kept.licenceHash),
        "royalty_bps": int(kept.royaltyBps),
        "royalties_collected": coin.format(int(pool.collected)),
        "royalties_in_all": coin.format(int(pool.total)),
        "version": entry.version,
        "versions": int(kept.versions),
        "package_root": bytes(content.packageRoot),
        "package_length": int(content.packageLength),
        "annotations_root": bytes(content.annotationsRoot),
        "source_root": bytes(content.sourceRoot),
        "manifest_sha256": bytes(content.manifestHash),
        "uri": entry.uri,
        "your_licences": int(system.registry.licenceCount(dataset, account.address)) if account else None,
    }
    facts(values, title=f"Data set {dataset}", as_json=as_json)
