"""One stage for all tests of a module: what is simulated leaves nothing on it."""

import pytest

from tests.capabilities.market import MarketPlay
from tests.capabilities.market.indexed import IndexedMarket
from tests.engine.ape_project import ape_chain
from tests.engine.check import Troupe


@pytest.fixture(scope="module")
def troupe(networks):
    return Troupe(MarketPlay, ape_chain())


@pytest.fixture(scope="module")
def indexed(networks):
    return Troupe(IndexedMarket, ape_chain())
