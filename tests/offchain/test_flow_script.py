"""The announcement to a Flow contract on a real chain: price from its market, calldata and fee in the
transaction.
"""

from contextlib import nullcontext

import click
import pytest
from ape import networks

from offchain.hashing import keccak256, zerog_root
from offchain.storage import flow_calldata
from scripts._flow import connected_flow
from tests.conftest import isolated
from tests.offchain.samples import pattern

NETWORK = "ethereum:local:foundry"
FLOW = "0x00000000000000000000000000000000000F1080"
PRICE = 7


def selector(signature):
    return keccak256(signature.encode())[:4]


def flow_code():
    """Its own market: `market()` is its address, `pricePerSector()` the price, any other call is taken."""
    head = bytes.fromhex("5f3560e01c")
    jumps = b"\x80\x63" + selector("market()") + bytes.fromhex("14601a57")
    jumps += b"\x80\x63" + selector("pricePerSector()") + bytes.fromhex("14602257")
    answer = bytes.fromhex("5f5260205ff3")
    code = head + jumps + b"\x00"
    assert len(code) == 0x1A
    code += b"\x5b\x30" + answer
    assert len(code) == 0x22
    return code + b"\x5b\x60" + bytes([PRICE]) + answer


@pytest.fixture(autouse=True)
def this_chain(chain, monkeypatch):
    """Choosing a local network would start another Anvil: stay on the one of the test."""
    monkeypatch.setattr(
        type(networks), "parse_network_choice", lambda _manager, _choice: nullcontext(chain.provider)
    )


@pytest.fixture
def flow_contract(chain):
    with isolated(chain):
        chain.provider.make_request("anvil_setCode", [FLOW, "0x" + flow_code().hex()])
        yield FLOW


def test_submit__pays_the_markets_price_and_sends_the_nodes(chain, accounts, flow_contract):
    root = zerog_root(pattern(262_145))
    with connected_flow(flow_contract, NETWORK, accounts[0]) as flow:
        flow.submit(root)
    (sent,) = chain.blocks.head.transactions
    assert sent.value == PRICE * (1_024 + 128)
    assert bytes(sent.data) == flow_calldata(root, accounts[0].address)
    assert sent.sender == accounts[0].address


def test_connect__what_is_no_flow_contract__is_refused_before_anything_is_sent(chain, accounts):
    before = accounts[0].nonce
    with (
        pytest.raises(click.ClickException, match="no Flow contract"),
        connected_flow(FLOW, NETWORK, accounts[0]),
    ):
        pass
    assert accounts[0].nonce == before


@pytest.mark.parametrize(("contract", "network"), [(None, NETWORK), (FLOW, None)])
def test_connect__without_contract_or_network__names_the_options(contract, network):
    with pytest.raises(click.UsageError, match="--flow"), connected_flow(contract, network, None):
        pass
