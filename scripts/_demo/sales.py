"""The last scene: export, publication, purchase, royalties, and what the buyer checks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offchain.exceptions import MismatchError
from offchain.hashing import keccak256, result_hash, zerog_root
from offchain.packaging import Card, parse_batch, read_manifest
from offchain.storage import LocalStore
from scripts._chain.terms import terms_tuple
from scripts._demo import archive
from scripts._demo.archive import Recovered
from scripts._demo.cast import Actor
from scripts._demo.jobs import Job
from scripts._demo.ledger import NATIVE
from scripts._demo.schema import Check
from scripts._demo.stage import Note
from scripts._demo.world import World

LICENCE_NAME = "CC-BY-4.0"
LICENCE = (
    b"Creative Commons Attribution 4.0 International (CC BY 4.0)\n"
    b"https://creativecommons.org/licenses/by/4.0/legalcode\n"
)


@dataclass(frozen=True)
class Offer:
    """How a job's data set is to be sold."""

    title: str
    description: str
    form: str  # as a person reads it
    schema: str  # as the registry keeps it
    price: int


@dataclass(frozen=True)
class Listed:
    """A data set that is published: its id, the transaction, and its files."""

    id: int
    job: Job
    offer: Offer
    export: Any = field(repr=False)
    tx: str
    folder: Path


@dataclass(frozen=True)
class Sold:
    """A licence that was bought, and what the buyer checked."""

    buyer: Actor
    tx: str
    checks: tuple[Check, ...] = field(repr=False)


def publish(world: World, job: Job, offer: Offer) -> Listed:
    """Makes the data set from events and payloads, stores its files and publishes it from the job."""
    card = Card(offer.title, offer.description, LICENCE_NAME.lower())
    export = archive.recover(world, job).export(card)
    folder = _write(world, job, export)
    refs = {name: world.store.put(data) for name, data in export.files.items()}
    package = refs[export.package]
    content = _content(job, export, refs)
    listing = {
        "token": job.terms.token,
        "price": offer.price,
        "licenceHash": keccak256(LICENCE),
        "schema": offer.schema.encode().ljust(32, b"\0"),
        "resaleBps": 500,
    }
    call = (job.id, terms_tuple(job.terms), list(job.terms.word_classes), content, listing, package.uri)
    note = Note(f"dataset{job.id}.publish", f"publishes the data set: {offer.form}", job.id, tone="good")
    act = world.stage.send(job.creator, world.registry.publishFromJob, *call, note=note)
    return Listed(int(act.one("DatasetPublished")["datasetId"]), job, offer, export, act.tx, folder)


def purchase(world: World, listed: Listed, buyer: Actor) -> Sold:
    """Buys a licence at the listed price and no more, under the text that the buyer read, and downloads."""
    price, token, job = listed.offer.price, listed.job.terms.token, listed.job
    if token != NATIVE:
        note = Note("token.approve", "lets the registry take the price")
        world.stage.send(buyer, world.token.approve, world.registry.address, price, note=note)
    call = (listed.id, 1, keccak256(LICENCE), price, buyer.address)
    note = Note(f"dataset{job.id}.purchase", "buys a licence, under the price and the text he saw", job.id)
    value = price if token == NATIVE else 0
    act = world.stage.send(buyer, world.registry.purchase, *call, note=note, value=value)
    return Sold(buyer, act.tx, tuple(verify(world, listed)))


def pay_royalties(world: World, listed: Listed, annotators: Sequence[Actor]) -> None:
    """Anyone has the annotators paid their share."""
    quinn, job = world.cast["Quinn"], listed.job
    for annotator in annotators:
        what = f"has the royalties of {annotator.name} paid"
        note = Note(f"dataset{job.id}.payRoyalty", what, job.id, tone="good")
        world.stage.send(quinn, world.registry.payRoyalty, listed.id, annotator.address, note=note)


def verify(world: World, listed: Listed) -> list[Check]:
    """What a buyer checks: every file against the chain, the export against a recomputation, and that a
    changed copy is refused.
    """
    content = world.registry.versionOf(listed.id, 1)
    parts = {"source": "source", "annotations": "annotations", "package": "package"}
    checks, package = [], b""
    for part in parts:
        root, length = bytes(getattr(content, f"{part}Root")), int(getattr(content, f"{part}Length"))
        data = world.store.get(archive.reference_to(root, length))
        checks += _root_checks(part, data, root, length)
        package = data
    manifest = (listed.folder / "manifest.json").read_bytes()
    found = hashlib.sha256(manifest).hexdigest()
    checks.append(_check("SHA-256 of the manifest", "0x" + bytes(content.manifestHash).hex(), "0x" + found))
    recovered = archive.recover(world, listed.job)
    checks += _manifest_checks(listed, manifest, package, recovered)
    checks.append(_tampered(world, package, content))
    checks.append(_accepted(world, recovered.batches[0]))
    return checks


def _content(job: Job, export: Any, refs: dict[str, Any]) -> dict[str, Any]:
    package, annotations = refs[export.package], refs[export.annotations]
    return {
        "sourceRoot": job.terms.data_root,
        "annotationsRoot": annotations.root,
        "packageRoot": package.root,
        "manifestHash": hashlib.sha256(export.files["manifest.json"]).digest(),
        "sourceLength": job.terms.data_length,
        "annotationsLength": annotations.length,
        "packageLength": package.length,
    }


def _write(world: World, job: Job, export: Any) -> Path:
    folder = world.folder / "exports" / f"job-{job.id}"
    for name, data in export.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _root_checks(part: str, data: bytes, root: bytes, length: int) -> list[Check]:
    found = zerog_root(data)
    return [
        _check(f"0G root of the {part} as downloaded", f"0x{root.hex()}", found.hex),
        _check(f"length of the {part} in bytes", f"{length:,}", f"{found.length:,}"),
    ]


def _manifest_checks(listed: Listed, manifest: bytes, package: bytes, recovered: Recovered) -> list[Check]:
    """The downloaded package against the manifest's SHA-256, and every file against a recomputation."""
    _, entries = read_manifest(manifest)
    said = next(entry.sha256 for entry in entries if entry.name == listed.export.package)
    checks = [_check("SHA-256 of the package", said, "0x" + hashlib.sha256(package).hexdigest())]
    offer = listed.offer
    card = Card(offer.title, offer.description, LICENCE_NAME.lower())
    again = recovered.export(card)
    digests = [_digest(export.files) for export in (listed.export, again)]
    return [*checks, _check("all files, recomputed from events and payloads", *digests)]


def _tampered(world: World, package: bytes, content: Any) -> Check:
    """A copy with one bit changed lies under the right name in another store: it must be refused."""
    folder = world.folder / "tampered"
    ref = archive.reference_to(bytes(content.packageRoot), int(content.packageLength))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ref.uri.removeprefix("local://")).write_bytes(package[:-1] + bytes([package[-1] ^ 1]))
    try:
        LocalStore(folder).get(ref)
    except MismatchError:
        return _check("a copy of the package with one bit changed", "refused", "refused")
    return _check("a copy of the package with one bit changed", "refused", "taken for the real one")


def _accepted(world: World, accepted: Any) -> Check:
    """One paid result of the job, proven to the contract with its Merkle proof."""
    batch = parse_batch(accepted.payload)
    entry = next(e for e in batch.results if accepted.accepted_mask >> e.task % 256 & 1)
    proof = {
        "claimId": accepted.claim_id,
        "annotator": batch.annotator,
        "done": accepted.done_mask,
        "root": batch.root,
        "task": entry.task,
        "resultHash": result_hash(entry.result.to_json()),
        "salt": entry.salt,
        "proof": batch.proof(entry.task),
    }
    what = f"Merkle proof that the result of task {entry.task} was accepted"
    return _check(what, "proven", "proven" if world.lens.isAccepted(proof) else "not proven")


def _digest(files: Any) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name]).digest())
    return "0x" + whole.hexdigest()


def _check(what: str, expected: str, actual: str) -> Check:
    return Check(what=what, expected=expected, actual=actual, ok=expected == actual)
