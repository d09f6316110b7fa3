"""Sending what others have signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._job.common import file_option, report
from scripts._quality.common import command, require_phase


@command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@file_option("--allowlist", help="For a seat in a job with an allow-list hook.")
@click.option("--hook-data", help="Bytes for the job's hook, as 0x….")
def relay(
    system: Any, account: AccountAPI, as_json: bool, file: Path, allowlist: Path | None, hook_data: str | None
) -> None:
    """Send what somebody signed with `--sign-only`: a seat, a challenge, a decision, a resolution, or a
    withdrawal. You pay the gas, and the bond of a challenge where it is in the native coin: from then on it
    is the signer's, and returns to him.
    """
    from scripts._chain.acts import read_act, refuse_used  # noqa: PLC0415
    from scripts._chain.acts import relay as send_act  # noqa: PLC0415
    from scripts._job.claims import hook_bytes  # noqa: PLC0415

    act = read_act(system, file)
    refuse_used(system, act)
    value, arguments = _call(system, act)
    data = hook_bytes(act.signer, allowlist, hook_data)
    sent = send_act(system, act, account, hook_data=data, value=value, arguments=arguments)
    report({"act": act.primary, "in_the_name_of": act.signer}, sent, title="Sent", as_json=as_json)


def _call(system: Any, act: Any) -> tuple[int, tuple[Any, ...] | None]:
    """The native coin that goes with an act, and what is handed over: gold, verdicts and seats as the market
    keeps them now. What the signer saw would be refused as soon as somebody else challenged or decided
    another task of the word.
    """
    from scripts._chain.consensus import consensus_job  # noqa: PLC0415

    if act.primary not in {"Challenge", "Decide", "Resolve"}:
        return 0, None
    job = consensus_job(system, act.message["jobId"])
    if act.primary == "Challenge":
        return _challenge(system, job, act)
    return 0, _judgement(system, job, act)


def _challenge(system: Any, job: Any, act: Any) -> tuple[int, tuple[Any, ...]]:
    from offchain.consensus import Phase  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, require_allowed  # noqa: PLC0415
    from scripts._quality.gold import bond_of, challenge_arguments  # noqa: PLC0415

    require_phase(system, job, Phase.CHALLENGE)
    word, mask = act.message["word"], act.message["mask"]
    arguments = challenge_arguments(job, word, mask, act.signer)
    _refuse_done(word, mask & job.words[word].truth.challenged, "challenged")
    bond = bond_of(job, mask)
    market = str(system.entry("LabelConsensus")["address"])
    require_allowed(system, job.terms.token, act.signer, market, bond)
    return (bond if job.terms.token == NATIVE else 0), arguments


def _judgement(system: Any, job: Any, act: Any) -> tuple[Any, ...]:
    """An expert's act. ClickException where the file is not whole, or the word has moved on."""
    from offchain.consensus import Phase  # noqa: PLC0415
    from offchain.hashing import keccak256  # noqa: PLC0415
    from scripts._quality.experts import expert_arguments, require_resolving, undecided  # noqa: PLC0415

    word, mask, handed = act.message["word"], act.message["mask"], act.handed
    if keccak256(handed.get("verdicts", b"")) != act.message["verdictsHash"] or "panelData" not in handed:
        raise click.ClickException("the file lacks the verdicts that were signed: sign them again")
    if act.primary == "Decide":
        require_phase(system, job, Phase.EXPERT)
        _refuse_done(word, mask & ~undecided(job.words[word]), "decided")
    else:
        require_resolving(system, job)
        _refuse_done(word, mask & ~job.words[word].unresolved, "labelled")
    return expert_arguments(job, act.primary, word, mask, handed["verdicts"], handed["panelData"])


def _refuse_done(word: int, done: int, what: str) -> None:
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    if done:
        raise click.ClickException(
            f"the tasks {show_mask(word, done)} were {what} by somebody else since this was signed: sign the "
            "others again"
        )
