"""Chance that repeats: the same words always give the same numbers, on every Python."""

import hashlib
import random


def dice(*words: object) -> random.Random:
    """A generator seeded by some words, for instance ("sheet", 7, 0)."""
    return random.Random(":".join(map(str, words)))  # noqa: S311 - simulation, not a secret


def secret(*words: object) -> bytes:
    """32 bytes for a salt or a nonce: random to look at, but anyone who knows the words can repeat them."""
    return hashlib.sha256(":".join(map(str, words)).encode()).digest()
