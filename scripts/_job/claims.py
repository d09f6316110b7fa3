"""Claiming tasks, giving them back, and sending what others signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, note, table
from scripts._job.common import JOB, command, file_option, report, sign_only_option
from scripts._job.signed import sign_to_file

MAX_ENDED = 16  # expired claims that a claim may end first


@dataclass(frozen=True)
class Wish:
    """A claim to be made: some tasks of a word, and the expired claims that are in the way."""

    word: int
    mask: int
    ending: tuple[int, ...]


@command()
@click.argument("job", type=int)
@click.option("--tasks", help="Which ones: 0-31,40.")
@click.option("--word", type=int, help="From this word of 256 tasks only.")
@click.option("--count", type=click.IntRange(1), help="So many, whichever are free.")
@file_option("--allowlist", help="One address a line: proves to an allow-list hook that you are on it.")
@click.option("--hook-data", help="Bytes for the job's hook, as 0x….")
@sign_only_option
def claim(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    job: int,
    tasks: str | None,
    word: int | None,
    count: int | None,
    allowlist: Path | None,
    hook_data: str | None,
    sign_only: Path | None,
) -> None:
    """Claim tasks of JOB, one claim per word of 256. Expired claims of others in the way are ended."""
    from scripts._chain.events import market_state  # noqa: PLC0415

    if (tasks is None) == (count is None):
        raise click.UsageError(
            "say which tasks (--tasks 0-31) or how many (--count 32, perhaps with --word 0)"
        )
    state = market_state(system, job)
    _need_open(state.jobs[job])
    mine, wishes = _wishes(state, state.jobs[job], account.address, tasks, word, count, system.now)
    data = hook_bytes(account.address, allowlist, hook_data)
    if int(state.jobs[job].terms.hook, 16) and not data:
        note(
            "This job's hook decides who may claim: if it refuses you, it may want --allowlist, --hook-data "
            "or a pledge of stake"
        )
    if sign_only is not None:
        _sign(system, account, state.jobs[job], wishes, sign_only, as_json)
        return
    rows = [
        {"claim": number, "word": at, "tasks": text, "note": "yours already"} for number, at, text in mine
    ]
    rows += [_claim(system, account, state.jobs[job], wish, data) for wish in wishes]
    headings = {
        "claim": "Claim",
        "word": "Word",
        "tasks": "Tasks",
        "expires": "Expires",
        "bond": "Bond",
        "note": "",
    }
    table(rows, headings, title=f"Claims in job {job}", as_json=as_json)


def _claim(system: Any, account: AccountAPI, job: Any, wish: Wish, data: bytes) -> dict[str, Any]:
    from scripts._chain.amounts import NATIVE, allow, coin_of, when  # noqa: PLC0415
    from scripts._chain.jobs import pay_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    bond = pay_of(job, wish.word).bond * wish.mask.bit_count()
    token = job.terms.token
    allow(system, token, system.market.address, bond, account)
    arguments = (job.job_id, wish.word, wish.mask, data, list(wish.ending))
    value = bond if token == NATIVE else 0
    sent = send(system, "claim", system.market.claim, *arguments, sender=account, value=value)
    made = sent.one("TasksClaimed")
    return {
        "claim": made["claimId"],
        "word": wish.word,
        "tasks": show_mask(wish.word, wish.mask),
        "expires": when(made["expiry"], system.now),
        "bond": coin_of(system, token).format(bond),
        "ended": list(wish.ending),
        **sent.facts(),
    }


def _sign(
    system: Any, account: AccountAPI, job: Any, wishes: Sequence[Wish], target: Path, as_json: bool
) -> None:
    if len(wishes) != 1:
        raise click.ClickException(
            f"one signature claims in one word, this would take {len(wishes)}: choose --word"
        )
    values = {
        "termsHash": job.terms_hash,
        "jobId": job.job_id,
        "word": wishes[0].word,
        "mask": wishes[0].mask,
    }
    sign_to_file(system, account, "Claim", values, target, as_json)


def _need_open(job: Any) -> None:
    from offchain.states import JobState  # noqa: PLC0415
    from scripts._chain.jobs import JOB_NAMES  # noqa: PLC0415

    if job.state != JobState.OPEN:
        raise click.ClickException(
            f"job {job.job_id} is {JOB_NAMES[job.state]}: nothing more can be claimed. `{JOB} status` "
            f"lists all jobs"
        )


def _wishes(
    state: Any, job: Any, annotator: str, tasks: str | None, word: int | None, count: int | None, now: int
) -> tuple[list[tuple[int, int, str]], list[Wish]]:
    """What is held already, and the claims that are still to be made."""
    from offchain.hashing import masks_of  # noqa: PLC0415
    from scripts._chain.jobs import expired, live_claims  # noqa: PLC0415
    from scripts._chain.tasks import parse_tasks, show_mask  # noqa: PLC0415

    live = live_claims(state, job.job_id)
    ended = [entry for entry in live if expired(entry, now) and entry.annotator != annotator]
    if own := [entry.claim_id for entry in live if expired(entry, now) and entry.annotator == annotator]:
        note(f"Your claim {own[0]} expired: `{JOB} settle {job.job_id}` ends it and frees its tasks")
    if tasks is None:
        return [], _free(state, job, ended, word, count or 0)
    wanted, mine = masks_of(parse_tasks(tasks)), []
    for entry in live:
        held = entry.mask & wanted.get(entry.word, 0)
        if entry.annotator == annotator and not expired(entry, now) and held:
            mine.append((entry.claim_id, entry.word, show_mask(entry.word, held)))
            wanted[entry.word] &= ~held
    return mine, [_wish(state, job, at, mask, ended) for at, mask in wanted.items() if mask]


def _wish(state: Any, job: Any, word: int, mask: int, ended: Sequence[Any]) -> Wish:
    """Some tasks of a word; ClickException, which names them, where some are not to be had."""
    from scripts._chain.jobs import free_in  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    ending = [entry for entry in ended if entry.word == word and entry.mask & mask][:MAX_ENDED]
    if taken := mask & ~free_in(state, job, word, ending):
        raise click.ClickException(
            f"not to be had now: {show_mask(word, taken)}. Claim others, or let the command choose with "
            f"--count"
        )
    return Wish(word, mask, tuple(entry.claim_id for entry in ending))


def _free(state: Any, job: Any, ended: Sequence[Any], word: int | None, count: int) -> list[Wish]:
    """The first free tasks; those of expired claims only when the others are too few."""
    from offchain.hashing import mask_of, tasks_of  # noqa: PLC0415
    from scripts._chain.jobs import free_in, words_of  # noqa: PLC0415

    words, wishes = [word] if word is not None else words_of(job), []
    for at in words:
        if count == 0:
            break
        ready = tasks_of(at, free_in(state, job, at))
        late = [entry for entry in ended if entry.word == at][:MAX_ENDED]
        spare = [task for entry in late for task in tasks_of(at, entry.mask)]
        if chosen := [*ready, *spare][:count]:
            mask = mask_of(chosen)[1]
            wishes.append(Wish(at, mask, tuple(entry.claim_id for entry in late if entry.mask & mask)))
            count -= len(chosen)
    if not wishes:
        raise click.ClickException(f"nothing is free in job {job.job_id} now: `{JOB} status {job.job_id}`")
    if count:
        note(f"{count} fewer than asked for: no more are free")
    return wishes


def _given_bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise click.ClickException(f"{text!r} are no bytes: write 0x and hexadecimal digits") from error


def hook_bytes(annotator: str, allowlist: Path | None, given: str | None) -> bytes:
    """What goes to a job's hook: given bytes, or the proof of an allow list."""
    from eth_abi import encode  # noqa: PLC0415

    from scripts._chain.terms import read_list  # noqa: PLC0415

    if given:
        return _given_bytes(given)
    if allowlist is None:
        return b""
    return encode(["bytes32[]"], [read_list(allowlist).proof(annotator)])


@command()
@click.argument("claim_id", type=int)
@sign_only_option
def release(system: Any, account: AccountAPI, as_json: bool, claim_id: int, sign_only: Path | None) -> None:
    """Give all tasks of a claim back. Its bond shrinks with the time that you held it."""
    from offchain.states import ClaimState  # noqa: PLC0415
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.jobs import claim_in  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    _, job, found = claim_in(system, claim_id)
    if found.state == ClaimState.DONE and not found.done:
        facts({"claim": claim_id, "note": "given back already"}, title="Claim", as_json=as_json)
        return
    if sign_only is not None:
        sign_to_file(system, account, "Release", {"claimId": claim_id}, sign_only, as_json)
        return
    sent = send(system, "release", system.market.release, claim_id, sender=account)
    lost = coin_of(system, job.terms.token).format(sent.one("TasksReturned")["forfeited"])
    report({"claim": claim_id, "bond_lost": lost}, sent, title="Released", as_json=as_json)


@command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@file_option("--allowlist", help="For a claim in a job with an allow-list hook.")
@click.option("--hook-data", help="Bytes for the job's hook, as 0x….")
def relay(
    system: Any, account: AccountAPI, as_json: bool, file: Path, allowlist: Path | None, hook_data: str | None
) -> None:
    """Send an act that somebody signed with `--sign-only`; you pay the gas, and a deposit in the native
    coin.
    """
    from scripts._chain.acts import read_act, refuse_used  # noqa: PLC0415
    from scripts._chain.acts import relay as send_act  # noqa: PLC0415

    act = read_act(system, file)
    refuse_used(system, act)
    value, ending = _deposit(system, act)
    data = hook_bytes(act.signer, allowlist, hook_data)
    sent = send_act(system, act, account, expired=ending, hook_data=data, value=value)
    values = {"act": act.primary, "in_the_name_of": act.signer}
    if act.primary == "Claim":
        values["claim"] = sent.one("TasksClaimed")["claimId"]
    report(values, sent, title="Sent", as_json=as_json)


def _deposit(system: Any, act: Any) -> tuple[int, tuple[int, ...]]:
    """The native coin that comes with an act, and the expired claims that a claim ends."""
    from scripts._chain.amounts import NATIVE  # noqa: PLC0415
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.jobs import claim_in, expired, live_claims, pay_of  # noqa: PLC0415

    said = act.message
    if act.primary == "Appeal":
        _, job, _ = claim_in(system, said["claimId"])
        return (job.terms.arbiter_fee if job.terms.token == NATIVE else 0), ()
    if act.primary != "Claim":
        return 0, ()
    state = market_state(system, said["jobId"])
    job, now = state.jobs[said["jobId"]], system.now
    ended = [entry for entry in live_claims(state, job.job_id) if expired(entry, now)]
    wish = _wish(state, job, said["word"], said["mask"], [e for e in ended if e.annotator != act.signer])
    bond = pay_of(job, wish.word).bond * wish.mask.bit_count()
    return (bond if job.terms.token == NATIVE else 0), wish.ending
