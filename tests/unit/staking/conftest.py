from collections.abc import Iterator

import pytest

from tests.support.calls import Contract
from tests.support.staking import Cast, System, World, deploy_system, kept_ledger


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system("MockToken", 18)


@pytest.fixture
def world(system: System) -> Iterator[World]:
    """A staking contract with a plain token, whose ledger must be in order after every test (T1, T38)."""
    with kept_ledger(World(system)) as fresh:
        yield fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def staking(world: World) -> Contract:
    return world.staking


@pytest.fixture
def token(world: World) -> Contract:
    return world.token
