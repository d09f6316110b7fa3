import pytest

from tests.support.calls import Contract
from tests.support.registry import Roles, deploy_market, roles


@pytest.fixture(scope="module")
def who() -> Roles:
    return roles()


@pytest.fixture(scope="module")
def market(who: Roles) -> Contract:
    return deploy_market(who)
