"""The call that announces a file to 0G Storage: its root, cut into perfect subtrees, goes to the Flow
contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from offchain.hashing import ZeroGRoot, address_bytes, checksum_address

SUBMIT_SELECTOR = bytes.fromhex("bc8c11f8")
SUBMIT_TYPE = "((uint256,bytes,(bytes32,uint256)[]),address)"


@dataclass(frozen=True)
class FlowCall:
    """A transaction for somebody else to send: contract, calldata, and the fee in base units of the
    native coin.
    """

    to: str
    data: bytes
    value: int


Sender = Callable[[FlowCall], object]
"""Sends a transaction and returns when it is mined; raises if it fails."""

Fee = Callable[[int], int]
"""The fee in base units for a number of sectors of 256 bytes: the market's `pricePerSector` times them."""


@dataclass(frozen=True)
class Flow:
    """A network's Flow contract, who submits to it, its fee, and the way to send a transaction."""

    contract: str
    submitter: str
    fee: Fee
    send: Sender

    def submit(self, root: ZeroGRoot) -> None:
        """Announce a file and wait until that is mined."""
        sectors = sum(1 << node.height for node in root.nodes)
        self.send(
            FlowCall(checksum_address(self.contract), flow_calldata(root, self.submitter), self.fee(sectors))
        )


def flow_calldata(root: ZeroGRoot, submitter: str, tags: bytes = b"") -> bytes:
    """The calldata of `submit(((uint256 length, bytes tags, (bytes32 root, uint256 height)[] nodes),
    address submitter))`.
    """
    from eth_abi.abi import encode  # noqa: PLC0415 - readers and hashers do not need it

    nodes = [(node.root, node.height) for node in root.nodes]
    submitter_text = "0x" + address_bytes(submitter).hex()
    return SUBMIT_SELECTOR + encode([SUBMIT_TYPE], [((root.length, tags, nodes), submitter_text)])
