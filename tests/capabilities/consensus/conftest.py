"""One stage for all tests of a module: what is simulated leaves nothing on it."""

import pytest

from tests.capabilities.consensus import ConsensusPlay
from tests.engine.ape_project import ape_chain
from tests.engine.check import Troupe


@pytest.fixture(scope="module")
def troupe(networks):
    return Troupe(ConsensusPlay, ape_chain())
