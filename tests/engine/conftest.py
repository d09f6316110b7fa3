"""What the engine's own tests share: the piggy bank of the example, and the ABIs of the whole project."""

from collections.abc import Mapping
from typing import Any

import ape
import pytest

from tests.engine.ape_project import ApeArtifacts, ape_chain
from tests.engine.check import Troupe
from tests.engine.example.test_piggy_bank import PiggyBank


@pytest.fixture(scope="module")
def piggy() -> Troupe:
    """The piggy bank on Ape's Anvil."""
    return Troupe(PiggyBank, ape_chain())


@pytest.fixture(scope="session")
def abis() -> Mapping[str, list[Mapping[str, Any]]]:
    """The ABI of every contract in the project that has one."""
    artifacts = ApeArtifacts()
    found = {name: list(artifacts.abi(name)) for name in sorted(ape.project.contracts)}
    return {name: abi for name, abi in found.items() if abi}
