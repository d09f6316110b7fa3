"""What becomes of a failure: it is made small, told, kept in a file, and played again from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.engine.chain import Chain
from tests.engine.check import Disagreement, Troupe
from tests.engine.shrink import shrink
from tests.engine.trial import Trial
from tests.engine.workers import Failure, difference_of


class UnreadableFailure(ValueError):  # noqa: N818 - what it is
    """The file is not one that a campaign wrote."""


def write_failure(failure: Failure, origin: str, path: Path) -> None:
    """Write what `read_failure` reads; `origin` is what the catalogue finds the capability by."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {
        "capability": failure.capability,
        "contract": origin,
        "seed": failure.seed,
        "chain_id": failure.chain_id,
        "worker": failure.worker,
        "program": failure.number,
        "what": failure.what,
        **failure.trial.to_json(),
    }
    path.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def read_failure(path: Path) -> tuple[Failure, str]:
    """The failure, and what the catalogue finds its capability by. Raises UnreadableFailure."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        failure = Failure(
            capability=str(stored["capability"]),
            seed=int(stored["seed"]),
            chain_id=int(stored["chain_id"]),
            worker=int(stored["worker"]),
            number=int(stored["program"]),
            trial=Trial.of_json(stored),
            what=str(stored["what"]),
        )
        return failure, str(stored["contract"])
    except OSError as error:
        raise UnreadableFailure(f"{path} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFailure(
            f"{path} is not a failure that `ape run fuzz` wrote ({type(error).__name__}: {error})"
        ) from error


def again(troupe: Troupe, failure: Failure) -> Disagreement | None:
    """Play a failure again on the chain on which it was found; None where all is as the model says. Whatever
    else stopped the program is raised.
    """
    with on_chain(troupe.chain, failure.chain_id):
        try:
            troupe.check(failure.trial.tapes, **failure.trial.silence)
        except Disagreement as found:
            found.heading = heading(failure)
            return found
    return None


def smallest(found: Disagreement, failure: Failure, seconds: float) -> tuple[Disagreement, Failure]:
    """The same failure in fewer steps, as far as this many seconds allow."""
    with on_chain(found.play.chain, failure.chain_id):
        small = shrink(found, seconds)
    trial = replace(failure.trial, tapes=tuple(small.tapes))
    return small, replace(failure, trial=trial, what=difference_of(small))


def heading(failure: Failure) -> tuple[str, ...]:
    """Where a failure comes from."""
    program = f"program {failure.number} of worker {failure.worker}"
    return (f"Found with seed {failure.seed}, {program}, on chain {failure.chain_id}.",)


@contextmanager
def on_chain(chain: Chain, chain_id: int) -> Iterator[None]:
    """The node goes by another chain id for a while."""
    home = chain.chain_id
    chain.move_to(chain_id)
    try:
        yield
    finally:
        chain.move_to(home)
