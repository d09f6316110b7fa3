"""A failed program as a story: who did what, when, with how much money, what came of it, and the first thing
that is not as the model says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from textwrap import wrap
from typing import Any

from tests.engine.capability import NATIVE, Capability
from tests.engine.chain import EPOCH, Chain
from tests.engine.codec import Item
from tests.engine.executor import MODEL, Difference, Reverted
from tests.engine.node import NodeError
from tests.engine.program import Program, Step, View
from tests.engine.words import DAY, NO_ITEM, Words, moment, span

WIDTH = 110
INDENT = 22
"""Columns of a step's number and time."""

MOST_LINES = 24
"""Lines of the longest difference."""


def tell(
    chain: Chain, capability: type[Capability], program: Program, difference: Difference, *heading: str
) -> str:
    """The story up to the difference. `heading` are lines below the first: the seed, how to replay it."""
    return "\n".join(Story(chain, capability).lines(program, difference, heading))


class Story:
    """Tells programs of one capability."""

    def __init__(self, chain: Chain, capability: type[Capability]) -> None:
        self.chain, self.capability = chain, capability
        self.words = Words(chain, capability.phrase)

    def lines(self, program: Program, difference: Difference, heading: Sequence[str] = ()) -> Iterator[str]:
        """The whole story, line by line."""
        steps = program.steps if difference.index is None else program.steps[: difference.index + 1]
        step = difference.step
        where = f"at step {len(steps)}, {step.function}" if step else "in the views at the end"
        what = "the model breaks its own rules" if difference.what == MODEL else "contract and model differ"
        yield f"{self.capability.name}: {what} {where}."
        yield from heading
        if program.silent:
            yield f"Silent: {', '.join(program.silent)}."
        yield from self._steps(steps)
        yield ""
        yield from self.difference(difference)

    def difference(self, difference: Difference) -> Iterator[str]:
        """What the model says and what the chain does; of structs and logs only what differs."""
        view = difference.view
        yield f"{self.words.view(view) if view else difference.what}:"
        lines = list(self._differing(difference))
        yield from (f"  {line}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"  … and {len(lines) - MOST_LINES} more lines"

    def _steps(self, steps: Sequence[Step]) -> Iterator[str]:
        main = Counter(step.contract.address for step in steps).most_common(1)
        purse, before = Purse(self.chain), EPOCH
        for number, step in enumerate(steps, 1):
            gap, before = step.time - before, step.time
            time = f"+{span(gap)}" if gap < DAY else moment(step.time)
            head = f"{number:>3}  {time}".ljust(INDENT - 2) + "  "
            told = self._told(step, main[0][0]) + self._gains(purse.gains(step))
            yield from wrap(told, WIDTH, initial_indent=head, subsequent_indent=" " * INDENT)

    def _told(self, step: Step, main: str) -> str:
        """Who calls what, with how much, and how it ends; the contract that most steps call is not named."""
        address = step.contract.address
        target = "" if address == main else f"{self.words.account(address)}."
        sent = f" with {step.value:,} wei" if step.value else ""
        ending = "ok"
        if step.revert is not None:
            ending = self.words.error(Reverted(*self.chain.lexicon.explain_revert(step.revert)))
        return f"{self.words.account(step.sender)}: {target}{self.words.call(step)}{sent} → {ending}"

    def _gains(self, gains: Mapping[tuple[str, str], int]) -> str:
        told = sorted(
            f"{self.words.account(account)} gets {amount:,} {self.words.coin(token)}"
            for (account, token), amount in gains.items()
        )
        return f"; {', '.join(told)}" if told else ""

    def _differing(self, difference: Difference) -> Iterator[str]:
        expected, found = difference.expected, difference.found
        item = _output(difference.view)
        if _are_logs(expected) and _are_logs(found):
            yield from self._differing_logs(expected, found)
        elif isinstance(expected, Mapping) and isinstance(found, Mapping):
            yield from self._differing_fields(item.get("components") or (), expected, found)
        else:
            yield f"expected {self._said(item, expected)}"
            yield f"found    {self._said(item, found)}"

    def _said(self, item: Item, value: Any) -> str:
        if isinstance(value, Reverted):
            return self.words.error(value)
        return value if isinstance(value, str) and item is NO_ITEM else self.words.value(item, value)

    def _differing_fields(
        self, items: Sequence[Item], expected: Mapping[str, Any], found: Mapping[str, Any]
    ) -> Iterator[str]:
        kinds = {item["name"]: item for item in items}
        for name in {**expected, **found}:
            wanted, got = expected.get(name), found.get(name)
            if wanted != got:
                item = kinds.get(name) or {**NO_ITEM, "name": name}
                told, seen = self.words.value(item, wanted), self.words.value(item, got)
                yield f"{name}: expected {told}, found {seen}"

    def _differing_logs(self, expected: Sequence[Any], found: Sequence[Any]) -> Iterator[str]:
        """Events of one name are compared field by field, others are missing or too many."""
        wanted, got = list(expected), list(found)
        while wanted or got:
            if wanted and got and wanted[0][0] == got[0][0]:
                (name, told), (_, seen) = wanted.pop(0), got.pop(0)
                for line in self._differing_fields(self.words.event_items(name), told, seen):
                    yield f"{name}.{line}"
            elif wanted and wanted[0][0] not in {name for name, _ in got}:
                yield f"expected {self._event(wanted.pop(0))}, found nothing of it"
            else:
                yield f"found {self._event(got.pop(0))}, which was not expected here"

    def _event(self, event: tuple[str, Mapping[str, Any]]) -> str:
        return f"{event[0]}({self.words.fields(self.words.event_items(event[0]), event[1])})"


class Purse:
    """Who got how much in each step, as the model has it: of tokens by what they log, of the native coin by
    the balances that are looked at.
    """

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._known: dict[str, int] = {}

    def gains(self, step: Step) -> dict[tuple[str, str], int]:
        """Base units by (account, coin)."""
        gains: dict[tuple[str, str], int] = defaultdict(int)
        for logs in step.logs.values():
            for log in logs:
                name, values = self._chain.lexicon.explain_log(log)
                if name == "Transfer" and "value" in values:
                    gains[values["to"], log[0]] += values["value"]
        for probe in step.probes:
            if probe.view.contract is None:
                account, balance = probe.view.args[0], probe.view.expected
                gain = balance - self._before(account, balance)
                self._known[account] = balance
                if gain > 0:
                    gains[account, NATIVE] += gain
        return gains

    def _before(self, account: str, balance: int) -> int:
        """The balance before the step: where no step looked at it yet, the one on the stage."""
        if account not in self._known:
            with suppress(NodeError):
                return int(self._chain.node.rpc("eth_getBalance", account, "latest"), 16)
        return self._known.get(account, balance)


def _output(view: View | None) -> Item:
    """What a view answers, as one item."""
    if view is None or view.contract is None:
        return NO_ITEM
    outputs: Sequence[Item] = view.contract.interface.function(view.function, len(view.args)).entry["outputs"]
    return outputs[0] if len(outputs) == 1 else {**NO_ITEM, "components": outputs}


def _are_logs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], Mapping) for one in value
    )
