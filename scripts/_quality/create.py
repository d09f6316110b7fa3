"""Opening a consensus job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, note
from scripts._job.common import file_option, report
from scripts._quality.common import QUALITY, command

HELPS = {
    "token": "Payment token; without it the native coin.",
    "pay": "Highest pay per label, such as 0.01.",
    "tasks": "Number of tasks; counted from data and instructions if both are given.",
    "redundancy": "Annotators per task (3).",
    "classes": "Number of labels; of the instructions if they are given.",
    "min-seat": "Fewest tasks of a seat (256: a whole word).",
    "accept": "Share that the rule needs to accept a label (50%).",
    "noise": "A word of which less is accepted is not accepted at all (0).",
    "gold-share": "Gold promised in every word; what the file has in the poorest word if not said.",
    "audit": "Share of tasks that experts may audit, for a perfect reputation.",
    "max-audit": "The same for no reputation.",
    "slope": "How fast pay rises above chance (3).",
    "stake": "Stake per label; the least that makes noise lose where pay and stake are one token.",
    "max-stake": "Stake for no reputation, as a factor (1).",
    "seats": "Until when seats are taken: from now (2d) or an ISO date.",
    "reveal": "Length of the phase (1d); the same below.",
    "open-gold": "(1d)",
    "challenge": "(1d), with experts.",
    "decide": "(2d), with experts.",
    "score": "(1d)",
    "settle": "(2d)",
    "rule": "majority, weighted, expert, or an address.",
    "hook": "Address of an eligibility hook.",
    "expert": "Address that decides about challenges and audits, or of a contract that names experts.",
    "expert-fee": "Pay of experts per task.",
    "expert-budget": "Locked for them.",
    "challenge-bond": "Deposit per task whose gold is challenged.",
    "domain": "What reputation is kept of: a name, or 0x and 32 bytes.",
    "parent": "Number of a closed job whose unaccepted tasks this one labels anew.",
    "difficulty": "A factor per word of 256 tasks: 1,1.5,2.",
}


def terms_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Terms as options; each beats the file."""
    for name, text in reversed(HELPS.items()):
        function = click.option(f"--{name}", help=text)(function)
    files = {
        "experts": "Experts, one address a line.",
        "instructions": "Kind, labels and text, as JSON, TOML or YAML.",
        "data": "Source data: its 0G root and length.",
        "gold": "What you know: JSONL or CSV of task and label.",
    }
    for name, text in files.items():
        function = file_option(f"--{name}", help=text)(function)
    return function


@command()
@file_option("--terms", "path", help="Terms as JSON, TOML or YAML.")
@terms_options
@click.option("--again", is_flag=True, help="Open the job although one with these terms exists.")
def create(
    system: Any, account: AccountAPI, as_json: bool, path: Path | None, again: bool, **options: Any
) -> None:
    """Open a job and lock its money. Run again after an interruption, it finds the job that it opened.

    The gold, with the salts that hide it, is written to a file first: who loses it pays every seat in full.
    """
    from offchain.consensus import consensus_terms_hash  # noqa: PLC0415
    from scripts._chain.terms import read_terms  # noqa: PLC0415
    from scripts._quality.secrets import Vault  # noqa: PLC0415
    from scripts._quality.terms import DEFAULTS, PATHS  # noqa: PLC0415

    names = {key: str(value) for key, value in options.items() if value is not None}
    said = read_terms(path, names, DEFAULTS, PATHS)
    terms, known = _fixed_terms(system, account.address, said, again)
    secret = Vault.of(system).gold_file(terms.gold_root)
    if known:
        values = {"job": known, "gold_file": str(secret), "note": "open already"}
        facts(values, title="Job", as_json=as_json)
        return
    _keep_instructions(system, said)
    digest = consensus_terms_hash(account.address, terms)
    _open(system, account, terms, {"terms_hash": digest, "gold_file": str(secret)}, as_json)


def _fixed_terms(system: Any, creator: str, said: dict[str, Any], again: bool) -> tuple[Any, int | None]:
    """What an earlier run with the same input fixed, with the job that it opened; or terms fixed now, whose
    gold is on disk.
    """
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._quality.secrets import MARKET, Vault  # noqa: PLC0415
    from scripts._quality.terms import PATHS, resolve, terms_document, terms_from  # noqa: PLC0415

    content = [Path(said[key]).read_bytes().hex() for key in PATHS if said.get(key)]
    text = json.dumps([creator, said, content], sort_keys=True, default=str)
    work, name = Work.of(system, MARKET), f"drafts/{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
    vault, market = Vault.of(system), consensus_of(system)
    kept = None if again else work.read(name)
    if kept is not None:
        terms = terms_from(json.loads(kept))
        if known := _open_already(system, terms, creator):
            return terms, known
        fresh = terms.seats_until > system.now + 60 and terms.fee_bps == market.feeBps()
        if fresh and vault.gold(terms.gold_root) is not None:
            return terms, None
    terms, gold = resolve(said, system, market, lambda fixed: _tasks_of(system, fixed))
    _warn(gold)
    vault.keep_gold(gold)
    work.write(name, terms_document(terms))
    return terms, None


def _tasks_of(system: Any, terms: Any) -> tuple[int, ...]:
    """The masks of the words: with a parent, what that left unresolved."""
    from offchain.reference.consensus.records import all_tasks  # noqa: PLC0415
    from scripts._chain.consensus import consensus_job, consensus_state  # noqa: PLC0415

    if not terms.parent:
        return all_tasks(terms)
    consensus_job(system, terms.parent)  # says so where there is none
    return consensus_state(system, terms.parent).tasks_of(terms)


def _warn(gold: Any) -> None:
    """What the creator should know before it costs him."""
    classes = {label for word in gold.words.values() for label in word.labels if label}
    if len(classes) == 1:
        note("All gold is of one class, which measures nobody: with it alone every seat is paid in full")


def _open_already(system: Any, terms: Any, creator: str) -> int | None:
    """The latest job that this creator opened with these terms."""
    from offchain.consensus import consensus_terms_hash  # noqa: PLC0415
    from scripts._chain.events import event_of, read_events, topic  # noqa: PLC0415

    digest = consensus_terms_hash(creator, terms)
    filters = (None, None, topic(creator), "0x" + digest.hex())
    found = event_of(read_events(system, "LabelConsensus", filters), "JobOpened")
    return int(found[-1].args["jobId"]) if found else None


def _keep_instructions(system: Any, said: dict[str, Any]) -> None:
    """They stay at hand: files of labels use their names."""
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._chain.results import instructions_name  # noqa: PLC0415
    from scripts._chain.terms import read_instructions  # noqa: PLC0415
    from scripts._quality.secrets import MARKET  # noqa: PLC0415

    if said.get("instructions"):
        told = read_instructions(Path(said["instructions"]))
        Work.of(system, MARKET).write(instructions_name(told.hash), told.to_bytes())


def _open(system: Any, account: AccountAPI, terms: Any, shown: dict[str, Any], as_json: bool) -> None:
    from offchain.reference.consensus.records import bounty_of  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, allow, coin_of  # noqa: PLC0415
    from scripts._chain.consensus import consensus_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    market = consensus_of(system)
    tasks = _tasks_of(system, terms)
    funds = bounty_of(terms, tasks) + terms.expert_budget
    allow(system, terms.token, str(market.address), funds, account)
    arguments = (terms.struct(), list(terms.word_classes))
    value = funds if terms.token == NATIVE else 0
    sent = send(system, "createJob", market.createJob, *arguments, sender=account, value=value)
    opened = sent.one("JobOpened")
    values = {
        "job": opened["jobId"],
        **shown,
        "tasks": sum(mask.bit_count() for mask in tasks),
        "locked": coin_of(system, terms.token).format(opened["funded"]),
        "seats_until": terms.seats_until,
    }
    note(f"Keep {shown['gold_file']}: without it `{QUALITY} open-gold` cannot open your gold")
    report(values, sent, title="Job opened", as_json=as_json)
