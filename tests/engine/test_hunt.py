"""The hunt for a difference on a node of its own, as the mutation runner uses it."""

import time
from random import Random

import pytest

from tests.engine.ape_project import ApeArtifacts
from tests.engine.catalogue import UnknownCapability
from tests.engine.hunt import hunt
from tests.engine.node import Node
from tests.support.anvil import anvil_for

EXAMPLE = "tests/engine/example/test_piggy_bank.py"


@pytest.fixture(scope="module")
def url(networks):
    """An Anvil that is not Ape's."""
    with anvil_for(31_337) as found:
        yield found


def state_of(url):
    node = Node(url)
    return node.rpc("eth_chainId"), node.rpc("eth_blockNumber")


def test_hunt__unchanged_contract__nothing_found_and_the_node_is_as_it_was(url) -> None:
    before = state_of(url)
    began = time.monotonic()
    assert hunt(url, {}, EXAMPLE, 1.5, 1) is None
    assert time.monotonic() - began >= 1.5
    assert state_of(url) == before


def test_hunt__changed_contract__tells_the_first_difference(url) -> None:
    before = state_of(url)
    code = ApeArtifacts().bytecode("PiggyBank")
    week = f"{7 * 86_400:06x}"
    assert week in code
    changed = {"PiggyBank": code.replace(week, f"{7 * 86_400 + 1:06x}")}
    found = hunt(url, changed, EXAMPLE, 20, 1)
    assert found is not None
    assert found.startswith("deposit: logs of PiggyBank")
    assert hunt(url, changed, EXAMPLE, 20, 1) == found
    assert state_of(url) == before


def test_hunt__stage_that_cannot_be_set__is_a_difference(url) -> None:
    found = hunt(url, {"PiggyBank": "0xfe"}, EXAMPLE, 20, 1)
    assert found is not None
    assert found.startswith("the stage cannot be set: PiggyBank was not deployed")


def test_hunt__unknown_contract__says_so(url) -> None:
    with pytest.raises(UnknownCapability):
        hunt(url, {}, "Nowhere", 1, 1)


def test_hunt__goes_on_under_another_chain_id(url, monkeypatch) -> None:
    moves = []
    monkeypatch.setattr("tests.engine.hunt.SHIFT", 1)
    monkeypatch.setattr("tests.engine.hunt.Chain.move_to", lambda _, chain_id: moves.append(chain_id))
    assert hunt(url, {}, EXAMPLE, 1, Random(1).randrange(9)) is None
    assert set(moves) == {31_337, 31_336}
