"""How the questions of a set become words of a job, and its workers' answers seats.

A seat is one annotator's place in one layer of one word, and he has at most one a word. A layer has at most
one seat below the least size, the last. So questions that the same workers answered stand together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from offchain.consensus import WORD
from scripts._truth.crowd import Answers, Crowd

MAX_SEATS = 64
"""Of a word."""
MORE_LAYERS = 3
"""Layers beyond the most answers of a question that are tried."""

Words = tuple[tuple[int, ...], ...]
"""The questions of each word, in the order of its bits."""


@dataclass(frozen=True)
class Place:
    """A worker's seat: `mask` are the bits of the word that he answers."""

    word: int
    layer: int
    worker: int
    mask: int


@dataclass(frozen=True)
class Arrangement:
    """A whole job. `dropped` counts the answers for which no seat is allowed."""

    words: Words
    redundancy: int
    min_seat: int
    places: tuple[Place, ...]
    dropped: int


def arranged_words(answers: Answers) -> Words:
    """Questions of the same workers side by side, groups that share workers in the same word."""
    groups = _groups(answers)
    words = []
    while groups:
        word, workers = [], frozenset[int]()
        while fitting := [group for group in groups if len(groups[group]) <= WORD - len(word)]:
            best = max(fitting, key=lambda group: (len(group & workers), len(groups[group]), sorted(group)))
            word += groups.pop(best)
            workers |= best
        words.append(tuple(word))
    return tuple(words)


def arrange(crowd: Crowd) -> Arrangement:
    """The seats of all workers, with as many layers as leave the fewest answers out."""
    words = arranged_words(crowd.answers)
    most = min(crowd.redundancy + MORE_LAYERS, MAX_SEATS - 1)
    choices = [_seated(crowd, words, layers) for layers in range(max(3, crowd.redundancy), most + 1)]
    return min(choices, key=lambda one: (one.dropped, one.redundancy))


def least_seat(redundancy: int) -> int:
    """The least size of a seat that the market allows, tasks."""
    return -(-WORD // (MAX_SEATS // redundancy))


def _groups(answers: Answers) -> dict[frozenset[int], list[int]]:
    """Questions by who answered them, at most a word of each."""
    groups: dict[frozenset[int], list[int]] = defaultdict(list)
    for question, given in enumerate(answers):
        groups[frozenset(given)].append(question)
    for group, questions in list(groups.items()):
        # A group of its own for what is more than a word cannot be told apart by its workers: it is rare, and
        # spread over as many keys as it needs by a worker that there is not.
        for part in range(1, -(-len(questions) // WORD)):
            groups[group | {-part}] = questions[part * WORD : (part + 1) * WORD]
        groups[group] = questions[:WORD]
    return dict(groups)


def _seated(crowd: Crowd, words: Words, redundancy: int) -> Arrangement:
    least = least_seat(redundancy)
    places = [
        place
        for number, word in enumerate(words)
        for place in _word_places(number, _masks(crowd, word), tasks_mask(len(word)), redundancy, least)
    ]
    seated = sum(place.mask.bit_count() for place in places)
    return Arrangement(words, redundancy, least, tuple(places), sum(crowd.tasks_of) - seated)


def tasks_mask(tasks: int) -> int:
    """The mask of so many tasks of a word."""
    return (1 << tasks) - 1


def _masks(crowd: Crowd, word: Sequence[int]) -> dict[int, int]:
    """What each worker answered of a word."""
    masks: dict[int, int] = defaultdict(int)
    for bit, question in enumerate(word):
        for worker in crowd.answers[question]:
            masks[worker] |= 1 << bit
    return masks


def _word_places(
    word: int, masks: dict[int, int], every: int, redundancy: int, least: int
) -> Iterator[Place]:
    """Large seats first, each in the fullest layer that is free for it, so that small ones fill layers up."""
    taken = [0] * redundancy
    for worker in sorted(masks, key=lambda one: (-masks[one].bit_count(), one)):
        mask = masks[worker]
        free = [layer for layer in range(redundancy) if not taken[layer] & mask]
        if mask.bit_count() < least:
            # The last seat of a layer may be small.
            free = [layer for layer in free if taken[layer] | mask == every]
        if free:
            layer = max(free, key=lambda one: taken[one].bit_count())
            taken[layer] |= mask
            yield Place(word, layer, worker, mask)
