"""How fast the 0G root is computed, by each way that this machine has, in one run."""

import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from offchain.hashing import available_methods, zerog_root
from offchain.hashing._zerog import Method

SIZE = 64 << 20
ROUNDS = 3
REFERENCE: Method = "pycryptodome"


@dataclass(frozen=True)
class Bench:
    """`methods`: MB/s (a million bytes a second), the best of a few rounds. `size`: bytes."""

    size: int
    methods: dict[str, float]

    @property
    def best(self) -> str:
        """The fastest way."""
        return max(self.methods, key=lambda name: self.methods[name])

    @property
    def ratio(self) -> float:
        """How many times as fast as pycryptodome, chunk by chunk, the best way is."""
        return self.methods[self.best] / self.methods[REFERENCE]

    def to_json(self) -> dict[str, object]:
        """The document of out/bench.json."""
        return {
            "size": self.size,
            "methods": {name: round(speed, 1) for name, speed in self.methods.items()},
            "best": self.best,
            "ratio_to_pycryptodome": round(self.ratio, 1),
            "machine": {
                "cpus": os.cpu_count(),
                "python": platform.python_version(),
                "arch": platform.machine(),
            },
        }


def run(size: int = SIZE, rounds: int = ROUNDS) -> Bench:
    """Time every way on the same random bytes; a difference between their roots is a RuntimeError."""
    data = os.urandom(size)
    roots: set[bytes] = set()
    speeds: dict[str, float] = {}
    for method in available_methods():
        zerog_root(data[: 8 << 20], method=method)  # compiles, or reads what was compiled before
        seconds: list[float] = []
        for _ in range(1 if method == REFERENCE else rounds):
            start = time.perf_counter()
            roots.add(zerog_root(data, method=method).root)
            seconds.append(time.perf_counter() - start)
        speeds[method] = size / min(seconds) / 1e6
    if len(roots) != 1:
        raise RuntimeError("the ways to compute a root do not agree: run the tests of offchain/hashing")
    return Bench(size, speeds)


def write(bench: Bench, target: Path) -> None:
    """Keep the numbers as JSON."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bench.to_json(), indent=2) + "\n", encoding="utf-8")
