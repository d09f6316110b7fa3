"""The second scene: texts with one label each, paid in a token, by a creator who vanishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts._demo import reviews
from scripts._demo.annotators import Annotator
from scripts._demo.cast import Actor
from scripts._demo.items import TextSet, assign
from scripts._demo.jobs import Claim, Job, Plan, Submission, claim, post, submit, tasks_text
from scripts._demo.results import text_result_of
from scripts._demo.stage import Note
from scripts._demo.world import CENT, DAY, HOUR, World

REWARD = 15 * CENT
SHARES = {"Ines": 0.40, "Joao": 0.28, "Vera's wallet": 0.12}  # the rest: Noor's, and what nobody takes
LEFT = 0.10
SKILLS = {"Ines": 0.01, "Joao": 0.06, "Vera's wallet": 0.03}
MOST_RELEASES = 64  # claims that one call ends

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Label:
    """What one annotator made of one text, and what became of it."""

    task: int
    annotator: str
    label: str
    verdict: str


@dataclass(frozen=True)
class TextScene:
    """The job after its end, and every label that was given."""

    job: Job
    texts: TextSet
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Share:
    """What one worker does: task and label."""

    worker: Actor
    labels: Mapping[int, str]


def play(world: World, texts: TextSet, told: Told) -> TextScene:
    """From the posting to the last refund. `told` hears how many of how many batches are in."""
    shares, absent = _shares(world, texts)
    job = post(world, _plan(world, texts, max(len(share.labels) for share in shares)))
    done = _work(world, job, shares, told)
    first = shares[0].worker
    world.stage.wait(4 * HOUR)
    for submission in done:
        if submission.claim.annotator == first:
            reviews.approve(world, job, submission, submission.claim.tasks)
    late = (
        claim(world, job, absent.worker, absent.labels, note=" and does nothing", tone="bad")
        if absent
        else []
    )
    world.stage.wait(2 * DAY)
    silent = [submission for submission in done if submission.claim.annotator != first]
    for submission in silent:
        reviews.finalize(world, job, submission)
    _close(world, job, late)
    verdicts = {one.claim.id: "finalized" if one in silent else "approved" for one in done}
    return TextScene(job, texts, tuple(_labels(done, verdicts)))


def _plan(world: World, texts: TextSet, largest: int) -> Plan:
    terms = {
        "token": str(world.token.address),
        "reward": REWARD,
        "claim_window": HOUR // 2,
        "review_window": 2 * DAY,
        "deadline": world.stage.now + 7 * DAY,
        "max_open": min(max(64, largest), 65_535),
        "royalty_bps": 3_000,
    }
    told = f"Choose the label that fits: {', '.join(texts.labels)}."
    efforts = [float(len(text.text)) for text in texts.texts]
    return Plan(
        "One label for each text", world.cast["Tomas"], texts.texts, texts.labels, told, terms, efforts
    )


def _shares(world: World, texts: TextSet) -> tuple[list[Share], Share | None]:
    """Who does what, and the one who claims and never comes back, if there is anybody to spare."""
    shares = _real_shares(world, texts) if texts.answers else _simulated_shares(world, texts)
    shares = [share for share in shares if share.labels]
    return (shares[:-1], shares[-1]) if len(shares) > 1 else (shares, None)


def _real_shares(world: World, texts: TextSet) -> list[Share]:
    """Each question is answered by one of the workers who really answered it."""
    place = {text.id: task for task, text in enumerate(texts.texts)}
    shares = []
    for name, labels in assign(texts.answers).items():
        worker = world.cast.worker(name)
        shares.append(Share(worker, {place[question]: label for question, label in labels.items()}))
    return shares


def _simulated_shares(world: World, texts: TextSet) -> list[Share]:
    count, start, shares = len(texts.texts), 0, []
    for name, part in SHARES.items():
        skill = Annotator(name, wrong_label=SKILLS[name], seed=world.seed)
        tasks = range(start, min(start + max(1, round(count * part)), count))
        labels = {task: skill.classify(texts.texts[task], texts.labels) for task in tasks}
        shares.append(Share(world.cast[name], labels))
        start = tasks.stop
    spare = range(start, max(start, count - round(count * LEFT)))
    return [*shares, Share(world.cast["Noor"], dict.fromkeys(spare, texts.labels[0]))]


def _work(world: World, job: Job, shares: Sequence[Share], told: Told) -> list[Submission]:
    """Everybody claims a word of tasks, works and submits, then takes the next."""
    words = [(share, word) for share in shares for word in sorted({task // 256 for task in share.labels})]
    done = []
    for number, (share, word) in enumerate(words, 1):
        mine = {task: label for task, label in share.labels.items() if task // 256 == word}
        (held,) = claim(world, job, share.worker, mine)
        world.stage.wait(5 * 60 if len(words) < 20 else 60)
        done.append(submit(world, job, held, {task: text_result_of(label) for task, label in mine.items()}))
        told(number, len(words))
    return done


def _close(world: World, job: Job, late: Sequence[Claim]) -> None:
    """Anyone closes the job after its deadline and ends the claims that ran out: the creator gets back what
    is free.
    """
    if not world.market.job(job.id).open and not late:
        return
    world.stage.wait(max(0, job.terms.deadline - world.stage.now) + HOUR)
    quinn = world.cast["Quinn"]
    note = Note(f"job{job.id}.close", "closes the job after its deadline: what is free goes back", job.id)
    world.stage.send(quinn, world.market.close, job.id, note=note)
    for start in range(0, len(late), MOST_RELEASES):
        part = late[start : start + MOST_RELEASES]
        count = sum(one.mask.bit_count() for one in part)
        what = f"ends claims that ran out: {tasks_text(count)} of {part[0].annotator.name} go back"
        note = Note(f"job{job.id}.releaseExpired", what, job.id, count)
        ids = [one.id for one in part]
        world.stage.send(quinn, world.market.releaseExpired, job.id, ids, note=note)


def _labels(done: Sequence[Submission], verdicts: Mapping[int, str]) -> list[Label]:
    return [
        Label(entry.task, one.claim.annotator.name, entry.result.label.label, verdicts[one.claim.id])
        for one in done
        for entry in one.batch.results
    ]
