"""Makes the summary of a story: plain data, as `schema.py` defines it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from scripts._demo import crowd_exhibit, exhibits, image_job, schema, text_job
from scripts._demo.cast import Actor
from scripts._demo.jobs import Job
from scripts._demo.ledger import NATIVE
from scripts._demo.lines import line_of, span
from scripts._demo.movements import Payment
from scripts._demo.reconcile import as_summary, flows
from scripts._demo.stage import Act, Event
from scripts._demo.story import Story
from scripts._demo.world import amount_text

ERRORS = {"miss": "misses a mark", "shift": "shifts a mark", "wrong_label": "labels a mark wrongly"}
WHYS = {
    "approve": "approved by the creator",
    "finalize": "nobody reviewed it in time",
    "decide": "the arbiter overturned the rejection",
}


def summarise(story: Story, run: schema.Run) -> dict[str, Any]:
    """The whole summary."""
    world, names = story.world, story.names
    jobs = [story.images.job, story.texts.job]
    moved = [m for m in flows(story.journal.movements) if m["sender"] != NATIVE]
    return {
        "title": "Winnow demo: from raw files to data sets that were sold",
        "subtitle": _subtitle(story),
        "run": run,
        "tokens": world.tokens,
        "actors": [schema.Actor(name=a.name, role=_role(a, story), address=a.address) for a in world.cast],
        "jobs": [_job(story, job) for job in jobs],
        "pictures": exhibits.pictures(story.images),
        "texts": exhibits.texts(story.texts),
        "consensus": crowd_exhibit.consensus(story.crowd, world),
        "payments": [_payment(story, payment) for payment in story.journal.payments],
        "datasets": [exhibits.dataset(story, listed, sold) for listed, sold in story.sales],
        "gas": _gas(world.stage.acts),
        "flows": moved,
        "reconciliation": as_summary(story.books, lambda address: names.get(address, address)),
    }


def _subtitle(story: Story) -> str:
    people = {story.names[p.account] for p in story.journal.payments}
    people |= {sitter.actor.name for sitter in story.crowd.sitters if crowd_exhibit.paid(story.crowd, sitter)}
    count = len(story.world.stage.acts)
    sent = f"{count:,} transactions on a local chain"
    return f"Three jobs, {len(people)} paid annotators and one buyer, in {sent}."


def _role(actor: Actor, story: Story) -> str:
    """What somebody does, with the rates at which he errs where he is simulated."""
    marks = image_job.SKILLS.get(actor.name, {})
    skill = {ERRORS[name]: rate for name, rate in marks.items() if name in ERRORS}
    if not story.script.texts.answers:
        skill["labels a text wrongly"] = text_job.SKILLS.get(actor.name, 0.0)
    said = ", ".join(f"{what} {rate * 100:g} %" for what, rate in skill.items() if rate)
    return f"{actor.role} ({said})" if said else actor.role


def _job(story: Story, job: Job) -> schema.Job:
    acts = [act for act in story.world.stage.acts if act.note.job == job.id]
    stats = _stats(story.journal.events, acts, job.id)
    return schema.Job(
        id=job.id,
        title=job.plan.title,
        kind=job.instructions.kind,
        tasks=job.terms.task_count,
        outcome=_outcome(job, stats),
        terms=_terms(story, job),
        stats=stats,
        timeline=[line_of(act, job.terms.token) for act in acts],
    )


def _stats(events: Iterable[Event], acts: Iterable[Act], job: int) -> schema.Stats:
    """How the tasks ended: each payment by the call that made it."""
    calls = {act.tx: act.note.act.rpartition(".")[2] for act in acts}
    kinds: dict[str, Literal["approved", "finalized", "overturned"]] = {
        "approve": "approved",
        "finalize": "finalized",
        "decide": "overturned",
    }
    count = schema.Stats(approved=0, finalized=0, overturned=0, reopened=0, refunded=0, expired=0)
    mine = [event for event in events if event.values.get("jobId") == job]
    for event in mine:
        if event.name == "RewardPaid":
            count[kinds[calls[event.tx]]] += int(event.values["mask"]).bit_count()
        elif event.name in ("JobClosing", "TasksRefunded"):
            count["refunded"] += int(event.values["tasks"])
    count["expired"] = _taken_over(mine)
    return count


def _taken_over(events: Iterable[Event]) -> int:
    """How many tasks expired and were claimed again."""
    words: dict[int, int] = {}
    expired: dict[int, int] = {}
    count = 0
    for values, name in ((event.values, event.name) for event in events):
        if name == "ClaimExpired":
            word = words[values["claimId"]]
            expired[word] = expired.get(word, 0) | values["mask"]
        elif name == "TasksClaimed":
            word = words[values["claimId"]] = values["word"]
            count += (expired.get(word, 0) & values["mask"]).bit_count()
            expired[word] = expired.get(word, 0) & ~values["mask"]
    return count


def _outcome(job: Job, stats: schema.Stats) -> str:
    told = []
    if stats["finalized"]:
        told.append(
            f"{job.creator.name} vanished: {stats['finalized']:,} tasks were paid as nobody reviewed them"
        )
    if stats["approved"]:
        told.append(f"{stats['approved']:,} tasks were paid by approval")
    if stats["overturned"]:
        told.append(f"{stats['overturned']:,} were paid because the arbiter overturned their rejection")
    if stats["refunded"]:
        told.append(f"{stats['refunded']:,} were never done, and their bounty went back")
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _terms(story: Story, job: Job) -> list[schema.Term]:
    terms, token = job.terms, job.terms.token
    named = {"Reward": f"{amount_text(terms.reward, token)} a task"}
    for name in ("claim", "review", "appeal", "decision"):
        if seconds := getattr(terms, f"{name}_window"):
            named[f"{name.capitalize()} window"] = span(seconds)
    if terms.arbiter == NATIVE:
        named["Arbiter"] = "none, so nothing can be rejected"
    else:
        fee = amount_text(terms.arbiter_fee, token)
        named["Arbiter"] = f"{story.names[terms.arbiter.lower()]}, {fee} a decision"
        named["Rejection fee"] = f"{terms.reject_fee_bps / 100:g} % of the reward"
    if terms.bond_bps:
        named["Claim bond"] = f"{amount_text(job.bond, token)} a task"
    named["Open tasks at once"] = f"{terms.max_open:,} for each annotator"
    if terms.multipliers:
        named["Difficulty"] = "words of 256 tasks count 1.00 or 1.25"
    named["Annotators' royalty"] = f"{terms.royalty_bps / 100:g} % of every sale"
    named["Protocol fee"] = "none" if not terms.fee_bps else f"{terms.fee_bps / 100:g} %"
    return [schema.Term(name=name, value=value) for name, value in named.items()]


def _payment(story: Story, payment: Payment) -> schema.Payment:
    acts = {act.tx: act for act in story.world.stage.acts}
    act = acts[payment.tx]
    why = WHYS[act.note.act.rpartition(".")[2]]
    if payment.compensation:
        why = "compensation: the creator's rejection fee"
    credited = {str(e.values["account"]).lower() for e in act.events if e.name == "Credited"}
    if payment.account in credited:
        why += "; the push failed, so it is a credit"
    return schema.Payment(
        job=payment.job,
        actor=story.names[payment.account],
        token=payment.token,
        amount=str(payment.amount),
        tasks=payment.tasks,
        why=why,
        tx=payment.tx,
    )


def _gas(acts: Iterable[Act]) -> list[schema.GasRow]:
    groups: dict[str, list[Act]] = {}
    for act in acts:
        groups.setdefault(act.note.act, []).append(act)
    return [_gas_row(name, group) for name, group in groups.items()]


def _gas_row(name: str, acts: list[Act]) -> schema.GasRow:
    gas, units = sum(act.gas for act in acts), sum(act.note.units for act in acts)
    hashes = [act.tx for act in acts]
    return schema.GasRow(name=name, gas=gas, units=units, per_unit=round(gas / units, 1), tx=hashes)
