"""Fixtures around an annotation market, for the conftest of every folder that wants them."""

from collections.abc import Iterator

import pytest

from tests.support.calls import ZERO, Contract
from tests.support.ledger import kept_ledger
from tests.support.market import Cast, System, World, deploy_system


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system()


@pytest.fixture
def world(system: System) -> Iterator[World]:
    """A market, whose ledger must be in order after every test (T1)."""
    with kept_ledger(World(system)) as fresh:
        yield fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def market(world: World) -> Contract:
    return world.market


@pytest.fixture(params=["native", "token"])
def coin(request: pytest.FixtureRequest, system: System) -> str:
    """Where money moves, it moves the same in the native coin and in a token."""
    return ZERO if request.param == "native" else system.token.address
