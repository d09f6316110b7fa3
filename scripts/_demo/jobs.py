"""A job from its plan to its last payment: each function is one act of one party on the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from offchain.annotations import Instructions, LabelSet
from offchain.hashing import masks_of, tasks_of
from offchain.packaging import build_batch, image_source, text_source
from offchain.signing import terms_hash, typed_data
from offchain.terms import JobTerms, difficulty
from scripts._chain.terms import terms_tuple
from scripts._demo.cast import Actor
from scripts._demo.chance import secret
from scripts._demo.items import Picture, Text
from scripts._demo.ledger import NATIVE
from scripts._demo.results import item_of
from scripts._demo.stage import Act, Note, Tone
from scripts._demo.world import World

HARD = 12_500  # basis points that a word of 256 hard tasks counts; the others count 10_000


@dataclass(frozen=True)
class Plan:
    """What a creator wants: the tasks, what annotators are told, and the terms but for what follows from
    these.
    """

    title: str
    creator: Actor
    tasks: Sequence[Picture] | Sequence[Text]
    labels: Sequence[str]
    instructions: str
    terms: Mapping[str, Any]
    efforts: Sequence[float]  # how much work each task is, for the difficulty of its word


@dataclass(frozen=True)
class Job:
    """A job that is posted."""

    id: int
    plan: Plan
    terms: Any = field(repr=False)
    instructions: Any = field(repr=False)
    source: bytes = field(repr=False)

    @property
    def creator(self) -> Actor:
        """Who posted it."""
        return self.plan.creator

    @property
    def bond(self) -> int:
        """Claim bond for a task, base units."""
        return int(-(-self.terms.reward * self.terms.bond_bps // 10_000))


@dataclass(frozen=True)
class Claim:
    """Tasks of one word that somebody holds."""

    id: int
    annotator: Actor
    word: int
    mask: int

    @property
    def tasks(self) -> list[int]:
        """Numbers of the tasks, ascending."""
        return list(tasks_of(self.word, self.mask))


@dataclass(frozen=True)
class Submission:
    """A claim with its results, as submitted."""

    claim: Claim
    batch: Any = field(repr=False)


def post(world: World, plan: Plan) -> Job:
    """Stores source and instructions, gets the arbiter's consent where there is one, and locks the bounty."""
    kind = "image" if isinstance(plan.tasks[0], Picture) else "text"
    items: Any = [item_of(task) for task in plan.tasks]
    source = image_source(items) if kind == "image" else text_source(items)
    instructions = Instructions(kind, LabelSet(plan.labels), plan.instructions)  # type: ignore[arg-type]
    root = world.store.put(source)
    world.store.put(instructions.to_bytes())
    terms = _terms(plan, root, instructions.hash)
    funds = _bounty(plan, terms)
    if terms.token != NATIVE:
        note = Note("token.approve", "lets the market take the bounty")
        world.stage.send(plan.creator, world.token.approve, world.market.address, funds, note=note)
    number = int(world.market.jobCount()) + 1
    note = Note(f"job{number}.create", "posts the job and locks its bounty", number)
    consent = _consent(world, terms)
    value = funds if terms.token == NATIVE else 0
    call = (terms_tuple(terms), list(terms.word_classes), *consent)
    world.stage.send(plan.creator, world.market.createJob, *call, note=note, value=value)
    return Job(number, plan, terms, instructions, source)


def claim(
    world: World,
    job: Job,
    annotator: Actor,
    tasks: Iterable[int],
    *,
    note: str = "",
    tone: Tone = "plain",
    expired: Sequence[Claim] = (),
) -> list[Claim]:
    """Claims tasks, one claim for each word of 256; Quinn sends for those who only sign, and pays their
    bond.
    """
    claims = []
    for word, mask in sorted(masks_of(tasks).items()):
        ended = [c.id for c in expired if c.word == word]
        act = _claim_word(world, job, annotator, (word, mask, b"", ended), (note, tone))
        number = int(act.one("TasksClaimed")["claimId"])
        claims.append(Claim(number, annotator, word, mask))
    return claims


def _claim_word(
    world: World, job: Job, annotator: Actor, call: tuple[Any, ...], told: tuple[str, Tone]
) -> Act:
    (word, mask), (note, tone) = call[:2], told
    count = mask.bit_count()
    what = f"claims {tasks_text(count)}{note}"
    value = job.bond * count if job.terms.token == NATIVE else 0
    if annotator.sender is not None:
        about = Note(f"job{job.id}.claim", what, job.id, count, tone)
        return world.stage.send(annotator, world.market.claim, job.id, *call, note=about, value=value)
    signed = {"termsHash": terms_hash(job.terms), "jobId": job.id, "word": word, "mask": mask}
    consent = world.authorization(annotator, "Claim", **signed)
    what += " by signature; Quinn pays the gas" + (" and the bond" if value else "")
    about = Note(f"job{job.id}.claimBySig", what, job.id, count, tone, annotator)
    quinn = world.cast["Quinn"]
    return world.stage.send(quinn, world.market.claimBySig, job.id, *call, consent, note=about, value=value)


def submit(world: World, job: Job, held: Claim, results: Mapping[int, Any]) -> Submission:
    """Stores the results of a claim and submits their Merkle root, all under one signature."""
    batch = _batch(world, job, held, results)
    uri = world.store.put(batch.to_bytes()).uri
    done = replace(held, mask=batch.mask)
    count, annotator = len(results), held.annotator
    what = f"submits a batch of {count} {'result' if count == 1 else 'results'} under one Merkle root"
    undone = (held.mask ^ done.mask).bit_count()
    back = f"; {tasks_text(undone)} left undone" if undone else ""
    call = (held.id, batch.root, batch.mask, uri)
    if annotator.sender is not None:
        about = Note(f"job{job.id}.submitBatch", what + back, job.id, count, "good")
        world.stage.send(annotator, world.market.submitBatch, *call, note=about)
        return Submission(done, batch)
    names = ("claimId", "root", "done", "uri")
    consent = world.authorization(annotator, "SubmitBatch", **dict(zip(names, call, strict=True)))
    what += f" and one signature; Quinn pays the gas{back}"
    about = Note(f"job{job.id}.submitBatchBySig", what, job.id, count, "good", annotator)
    world.stage.send(world.cast["Quinn"], world.market.submitBatchBySig, *call, consent, note=about)
    return Submission(done, batch)


def _batch(world: World, job: Job, held: Claim, results: Mapping[int, Any]) -> Any:
    """The results with salts that a seed always gives again."""
    salts = {task: secret(world.seed, "salt", job.id, held.id, task) for task in results}
    return build_batch(
        chain_id=world.chain_id,
        contract=str(world.market.address),
        job_id=job.id,
        annotator=held.annotator.address,
        results=results,
        claim_id=held.id,
        salts=salts,
    )


def tasks_text(count: int) -> str:
    """For instance "1 task", "12 tasks"."""
    return f"{count:,} task{'' if count == 1 else 's'}"


def _terms(plan: Plan, root: Any, instructions_hash: bytes) -> Any:
    multipliers, classes = difficulty(_difficulties(plan.efforts))
    return JobTerms(
        creator=plan.creator.address,
        task_count=len(plan.tasks),
        data_root=root.root,
        data_length=root.length,
        instructions_hash=instructions_hash,
        multipliers=multipliers,
        word_classes=classes,
        **plan.terms,
    )


def _difficulties(efforts: Sequence[float]) -> list[int]:
    """Basis points for each word of 256 tasks: a word of more than the job's mean effort is hard."""
    mean = sum(efforts) / len(efforts)
    words = [efforts[start : start + 256] for start in range(0, len(efforts), 256)]
    return [HARD if sum(word) / len(word) > mean else 10_000 for word in words]


def _bounty(plan: Plan, terms: Any) -> int:
    """Pay of all tasks; the story's market takes no fee."""
    values = _difficulties(plan.efforts)
    return sum(int(terms.reward) * values[task // 256] // 10_000 for task in range(len(plan.tasks)))


def _consent(world: World, terms: Any) -> tuple[int, bytes]:
    """The arbiter's signature of the terms; nothing where there is none."""
    if terms.arbiter == NATIVE:
        return 0, b""
    deadline = world.stage.now + 3_600
    message = {"termsHash": terms_hash(terms), "arbiter": terms.arbiter, "deadline": deadline}
    arbiter = next(actor for actor in world.cast if actor.address == terms.arbiter)
    return deadline, arbiter.sign(typed_data(world.domain(), "ArbiterAcceptance", message))
