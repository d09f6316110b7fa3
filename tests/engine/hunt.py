"""Looks for a difference between changed contracts and the models of the unchanged ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from eth_abi.exceptions import DecodingError

from tests.engine.ape_project import ApeArtifacts
from tests.engine.campaign import Plan, fork_of, stream_for
from tests.engine.capability import Capability
from tests.engine.catalogue import find
from tests.engine.chain import Chain
from tests.engine.check import Disagreement, Troupe
from tests.engine.failures import on_chain
from tests.engine.node import Node, NodeError
from tests.engine.replay import undone
from tests.engine.stream import Stream
from tests.engine.workers import difference_of

SHIFT = 20
"""Programs after which the chain goes on under its other id."""


def hunt(
    url: str,
    artifacts: Mapping[str, str],
    contract: str,
    seconds: float,
    seed: int,
    corpus: Path | None = None,
) -> str | None:
    """The first difference found on the Anvil at `url` in this time, in a line; None where there is none.

    `artifacts` is the creation code that replaces that of contracts, by name; their ABIs stay. `contract` is
    what the catalogue finds capabilities by. `corpus` is read, not written. A stage that cannot be set is a
    difference, too, and so is a request that the node refuses. The node is left as it was.

    Raises UnknownCapability; Disagreement where a model breaks its own rules, whatever the contract does.
    """
    capabilities = find(contract)
    plan = Plan(capabilities, seconds, seed, workers=1, corpus=corpus)
    with undone(Node(url)):
        try:
            troupes = [_troupe(url, artifacts, capability) for capability in capabilities]
        except (NodeError, DecodingError) as error:
            return f"the stage cannot be set: {error}"
        with on_chain(troupes[0].chain, troupes[0].chain.chain_id):  # whichever it is in the end
            return _played([(troupe, stream_for(plan, troupe)) for troupe in troupes], seconds)


def _troupe(url: str, artifacts: Mapping[str, str], capability: type[Capability]) -> Troupe:
    return Troupe(capability, Chain(Node(url), ApeArtifacts(artifacts)))


def _played(cast: list[tuple[Troupe, Stream]], seconds: float) -> str | None:
    home = cast[0][0].chain.chain_id
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        if count % SHIFT == 0:
            chain_id = fork_of(home) if count // SHIFT % 2 else home
            for troupe, _ in cast:
                troupe.chain.move_to(chain_id)
        found = _one(*cast[count % len(cast)])
        if found:
            return found
        count += 1
    return None


def _one(troupe: Troupe, stream: Stream) -> str | None:
    trial = stream.next()
    program = troupe.write(trial.tapes, **trial.silence)
    try:
        troupe.run(program, trial.tapes, **trial.silence)
    except (Disagreement, NodeError, DecodingError) as error:
        return difference_of(error)
    stream.learn(trial, program)
    return None
