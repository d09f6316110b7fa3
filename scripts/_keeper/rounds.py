"""A round of the keeper: everything that is due, and what becomes due by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.exceptions import ApeException, ContractLogicError
from requests.exceptions import RequestException

from offchain.indexer import Duty
from scripts._chain.consensus import whole_contract
from scripts._chain.duties import perform
from scripts._chain.fees import price_now
from scripts._chain.refusals import Refused, estimate_call, try_call
from scripts._chain.system import System
from scripts._cli import note
from scripts._keeper.books import Charge

NOBODY = "0x" + "0" * 40
GWEI = 10**9
FAILURES = (ApeException, click.ClickException, RequestException, OSError)
"""What may go wrong with one act while the next may still succeed."""


@dataclass(frozen=True)
class Limits:
    """The most gas of a round, by what acts are estimated to take and took, and the highest price of gas at
    which anything is sent, in the RPC's unit. None is no limit.
    """

    gas: int | None = None
    price: int | None = None


class TooDearError(Exception):
    """An act would go over a limit, so the round is over."""


class TooBigError(Exception):
    """No round has room for an act: it is left, and holds up no other."""


@dataclass
class Round:
    """What came of a round: acts that failed, and whether it ended because gas was too dear."""

    system: System
    account: AccountAPI
    limits: Limits = Limits()
    spent: int = 0
    failed: list[str] = field(default_factory=list)
    too_dear: bool = False

    def do_all(self, charges: Sequence[Charge]) -> Iterator[dict[str, Any]]:
        """Do what is due, a row for each act, until a look finds nothing that was not tried."""
        tried: set[str] = set()
        while due := [duty for duty in _look(self.system, charges) if repr(duty) not in tried]:
            for place, duty in enumerate(due):
                tried.add(repr(duty))
                note(f"{duty.act}: {duty.about}")
                try:
                    yield {**_row(duty), **self._do(duty)}
                except TooDearError as error:
                    note(f"the round ends: {error}")
                    yield {**_row(duty), "note": f"left, {error}"}
                    yield from ({**_row(left), "note": "left"} for left in due[place + 1 :])
                    return

    def _do(self, duty: Duty) -> dict[str, Any]:
        """A duty that is refused is skipped: most often somebody was faster. What is refused as a call costs
        no gas; what is mined after another's does. Whatever else goes wrong with it, the next is tried.
        """
        try:
            self._require_limits(duty)
            done = perform(self.system, self.account, duty).facts()
        except Refused as refused:
            return {"note": f"skipped, {refused.message}"}
        except ContractLogicError as error:
            return {"note": f"skipped, it was refused when it was mined: {error}"}
        except TooBigError as error:
            return {"note": f"left, {error}"}
        except FAILURES as error:
            self.failed.append(f"{duty.act} ({duty.about})")
            message = error.message if isinstance(error, click.ClickException) else error
            return {"note": f"failed, {message}"}
        self.spent += done["gas"]
        return {"note": "done", **done}

    def _require_limits(self, duty: Duty) -> None:
        """Raises TooDearError or TooBigError where the act would go over a limit, Refused where it would
        revert.
        """
        most, room = self.limits.price, self.limits.gas
        if most is not None and (price := price_now(self.system.provider)) > most:
            self.too_dear = True
            raise TooDearError(f"gas costs {price / GWEI:g} gwei, more than {most / GWEI:g}")
        if room is None:
            return
        gas = estimate_call(self.system, str(self.account.address), *_call(self.system, duty))
        if gas > room:
            raise TooBigError(f"it takes {gas:,} gas, more than the {room:,} of a round")
        if self.spent + gas > room:
            raise TooDearError(
                f"it takes {gas:,} gas, and {max(room - self.spent, 0):,} of {room:,} are left"
            )


def list_all(
    system: System, account: AccountAPI | None, charges: Sequence[Charge]
) -> Iterator[dict[str, Any]]:
    """What a round would begin with, each act tried as a call; nothing is sent."""
    sender = str(account.address) if account else NOBODY
    for duty in _look(system, charges):
        said = ""
        try:
            try_call(system, sender, *_call(system, duty), 0)
        except Refused as refused:
            said = refused.message
        yield {**_row(duty), "note": said}


def _look(system: System, charges: Sequence[Charge]) -> list[Duty]:
    for book in {id(book): book for charge in charges for book in charge.books}.values():
        book.catch_up()
    now = system.now
    return [duty for charge in charges for duty in charge.look(now)]


def _call(system: System, duty: Duty) -> tuple[str, bytes]:
    """Where a duty's call goes, and its data."""
    method = getattr(whole_contract(system, duty.contract), duty.act)
    return str(method.contract.address), bytes(method.encode_input(*duty.arguments))


def _row(duty: Duty) -> dict[str, Any]:
    return {"contract": duty.contract, "act": duty.act, "about": duty.about}
