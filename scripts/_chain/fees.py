"""What gas costs: estimates with a margin, and the highest price that a transaction may pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ape.api.providers import ProviderAPI

from scripts._cli import is_loopback
from scripts._networks import NetworkParams

MARGIN = 1.2  # between an estimate and the limit: states differ a little when the transaction is mined
HEADROOM = 2  # times the present base fee: as much as it can grow in six full blocks


@dataclass(frozen=True)
class Price:
    """Per gas, in the RPC's unit. `priority` is None on networks without a base fee."""

    most: int
    priority: int | None

    def options(self) -> dict[str, Any]:
        """As Ape's transactions take it."""
        if self.priority is None:
            return {"gas_price": self.most, "type": 0}
        return {"max_fee": self.most, "max_priority_fee": self.priority}


def price_now(provider: ProviderAPI) -> int:
    """What the node says that gas costs, in the RPC's unit."""
    return _int(provider.make_request("eth_gasPrice", []))


def price_of(provider: ProviderAPI) -> Price:
    """The price now."""
    block = provider.make_request("eth_getBlockByNumber", ["latest", False])
    base = block.get("baseFeePerGas")
    if base is None:
        return Price(price_now(provider), None)
    priority = int(provider.priority_fee)
    return Price(HEADROOM * _int(base) + priority, priority)


def confirmations(network: NetworkParams, provider: ProviderAPI) -> int:
    """Blocks to wait for. A chain on this machine has no one to disagree with, and may mine on demand
    only.
    """
    return 0 if is_loopback(provider) else network.confirmations


def estimate(provider: ProviderAPI, sender: str, data: bytes) -> int:
    """The gas limit for creating a contract. Asked without a price, so that an empty account gets an
    answer.
    """
    # The default block may lie behind: transactions just sent change the nonce, not the cost.
    call = {"from": sender, "data": "0x" + data.hex()}
    return int(_int(provider.make_request("eth_estimateGas", [call])) * MARGIN)


def _int(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
