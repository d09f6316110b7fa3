"""Writes a failed program down as a test of its own. The test tells the steps themselves, not the tapes from
which they were drawn, and so it stays the same program when actions and their order change.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.engine.capability import Capability, snake_case
from tests.engine.chain import EPOCH
from tests.engine.check import Disagreement, Troupe
from tests.engine.program import Program, Step
from tests.engine.python_source import Source, Untellable

FINISH = "finish"
"""The action of steps that `Capability.end` adds by itself."""

HEAD = '''"""{title}

Written by the engine from a program that failed. The acts are its steps; `end` adds those that end it.
"""

from __future__ import annotations

{imports}


def test_{name}() -> None:
    troupe = Troupe({capability}, ape_chain())
    who = {{name: address for address, name in troupe.chain.names.items()}}
{body}
'''


def write_regression(failure: Disagreement, path: Path) -> Path:
    """Write the test of a failed program, which passes once contract and model agree. Raises Untellable where
    a step has an argument or a model that only the running play knows, OSError where the file cannot be
    written.

    The test does not ask views of what an action notes down by itself, such as a proof of a result.
    """
    text = regression(failure.play, failure.program, failure.difference.index)
    path.write_text(text, encoding="utf-8")
    _format(path)
    return path


def regression(troupe: Troupe, program: Program, last: int | None = None) -> str:
    """The test of a program as text, with its steps up to number `last` (from 0). Raises Untellable."""
    told = program.steps if last is None else program.steps[: last + 1]
    steps = [step for step in told if step.action != FINISH]
    play = _played_again(troupe, steps)
    source = Source(troupe.chain, play.spell)
    source.imports.add(("tests.engine.ape_project", "ape_chain"))
    capability, _ = source.name(troupe.capability), source.name(Troupe)
    body = ["play = troupe.begin()", *(_act(step, play, source) for step in steps), "troupe.run(play.end())"]
    if troupe.chain.chain_id != troupe.home:
        source.imports.add(("tests.engine.failures", "on_chain"))
        body = [f"with on_chain(troupe.chain, {troupe.chain.chain_id:_}):", *(f"    {line}" for line in body)]
    function = told[-1].function if told else "nothing"
    return HEAD.format(
        title=f"Contract and model of the {troupe.capability.name} once differed at `{function}`.",
        imports=_imports(source.imports),
        name=re.sub(r"\W+", "_", f"{troupe.capability.name}_{snake_case(function)}".lower()),
        capability=capability,
        body="\n".join(f"    {line}" for line in body),
    )


def _played_again(troupe: Troupe, steps: Iterable[Step]) -> Capability:
    """A play with the same steps. Raises Untellable where they come out differently."""
    play = troupe.begin()
    for number, step in enumerate(steps, 1):
        with suppress(AssertionError):  # a rule of the model that the last step breaks
            play.act(
                step.function,
                *step.told,
                sender=step.sender,
                at=step.time,
                value=step.value,
                contract=step.contract,
                model=_model_of(step, play),
            )
        again = play.steps[-1]
        if (again.data, again.revert, again.logs) != (step.data, step.revert, step.logs):
            raise Untellable(
                f"step {number}, {step.function}, comes out differently when told again: let `act` alone "
                "change what the model knows"
            )
    return play


def _model_of(step: Step, play: Capability) -> Callable[..., Any] | None:
    """What predicts the step in another play."""
    owner = getattr(step.model, "__self__", None)
    return getattr(play, step.model.__name__) if isinstance(owner, Capability) and step.model else step.model


def _act(step: Step, play: Capability, source: Source) -> str:
    """The step as a call of `act`."""
    args = [f'"{step.function}"', *map(source.of, step.told), f"sender={source.of(step.sender)}"]
    args.append(f"at=EPOCH + {step.time - EPOCH:_}")
    source.name_constant("tests.engine.chain", "EPOCH")
    if step.value:
        args.append(f"value={step.value:_}")
    if step.contract is not play.contract:
        args.append(f'contract=troupe.chain.contracts["{_label(step, play)}"]')
    if step.model is not None:
        method = isinstance(getattr(step.model, "__self__", None), Capability)
        args.append(f"model={f'play.{step.model.__name__}' if method else source.name(step.model)}")
    return f"play.act({', '.join(args)})"


def _label(step: Step, play: Capability) -> str:
    for label, contract in play.chain.contracts.items():
        if contract is step.contract:
            return label
    raise Untellable(f"{step.contract} is no contract that the stage deployed by a name (`known_as`)")


def _imports(found: Iterable[tuple[str, str]]) -> str:
    """Import statements, sorted as ruff sorts them."""
    lines = []
    for module, pairs in groupby(sorted(found), key=lambda pair: pair[0]):
        names = sorted((name for _, name in pairs), key=_by_kind)
        lines.append(f"from {module} import {', '.join(names)}")
    return "\n".join(lines)


def _by_kind(name: str) -> tuple[int, str]:
    """Constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _format(path: Path) -> None:
    """By ruff, where it is installed."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff:
        subprocess.run([ruff, "format", "--quiet", str(path)], check=True)
