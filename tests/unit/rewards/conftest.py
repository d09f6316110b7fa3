from collections.abc import Iterator

import pytest

from tests.support.calls import Contract
from tests.support.rewards import Cast, System, World, deploy_system, kept_books


@pytest.fixture(scope="module")
def system() -> System:
    return deploy_system()


@pytest.fixture
def world(system: System) -> Iterator[World]:
    """A distributor, whose ledger must be in order after every test (T1)."""
    with kept_books(World(system)) as fresh:
        yield fresh


@pytest.fixture
def who(world: World) -> Cast:
    return world.who


@pytest.fixture
def distributor(world: World) -> Contract:
    return world.distributor
