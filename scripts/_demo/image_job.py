"""The first scene: pictures with boxes and polygons, paid in the native coin, with an arbiter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts._demo import reviews
from scripts._demo.annotators import Annotator, Review, review_marks
from scripts._demo.cast import Actor
from scripts._demo.items import ImageSet, Mark
from scripts._demo.jobs import Claim, Job, Plan, Submission, claim, post, submit
from scripts._demo.results import image_result_of
from scripts._demo.world import DAY, ETHER, HOUR, World

REWARD = ETHER // 400
# Whose tasks they are, in parts of the job; Noor's are taken over by Joao.
SHARES = {"Ines": 10, "Joao": 6, "Vera's wallet": 5, "Mika": 7, "Noor": 4}
GIVES_BACK = "Vera's wallet"  # claims one task more than it does
SKILLS: dict[str, dict[str, Any]] = {
    "Ines": {},
    "Joao": {"shift": 0.02, "wrong_label": 0.01, "polygons": False},
    "Vera's wallet": {},
    "Mika": {"miss": 0.04, "shift": 0.30, "wrong_label": 0.06},
}


@dataclass(frozen=True)
class Reading:
    """What one annotator made of one task, and what became of it."""

    task: int
    annotator: str
    answer: tuple[Mark, ...]
    review: Review
    verdict: str


@dataclass(frozen=True)
class ImageScene:
    """The job after its end, and every reading of its pictures."""

    job: Job
    pictures: ImageSet
    readings: tuple[Reading, ...]


def play(world: World, pictures: ImageSet) -> ImageScene:
    """From the posting to the last approval, which closes the job."""
    tasks = _shared_out(len(pictures.pictures))
    job = post(world, _plan(world, pictures, max(map(len, tasks.values()))))
    hand = _Hand(world, job, pictures)
    late = claim(world, job, world.cast["Noor"], tasks.pop("Noor"), note=" and does nothing", tone="bad")
    held = {name: claim(world, job, world.cast[name], mine) for name, mine in tasks.items()}
    world.stage.wait(HOUR // 3)
    done = [hand.submit(one, spare=name == GIVES_BACK) for name in held for one in held[name]]
    back = sorted({task for name in held for one in held[name] for task in one.tasks} - hand.done)
    world.stage.wait(job.terms.claim_window // 3 * 2)
    done += [hand.submit(one) for one in _take_over(world, job, late)]
    world.stage.wait(5 * HOUR)
    standing = sorted([*back, *_judge(world, job, [(one, hand.check(one)) for one in done], hand)])
    for _ in range(3):  # whoever does it again errs no more, so once is enough; a loop must end all the same
        standing = _again(world, job, standing, hand)
        if not standing:
            break
    return ImageScene(job, pictures, tuple(hand.readings))


class _Hand:
    """Draws for the annotators and remembers what became of each reading."""

    def __init__(self, world: World, job: Job, pictures: ImageSet) -> None:
        self._world, self._job, self._set = world, job, pictures
        self._drawn: dict[tuple[int, int], tuple[Mark, ...]] = {}
        self.readings: list[Reading] = []

    @property
    def done(self) -> set[int]:
        """The tasks that were drawn so far."""
        return {task for _, task in self._drawn}

    def submit(self, held: Claim, *, spare: bool = False) -> Submission:
        """Draws the tasks of a claim and submits them; `spare` leaves the last of several undone."""
        name = held.annotator.name
        skill = Annotator(name, **SKILLS[name], seed=self._world.seed)
        tasks = held.tasks[:-1] if spare and len(held.tasks) > 1 else held.tasks
        for task in tasks:
            self._drawn[held.id, task] = skill.draw(self._set.pictures[task], self._set.labels)
        results = {task: image_result_of(self._drawn[held.id, task]) for task in tasks}
        return submit(self._world, self._job, held, results)

    def check(self, submission: Submission) -> dict[int, Review]:
        """What the creator finds in each task of a submission."""
        held = submission.claim
        return {t: review_marks(self._set.pictures[t], self._drawn[held.id, t]) for t in held.tasks}

    def record(
        self, submission: Submission, found: Mapping[int, Review], verdict: Callable[[int], str]
    ) -> None:
        """Remembers what became of each task."""
        held = submission.claim
        for task in held.tasks:
            drawn = self._drawn[held.id, task]
            self.readings.append(Reading(task, held.annotator.name, drawn, found[task], verdict(task)))


def _plan(world: World, pictures: ImageSet, largest: int) -> Plan:
    terms = {
        "reward": REWARD,
        "claim_window": HOUR // 2 if len(pictures.pictures) <= 1_024 else DAY,
        "review_window": 2 * DAY,
        "appeal_window": DAY,
        "decision_window": 2 * DAY,
        "deadline": world.stage.now + 14 * DAY,
        "max_open": min(max(16, 3 * largest), 65_535),
        "bond_bps": 100,
        "reject_fee_bps": 1_000,
        "royalty_bps": 2_000,
        "arbiter": world.cast["Orsolya"].address,
        "arbiter_fee": REWARD,
    }
    told = (
        "Put a box or an outline around everything that has a label in this list. Keep within a few pixels."
    )
    efforts = [float(len(picture.truth)) for picture in pictures.pictures]
    title = "Boxes and outlines"
    return Plan(title, world.cast["Lena"], pictures.pictures, pictures.labels, told, terms, efforts)


def _shared_out(count: int) -> dict[str, list[int]]:
    """Every task to one annotator: runs of neighbours, in the proportion of `SHARES`."""
    whole, shared, start, passed = sum(SHARES.values()), {}, 0, 0
    for name, part in SHARES.items():
        passed += part
        end = round(count * passed / whole)
        shared[name] = list(range(start, end))
        start = end
    return shared


def _take_over(world: World, job: Job, late: Sequence[Claim]) -> list[Claim]:
    tasks = [task for one in late for task in one.tasks]
    note = " that Noor let expire"
    return claim(world, job, world.cast["Joao"], tasks, note=note, expired=late)


def _judge(
    world: World, job: Job, found: Iterable[tuple[Submission, dict[int, Review]]], hand: _Hand
) -> list[int]:
    """Review, appeals and decisions; returns the tasks whose rejection stood."""
    disputes = [(one, seen, reviews.review(world, job, one, seen)) for one, seen in found]
    world.stage.wait(HOUR)
    appealed = [d for _, _, d in disputes if d and d.submission.claim.annotator.name == "Mika"]
    for dispute in appealed:
        reviews.appeal(world, job, dispute)
    world.stage.wait(7 * HOUR)
    upheld = {d.submission.claim.id: reviews.decide(world, job, d) for d in appealed}
    silent = [d for _, _, d in disputes if d and d not in appealed]
    if silent:
        world.stage.wait(DAY)
    for dispute in silent:
        reviews.settle(world, job, dispute)
        upheld[dispute.submission.claim.id] = tuple(dispute.problems)
    for one, seen, _ in disputes:
        hand.record(one, seen, _verdict(seen, upheld.get(one.claim.id, ())))
    return sorted(task for tasks in upheld.values() for task in tasks)


def _verdict(seen: Mapping[int, Review], stands: Sequence[int]) -> Callable[[int], str]:
    return lambda task: "approved" if seen[task].good else "rejected" if task in stands else "overturned"


def _again(world: World, job: Job, tasks: Sequence[int], hand: _Hand) -> list[int]:
    """Ines does the tasks whose rejection stood."""
    if not tasks:
        return []
    careful: Actor = world.cast["Ines"]
    claims = claim(world, job, careful, tasks, note=" that are open again")
    world.stage.wait(HOUR // 4)
    done = [hand.submit(one) for one in claims]
    world.stage.wait(HOUR)
    return _judge(world, job, [(one, hand.check(one)) for one in done], hand)
