import pytest

from tests.conftest import AtEnd
from tests.support.calls import ZERO, Contract, balance, deploy
from tests.support.registry import World, make_world


@pytest.fixture(scope="module")
def fresh_world() -> World:
    return make_world()


@pytest.fixture
def world(fresh_world: World, at_end: AtEnd) -> World:
    """A market with one closed job and a registry; afterwards the registry must hold what it owes (T1)."""
    registry, token = fresh_world.registry, fresh_world.token

    def holds_what_it_owes() -> None:
        assert balance(ZERO, registry.address) == registry.call("liabilities", ZERO)
        assert balance(token, registry.address) == registry.call("liabilities", token.address)

    at_end(holds_what_it_owes)
    return fresh_world


@pytest.fixture
def who(world: World):
    return world.who


@pytest.fixture
def registry(world: World) -> Contract:
    return world.registry


@pytest.fixture
def paused(world: World) -> World:
    world.registry.send("pause", sender=world.who.owner)
    return world


@pytest.fixture
def puppet(world: World) -> Contract:
    """A contract account that a test moves, and whose mood on receiving money a test sets."""
    return deploy("Puppet", sender=world.who.stranger)


REFUSE, BURN_GAS, CALL_BACK = 1, 2, 3
