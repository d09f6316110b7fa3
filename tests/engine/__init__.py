"""Property tests of contracts, thousands of checked steps a second.

A **capability** says what a contract is, who does what to it, and what has to come of it: actions
(`@action`), a reference model in plain Python (`Model`), views, invariants, a way out. A **program** is a
list of steps by many actors over simulated time. It is written from bytes (`programs` draws them, `Dice`
reads them) on the model alone; then the node runs all of it in one request, and success or error, events,
result and views of every step are compared with what the model says (`Troupe.check`). The first thing that
differs is a `Disagreement`.

docs/bring-your-own-contract.md shows all of it on one small contract. `tests.engine.ape_project.ape_chain`
makes the `Chain` on Ape's Anvil; it is not imported here, so that programs can be written where there is no
Ape.
"""

from offchain.reference.calls import Call, Effects, act, payable_act
from offchain.reference.journal import Table
from offchain.reference.revert import Revert
from tests.engine.capability import NATIVE, Argument, Capability, ModelBroken, action
from tests.engine.chain import EPOCH, PLENTY, UNLIMITED, Chain, Contract, Person
from tests.engine.check import Disagreement, Troupe
from tests.engine.dice import Dice
from tests.engine.executor import Difference, Executor, Outcome
from tests.engine.model import Model, require
from tests.engine.node import Node, NodeError
from tests.engine.program import Program, Step, View
from tests.engine.signing import FLAWS, Flaw, Signed
from tests.engine.strategies import programs

__all__ = [
    "EPOCH",
    "FLAWS",
    "NATIVE",
    "PLENTY",
    "UNLIMITED",
    "Argument",
    "Call",
    "Capability",
    "Chain",
    "Contract",
    "Dice",
    "Difference",
    "Disagreement",
    "Effects",
    "Executor",
    "Flaw",
    "Model",
    "ModelBroken",
    "Node",
    "NodeError",
    "Outcome",
    "Person",
    "Program",
    "Revert",
    "Signed",
    "Step",
    "Table",
    "Troupe",
    "View",
    "act",
    "action",
    "payable_act",
    "programs",
    "require",
]
