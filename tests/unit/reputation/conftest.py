from __future__ import annotations

from dataclasses import dataclass, fields

import ape
import pytest

from tests.support.calls import Contract, deploy

CATS = b"cats".ljust(32, b"\0")


@dataclass(frozen=True)
class Cast:
    """Who is who: `guild` is a market that the owner listed, `forum` one that he did not."""

    owner: str
    guild: str
    forum: str
    annotator: str
    rival: str
    stranger: str


@pytest.fixture(scope="module")
def who() -> Cast:
    return Cast(*(account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]))


@pytest.fixture(scope="module")
def reputation(who: Cast) -> Contract:
    contract = deploy("Reputation", who.owner, sender=who.owner)
    contract.send("setWriter", who.guild, True, sender=who.owner)
    return contract


@pytest.fixture
def domain() -> bytes:
    return CATS
