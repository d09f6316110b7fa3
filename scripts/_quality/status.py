"""Where consensus jobs stand: phases, words, seats, and what may be done next by whom and until when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._job.common import sign_only_option
from scripts._quality.common import QUALITY, command, window

JOB_HEADINGS = {"job": "Job", "state": "State", "phase": "Phase", "until": "Until", "tasks": "Tasks",
                "layers": "Layers", "words": "Words", "pay": "Pay", "creator": "Creator"}  # fmt: skip
WORD_HEADINGS = {"word": "Word", "tasks": "Tasks", "state": "State", "seats": "Seats", "revealed": "Revealed",
                 "gold": "Gold", "challenges": "Open challenges", "known": "Known", "accepted": "Accepted",
                 "unresolved": "Unresolved", "free": "Free labels"}  # fmt: skip
SEAT_HEADINGS = {"word": "Word", "layer": "Layer", "annotator": "Annotator", "tasks": "Tasks",
                 "state": "State", "stake": "Stake", "paid": "Paid", "slashed": "Slashed"}  # fmt: skip
NEXT_HEADINGS = {"who": "Who", "command": "Command", "about": "About", "until": "Until"}


@command(signs=False)
@click.argument("job", type=int, required=False)
@click.option("--of", "who", help="Only seats of this address.")
def status(system: Any, account: AccountAPI | None, as_json: bool, job: int | None, who: str | None) -> None:
    """Show JOB with its words, its seats and what may be done next, or all jobs and your credit."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415

    only = checksum_address(address_bytes(who)) if who else None
    if job is None:
        _all_jobs(system, only or (str(account.address) if account else None), as_json)
    else:
        _one_job(system, consensus_job(system, job), only, as_json)


def _all_jobs(system: Any, who: str | None, as_json: bool) -> None:
    from scripts._chain.consensus import consensus_state  # noqa: PLC0415

    state, now = consensus_state(system), system.now
    rows = [_job_row(system, job, now) for job in state.jobs.values()]
    owed = [
        {"token": token, "amount": str(amount)}
        for (token, holder), amount in state.credits.items()
        if holder == who and amount
    ]
    if as_json:
        facts({"jobs": rows, "credits": owed, "paused": state.paused}, as_json=True)
        return
    table(rows, JOB_HEADINGS, title=f"Consensus jobs on {system.network.name}")
    if owed:
        headings = {"token": "Token", "amount": "Base units"}
        table(owed, headings, title=f"Your credit: `{QUALITY} withdraw`")


def _job_row(system: Any, job: Any, now: int) -> dict[str, Any]:
    from offchain.consensus import ConsensusState  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, when  # noqa: PLC0415

    name, until = phase_name(job, now)
    is_open = job.state == ConsensusState.OPEN
    return {
        "job": job.job_id,
        "state": job.state.name.capitalize(),
        "phase": name if is_open else "-",
        "until": when(until, now) if is_open else "-",
        "tasks": sum(mask.bit_count() for mask in job.tasks),
        "layers": job.terms.redundancy,
        "words": len(job.tasks),
        "pay": coin_of(system, job.terms.token).format(job.terms.pay),
        "creator": job.creator,
    }


def phase_name(job: Any, now: int) -> tuple[str, int]:
    """The present phase in a word, and its last second; 0 after the last."""
    from offchain.indexer import phase_of  # noqa: PLC0415
    from scripts._quality.common import TITLES  # noqa: PLC0415

    if now <= job.terms.seats_until:
        return "seats", job.terms.seats_until
    phase = phase_of(job, now)
    return ("over", 0) if phase is None else (TITLES[phase.name.lower()], window(job, phase)[1])


def _one_job(system: Any, job: Any, only: str | None, as_json: bool) -> None:
    from scripts._chain.amounts import when  # noqa: PLC0415

    now = system.now
    about = {**_job_row(system, job, now), **_more(system, job)}
    words = [_word_row(job, number) for number in range(len(job.tasks)) if job.tasks[number]]
    seats = list(_seat_rows(system, job, only))
    nexts = list(next_steps(job, now))
    phases = _phases(job)
    if as_json:
        facts({**about, "phases": phases, "word_rows": words, "seats": seats, "next": nexts}, as_json=True)
        return
    facts(about, title=f"Consensus job {job.job_id}")
    spans = [{"phase": name, "until": when(until, now)} for name, until in phases.items()]
    table(spans, {"phase": "Phase", "until": "Until"}, title="Phases")
    table(words, WORD_HEADINGS, title="Words")
    if seats:
        table(seats, SEAT_HEADINGS, title="Seats")
    if nexts:
        rows = [{**row, "until": when(row["until"], now)} for row in nexts]
        table(rows, NEXT_HEADINGS, title="What may be done now")


def _phases(job: Any) -> dict[str, int]:
    """The last seconds of the phases that there are."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._quality.common import TITLES  # noqa: PLC0415

    spans = {"seats": job.terms.seats_until}
    for phase in Phase:
        opens, closes = window(job, phase)
        if closes > opens:
            spans[TITLES[phase.name.lower()]] = closes
    return spans


def _more(system: Any, job: Any) -> dict[str, Any]:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415

    terms, coin = job.terms, coin_of(system, job.terms.token)
    stake = coin_of(system, str(system.contract("Staking").stakeToken()))
    return {
        "classes": terms.classes,
        "stake": stake.format(terms.stake),
        "min_seat": terms.min_seat,
        "gold_bps": terms.gold_bps,
        "audit_bps": terms.audit_bps,
        "fee_bps": terms.fee_bps,
        "rule": terms.rule,
        "hook": terms.hook,
        "panel": terms.panel_kind.name.lower(),
        "expert_fee": coin.format(terms.expert_fee),
        "challenge_bond": coin.format(terms.challenge_bond),
        "parent": terms.parent,
        "funded": coin.format(job.funded),
        "refunded": coin.format(job.refunded),
        "data_root": terms.data_root,
        "data_length": terms.data_length,
        "instructions_hash": terms.instructions_hash,
        "terms_hash": job.terms_hash,
    }


def _word_row(job: Any, number: int) -> dict[str, Any]:
    from offchain.consensus import answered  # noqa: PLC0415
    from offchain.indexer import IndexedWord  # noqa: PLC0415

    word = job.words.get(number, IndexedWord())
    free = [job.free_tasks(number, layer).bit_count() for layer in range(job.terms.redundancy)]
    return {
        "word": number,
        "tasks": job.tasks[number].bit_count(),
        "state": word.state.name.capitalize(),
        "seats": len(word.seats),
        "revealed": len(word.revealed()),
        "gold": word.truth.gold.bit_count() if word.truth else None,
        "challenges": sum(1 for _ in word.open_challenges()),
        "known": len(word.truth.known()) if word.truth else None,
        "accepted": answered(word.labels).bit_count(),
        "unresolved": word.unresolved.bit_count(),
        "free": sum(free),
    }


def _seat_rows(system: Any, job: Any, only: str | None) -> Iterator[dict[str, Any]]:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    coin = coin_of(system, job.terms.token)
    stake = coin_of(system, str(system.contract("Staking").stakeToken()))
    for number, word in sorted(job.words.items()):
        for seat in word.seats.values():
            if only not in {None, seat.annotator}:
                continue
            state = "revealed" if seat.revealed else "seated"
            paid, slashed = word.outcomes.get(seat.annotator, (None, None))
            yield {
                "word": number,
                "layer": seat.layer,
                "annotator": seat.annotator,
                "tasks": show_mask(number, seat.mask),
                "state": f"{state}, done" if seat.done else state,
                "stake": stake.format(seat.stake),
                "paid": None if paid is None else coin.format(paid),
                "slashed": None if slashed is None else stake.format(slashed),
            }


def next_steps(job: Any, now: int) -> Iterator[dict[str, Any]]:
    """Rows: who may use which command about what, and the last second for it (0 without an end)."""
    from offchain.consensus import ConsensusState, Phase  # noqa: PLC0415
    from offchain.indexer import consensus_duties, phase_of  # noqa: PLC0415
    from scripts._quality.duties import COMMANDS  # noqa: PLC0415

    for duty in consensus_duties(job, now):
        until = window(job, Phase.SCORE if duty.act.startswith("score") else Phase.SETTLE)[1]
        ends = until if duty.act in {"score", "scoreAndSettle", "settle"} else 0
        yield _step("anyone", f"{COMMANDS[duty.act]} {job.job_id}", duty.about, ends)
    if job.state != ConsensusState.OPEN:
        return
    phase, number = phase_of(job, now), job.job_id
    if now <= job.terms.seats_until and (
        free := sum(_word_row(job, at)["free"] for at in range(len(job.tasks)))
    ):
        yield _step("annotators", f"seat {number} --labels FILE", f"{free} labels", job.terms.seats_until)
    if phase == Phase.REVEAL and (shut := _count(job, lambda word: len(word.live()) - len(word.revealed()))):
        yield _step("annotators", f"reveal {number}", f"{shut} seats", window(job, phase)[1])
    if phase == Phase.GOLD and (shut := _count(job, lambda word: word.truth is None)):
        yield _step("the creator", f"open-gold {number}", f"{shut} words", window(job, phase)[1])
    if phase == Phase.CHALLENGE and job.is_opened:
        yield _step("annotators", f"challenge {number} --tasks …", "false gold", window(job, phase)[1])
    yield from _for_experts(job, now, phase)


def _for_experts(job: Any, now: int, phase: Any) -> Iterator[dict[str, Any]]:
    from offchain.consensus import PanelKind, Phase  # noqa: PLC0415
    from offchain.indexer import resolves_until  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._quality.experts import undecided  # noqa: PLC0415

    if phase == Phase.EXPERT and job.is_opened:
        for at, word in sorted(job.words.items()):
            if mask := undecided(word):
                command_line = f"decide {job.job_id} --verdicts FILE"
                yield _step("experts", command_line, f"tasks {show_mask(at, mask)}", window(job, phase)[1])
    if job.terms.panel_kind == PanelKind.NONE or now > resolves_until(job):
        return
    for at, word in sorted(job.words.items()):
        if word.unresolved:
            about = f"tasks {show_mask(at, word.unresolved)}"
            yield _step("experts", f"resolve {job.job_id} --verdicts FILE", about, resolves_until(job))


def _step(who: str, what: str, about: str, until: int) -> dict[str, Any]:
    return {"who": who, "command": f"{QUALITY} {what}", "about": about, "until": until}


def _count(job: Any, of: Any) -> int:
    return sum(int(of(word)) for word in job.words.values())


@command()
@click.option("--token", help="Address of the token; without it the native coin.")
@click.option("--to", help="Where it goes; without it to yourself.")
@click.option("--amount", help="Such as 0.25; without it everything.")
@sign_only_option
def withdraw(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    token: str | None,
    to: str | None,
    amount: str | None,
    sign_only: Path | None,
) -> None:
    """Take out a credit: what could not be paid to you at once."""
    from scripts._job.settle import take_credit  # noqa: PLC0415

    take_credit(system, account, as_json, "LabelConsensus", token, to, amount, sign_only)
