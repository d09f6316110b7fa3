"""Creating one contract: its input, its address before it exists, and the transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.artifacts import Artifact
from scripts._chain.fees import Price, confirmations
from scripts._networks import NetworkParams


def creation_input(compiled: Artifact, arguments: Sequence[Any]) -> bytes:
    """Creation code and constructor arguments."""
    from eth_abi import encode  # noqa: PLC0415

    kinds = [str(item.type) for item in compiled.container.contract_type.constructor.inputs]
    return compiled.creation + encode(kinds, list(arguments))


def predicted_address(account: AccountAPI, ahead: int) -> str:
    """Where the account's next contract goes, after `ahead` other ones."""
    return str(account.get_deployment_address(account.nonce + ahead))


def create(
    compiled: Artifact,
    arguments: Sequence[Any],
    account: AccountAPI,
    network: NetworkParams,
    price: Price,
    gas: int,
    sending: Callable[[str], None],
) -> int:
    """Send the creation and wait until it is confirmed: the number of its block.

    `sending` hears of the transaction's hash before it leaves, so that an interrupted run can find it again.
    """
    options = {
        "sender": account.address,
        "gas_limit": gas,
        "required_confirmations": confirmations(network, account.provider),
        **price.options(),
    }
    ready = account.prepare_transaction(compiled.container(*arguments, **options))
    signed = account.sign_transaction(ready)
    if signed is None:
        raise click.ClickException(f"{compiled.name} was not signed: nothing was sent")
    sending(str(signed.txn_hash.to_0x_hex()))
    receipt = account.provider.send_transaction(signed)
    if receipt.failed:
        raise click.ClickException(f"{compiled.name} was not created: transaction {receipt.txn_hash} failed")
    return int(receipt.block_number)
