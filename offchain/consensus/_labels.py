"""Labels of a word of tasks, as they go over the chain: one byte a task.

Byte 0 is no answer (an abstention, a task outside the seat, an unresolved task), byte `c + 1` is class `c`.
The byte string is as long as the word has tasks, rounded up to 32, so that a contract reads it 32 tasks at a
time.
"""

from __future__ import annotations

from collections.abc import Mapping

from offchain.exceptions import InputError

WORD = 256
"""Tasks of a word."""
CHUNK = 32
"""Labels that one machine word of the contract holds."""
MIN_CLASSES = 2
MAX_CLASSES = 8


def padded_length(tasks: int) -> int:
    """Bytes of the labels of a word that has so many tasks, 1 to 256."""
    if not 1 <= tasks <= WORD:
        raise InputError(f"a word has 1 to {WORD} tasks, not {tasks}")
    return -(-tasks // CHUNK) * CHUNK


def encode_labels(answers: Mapping[int, int | None], tasks: int, classes: int) -> bytes:
    """The label bytes of answers by bit (task within the word); None abstains, and so does who is not named.

    Raises InputError for a task that the word has not, or a class that the job has not.
    """
    labels = bytearray(padded_length(tasks))
    for bit, answer in answers.items():
        if not 0 <= bit < tasks:
            raise InputError(f"task {bit} is not among the {tasks} tasks of the word")
        if answer is None:
            continue
        if not 0 <= answer < classes:
            raise InputError(f"task {bit}: class {answer} is not among the {classes} classes of the job")
        labels[bit] = answer + 1
    return bytes(labels)


def decode_labels(labels: bytes) -> dict[int, int]:
    """The answered tasks and their classes."""
    return {bit: label - 1 for bit, label in enumerate(labels) if label}


def answered(labels: bytes) -> int:
    """The mask of the tasks that have an answer."""
    return sum(1 << bit for bit, label in enumerate(labels) if label)


def only(labels: bytes, mask: int) -> bytes:
    """The labels of the tasks in `mask`; no answer for the others."""
    return bytes(label if mask >> bit & 1 else 0 for bit, label in enumerate(labels))


def merged(labels: bytes, more: bytes) -> bytes:
    """Both, where no task is answered in both."""
    return bytes(one | other for one, other in zip(labels, more, strict=True))
