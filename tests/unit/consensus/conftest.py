"""One deployment for all tests of the consensus market; each test opens jobs of its own."""

import pytest

from tests.support.consensus import World, deploy_system


@pytest.fixture(scope="module")
def system(networks):
    return deploy_system()


@pytest.fixture
def world(system):
    return World(system)


@pytest.fixture
def market(system):
    return system.market


@pytest.fixture
def who(system):
    return system.who
