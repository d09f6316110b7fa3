"""Chance that repeats: the same words always give the same numbers, on every Python."""

import random


def dice(*words: object) -> random.Random:
    """A generator seeded by some words, for instance ("sheet", 7, 0)."""
    return random.Random(":".join(map(str, words)))  # noqa: S311 - simulation, not a secret
