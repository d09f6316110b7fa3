import pytest

from tests.conftest import AtEnd
from tests.support.calls import Contract
from tests.support.rewards import Cast, System, World, assert_books, deploy_system


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system()


@pytest.fixture
def world(system: System, at_end: AtEnd) -> World:
    """A distributor, whose ledger must be in order after every test (T1)."""
    fresh = World(system)
    at_end(lambda: assert_books(fresh))
    return fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def distributor(world: World) -> Contract:
    return world.distributor
