"""One mutant after the other: compile it, let it be hunted, let it be tested."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

from tests.mutation import stages
from tests.mutation.compiler import (
    CompileError,
    Compiler,
    TooDeepError,
    project_settings,
    quick_settings,
)
from tests.mutation.journal import ENGINE, SAME_CODE, TIMEOUT, UNIT, Verdict
from tests.mutation.project import Project, quick_tests
from tests.mutation.sites import Site


class Originals:
    """The code of the contracts as they are, for all workers; each is compiled once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._codes: dict[tuple[bool, str], str] = {}
        self._deep: set[str] = set()

    def code(self, compiler: Compiler, name: str, file: str, *, quick: bool) -> str:
        with self._lock:
            if (quick, name) not in self._codes:
                self._codes[quick, name] = self.compiled(compiler, name, file, {}, quick=quick)
            return self._codes[quick, name]

    def compiled(
        self, compiler: Compiler, name: str, file: str, changed: Mapping[str, str], *, quick: bool
    ) -> str:
        """Code with some sources changed: by the project's settings where the quick ones cannot arrange the
        stack. Raises CompileError.
        """
        if quick and name not in self._deep:
            try:
                return compiler.code({name: file}, changed, quick_settings())[name]
            except TooDeepError:
                if not changed:
                    self._deep.add(name)
        return compiler.code({name: file}, changed, project_settings())[name]


class Judge:
    """A worker with a compiler of its own. `times` is what the stages take without a mutation, in seconds;
    without it they may take as long as they like. `tell` is told what happens.
    """

    def __init__(
        self,
        project: Project,
        originals: Originals,
        seed: int,
        times: Mapping[str, float] | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.project, self.originals, self.seed, self.tell = project, originals, seed, tell
        self.compiler = Compiler(project.sources)
        self.limits = {name: seconds * stages.PATIENCE for name, seconds in (times or {}).items()}

    def close(self) -> None:
        self.compiler.close()

    def judge(self, site: Site) -> Verdict:
        """Raises StageError where a stage could not be run."""
        started = time.monotonic()
        try:
            killer, found, why = self._judged(site)
        except CompileError as error:
            self.tell(str(error))
            return Verdict(site.id, compiles=False, seconds=round(time.monotonic() - started, 1))
        return Verdict(
            site.id, killer=killer, found=found, why=why, seconds=round(time.monotonic() - started, 1)
        )

    def unmutated(self) -> dict[str, float]:
        """What each stage takes on the contracts as they are, in seconds. Raises StageError if one notices
        something there, for then it would in every mutant.
        """
        codes = {}
        for name, file in self.project.deployable():
            codes[name] = self.originals.code(self.compiler, name, file, quick=True)
        with ThreadPoolExecutor(1) as beside:
            running = beside.submit(stages.unit, quick_tests(), codes, None)
            names = sorted(stages.hunted() & codes.keys())
            hunts = [stages.engine(name, codes, self.seed, None) for name in names]
            tests = running.result()
        for finding in (*hunts, tests):
            if finding.text:
                raise stages.StageError(f"without any mutation this fails already: {finding.text}")
        return {ENGINE: max(finding.seconds for finding in hunts), UNIT: tests.seconds}

    def _judged(self, site: Site) -> tuple[str, str, str]:
        """Killer, what gave the mutant away, and why it is kept."""
        codes: dict[str, str] = {}
        for name, file in self.project.deployed(site).items():
            code = self._mutant(site, name, file, quick=True)
            if code == self.originals.code(self.compiler, name, file, quick=True):
                continue
            codes[name] = code
            if name in stages.hunted():
                killer, found = self._stage(ENGINE, partial(self._hunt, name, codes))
                if killer:
                    return killer, found, ""
        if not codes:
            return "", "", SAME_CODE
        for name, file in self.project.harnesses(site).items():
            codes[name] = self._mutant(site, name, file, quick=True)
        tests = self.project.tests_for(site)
        killer, found = self._stage(UNIT, partial(stages.unit, tests, codes, self.limits.get(UNIT)))
        return killer, found, "" if killer or not self._is_same(site) else SAME_CODE

    def _hunt(self, name: str, codes: Mapping[str, str]) -> stages.Finding:
        return stages.engine(name, codes, self.seed, self.limits.get(ENGINE))

    def _stage(self, name: str, run: Callable[[], stages.Finding]) -> tuple[str, str]:
        try:
            finding = run()
        except stages.TooLongError as error:
            return TIMEOUT, f"{name}: {error}"
        self.tell(f"{name}: {finding.text or 'nothing noticed'} ({finding.seconds:.1f} s)")
        return (name if finding.text else ""), finding.text

    def _is_same(self, site: Site) -> bool:
        """Whether the optimizer makes the contracts' own code of it after all."""
        return all(
            self._mutant(site, name, file, quick=False)
            == self.originals.code(self.compiler, name, file, quick=False)
            for name, file in self.project.deployed(site).items()
        )

    def _mutant(self, site: Site, name: str, file: str, *, quick: bool) -> str:
        started = time.monotonic()
        changed = self.project.mutated(site)
        code = self.originals.compiled(self.compiler, name, file, changed, quick=quick)
        self.tell(f"compiled {name} ({time.monotonic() - started:.1f} s)")
        return code
