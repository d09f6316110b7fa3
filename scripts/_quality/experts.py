"""What experts do: decide what is true of challenged and audited tasks, label what was left open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import table
from scripts._job.common import file_option, sign_only_option
from scripts._job.signed import sign_to_file
from scripts._quality.answers import answers_for, instructions_option, word_option
from scripts._quality.common import command, mask_of_bits, only_word, require_phase, sizes_of

Plan = tuple[int, int, bytes]
"""A word, some of its tasks, and their labels."""
EVENTS = {"Decide": "TruthDecided", "Resolve": "TasksResolved"}
HEADINGS = {"word": "Word", "tasks": "Tasks", "note": "", "fee": "Fee", "gas": "Gas", "tx": "Transaction"}
verdicts_option = file_option(
    "--verdicts",
    required=True,
    help="JSONL or CSV of task and label; for decide, null where there is no truth.",
)
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


def _expert_command(function: Callable[..., Any]) -> click.Command:
    """A command with what both of the experts' acts take."""
    for option in (sign_only_option, panel_data_option, experts_option, word_option, instructions_option,
                   verdicts_option, click.argument("job", type=int)):  # fmt: skip
        function = option(function)
    decorate: Callable[..., click.Command] = command()
    return decorate(function)


@_expert_command
def decide(system: Any, account: AccountAPI, as_json: bool, job: int, **options: Any) -> None:
    """As an expert, say what is true of challenged and audited tasks of JOB; you are paid at once."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415

    found, rows, plans = consensus_job(system, job), [], []
    for number, bits in _verdicts(system, found, options).items():
        word = found.words.get(number)
        before = word.truth.decided if word and word.truth else 0
        if mask_of_bits(bits) & ~before:
            require_phase(system, found, Phase.EXPERT)
        todo = _wanted(number, bits, before, undecided(word) if word else 0, rows, "decided already")
        if todo:
            plans.append((number, todo, _labels(found, number, bits, todo)))
    _carry_out(system, account, found, ("Decide", plans, rows), as_json, **options)


@_expert_command
def resolve(system: Any, account: AccountAPI, as_json: bool, job: int, **options: Any) -> None:
    """As an expert, label tasks of JOB for which no label was accepted; you are paid at once."""
    from offchain.consensus import WordState, answered  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415

    found, rows, plans = consensus_job(system, job), [], []
    for number, bits in _verdicts(system, found, options).items():
        word = found.words.get(number)
        if empty := [bit for bit, answer in bits.items() if answer is None]:
            raise click.ClickException(
                f"task {256 * number + empty[0]} has no label: leave it out of the file"
            )
        if word is None or word.state != WordState.SETTLED:
            raise click.ClickException(f"these tasks are not for experts yet: word {number} is not settled")
        labelled = answered(word.labels)
        todo = _wanted(number, bits, labelled, word.unresolved, rows, "labelled already")
        if todo:
            plans.append((number, todo, _labels(found, number, bits, todo)))
    if plans:
        require_resolving(system, found)
    _carry_out(system, account, found, ("Resolve", plans, rows), as_json, **options)


def expert_arguments(
    job: Any, primary: str, word: int, mask: int, verdicts: bytes, data: bytes
) -> tuple[Any, ...]:
    """A decision or a resolution as the market takes it, with what it keeps of the word now."""
    kept = job.words[word]
    if primary == "Resolve":
        return job.job_id, word, mask, verdicts, kept.labels, data
    asked = mask & ~kept.truth.challenged
    audited = [seat.sealed_struct() for seat in kept.revealed() if seat.audit and seat.mask & asked]
    return job.job_id, word, mask, verdicts, kept.truth.struct(), audited, data


def _carry_out(
    system: Any, account: AccountAPI, job: Any, what: tuple[str, list[Plan], list[Any]], as_json: bool, *,
    experts: Path | None, panel_data: str | None, sign_only: Path | None, **_: Any,
) -> None:  # fmt: skip
    """Send what is planned, one word after another, or sign it for somebody else to send."""
    from offchain.hashing import keccak256  # noqa: PLC0415
    from scripts._job.claims import hook_bytes  # noqa: PLC0415

    primary, plans, rows = what
    data = bytes(hook_bytes(account.address, experts, panel_data))
    if sign_only is not None and plans:
        ((word, mask, labels),) = only_word(plans)
        values = {"jobId": job.job_id, "word": word, "mask": mask, "verdictsHash": keccak256(labels)}
        handed = {"verdicts": labels, "panelData": data}
        sign_to_file(system, account, primary, values, sign_only, as_json, "LabelConsensus", handed)
        return
    for plan in plans:
        rows.append(_send(system, account, job, primary, plan, data))
    title = "Decided" if primary == "Decide" else "Labelled"
    table(rows, HEADINGS, title=f"{title} in job {job.job_id}", as_json=as_json)


def require_resolving(system: Any, job: Any) -> None:
    """ClickException, which says when it ended, once experts cannot label any more."""
    from offchain.indexer import resolves_until  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415

    if system.now > resolves_until(job):
        ended = when(resolves_until(job), system.now)
        raise click.ClickException(f"it is too late: experts of job {job.job_id} could label until {ended}")


def _verdicts(system: Any, job: Any, options: Mapping[str, Any]) -> Mapping[int, Mapping[int, int | None]]:
    return answers_for(system, job, options["verdicts"], options["instructions"], options["word"])


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


def _send(
    system: Any, account: AccountAPI, job: Any, primary: str, plan: Plan, data: bytes
) -> dict[str, Any]:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    (number, mask, _), act = plan, primary.lower()
    arguments = expert_arguments(job, primary, *plan, data)
    sent = send(system, act, getattr(consensus_of(system), act), *arguments, sender=account)
    fee = coin_of(system, job.terms.token).format(sent.one(EVENTS[primary])["fee"])
    return {"word": number, "tasks": show_mask(number, mask), "note": f"{act}d", "fee": fee, **sent.facts()}
