"""Runs a program on a node and compares every step with what the model said.

A whole program is one `eth_simulateV1` request: the steps of one second are a block, each is followed by the
views that it may have changed. Nothing of it stays on the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from eth_abi.exceptions import DecodingError

from tests.engine.chain import GAS, Chain
from tests.engine.codec import decoded
from tests.engine.interface import Log
from tests.engine.node import NodeError
from tests.engine.program import Probe, Program, Step, View, ask_of

LOOK_GAS = hex(2 * GAS)
BLOCK_GAS = hex(1 << 40)
VIEWS_AT_ONCE = 40
"""Views asked for in one call: the answers are joined in memory, which costs gas by the square."""

SUCCESS = "success"
MODEL = "the model"
"""What differs where the model breaks its own rules: no chain is needed to see it."""

Answer = Sequence[Mapping[str, Any]]
"""What a node says of one block: of the step, if it has one, and of the views, if there are any."""


@dataclass(frozen=True)
class Difference:
    """The first thing that is not as the model says; `step` is None for the views at the end."""

    index: int | None
    step: Step | None
    what: str
    expected: Any
    found: Any
    view: View | None = None

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


class Reverted(NamedTuple):
    """An error with its values; without a name for a revert that carries no data."""

    error: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.error}{self.values}" if self.error else "a revert without data"


@dataclass
class Outcome:
    """What became of a program. `gas` is that of each step."""

    difference: Difference | None
    gas: list[int]


class Executor:
    """Runs programs on one chain."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self._lookout = chain.lookout

    def run(self, program: Program) -> Outcome:
        """Simulate all steps and compare; stops at the first difference. Raises NodeError where the node
        refuses the whole request.
        """
        return self.compare(program, self.answers(program))

    def answers(self, program: Program) -> Iterator[Answer]:
        """What the node says of each step, then of the views at the end."""
        blocks: dict[int, list[dict[str, str]]] = {}
        for step in program.steps:
            calls = blocks.setdefault(step.time, [])
            calls.append(call_of(step))
            if step.probes:
                calls.append(self._look(step.probes))
        if program.ending:
            blocks[max(blocks, default=0) + 1] = [self._look(some) for some in endings(program)]
        request = {"blockStateCalls": [block_of(time, calls) for time, calls in blocks.items()]}
        answers = self.chain.node.rpc("eth_simulateV1", request, "latest")
        told = iter([call for answer in answers for call in answer["calls"]])
        for step in program.steps:
            yield list(islice(told, 2 if step.probes else 1))
        for one in told:
            yield [one]

    def compare(self, program: Program, answers: Iterable[Answer]) -> Outcome:
        """Compare what a node says with the model; asks for no more answers after the first difference."""
        told, gas = iter(answers), []
        for index, (step, answer) in enumerate(zip(program.steps, told, strict=False)):
            gas.append(int(answer[0]["gasUsed"], 16))
            difference = self._compare(index, step, answer)
            if difference:
                return Outcome(difference, gas)
        for some, answer in zip(endings(program), told, strict=True):
            difference = self._compare_views(None, None, some, answer[0])
            if difference:
                return Outcome(difference, gas)
        return Outcome(None, gas)

    def _look(self, probes: Sequence[Probe]) -> dict[str, str]:
        return {"to": self._lookout, "input": question(probes), "gas": LOOK_GAS}

    def _compare(self, index: int, step: Step, answers: Answer) -> Difference | None:
        tx = answers[0]
        failed = tx["status"] != "0x1"
        if failed or not step.succeeds:
            if failed and tx["returnData"] == step.revert:
                return None
            return Difference(index, step, "result", self._told(step.revert), self._found(tx))
        found = logs_of(tx["logs"])
        if found != step.logs:
            return self._differing_logs(index, step, found)
        if step.result is not None and tx["returnData"] != step.result:
            return Difference(index, step, "returned value", step.result, tx["returnData"])
        return self._compare_views(index, step, step.probes, answers[1]) if step.probes else None

    def _compare_views(
        self, index: int | None, step: Step | None, probes: Sequence[Probe], answer: Mapping[str, Any]
    ) -> Difference | None:
        expected = "0x" + b"".join([probe.answer for probe in probes]).hex()
        if answer["returnData"] == expected and answer["status"] == "0x1":
            return None
        if answer["status"] != "0x1":
            return self._failed_view(index, step, probes, answer)
        raw, at = bytes.fromhex(answer["returnData"][2:]), 0
        for probe in probes:
            got = raw[at : at + len(probe.answer)]
            at += len(probe.answer)
            if got != probe.answer:
                view, what = probe.view, self._view_name(probe)
                return Difference(index, step, what, view.expected, _decoded_view(probe, got), view)
        return Difference(index, step, "views", "no more", raw[at:].hex())

    def _failed_view(
        self, index: int | None, step: Step | None, probes: Sequence[Probe], answer: Mapping[str, Any]
    ) -> Difference:
        """A view that reverts, which the Lookout names; or all of them used up their gas."""
        found = self._found(answer)
        if isinstance(found, Reverted) and found.error == "ViewFailed":
            target, call, reason = found.values
            ask = ask_of(target, call)
            probe = next(probe for probe in probes if probe.ask == ask)
            why = self._told(f"0x{reason.hex()}")
            return Difference(index, step, self._view_name(probe), probe.view.expected, why, probe.view)
        return Difference(index, step, "views", "answers", found)

    def _differing_logs(self, index: int, step: Step, found: Mapping[str, list[Log]]) -> Difference:
        for emitter in {**step.logs, **found}:
            wanted, got = step.logs.get(emitter, []), found.get(emitter, [])
            if wanted != got:
                who = self._name(emitter)
                told = [self.chain.lexicon.explain_log(log) for log in wanted]
                seen = [self.chain.lexicon.explain_log(log) for log in got]
                return Difference(index, step, f"logs of {who}", told, seen)
        raise AssertionError("the logs differ and are the same")

    def _told(self, revert: str | None) -> Reverted | str:
        return SUCCESS if revert is None else Reverted(*self.chain.lexicon.explain_revert(revert))

    def _found(self, answer: Mapping[str, Any]) -> Reverted | str:
        return self._told(None if answer["status"] == "0x1" else answer["returnData"])

    def _name(self, emitter: str) -> str:
        known = {address.lower(): name for address, name in self.chain.names.items()}
        return known.get(emitter, emitter)

    def _view_name(self, probe: Probe) -> str:
        view = probe.view
        if view.contract is None:
            return f"balance of {self._name(view.args[0].lower())}"
        args = ", ".join(
            self.chain.names.get(arg, arg) if isinstance(arg, str) else str(arg) for arg in view.args
        )
        return f"{view.contract}.{view.function}({args})"


def endings(program: Program) -> list[list[Probe]]:
    """The views at the end, as many at once as one call takes."""
    return [program.ending[at : at + VIEWS_AT_ONCE] for at in range(0, len(program.ending), VIEWS_AT_ONCE)]


def block_of(time: int, calls: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Calls of one second, as a node takes them: as much gas as they want."""
    return {"blockOverrides": {"time": hex(time), "gasLimit": BLOCK_GAS}, "calls": calls}


def call_of(step: Step) -> dict[str, str]:
    """A step as a node takes it."""
    return {
        "from": step.sender,
        "to": step.contract.address,
        "input": step.data,
        "value": hex(step.value),
        "gas": hex(GAS),
    }


def question(probes: Iterable[Probe]) -> str:
    """What the Lookout is asked: all views, one after the other."""
    return "0x" + b"".join([probe.ask for probe in probes]).hex()


def logs_of(raw: Iterable[Mapping[str, Any]]) -> dict[str, list[Log]]:
    """Logs as the node tells them, by emitter, in order."""
    logs: dict[str, list[Log]] = {}
    for log in raw:
        emitter = log["address"]
        logs.setdefault(emitter, []).append((emitter, tuple(log["topics"]), log["data"]))
    return logs


def _decoded_view(probe: Probe, data: bytes) -> Any:
    view = probe.view
    if view.contract is None:
        return int.from_bytes(data, "big")
    outputs = view.contract.interface.function(view.function, len(view.args)).entry["outputs"]
    try:
        values = decoded(outputs, data)
    except (ValueError, DecodingError):
        return data.hex()
    return values[0] if len(values) == 1 else tuple(values)


__all__ = ["Difference", "Executor", "NodeError", "Outcome", "call_of", "logs_of", "question"]
