"""Fixtures around an annotation market, for the conftest of every folder that wants them."""

import pytest

from tests.conftest import AtEnd
from tests.support.calls import ZERO, Contract
from tests.support.ledger import assert_ledger
from tests.support.market import Cast, System, World, deploy_system


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system()


@pytest.fixture
def world(system: System, at_end: AtEnd) -> World:
    """A market, whose ledger must be in order after every test (T1)."""
    fresh = World(system)
    at_end(lambda: assert_ledger(fresh))
    return fresh


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
