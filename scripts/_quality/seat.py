"""Seats: taken with a commitment, or signed for a relayer, and revealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import note, table
from scripts._job.common import file_option, sign_only_option
from scripts._job.signed import sign_to_file
from scripts._quality.answers import answers_for, instructions_option, word_option
from scripts._quality.common import QUALITY, command, mask_of_bits, only_word, require_phase, sizes_of

HEADINGS = {
    "word": "Word",
    "layer": "Layer",
    "tasks": "Tasks",
    "stake": "Stake",
    "secret": "Secret",
    "note": "",
}

NOT_HERE = "labels and salt are not here"


@dataclass(frozen=True)
class Wish:
    """A seat to be taken: a mask of a word in one layer, and its labels."""

    word: int
    layer: int
    mask: int
    labels: bytes


@command()
@click.argument("job", type=int)
@file_option("--labels", required=True, help="JSONL or CSV of task and label; null where you abstain.")
@word_option
@click.option("--layer", type=int, help="Only in this layer, from 0.")
@click.option("--max-stake", help="Most that you agree to lock for a seat; what the terms allow if not said.")
@file_option("--allowlist", help="One address a line: proves to an allow-list hook that you are on it.")
@click.option("--hook-data", help="Bytes for the job's hook, as 0x….")
@instructions_option
@sign_only_option
def seat(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    job: int,
    labels: Path,
    word: int | None,
    layer: int | None,
    max_stake: str | None,
    allowlist: Path | None,
    hook_data: str | None,
    instructions: Path | None,
    sign_only: Path | None,
) -> None:
    """Take a seat in JOB for the tasks of your labels, one for each word, and commit to them.

    Labels and salt are written to a file first; `reveal` needs it. Run again, it goes on where it stopped.
    """
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415
    from scripts._job.claims import hook_bytes  # noqa: PLC0415

    found = consensus_job(system, job)
    answers = answers_for(system, found, labels, instructions, word)
    rows = [_known(system, found, at, account.address, bits) for at, bits in answers.items()]
    done = [row for row in rows if row]
    missing = {at: bits for at, bits in answers.items() if at not in {row["word"] for row in done}}
    if missing:
        _require_seating(system, found)
    wishes = [_wish(found, at, bits, layer) for at, bits in missing.items()]
    if sign_only is not None and wishes:
        _sign(system, account, found, wishes, max_stake, sign_only, as_json)
        return
    data = hook_bytes(account.address, allowlist, hook_data)
    done += [_sit(system, account, found, wish, max_stake, data) for wish in wishes]
    table(sorted(done, key=lambda row: row["word"]), HEADINGS, title=f"Seats in job {job}", as_json=as_json)


def _known(
    system: Any, job: Any, word: int, annotator: str, bits: Mapping[int, int | None]
) -> dict[str, Any] | None:
    """A row for a seat that is taken already."""
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415

    kept = job.words[word].seats.get(annotator) if word in job.words else None
    if kept is None:
        return None
    vault = Vault.of(system)
    secret = vault.seat(job.job_id, word, annotator, kept.commitment)
    stake = coin_of(system, str(system.contract("Staking").stakeToken())).format(kept.stake)
    shown = {"word": word, "layer": kept.layer, "tasks": show_mask(word, kept.mask), "stake": stake}
    if secret is None:
        said = "seated already; its labels and salt are not in this folder: reveal where you sat down"
        return {**shown, "secret": None, "note": said}
    same = (secret.mask, secret.labels) == (mask_of_bits(bits), _labels(job, word, bits))
    said = "seated already" if same else "seated already, with other labels: a commitment cannot be changed"
    return {**shown, "secret": str(vault.seat_file(job.job_id, word, annotator)), "note": said}


def _labels(job: Any, word: int, bits: Mapping[int, int | None]) -> bytes:
    from offchain.consensus import encode_labels  # noqa: PLC0415

    return encode_labels(bits, sizes_of(job.terms.task_count)[word], job.terms.classes)


def _require_seating(system: Any, job: Any) -> None:
    from offchain.consensus import ConsensusState  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415

    if job.state != ConsensusState.OPEN:
        raise click.ClickException(f"job {job.job_id} is closed: nobody takes a seat in it any more")
    if (now := system.now) > job.terms.seats_until:
        ended = when(job.terms.seats_until, now)
        raise click.ClickException(f"the time to take seats in job {job.job_id} is over: it ended {ended}")


def _wish(job: Any, word: int, bits: Mapping[int, int | None], layer: int | None) -> Wish:
    """The first layer in which these tasks are free. ClickException, which says what is, where none is."""
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    mask, terms = mask_of_bits(bits), job.terms
    layers = range(terms.redundancy) if layer is None else [layer]
    free = {number: job.free_tasks(word, number) for number in layers}
    for number, left in free.items():
        enough = mask.bit_count() >= terms.min_seat or mask == left
        if mask and not mask & ~left and enough:
            return Wish(word, number, mask, _labels(job, word, bits))
    shown = "; ".join(f"layer {number}: {show_mask(word, left) or 'none'}" for number, left in free.items())
    raise click.ClickException(
        f"no layer of word {word} has the {mask.bit_count()} tasks {show_mask(word, mask)} free, as a seat "
        f"of at least {terms.min_seat} tasks or as all that is left. Free: {shown}"
    )


def _request(system: Any, job: Any, wish: Wish, annotator: str, max_stake: str | None) -> dict[str, Any]:
    """What is asked for; the secrets behind its commitment are on disk when this returns."""
    from offchain.reference.consensus.records import BPS, task_terms  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, parse_amount  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415

    secret = Vault.of(system).keep_seat(job.job_id, wish.word, annotator, wish.mask, wish.labels)
    most = task_terms(job.terms, wish.word).stake * wish.mask.bit_count() * job.terms.max_stake_bps
    limit = -(-most // BPS)
    if max_stake is not None:
        limit = parse_amount(coin_of(system, str(system.contract("Staking").stakeToken())), max_stake)
    return {
        "jobId": job.job_id,
        "word": wish.word,
        "layer": wish.layer,
        "mask": wish.mask,
        "commitment": secret.commitment,
        "maxStake": limit,
    }


def _sit(
    system: Any, account: AccountAPI, job: Any, wish: Wish, max_stake: str | None, data: bytes
) -> dict[str, Any]:
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    request = _request(system, job, wish, account.address, max_stake)
    sent = send(system, "seat", consensus_of(system).seat, request, data, sender=account)
    return {**_seated(system, sent.one("SeatTaken")), **sent.facts()}


def _seated(system: Any, taken: Mapping[str, Any]) -> dict[str, Any]:
    """What was taken, for output."""
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415

    coin = coin_of(system, str(system.contract("Staking").stakeToken()))
    return {
        "word": taken["word"],
        "layer": taken["layer"],
        "tasks": show_mask(taken["word"], taken["mask"]),
        "stake": coin.format(taken["stake"]),
        "secret": str(Vault.of(system).seat_file(taken["jobId"], taken["word"], taken["annotator"])),
    }


def _sign(
    system: Any, account: AccountAPI, job: Any, wishes: list[Wish], max_stake: str | None, target: Path,
    as_json: bool,
) -> None:  # fmt: skip
    (wish,) = only_word(wishes)
    values = {**_request(system, job, wish, account.address, max_stake), "termsHash": job.terms_hash}
    sign_to_file(system, account, "Seat", values, target, as_json, "LabelConsensus")


@command()
@click.argument("job", type=int)
@click.option("--of", "who", help="Whose labels, if their files are here; without it your own.")
def reveal(system: Any, account: AccountAPI, as_json: bool, job: int, who: str | None) -> None:
    """Tell the labels of your seats in JOB, from the files that `seat` wrote."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415

    annotator = checksum_address(address_bytes(who)) if who else str(account.address)
    found = consensus_job(system, job)
    mine = [(at, word.seats[annotator]) for at, word in found.words.items() if annotator in word.seats]
    if not mine:
        raise click.ClickException(f"{annotator} has no seat in job {job}: `{QUALITY} status {job}`")
    if any(not kept.revealed and not kept.done for _, kept in mine):
        require_phase(system, found, Phase.REVEAL)
    rows = [_reveal(system, account, found, at, kept) for at, kept in sorted(mine, key=lambda each: each[0])]
    headings = {"word": "Word", "tasks": "Tasks", "note": "", "gas": "Gas", "tx": "Transaction"}
    table(rows, headings, title=f"Revealed in job {job}", as_json=as_json)
    if lost := [row["word"] for row in rows if row["note"] == NOT_HERE]:
        shown = ", ".join(map(str, lost))
        raise click.ClickException(
            f"not revealed: word {shown}. Copy the files from where you sat down, or the stake is lost"
        )


def _reveal(system: Any, account: AccountAPI, job: Any, word: int, kept: Any) -> dict[str, Any]:
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415

    row = {"word": word, "tasks": show_mask(word, kept.mask)}
    if kept.revealed:
        return {**row, "note": "revealed already"}
    if kept.done:
        return {**row, "note": "not revealed in time: its stake is gone"}
    vault = Vault.of(system)
    secret = vault.seat(job.job_id, word, kept.annotator, kept.commitment)
    if secret is None:
        note(f"{vault.seat_file(job.job_id, word, kept.annotator)} does not have the labels of this seat")
        return {**row, "note": NOT_HERE}
    arguments = (job.job_id, word, kept.struct(), secret.labels, secret.salt)
    sent = send(system, "reveal", consensus_of(system).reveal, *arguments, sender=account)
    return {**row, "note": "revealed", **sent.facts()}
