"""Opening a job, the arbiter's acceptance, and closing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, note
from scripts._job.common import JOB, command, file_option, report

ZERO = "0x" + "0" * 40
ACCEPTANCE = "winnow_acceptance"


def terms_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Terms as options; each beats the file."""
    helps = {
        "token": "Payment token; without it the native coin.",
        "reward": "Pay per task, such as 0.01.",
        "tasks": "Number of tasks; counted from data and instructions if both are given.",
        "claim-window": "Such as 30m.",
        "review-window": "Such as 3d.",
        "appeal-window": "Such as 2d; only with an arbiter.",
        "decision-window": "Such as 5d; only with an arbiter.",
        "deadline": "From now (30d) or an ISO date.",
        "max-open": "Most tasks that one annotator may hold.",
        "bond": "Claim bond per task, share of the reward (5%).",
        "reject-fee": "What a rejection costs the creator (10%).",
        "royalty": "Annotators' share of later sales (20%).",
        "arbiter": "Address that decides appeals; without it nothing can be rejected.",
        "arbiter-fee": "The arbiter's pay, such as 0.05.",
        "hook": "Address of an eligibility hook.",
        "difficulty": "A factor per word of 256 tasks: 1,1.5,2.",
    }
    for name, text in reversed(helps.items()):
        function = click.option(f"--{name}", help=text)(function)
    return file_option("--data", help="Source data: its 0G root and length.")(
        file_option("--instructions", help="Kind, labels and text, as JSON, TOML or YAML.")(function)
    )


@command()
@file_option("--terms", "path", help="Terms as JSON, TOML or YAML, or a draft.")
@terms_options
@file_option("--acceptance", help="The arbiter's signature, from `job accept`.")
@click.option("--arbiter-account", help="Alias of the arbiter's account, if it is here: it signs at once.")
@click.option(
    "--draft", type=click.Path(path_type=Path, dir_okay=False), help="Only write the fixed terms here."
)
@click.option("--again", is_flag=True, help="Open the job although one with these terms exists.")
def create(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    path: Path | None,
    acceptance: Path | None,
    arbiter_account: str | None,
    draft: Path | None,
    again: bool,
    **options: Any,
) -> None:
    """Open a job and lock its bounty. Run again after an interruption, it finds the job that it opened.

    With an arbiter: `--draft FILE` first, `job accept FILE` by the arbiter, then `--terms FILE
    --acceptance …`.
    """
    from offchain.signing import terms_hash  # noqa: PLC0415
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._chain.terms import draft_of, refuse_sink  # noqa: PLC0415

    refuse_sink(system, account.address)
    terms = _fixed_terms(system, account.address, path, options, again or draft is not None)
    digest = terms_hash(terms)
    document = draft_of(terms, system)
    if draft is not None:
        draft.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        next_step = f"{JOB} accept {draft}" if terms.arbiter != ZERO else f"{JOB} create --terms {draft}"
        facts({"draft": str(draft), "terms_hash": digest, "next": next_step}, title="Draft", as_json=as_json)
        return
    known = _open_already(system, digest, account.address)
    if known and not again:
        facts({"job": known, "terms_hash": digest, "note": "open already"}, title="Job", as_json=as_json)
        return
    _keep_content(system, options)
    consent = _consent(system, terms, digest, acceptance, arbiter_account)
    Work.of(system).write(f"terms/0x{digest.hex()}.json", document)
    _open(system, account, terms, consent, as_json)


def _open(system: Any, account: AccountAPI, terms: Any, consent: tuple[int, bytes], as_json: bool) -> None:
    from offchain.reference.records import bounty  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, allow, coin_of  # noqa: PLC0415
    from scripts._chain.terms import terms_tuple  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    funds = bounty(terms)
    allow(system, terms.token, system.market.address, funds, account)
    arguments = (terms_tuple(terms), list(terms.word_classes), *consent)
    value = funds if terms.token == NATIVE else 0
    sent = send(system, "createJob", system.market.createJob, *arguments, sender=account, value=value)
    opened = sent.one("JobCreated")
    values = {
        "job": opened["jobId"],
        "terms_hash": opened["termsHash"],
        "tasks": terms.task_count,
        "locked": coin_of(system, terms.token).format(opened["funded"]),
    }
    report(values, sent, title="Job opened", as_json=as_json)


def _fixed_terms(system: Any, creator: str, path: Path | None, options: dict[str, Any], fresh: bool) -> Any:
    """From a draft; from what an earlier run with the same input fixed; or fixed now."""
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._chain.terms import draft_of, is_draft, read_document, read_terms, resolve, terms_of_draft  # noqa: PLC0415

    if is_draft(path) and path is not None:
        terms = terms_of_draft(read_document(path), system)
        if terms.creator != creator:
            raise click.ClickException(f"the draft's creator is {terms.creator}: sign with that account")
        return terms
    names = {key: str(value) for key, value in options.items() if value is not None}
    said = read_terms(path, names)
    content = [Path(said[key]).read_bytes().hex() for key in ("data", "instructions") if said.get(key)]
    text = json.dumps([creator, said, content], sort_keys=True, default=str)
    work, name = Work.of(system), f"drafts/{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
    kept = None if fresh else work.read(name)
    if kept is not None:
        terms = terms_of_draft(json.loads(kept), system)
        if terms.deadline > system.now + terms.claim_window and terms.fee_bps == system.market.feeBps():
            return terms
    terms = resolve(said, system, creator)
    work.write(name, draft_of(terms, system))
    return terms


def _open_already(system: Any, digest: bytes, creator: str) -> int | None:
    """The latest job that this creator opened with these terms."""
    from scripts._chain.events import event_of, read_events, topic  # noqa: PLC0415

    filters = (None, None, topic(creator), "0x" + digest.hex())
    found = event_of(read_events(system, "AnnotationMarket", filters), "JobCreated")
    return int(found[-1].args["jobId"]) if found else None


def _keep_content(system: Any, options: dict[str, Any]) -> None:
    """Source and instructions stay at hand for review and export."""
    from offchain.storage import LocalStore  # noqa: PLC0415
    from scripts._chain.places import Work, output_folder  # noqa: PLC0415
    from scripts._chain.results import instructions_name  # noqa: PLC0415
    from scripts._chain.terms import read_instructions  # noqa: PLC0415

    if options.get("data"):
        LocalStore(output_folder() / "store").put(options["data"])
    if options.get("instructions"):
        told = read_instructions(options["instructions"])
        Work.of(system).write(instructions_name(told.hash), told.to_bytes())


def _consent(
    system: Any, terms: Any, digest: bytes, acceptance: Path | None, alias: str | None
) -> tuple[int, bytes]:
    if terms.arbiter == ZERO:
        return 0, b""
    if acceptance is not None:
        value = json.loads(acceptance.read_text(encoding="utf-8"))
        if value.get("terms_hash") != "0x" + digest.hex():
            raise click.ClickException(
                f"{acceptance} accepts other terms: make a --draft, have it accepted, and pass the same "
                f"draft as --terms"
            )
        return int(value["deadline"]), bytes.fromhex(value["signature"][2:])
    if alias is not None:
        deadline = system.now + 3_600
        return deadline, _accept(system, account_by(alias, system), terms, digest, deadline)
    raise click.ClickException(
        f"the arbiter {terms.arbiter} has to agree: write a --draft, let the arbiter run `{JOB} accept "
        f"FILE`, then pass "
        "--acceptance (or --arbiter-account, if that account is here)"
    )


def account_by(alias: str, system: Any) -> AccountAPI:
    """An account of this machine by its alias, or TEST::n; checked like the one that pays."""
    from ape import accounts  # noqa: PLC0415

    from scripts._cli import checked_account  # noqa: PLC0415

    if alias.startswith("TEST::"):
        return checked_account(accounts.test_accounts[int(alias.removeprefix("TEST::"))], system.provider)
    if alias not in list(accounts.aliases):
        raise click.ClickException(f"there is no account {alias!r}: `ape accounts list` shows yours")
    return checked_account(accounts.load(alias), system.provider)


def _accept(system: Any, arbiter: AccountAPI, terms: Any, digest: bytes, deadline: int) -> bytes:
    from scripts._chain.acts import sign_struct  # noqa: PLC0415

    if arbiter.address != terms.arbiter:
        raise click.ClickException(f"the terms' arbiter is {terms.arbiter}, not {arbiter.address}")
    message = {"termsHash": digest, "arbiter": arbiter.address, "deadline": deadline}
    return sign_struct(system, arbiter, "ArbiterAcceptance", message)


@command()
@click.argument("draft", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--valid", default="7d", show_default=True, help="How long the creator may use it.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: beside the draft.")
def accept(
    system: Any, account: AccountAPI, as_json: bool, draft: Path, valid: str, out: Path | None
) -> None:
    """As the arbiter, agree to the terms of DRAFT: look at them, they are printed."""
    from offchain.signing import terms_hash  # noqa: PLC0415
    from scripts._chain.amounts import parse_seconds  # noqa: PLC0415
    from scripts._chain.terms import read_document, terms_of_draft  # noqa: PLC0415

    terms = terms_of_draft(read_document(draft), system)
    digest, deadline = terms_hash(terms), system.now + parse_seconds(valid)
    signature = _accept(system, account, terms, digest, deadline)
    target = out or draft.with_suffix(".acceptance.json")
    value = {
        ACCEPTANCE: 1,
        "terms_hash": "0x" + digest.hex(),
        "arbiter": account.address,
        "deadline": deadline,
        "signature": "0x" + signature.hex(),
    }
    target.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    if not as_json:
        facts({name: str(item) for name, item in terms.message().items()}, title="Accepted terms")
    facts({"acceptance": str(target), **value}, as_json=as_json)


@command()
@click.argument("job", type=int)
def close(system: Any, account: AccountAPI, as_json: bool, job: int) -> None:
    """Stop new claims and take the funds of open tasks back; what is taken runs its course."""
    from offchain.states import JobState  # noqa: PLC0415
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.jobs import JOB_NAMES  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    found = market_state(system, job).jobs[job]
    if found.state != JobState.OPEN:
        facts(
            {"job": job, "state": JOB_NAMES[found.state], "note": "closed already"},
            title="Job",
            as_json=as_json,
        )
        return
    sent = send(system, "close", system.market.close, job, sender=account)
    closing = sent.one("JobClosing")
    state = "Closed" if any(event.name == "JobClosed" for event in sent.events) else "Closing"
    values = {
        "job": job,
        "state": state,
        "tasks_refunded": closing["tasks"],
        "refunded": coin_of(system, found.terms.token).format(closing["refunded"]),
    }
    if state == "Closing":
        note(f"Some tasks are still under way: `{JOB} status {job}` shows them")
    report(values, sent, title="Job closing", as_json=as_json)
