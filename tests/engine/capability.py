"""The vocabulary in which a capability is described: actions, a model, views, invariants, a way out.

A subclass of `Capability` is a play: it is written anew for each program, step by step, on the model alone.
Only when the whole program is written does the chain see it (`executor`).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, ClassVar

from offchain.reference.calls import Call, Effects
from offchain.reference.revert import Revert
from tests.engine.chain import EPOCH, Chain, Contract
from tests.engine.codec import Item
from tests.engine.dice import Dice
from tests.engine.interface import ERC20, Log
from tests.engine.program import Program, Step, View, probe_of

NATIVE = "0x" + "0" * 40

POINTS = 1 << 24
"""A choice among actions is a point below this, so that one draw is enough."""

FACTOR, ADDEND = 1_140_671_485, 12_820_163
"""The linear congruence of old BASICs, whose period is the whole of `POINTS`: the next point."""

GUESSES = 3
"""Actions drawn before all are asked whether they are possible."""

Ready = Callable[[Any], Any]
Action = Callable[[Any, Dice], None]


class ModelBroken(AssertionError):  # noqa: N818 - what happened
    """The model does not keep its own invariants: the bug is in the model or in the interface's idea."""


class Silent(Exception):  # noqa: N818 - what the party is
    """A party that has fallen silent was asked to act or to sign: the step does not happen."""


@dataclass(frozen=True)
class Declared:
    """What `action` notes of an action."""

    weight: int
    when: Ready


def action(weight: int = 1, when: Ready = lambda _: True) -> Callable[[Action], Action]:
    """Declare an action of a capability, chosen with this weight among those whose `when(play)` holds."""

    def mark(method: Action) -> Action:
        method.declared = Declared(weight, when)  # type: ignore[attr-defined]
        return method

    return mark


class Argument(ABC):
    """An argument that the contract and the model are told in different words, a signature for example.
    Several values fill several parameters.
    """

    @abstractmethod
    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        """What the contract gets."""

    @abstractmethod
    def in_model(self) -> tuple[Any, ...]:
        """What the model gets."""

    def tell(self, name_of: Callable[[str], str]) -> str:
        """What matters of it, as a person reads it; `name_of` names an address."""
        del name_of
        return str(self)


class Capability(ABC):
    """A contract, its model, and everything that people may do to it.

    A subclass says `name` and `sources` (the contracts that it answers for; by default it is called like its
    one contract), sets the stage once (`deploy`), and declares its actions with `@action`. An action draws
    from its `Dice` and calls `act`. `parties` are the accounts that can fall silent, by role.
    """

    name: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    unreachable: ClassVar[dict[str, str]] = {}
    """Declared errors that no program can reach, each with the reason."""

    stage: Any
    chain: Chain

    # To be said by the subclass

    @classmethod
    @abstractmethod
    def deploy(cls, chain: Chain) -> Any:
        """Deploy and endow; returns what plays need to know. Done once for very many programs."""

    @abstractmethod
    def begin(self) -> tuple[Contract, Any]:
        """The contract that is called and a fresh model of it, as they are right after `deploy`."""

    @abstractmethod
    def views(self) -> Iterable[View]:
        """Everything that the contract tells, with the model's answers: compared at the end."""

    def touched(self, effects: Effects) -> Iterable[View]:
        """Those views that a step with these effects may have changed: compared after the step."""
        del effects
        return self.views()

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        """Sentences that do not hold of the model: after a step with these effects, or at the end."""
        del effects
        return ()

    def open(self, dice: Dice) -> None:  # noqa: B027 - most have none
        """What happens before the first action."""

    def finish(self) -> None:  # noqa: B027 - some hold nothing
        """Everybody is silent for good: time and permissionless calls must end everything. Fails with an
        assertion where something is left.
        """

    @classmethod
    def parties(cls, stage: Any) -> dict[str, tuple[str, ...]]:
        """Who can fall silent, by role; an account may have several."""
        del stage
        return {}

    @classmethod
    def phrase(cls, item: Item, value: Any) -> str | None:
        """A value of this parameter, field or result as a person reads it in a story, a mask as its tasks for
        example; None for the engine's own way (`words`).
        """
        del item, value
        return None

    def spell(self, value: Any) -> str | None:
        """Python for a value that another deployment of the stage would change, told with `play` and `who`
        (`regression`); None for a value that stays, and for an address, which has a name.
        """
        del value
        return None

    # For the subclass

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not hasattr(cls, "sources"):
            cls.name, cls.sources = cls.__name__, (cls.__name__,)

    def __init__(self, chain: Chain, stage: Any) -> None:
        self.chain, self.stage = chain, stage
        self.now = EPOCH
        self.steps: list[Step] = []
        self.muted: frozenset[str] = frozenset()
        self._action = "open"
        self.contract, self.model = self.begin()

    def act(
        self,
        function: str,
        *args: Any,
        sender: str,
        at: int = 0,
        value: int = 0,
        contract: Contract | None = None,
        model: Callable[..., Effects] | None = None,
    ) -> bool:
        """A step: `function` of the contract is called at second `at`, by default in that of the step before:
        steps of one second are in one block. Returns whether it succeeds. The model's act has the same name
        in snake case unless `model` is given.
        """
        self.require_vocal(sender)
        self.now = max(at, self.now)
        predict = model or getattr(self.model, snake_case(function))
        told, sent = self._spoken(args)
        target = contract or self.contract
        code = target.interface.function(function, len(sent))
        step = Step(
            action=self._action,
            contract=target,
            function=function,
            told=args,
            sender=sender,
            value=value,
            time=self.now,
            data="0x" + code.call(sent).hex(),
            revert=None,
            outcome="ok",
            model=model,
        )
        self.steps.append(step)
        try:
            effects = predict(Call(sender, self.now, value), *told)
        except Revert as revert:
            step.revert = self.chain.lexicon.revert(revert.error, revert.values)
            step.outcome = revert.error or "reverts without data"
            return False
        step.logs = self._logs(target, effects)
        if effects.result is not None and code.entry["outputs"]:
            step.result = "0x" + code.answer((effects.result,)).hex()
        step.probes = [probe_of(view) for view in self.touched(effects)]
        self._check_model(function, effects)
        return True

    def _spoken(self, args: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        """What the model is told, and what the contract is sent."""
        told: list[Any] = []
        sent: list[Any] = []
        for arg in args:
            if isinstance(arg, Argument):
                told.extend(arg.in_model())
                sent.extend(arg.on_chain(self.chain))
            else:
                told.append(arg)
                sent.append(arg)
        return told, sent

    def require_vocal(self, account: str) -> None:
        """Ends the step if the account has fallen silent."""
        if account in self.muted:
            raise Silent(account)

    # For whoever writes programs

    def turn(self, dice: Dice) -> None:
        """One action, of those that are possible now."""
        name = self._choose(dice)
        if name:
            self._action = name
            with suppress(Silent):
                getattr(self, name)(dice)

    def _choose(self, dice: Dice) -> str | None:
        """By weight among those that are possible. To ask all of them takes as long as the step itself, so a
        few are drawn among all first, and the first that is possible is as good as drawn among those.
        """
        among, upto = self.actions(), self._weights()
        if not among:
            return None
        point = dice.below(POINTS)
        for _ in range(GUESSES):
            name, _, when = among[bisect(upto, point * upto[-1] // POINTS)]
            if when(self):
                return name
            point = (point * FACTOR + ADDEND) % POINTS
        ready = [one for one in among if one[2](self)]
        if not ready:
            return None
        upto = list(accumulate(weight for _, weight, _ in ready))
        return ready[bisect(upto, point * upto[-1] // POINTS)][0]

    def write(
        self, tapes: Iterable[bytes], *, silent: Iterable[str] = (), after: int = 0, closing: bool = True
    ) -> Program:
        """The program of these tapes; a tape of zeros is no step. The roles in `silent` do nothing from turn
        number `after` on. Without `closing`, not all views are asked at the end.
        """
        rolls = [Dice(tape) for tape in tapes if any(tape)]
        self.open(rolls.pop(0) if rolls else Dice(b""))
        for number, dice in enumerate(rolls):
            if number == after:
                self.silence(silent)
            self.turn(dice)
        return self.end(silent, closing=closing)

    def end(self, silent: Iterable[str] = (), *, closing: bool = True) -> Program:
        """The program of all steps so far, with everything that has to come after them."""
        self._action, self.muted = "finish", frozenset()
        self._check_model("the last action", None)
        self.finish()
        self._check_model("the end", None)
        views = [probe_of(view) for view in self.views()] if closing else []
        return Program(self.steps, views, tuple(silent))

    def silence(self, roles: Iterable[str]) -> None:
        """Nobody with one of these roles acts or signs any more."""
        parties = self.parties(self.stage)
        self.muted = frozenset(account for role in roles for account in parties[role])

    @classmethod
    @cache
    def actions(cls) -> list[tuple[str, int, Ready]]:
        """(name, weight, condition), in the order of the class bodies."""
        names = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base))
        found = [(name, getattr(getattr(cls, name), "declared", None)) for name in names]
        return [(name, declared.weight, declared.when) for name, declared in found if declared]

    @classmethod
    @cache
    def _weights(cls) -> list[int]:
        """The weights of all actions, summed up to and including each."""
        return list(accumulate(weight for _, weight, _ in cls.actions()))

    @classmethod
    def play(cls, chain: Chain, stage: Any, tapes: Iterable[bytes], **silence: Any) -> Program:
        """Write the program of these tapes."""
        return cls(chain, stage).write(tapes, **silence)

    # Inside

    def _logs(self, contract: Contract, effects: Effects) -> dict[str, list[Log]]:
        logs: dict[str, list[Log]] = {}
        for name, values in effects.events:
            log = contract.interface.log(contract.address, name, values)
            logs.setdefault(log[0], []).append(log)
        for paid in effects.payments:
            if paid.token != NATIVE:
                values = {"from": paid.payer, "to": paid.payee, "value": paid.amount}
                log = ERC20.log(paid.token, "Transfer", values)
                logs.setdefault(log[0], []).append(log)
        return logs

    def _check_model(self, when: str, effects: Effects | None) -> None:
        broken = list(self.invariants(effects))
        if broken:
            raise ModelBroken(f"after {when}: {'; '.join(broken)}")


@cache
def snake_case(name: str) -> str:
    """`claimBySig` as `claim_by_sig`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
