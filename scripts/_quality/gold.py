"""Gold: opened by its creator, challenged by annotators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._job.common import file_option, sign_only_option
from scripts._job.signed import sign_to_file
from scripts._quality.common import QUALITY, by_word, command, mask_of_bits, only_word, require_phase

OPENINGS = 8
"""Words whose gold is opened in one transaction."""
HEADINGS = {"word": "Word", "tasks": "Tasks", "note": "", "gas": "Gas", "tx": "Transaction"}


@command()
@click.argument("job", type=int)
@file_option("--gold", "path", help="The file that `create` wrote, if it is elsewhere.")
def open_gold(system: Any, account: AccountAPI, as_json: bool, job: int, path: Path | None) -> None:
    """Open the gold of JOB in all words that have seats; it counts only if all of it is open."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job, consensus_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415

    found = consensus_job(system, job)
    shut = sorted(number for number, word in found.words.items() if word.truth is None)
    if not shut:
        said = "open already" if found.words else "there is nothing to open: nobody took a seat"
        facts({"job": job, "note": said}, title="Gold", as_json=as_json)
        return
    require_phase(system, found, Phase.GOLD)
    vault, root = Vault.of(system), found.terms.gold_root
    tree = vault.gold(root, path)
    if tree is None:
        raise click.ClickException(
            f"the gold of job {job} is not here: {path or vault.gold_file(root)} is missing. "
            f"`{QUALITY} create` wrote it where the job was opened; copy it, or pass it with --gold FILE"
        )
    rows = []
    for first in range(0, len(shut), OPENINGS):
        words = shut[first : first + OPENINGS]
        openings = [{"word": at, **vars(tree.words[at]), "proof": tree.proof(at)} for at in words]
        sent = send(system, "openGold", consensus_of(system).openGold, job, openings, sender=account)
        rows += [_opened(at, tree.words[at].mask, sent) for at in words]
    table(rows, HEADINGS, title=f"Gold of job {job}", as_json=as_json)


def _opened(word: int, mask: int, sent: Any) -> dict[str, Any]:
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    return {"word": word, "tasks": show_mask(word, mask), "note": "opened", **sent.facts()}


@command()
@click.argument("job", type=int)
@click.option("--tasks", required=True, help="Whose gold is false: 0-3,40.")
@sign_only_option
def challenge(
    system: Any, account: AccountAPI, as_json: bool, job: int, tasks: str, sign_only: Path | None
) -> None:
    """Say that the gold of some tasks of your seats is false, with a bond for each: experts decide.

    Of a challenge that is signed, the signer pays the bond where it is a token, which he has and lets the
    market take; where it is the native coin, whoever relays the challenge gives it to him. Either way it
    returns to the signer.
    """
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415
    from scripts._chain.tasks import parse_tasks  # noqa: PLC0415

    found = consensus_job(system, job)
    wanted = by_word(dict.fromkeys(parse_tasks(tasks)))
    rows, missing = [], []
    for word, bits in wanted.items():
        mask, kept = mask_of_bits(bits), found.words.get(word)
        before = (kept.truth.challenged if kept and kept.truth else 0) & mask
        if before:
            rows.append({"word": word, "tasks": _show(word, before), "note": "challenged already"})
        if mask & ~before:
            missing.append((word, mask & ~before))
    if missing:
        require_phase(system, found, Phase.CHALLENGE)
    checked = [(*each, challenge_arguments(found, *each, account.address)) for each in missing]
    if sign_only is not None and checked:
        ((word, mask, _),) = only_word(checked, "name tasks of one")
        values = {"jobId": job, "word": word, "mask": mask}
        sign_to_file(system, account, "Challenge", values, sign_only, as_json, "LabelConsensus")
        return
    rows += [_challenge(system, account, found, *each) for each in checked]
    table(rows, {**HEADINGS, "bond": "Bond"}, title=f"Challenges in job {job}", as_json=as_json)


def challenge_arguments(job: Any, word: int, mask: int, account: str) -> tuple[Any, ...]:
    """A challenge as the market takes it, with the account's revealed seat. ClickException that names what it
    cannot be about.
    """
    kept = job.words.get(word)
    mine = kept.seats.get(account) if kept else None
    if mine is None or not mine.revealed:
        raise click.ClickException(f"{account} has no revealed seat on word {word} of job {job.job_id}")
    if kept.truth is None:
        raise click.ClickException(f"the gold of job {job.job_id} is not open: there is nothing to challenge")
    if beyond := mask & ~(mine.mask & kept.truth.gold):
        raise click.ClickException(f"the tasks {_show(word, beyond)} are no gold of your seat: name others")
    return job.job_id, word, mask, mine.sealed_struct(), kept.truth.struct()


def bond_of(job: Any, mask: int) -> int:
    """What a challenge of these tasks takes, base units."""
    return int(mask.bit_count() * job.terms.challenge_bond)


def _challenge(
    system: Any, account: AccountAPI, job: Any, word: int, mask: int, arguments: tuple[Any, ...]
) -> dict[str, Any]:
    from scripts._chain.amounts import NATIVE, allow, coin_of  # noqa: PLC0415
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    market, terms = consensus_of(system), job.terms
    bond = bond_of(job, mask)
    allow(system, terms.token, str(market.address), bond, account)
    value = bond if terms.token == NATIVE else 0
    sent = send(system, "challenge", market.challenge, *arguments, sender=account, value=value)
    shown = {"word": word, "tasks": _show(word, mask), "bond": coin_of(system, terms.token).format(bond)}
    return {**shown, "index": sent.one("GoldChallenged")["index"], "note": "challenged", **sent.facts()}


def _show(word: int, mask: int) -> str:
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    return show_mask(word, mask)
