"""How the questions of a set become words of a job, and its workers' answers seats.

A seat is one annotator's place in one layer of one word, and he has at most one a word. A layer has at most
one seat below the least size, the last. So questions that the same workers answered stand together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from offchain.consensus import WORD
from offchain.reference.consensus.terms import MAX_OPINIONS
from scripts._truth.crowd import Answers, Crowd

MAX_SEATS = 64
"""Of a word."""
MORE_LAYERS = 3
"""Layers beyond the most answers of a question that are tried."""

TRIES = 60
"""Groups that are tried before a word is left as it is."""

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
    return _words(_groups(answers), lambda _: True)


def arrange(crowd: Crowd) -> Arrangement:
    """The seats of all workers, with the words and as many layers as leave the fewest answers out."""
    most = min(crowd.redundancy + MORE_LAYERS, MAX_SEATS - 1, MAX_OPINIONS // crowd.classes)
    choices = [
        _seated(crowd, words, layers)
        for layers in range(max(3, crowd.redundancy), most + 1)
        for words in (arranged_words(crowd.answers), _layered_words(crowd, layers))
    ]
    return min(choices, key=lambda one: (one.dropped, one.redundancy, len(one.words)))


def _layered_words(crowd: Crowd, redundancy: int) -> Words:
    """The same, but a group whose workers do not find layers in a word goes to another one."""

    def fits(word: list[int]) -> bool:
        masks = _masks(crowd, word)
        return len(list(_word_places(0, masks, 0, redundancy, 0))) == len(masks)

    return _words(_groups(crowd.answers), fits)


def _words(groups: dict[frozenset[int], list[int]], fits: Callable[[list[int]], bool]) -> Words:
    """Words that are filled one after the other with the group that shares the most workers, if it `fits`."""
    groups, words = dict(groups), list[tuple[int, ...]]()
    while groups:
        word: list[int] = []
        workers = frozenset[int]()
        while best := _next_group(groups, word, workers, fits):
            word += groups.pop(best)
            workers |= best
        words.append(tuple(word))
    return tuple(words)


def _next_group(
    groups: dict[frozenset[int], list[int]],
    word: list[int],
    workers: frozenset[int],
    fits: Callable[[list[int]], bool],
) -> frozenset[int]:
    """Empty where no group is small enough, or none of the first that are tried fits."""
    small = [group for group in groups if len(groups[group]) <= WORD - len(word)]
    small.sort(key=lambda group: (len(group & workers), len(groups[group]), sorted(group)), reverse=True)
    # The first of a word stays, whatever becomes of its answers.
    found = (group for group in small[:TRIES] if not word or fits(word + groups[group]))
    return next(found, frozenset())


def least_seat(redundancy: int, classes: int) -> int:
    """The least size of a seat that the market allows, tasks."""
    return -(-WORD // (min(MAX_SEATS, MAX_OPINIONS // classes) // redundancy))


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
    least = least_seat(redundancy, crowd.classes)
    places = [
        place
        for number, word in enumerate(words)
        for place in _word_places(number, _masks(crowd, word), _every(words, number), redundancy, least)
    ]
    seated = sum(place.mask.bit_count() for place in places)
    return Arrangement(words, redundancy, least, tuple(places), sum(crowd.tasks_of) - seated)


def _every(words: Words, number: int) -> int:
    """The tasks that a word has on chain: all but the last have 256, some of them without a question."""
    return (1 << (len(words[number]) if number == len(words) - 1 else WORD)) - 1


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
    """Whoever has the fewest layers left is next, in the fullest of them; small seats come last, where they
    fill a layer up.
    """
    taken, waiting = [0] * redundancy, dict(masks)

    def free(worker: int) -> list[int]:
        mask = masks[worker]
        # The last seat of a layer may be small.
        whole = mask.bit_count() >= least
        return [
            layer
            for layer, others in enumerate(taken)
            if not others & mask and (whole or others | mask == every)
        ]

    def urgency(worker: int) -> tuple[bool, int, int, int]:
        tasks = masks[worker].bit_count()
        return tasks < least, len(free(worker)), -tasks, worker

    while waiting:
        worker = min(waiting, key=urgency)
        mask = waiting.pop(worker)
        if layers := free(worker):
            layer = max(layers, key=lambda one: taken[one].bit_count())
            taken[layer] |= mask
            yield Place(word, layer, worker, mask)
