import pytest

from tests.support.calls import Contract, deploy
from tests.support.registry import Roles, deploy_market, deploy_registry, roles


@pytest.fixture(scope="module")
def who() -> Roles:
    return roles()


@pytest.fixture(scope="module")
def market(who: Roles) -> Contract:
    return deploy_market(who)


@pytest.fixture(scope="module")
def registry(who: Roles, market: Contract) -> Contract:
    return deploy_registry(who, market.address)


@pytest.fixture(scope="module")
def distributor(who: Roles) -> Contract:
    """Without any supply."""
    token = deploy("MockToken", 18, sender=who.owner)
    return deploy("RewardDistributor", who.owner, token.address, 0, sender=who.owner)


@pytest.fixture(scope="module")
def staking(who: Roles) -> Contract:
    token = deploy("MockToken", 18, sender=who.owner)
    return deploy("Staking", who.owner, who.sink, token.address, 1, sender=who.owner)


@pytest.fixture(scope="module")
def hook(who: Roles, market: Contract, staking: Contract) -> Contract:
    return deploy("StakeHook", market.address, staking.address, sender=who.owner)


@pytest.fixture(scope="module")
def trees(who: Roles) -> Contract:
    return deploy("TreeHarness", sender=who.owner)


@pytest.fixture(scope="module")
def pools(who: Roles) -> Contract:
    return deploy("PoolHarness", sender=who.owner)
