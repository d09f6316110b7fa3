"""A round of the keeper: everything that is due, and what becomes due by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ape.api.accounts import AccountAPI
from ape.exceptions import ContractLogicError

from offchain.indexer import Duty
from scripts._chain.consensus import whole_contract
from scripts._chain.duties import perform
from scripts._chain.refusals import Refused, try_call
from scripts._chain.system import System
from scripts._cli import note
from scripts._keeper.books import Book

NOBODY = "0x" + "0" * 40


def do_all(system: System, account: AccountAPI, books: Sequence[Book]) -> Iterator[dict[str, Any]]:
    """Do what is due, a row for each act, until a look finds nothing that was not tried."""
    tried: set[str] = set()
    while due := [duty for duty in _look(system, books) if repr(duty) not in tried]:
        for duty in due:
            tried.add(repr(duty))
            note(f"{duty.act}: {duty.about}")
            yield _do(system, account, duty)


def list_all(system: System, account: AccountAPI | None, books: Sequence[Book]) -> Iterator[dict[str, Any]]:
    """What a round would begin with, each act tried as a call; nothing is sent."""
    sender = str(account.address) if account else NOBODY
    for duty in _look(system, books):
        method = getattr(whole_contract(system, duty.contract), duty.act)
        said = ""
        try:
            data = method.encode_input(*duty.arguments)
            try_call(system, sender, str(method.contract.address), data, 0)
        except Refused as refused:
            said = refused.message
        yield {"contract": duty.contract, "act": duty.act, "about": duty.about, "note": said}


def _look(system: System, books: Sequence[Book]) -> list[Duty]:
    for book in books:
        book.catch_up()
    now = system.now
    return [duty for book in books for duty in book.duties(now)]


def _do(system: System, account: AccountAPI, duty: Duty) -> dict[str, Any]:
    """A duty that is refused is skipped: most often somebody was faster. What is refused as a call costs no
    gas; what is mined after another's does.
    """
    row: dict[str, Any] = {"contract": duty.contract, "act": duty.act, "about": duty.about}
    try:
        return {**row, "note": "done", **perform(system, account, duty).facts()}
    except Refused as refused:
        return {**row, "note": f"skipped, {refused.message}"}
    except ContractLogicError as error:
        return {**row, "note": f"skipped, it was refused when it was mined: {error}"}
