"""The 0G Flow contract of a live network, as the storage commands use it."""

import contextlib
from collections.abc import Callable, Iterator

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI
from ape.utils import ManagerAccessMixin as Managers

from offchain.hashing import address_bytes, checksum_address, keccak256
from offchain.storage import Flow, FlowCall
from scripts._cli import checked_account, checked_network


@contextlib.contextmanager
def connected_flow(contract: str | None, network: str | None, account: AccountAPI | None) -> Iterator[Flow]:
    """A Flow contract on a checked network, announcements being paid by the account. ClickException."""
    if not contract or not network:
        raise click.UsageError(
            "0G Storage keeps a record of each file on its chain: pass --flow ADDRESS and --network, such as "
            "0g:galileo:node"
        )
    with Managers.network_manager.parse_network_choice(network) as provider:
        checked_network(provider)
        payer = checked_account(account, provider)
        price = _sector_price(provider, contract)
        yield Flow(contract, payer.address, lambda sectors: price * sectors, _sender(payer))


def _sender(account: AccountAPI) -> Callable[[FlowCall], None]:
    def send(call: FlowCall) -> None:
        # Waits until it is mined and raises if it failed.
        account.transfer(call.to, call.value, data=call.data)

    return send


def _sector_price(provider: ProviderAPI, flow: str) -> int:
    """What a sector of 256 bytes costs, by the market contract that the Flow contract names."""
    market = _view(provider, checksum_address(address_bytes(flow)), "market()")
    return int.from_bytes(_view(provider, checksum_address(market[-20:]), "pricePerSector()"), "big")


def _view(provider: ProviderAPI, contract: str, signature: str) -> bytes:
    call = {"to": contract, "data": "0x" + keccak256(signature.encode())[:4].hex()}
    answer = provider.make_request("eth_call", [call, "latest"])
    value = bytes.fromhex(str(answer).removeprefix("0x"))
    if len(value) != 32:
        raise click.ClickException(f"{contract} has no {signature}: it is no Flow contract, or no market")
    return value
