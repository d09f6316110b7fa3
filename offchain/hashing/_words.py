"""Tasks as the market counts them: task 256 * word + bit is bit `bit` of the mask of its word."""

from collections.abc import Iterable

from offchain.exceptions import InputError

WORD_SIZE = 256


def mask_of(tasks: Iterable[int]) -> tuple[int, int]:
    """(word, mask) of tasks that share one word. Raises InputError for none, for one twice or for two
    words.
    """
    masks = masks_of(tasks)
    if len(masks) != 1:
        raise InputError(
            f"the tasks lie in {len(masks)} words of {WORD_SIZE}, not in one: make a claim for each word"
        )
    return next(iter(masks.items()))


def masks_of(tasks: Iterable[int]) -> dict[int, int]:
    """Word to mask, words ascending. Raises InputError for a task below 0 or one that occurs twice."""
    masks: dict[int, int] = {}
    for task in tasks:
        if task < 0:
            raise InputError(f"there is no task {task}: tasks count from 0")
        word, bit = divmod(task, WORD_SIZE)
        if masks.get(word, 0) >> bit & 1:
            raise InputError(f"task {task} occurs twice")
        masks[word] = masks.get(word, 0) | 1 << bit
    return dict(sorted(masks.items()))


def tasks_of(word: int, mask: int) -> list[int]:
    """The tasks of a mask, ascending. Raises InputError for a mask that has more than 256 bits."""
    if word < 0 or not 0 <= mask < 1 << WORD_SIZE:
        raise InputError(f"word {word} with mask {mask:#x} is out of range: a mask has {WORD_SIZE} bits")
    return [WORD_SIZE * word + bit for bit in range(WORD_SIZE) if mask >> bit & 1]


def rank_in_mask(mask: int, task: int) -> int:
    """The index of the task's leaf in its batch: the number of set bits below its own. Raises InputError if
    it is not set.
    """
    bit = task % WORD_SIZE
    if not mask >> bit & 1:
        raise InputError(f"task {task} is not in the mask {mask:#x}")
    return (mask & (1 << bit) - 1).bit_count()
