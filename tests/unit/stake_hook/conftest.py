import pytest

from tests.conftest import AtEnd
from tests.support.calls import Contract
from tests.support.market import Cast
from tests.support.pledges import System, World, assert_books, deploy_system


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system("MockToken", 18)


@pytest.fixture
def world(system: System, at_end: AtEnd) -> World:
    """A hook, a market and a staking contract, whose books must be in order after every test (T1)."""
    fresh = World(system)
    at_end(lambda: assert_books(fresh))
    return fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def hook(world: World) -> Contract:
    return world.hook


@pytest.fixture
def staking(world: World) -> Contract:
    return world.staking
