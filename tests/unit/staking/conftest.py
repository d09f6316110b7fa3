import pytest

from tests.conftest import AtEnd
from tests.support.calls import Contract
from tests.support.staking import Cast, System, World, assert_ledger, deploy_system


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system("MockToken", 18)


@pytest.fixture
def world(system: System, at_end: AtEnd) -> World:
    """A staking contract with a plain token, whose ledger must be in order after every test (T1, T38)."""
    fresh = World(system)
    at_end(lambda: assert_ledger(fresh))
    return fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def staking(world: World) -> Contract:
    return world.staking


@pytest.fixture
def token(world: World) -> Contract:
    return world.token
