import ape
import pytest

from tests.support.calls import Contract, deploy


@pytest.fixture(scope="module")
def library() -> Contract:
    return deploy("LibraryHarness", sender=ape.accounts.test_accounts[0].address)
