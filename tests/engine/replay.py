"""The same program as real transactions, each in a block of its own, compared by the same rules; and the
trace of a step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.engine.chain import Chain, Contract
from tests.engine.check import Disagreement
from tests.engine.codec import decoded, selector_of
from tests.engine.executor import (
    LOOK_GAS,
    MODEL,
    Answer,
    Difference,
    Executor,
    Outcome,
    Reverted,
    call_of,
    endings,
    question,
)
from tests.engine.interface import Function
from tests.engine.node import Node
from tests.engine.program import Probe, Program, Step
from tests.engine.words import Words

TOP_CALL = {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}
ALL_CALLS = {"tracer": "callTracer"}
MOST_CALLS = 40
"""Calls of the longest trace that is told."""


class Replay(Executor):
    """Runs programs on one chain for real. The chain is as before when a program is over. So is its clock,
    which matters since every program begins at `EPOCH`, later than the node's own clock.
    """

    def run(self, program: Program) -> Outcome:
        """Send all steps and compare; stops at the first difference. Raises NodeError where the node refuses
        a transaction.
        """
        with undone(self.chain.node):
            return super().run(program)

    def answers(self, program: Program) -> Iterator[Answer]:
        """What the node says of each step, once it is mined. The caller undoes it (`undone`)."""
        for step in program.steps:
            receipt = self._mined(step)
            views = [self._seen(step.probes)] if step.probes else []
            yield [{**receipt, "returnData": self._returned(step, receipt)}, *views]
        for some in endings(program):
            yield [self._seen(some)]

    def story(self, failure: Disagreement) -> str:
        """The story of a failure, what the real chain makes of it, and the calls of the step that differs."""
        difference, words = failure.difference, Words(self.chain, failure.play.capability.phrase)
        lines = [str(failure), ""]
        if difference.what != MODEL:
            lines.append(self._compared(self.run(failure.program).difference, difference))
        if difference.index is not None:
            lines += [f"Calls of step {difference.index + 1}:"]
            lines += [f"  {line}" for line in self.trace(failure.program, difference.index, words)]
        return "\n".join(lines)

    def trace(self, program: Program, index: int, words: Words) -> list[str]:
        """The calls that step number `index` (from 0) makes, one a line."""
        with undone(self.chain.node):
            for step in program.steps[:index]:
                self._mined(step)
            receipt = self._mined(program.steps[index])
            root = self.chain.node.rpc("debug_traceTransaction", receipt["transactionHash"], ALL_CALLS)
        lines = list(Trace(self.chain, words).lines(root))
        more = [f"… and {len(lines) - MOST_CALLS} more calls"] if len(lines) > MOST_CALLS else []
        return lines[:MOST_CALLS] + more

    @staticmethod
    def _compared(found: Difference | None, expected: Difference) -> str:
        if found is None:
            return "Real transactions do as the model says."
        if found == expected:
            return "Real transactions differ in the same way."
        return f"Real transactions differ otherwise: {found}."

    def _mined(self, step: Step) -> Mapping[str, Any]:
        self.chain.node.rpc("evm_setNextBlockTimestamp", hex(step.time))
        receipt: Mapping[str, Any] = self.chain.node.rpc(
            "eth_sendTransactionSync", {**call_of(step), "gasPrice": "0x0"}
        )
        return receipt

    def _returned(self, step: Step, receipt: Mapping[str, Any]) -> str:
        """A receipt does not tell what a transaction returned, or why it failed; its trace does. A function
        without outputs has nothing to return when it succeeds.
        """
        code = function_of(step.contract, bytes.fromhex(step.data[2:10]))
        if receipt["status"] == "0x1" and code is not None and not code.entry["outputs"]:
            return "0x"
        traced = self.chain.node.rpc("debug_traceTransaction", receipt["transactionHash"], TOP_CALL)
        return str(traced.get("output", "0x"))

    def _seen(self, probes: Sequence[Probe]) -> Mapping[str, Any]:
        """The views as they are now, in the shape of a simulated call."""
        request = {"to": self._lookout, "input": question(probes), "gas": LOOK_GAS}
        return {"status": "0x1", "returnData": self.chain.node.rpc("eth_call", request, "latest")}


class Trace:
    """Tells what a call tracer found."""

    def __init__(self, chain: Chain, words: Words) -> None:
        self._chain, self._words = chain, words
        self._contracts = {contract.address.lower(): contract for contract in chain.contracts.values()}

    def lines(self, call: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
        """This call and those that it makes, indented."""
        value = int(call.get("value", "0x0"), 16)
        sent = f" with {value:,} wei" if value else ""
        kind = "" if call["type"] == "CALL" else f" ({call['type'].lower()})"
        gas = int(call["gasUsed"], 16)
        failed = f" → {self._failed(call)}" if call.get("error") else ""
        yield f"{'  ' * depth}{self._said(call)}{kind}{sent}, {gas:,} gas{failed}"
        for inner in call.get("calls", ()):
            yield from self.lines(inner, depth + 1)

    def _said(self, call: Mapping[str, Any]) -> str:
        target, data = str(call.get("to", "")), bytes.fromhex(call.get("input", "0x")[2:])
        who = self._words.account(target)
        contract = self._contracts.get(target.lower())
        code = function_of(contract, data[:4]) if contract else None
        if code is None:
            return f"{who}.0x{data[:4].hex()}(…)" if data else who
        inputs = code.entry["inputs"]
        values = decoded(inputs, data[4:])
        args = {item["name"]: value for item, value in zip(inputs, values, strict=True)}
        return f"{who}.{code.entry['name']}({self._words.fields(inputs, args)})"

    def _failed(self, call: Mapping[str, Any]) -> str:
        output = call.get("output", "0x")
        if output == "0x":
            return str(call["error"])
        return self._words.error(Reverted(*self._chain.lexicon.explain_revert(output)))


def function_of(contract: Contract, selector: bytes) -> Function | None:
    """The function of a contract with this selector."""
    functions = contract.interface.functions()
    return next((code for code in functions if selector_of(code.entry) == selector), None)


@contextmanager
def undone(node: Node) -> Iterator[None]:
    """Undo on leaving whatever the body did to the chain."""
    snapshot = node.rpc("evm_snapshot")
    try:
        yield
    finally:
        node.rpc("evm_revert", snapshot)
