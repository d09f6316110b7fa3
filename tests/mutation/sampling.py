"""Which mutants are tried: a sample by seed for each capability, in which every file has its share."""

import random
from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock

from tests.mutation.sites import Site

LEAST = 4  # of a file, if it has that many
FIRST = "market and registry"
# Folders of capabilities that came later: each has a sample of its own, half as large.
LATER = {"contracts/quality/": "quality"}


def capability_of(file: str) -> str:
    """Which capability a contract's file belongs to; what all share belongs to the first."""
    return next((name for folder, name in LATER.items() if file.startswith(folder)), FIRST)


def by_file(sites: Iterable[Site]) -> dict[str, list[Site]]:
    strata: dict[str, list[Site]] = {}
    for site in sites:
        strata.setdefault(site.file, []).append(site)
    return strata


def sizes_of(files: Iterable[str], count: int) -> dict[str, int]:
    """How large the sample of each capability is that has some of the files; `count` is the first one's."""
    there = [name for name in (FIRST, *LATER.values()) if name in set(map(capability_of, files))]
    return {name: count if number == 0 else count // 2 for number, name in enumerate(there)}


def shares(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """How many of each stratum make `count` altogether: in proportion to its size, but at least `LEAST` if
    that is possible.
    """
    count = min(count, sum(sizes.values()))
    least = min(LEAST, count // len(sizes))
    given = {name: min(size, least) for name, size in sizes.items()}
    total = sum(sizes.values())
    # One by one to whoever is furthest behind its proportion.
    while sum(given.values()) < count:
        behind = {
            name: size * count / total - given[name] for name, size in sizes.items() if given[name] < size
        }
        given[max(behind, key=lambda name: (behind[name], name))] += 1
    return given


class Draw:
    """The sample, handed out one by one; what does not compile is replaced by the next of the same file."""

    def __init__(self, sites: Iterable[Site], count: int, seed: int) -> None:
        strata = by_file(sites)
        self._lock = Lock()
        self._spare: dict[str, deque[Site]] = {}
        drawn = []
        for capability, whole in sizes_of(strata, count).items():
            own = {file: len(found) for file, found in strata.items() if capability_of(file) == capability}
            for file, size in shares(own, whole).items():
                shuffled = random.Random(f"{seed}:{file}").sample(strata[file], len(strata[file]))
                drawn += shuffled[:size]
                self._spare[file] = deque(shuffled[size:])
        random.Random(seed).shuffle(drawn)
        self._waiting = deque(drawn)
        self.total = len(drawn)

    def take(self) -> Site | None:
        """The next mutant to try; None when there is none."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def replace(self, site: Site) -> None:
        """`site` does not compile: another of its file takes its place, if there is one."""
        with self._lock:
            spare = self._spare[site.file]
            if spare:
                self._waiting.append(spare.popleft())
            else:
                self.total -= 1
