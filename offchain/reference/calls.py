"""What every act of a model takes and gives: a call in, its effects or a `Revert` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from offchain.reference.journal import Journal
from offchain.reference.revert import Revert

P = ParamSpec("P")


@dataclass(frozen=True)
class Call:
    """Who calls, when (Unix seconds of the block), and with how much of the native coin (base units)."""

    sender: str
    now: int
    value: int = 0


@dataclass(frozen=True)
class Consent:
    """A signer's authorisation of one act. `valid` tells whether his key or wallet made the signature over
    exactly this act; a model knows no keys.
    """

    signer: str
    nonce: int
    deadline: int
    valid: bool = True


@dataclass(frozen=True)
class Acceptance:
    """An arbiter's signature of the terms, with its last second; `valid` as in `Consent`."""

    deadline: int
    valid: bool = True


NOT_ACCEPTED = Acceptance(0, valid=False)


@dataclass(frozen=True)
class Payment:
    """Money that moved: base units of `token`, whose zero address is the native coin."""

    token: str
    payer: str
    payee: str
    amount: int


Event = tuple[str, dict[str, Any]]
"""The name of an event and its arguments by name, as the interface declares them."""


@dataclass
class Effects:
    """What a successful call did: the contract's own events, those of others that it called (with their
    addresses), and the movements of money, in order, and what it returned.
    """

    events: list[Event] = field(default_factory=list)
    others: list[tuple[str, Event]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    result: Any = None


class Model(Protocol):
    """What `act` needs of a model."""

    address: str
    journal: Journal
    effects: Effects


M = TypeVar("M", bound=Model)
Act = Callable[Concatenate[M, Call, P], Effects]


def act(body: Callable[Concatenate[M, Call, P], Any]) -> Act[M, P]:
    """An act: all of it happens, or it raises `Revert` and nothing does. It takes no native coin. As a
    part of another act on the same journal, it happens or does not with the whole.
    """
    return _atomic(body, payable=False)


def payable_act(body: Callable[Concatenate[M, Call, P], Any]) -> Act[M, P]:
    """An external function that may be sent the native coin."""
    return _atomic(body, payable=True)


def _atomic(body: Callable[Concatenate[M, Call, P], Any], *, payable: bool) -> Act[M, P]:
    @wraps(body)
    def atomic(model: M, call: Call, /, *args: P.args, **kwargs: P.kwargs) -> Effects:
        if call.value and not payable:
            raise Revert("")  # the compiler's own check carries no data
        effects = model.effects = Effects()
        journal = model.journal
        within, journal.busy = journal.busy, True
        try:
            effects.result = body(model, call, *args, **kwargs)
        except Revert:
            if not within:
                journal.roll_back()
            raise
        finally:
            journal.busy = within
        if not within:
            journal.keep()
        return effects

    return atomic


def nested(outer: Effects, model: Model, body: Act[Any, ...], call: Call, *args: Any) -> None:
    """An act of another model within a call: its effects are the call's, too, and it reverts with it. Both
    models share a journal.
    """
    done = body(model, call, *args)
    outer.others += [(model.address, event) for event in done.events]
    outer.payments += done.payments
