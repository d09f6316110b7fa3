"""What experts do: decide what is true of challenged and audited tasks, label what was left open."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import table
from scripts._job.common import file_option
from scripts._quality.answers import instructions_option
from scripts._quality.common import by_word, command, mask_of_bits, require_phase, sizes_of

HEADINGS = {"word": "Word", "tasks": "Tasks", "note": "", "fee": "Fee", "gas": "Gas", "tx": "Transaction"}
experts_option = file_option(
    "--experts", help="The panel's list, one address a line: proves that you are on it."
)
panel_data_option = click.option("--panel-data", help="Bytes for the job's panel contract, as 0x….")


def drawn(word: Any) -> int:
    """The tasks of a word that are drawn for an audit; none before its gold is open."""
    from offchain.consensus import audit_mask, audit_seed  # noqa: PLC0415

    if word.truth is None:
        return 0
    seed, found = audit_seed(word.truth.salt, [seat.salt for seat in word.revealed()]), 0
    for seat in word.revealed():
        found |= audit_mask(seed, seat.annotator, seat.mask, seat.audit)
    return found


def undecided(word: Any) -> int:
    """What experts may decide: gold that is challenged, and drawn tasks that are no gold."""
    if word.truth is None:
        return 0
    return (word.truth.challenged | drawn(word) & ~word.truth.gold) & ~word.truth.decided


@command()
@click.argument("job", type=int)
@file_option(
    "--verdicts", required=True, help="JSONL or CSV of task and label; null where there is no truth."
)
@instructions_option
@experts_option
@panel_data_option
def decide(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    job: int,
    verdicts: Path,
    instructions: Path | None,
    experts: Path | None,
    panel_data: str | None,
) -> None:
    """As an expert, say what is true of challenged and audited tasks of JOB; you are paid at once."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job, consensus_of  # noqa: PLC0415

    found = consensus_job(system, job)
    answers, data = (
        _verdicts(system, found, verdicts, instructions),
        _panel_data(account, experts, panel_data),
    )
    plans, rows = [], []
    for number, bits in answers.items():
        word = found.words.get(number)
        before = word.truth.decided if word and word.truth else 0
        todo = _wanted(number, bits, before, undecided(word) if word else 0, rows, "decided already")
        if todo:
            plans.append((number, todo))
    if plans:
        require_phase(system, found, Phase.EXPERT)
    for number, mask in plans:
        word = found.words[number]
        labels = _labels(found, number, answers[number], mask)
        asked = mask & ~word.truth.challenged
        audited = [seat.sealed_struct() for seat in word.revealed() if seat.audit and seat.mask & asked]
        arguments = (job, number, mask, labels, word.truth.struct(), audited, data)
        method = consensus_of(system).decide
        rows.append(
            _send(system, account, found, number, mask, ("decide", method, arguments, "TruthDecided"))
        )
    table(rows, HEADINGS, title=f"Decided in job {job}", as_json=as_json)


@command()
@click.argument("job", type=int)
@file_option("--verdicts", required=True, help="JSONL or CSV of task and label.")
@instructions_option
@experts_option
@panel_data_option
def resolve(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    job: int,
    verdicts: Path,
    instructions: Path | None,
    experts: Path | None,
    panel_data: str | None,
) -> None:
    """As an expert, label tasks of JOB for which no label was accepted; you are paid at once."""
    from offchain.consensus import answered  # noqa: PLC0415
    from offchain.indexer import resolves_until  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job, consensus_of  # noqa: PLC0415

    found = consensus_job(system, job)
    answers, data = (
        _verdicts(system, found, verdicts, instructions),
        _panel_data(account, experts, panel_data),
    )
    rows: list[dict[str, Any]] = []
    for number, bits in answers.items():
        word = found.words.get(number)
        if empty := [bit for bit, answer in bits.items() if answer is None]:
            raise click.ClickException(
                f"task {256 * number + empty[0]} has no label: leave it out of the file"
            )
        labelled = answered(word.labels) if word else 0
        todo = _wanted(number, bits, labelled, word.unresolved if word else 0, rows, "labelled already")
        if not todo:
            continue
        if system.now > resolves_until(found):
            ended = when(resolves_until(found), system.now)
            raise click.ClickException(f"it is too late: experts of job {job} could label until {ended}")
        labels = _labels(found, number, bits, todo)
        arguments = (job, number, todo, labels, word.labels, data)
        method = consensus_of(system).resolve
        rows.append(
            _send(system, account, found, number, todo, ("resolve", method, arguments, "TasksResolved"))
        )
    table(rows, HEADINGS, title=f"Labelled in job {job}", as_json=as_json)


def _verdicts(
    system: Any, job: Any, path: Path, instructions: Path | None
) -> Mapping[int, Mapping[int, int | None]]:
    from scripts._quality.answers import names_of, read_answers  # noqa: PLC0415

    terms = job.terms
    return by_word(read_answers(path, names_of(system, terms, instructions), terms.classes, terms.task_count))


def _wanted(
    number: int,
    bits: Mapping[int, int | None],
    before: int,
    allowed: int,
    rows: list[dict[str, Any]],
    said: str,
) -> int:
    """The tasks that are still to be done. ClickException that names those that are nobody's to do."""
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    mask = mask_of_bits(bits)
    if done := mask & before:
        rows.append({"word": number, "tasks": show_mask(number, done), "note": said})
    if beyond := mask & ~before & ~allowed:
        raise click.ClickException(
            f"the tasks {show_mask(number, beyond)} are not for experts; of word {number} these are: "
            f"{show_mask(number, allowed) or 'none'}"
        )
    return mask & ~before


def _labels(job: Any, number: int, bits: Mapping[int, int | None], mask: int) -> bytes:
    from offchain.consensus import encode_labels  # noqa: PLC0415

    wanted = {bit: answer for bit, answer in bits.items() if mask >> bit & 1}
    return encode_labels(wanted, sizes_of(job.terms.task_count)[number], job.terms.classes)


def _panel_data(account: AccountAPI, experts: Path | None, given: str | None) -> bytes:
    """What the panel wants: nothing, the proof of a list, or bytes for a contract."""
    from scripts._job.claims import hook_bytes  # noqa: PLC0415

    return bytes(hook_bytes(account.address, experts, given))


def _send(
    system: Any, account: AccountAPI, job: Any, number: int, mask: int, call: tuple[str, Any, Any, str]
) -> dict[str, Any]:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    act, method, arguments, event = call
    sent = send(system, act, method, *arguments, sender=account)
    fee = coin_of(system, job.terms.token).format(sent.one(event)["fee"])
    return {"word": number, "tasks": show_mask(number, mask), "note": f"{act}d", "fee": fee, **sent.facts()}
