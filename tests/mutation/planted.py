"""`make planted`: known bugs, planted one at a time, which campaigns must find without being told which.

Each patch in tests/engine/planted is applied to a copy of the sources in memory. What is found goes to
out/planted.json: seconds until the difference, and the steps of the program that shows it once it is small.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts._toolchain.layout import ROOT, say
from tests.engine.ape_project import ApeArtifacts
from tests.engine.campaign import Campaign, Plan
from tests.engine.catalogue import registered
from tests.engine.chain import Chain
from tests.engine.failures import again, smallest
from tests.engine.node import Node
from tests.mutation.compiler import Compiler, project_settings
from tests.mutation.project import read_sources
from tests.mutation.stages import AS_APE, CHAIN
from tests.support.anvil import anvil_for

PATCHES = ROOT / "tests" / "engine" / "planted"
OUT = Path("out/planted.json")
SEEDS = (1, 2, 3)
SECONDS = 60.0
SHRINK_SECONDS = 20.0
DEPLOYED = {
    "AnnotationMarket": "contracts/annotation/AnnotationMarket.sol",
    "MarketLens": "contracts/annotation/MarketLens.sol",
    "DatasetRegistry": "contracts/datasets/DatasetRegistry.sol",
}


class PatchError(Exception):
    """A patch does not fit the present sources; the message has git's own words."""


@dataclass(frozen=True)
class Find:
    """What a campaign found of a planted bug; `what` is empty where it found nothing."""

    patch: str
    seed: int
    seconds: float
    steps: int
    what: str


def patches() -> list[Path]:
    """All planted bugs, by name."""
    return sorted(PATCHES.glob("*.patch"))


def patched(patch: Path, sources: Mapping[str, str]) -> dict[str, str]:
    """The sources that a patch changes. Raises PatchError where it does not apply."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in sources.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = ["git", "apply", str(patch)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PatchError(f"{patch.name} does not apply: {done.stderr.strip()}")
        after = {name: Path(folder, name).read_text(encoding="utf-8") for name in sources}
    changed = {name: text for name, text in after.items() if text != sources[name]}
    if not changed:
        raise PatchError(f"{patch.name} changes nothing")
    return changed


def compiled(compiler: Compiler, patch: Path) -> dict[str, str]:
    """Creation code of everything that is deployed, with the bug in it."""
    return compiler.code(DEPLOYED, patched(patch, compiler.sources), project_settings())


def search(codes: Mapping[str, str], seed: int, seconds: float = SECONDS) -> tuple[float, int, str]:
    """Seconds until a campaign over everything found a difference, steps of the small program, and the
    difference: 0 and "" where there was none.
    """
    with anvil_for(CHAIN, *AS_APE) as url:
        plan = Plan(registered(), seconds, seed, workers=2)
        campaign = Campaign(plan, lambda: Chain(Node(url), ApeArtifacts(codes)))
        campaign.set_stages()
        failure = campaign.run()
        if failure is None:
            return campaign.harvest.seconds, 0, ""
        troupe = next(one for one in campaign.troupes if one.capability.name == failure.capability)
        found = again(troupe, failure)
        if found is None:
            return campaign.harvest.seconds, 0, failure.what
        small, failure = smallest(found, failure, SHRINK_SECONDS)
        return campaign.harvest.seconds, small.length, failure.what


def hunt_all() -> Iterator[Find]:
    """Every patch with every seed."""
    compiler = Compiler(read_sources())
    try:
        for patch in patches():
            say(f"compiling with {patch.stem}")
            codes = compiled(compiler, patch)
            for seed in SEEDS:
                seconds, steps, what = search(codes, seed)
                found = f"found in {seconds:.1f} s, {steps} steps: {what}" if what else "NOT FOUND"
                say(f"{patch.stem}, seed {seed}: {found}")
                yield Find(patch.stem, seed, round(seconds, 2), steps, what)
    finally:
        compiler.close()


def main() -> int:
    try:
        finds = list(hunt_all())
    except PatchError as error:
        say(str(error))
        return 1
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(find) for find in finds], indent=1) + "\n", encoding="utf-8")
    missed = [f"{find.patch} with seed {find.seed}" for find in finds if not find.what]
    say(f"{len(finds) - len(missed)} of {len(finds)} found; {OUT} written")
    for name in missed:
        say(f"not found: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
