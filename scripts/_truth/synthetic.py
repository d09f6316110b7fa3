"""The embedded crowd: three made-up sets, shaped like the real ones but smaller.

Every worker has a skill of his own for every class, so that one number for each does not describe him; some
questions mislead many workers into the same wrong answer.
"""

import random
from dataclasses import dataclass

from scripts._truth.crowd import SETS, Crowd

SEED = 20_240_501


@dataclass(frozen=True)
class Shape:
    """`sheet` questions in a row are answered by the same `redundancy` of the `workers`.

    `shares` are those of the classes. A worker is right about a class with a chance that is drawn evenly
    between the two limits of that class; a share `hard` of the questions cuts it to `HARD` of itself, and
    whoever is wrong there gives the same wrong answer.
    """

    questions: int
    workers: int
    redundancy: int
    sheet: int
    shares: tuple[float, ...]
    skill: tuple[tuple[float, float], ...]
    hard: float


HARD = 0.5
SHAPES = {
    "duck": Shape(108, 31, 31, 108, (0.55, 0.45), ((0.6, 1.0), (0.2, 0.95)), 0.1),
    "face_sentiment": Shape(
        400, 12, 9, 40, (0.25,) * 4, ((0.55, 0.95), (0.45, 0.9), (0.3, 0.9), (0.2, 0.8)), 0.45
    ),
    "product_match": Shape(2_400, 45, 3, 16, (0.88, 0.12), ((0.75, 1.0), (0.5, 1.0)), 0.05),
}


def synthetic_crowds() -> list[Crowd]:
    """The same sets in every run."""
    return [_crowd(name, SHAPES[name]) for name in SETS]


def _crowd(name: str, shape: Shape) -> Crowd:
    rng = random.Random(f"{SEED} {name}")  # noqa: S311 - repeatable, nothing secret
    classes = range(len(shape.shares))
    skills = [[rng.uniform(*shape.skill[number]) for number in classes] for _ in range(shape.workers)]
    truth = tuple(rng.choices(classes, shape.shares, k=shape.questions))
    sheets = [
        rng.sample(range(shape.workers), shape.redundancy) for _ in range(-(-shape.questions // shape.sheet))
    ]
    answers = tuple(
        _answers(shape, skills, sorted(sheets[question // shape.sheet]), true, rng)
        for question, true in enumerate(truth)
    )
    return Crowd(name, len(classes), shape.workers, answers, truth)


def _answers(
    shape: Shape, skills: list[list[float]], sheet: list[int], true: int, rng: random.Random
) -> dict[int, int]:
    """What the workers of a sheet say to one question."""
    wrong = [number for number in range(len(shape.shares)) if number != true]
    hard, lure = rng.random() < shape.hard, rng.choice(wrong)
    found = {}
    for worker in sheet:
        chance = skills[worker][true] * (HARD if hard else 1)
        mistake = lure if hard else rng.choice(wrong)
        found[worker] = true if rng.random() < chance else mistake
    return found
