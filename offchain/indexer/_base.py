"""What every fold does: it takes the events of one contract in their order, and knows its escrow and its
governance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from offchain.exceptions import InputError, IntegrityError
from offchain.indexer._records import MarketEvent
from offchain.terms import ZERO_ADDRESS

Args = Mapping[str, Any]
Handler = Callable[[Args], None]


class ContractFold:
    """The state of the contract at `address`, rebuilt from its events alone. `credits` are in base units by
    token and account.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.credits: Counter[tuple[str, str]] = Counter()
        self.nonces: set[tuple[str, int]] = set()
        self.owner = self.heir = self.pauser = ZERO_ADDRESS
        self.fee_bps, self.paused = 0, False
        self._last, self._time = (-1, -1), 0
        self._handlers: dict[str, Handler] = {
            "Credited": self._credited,
            "CreditWithdrawn": self._credit_withdrawn,
            "NonceUsed": self._nonce_used,
            "FeeSet": self._fee_set,
            "PauserSet": self._pauser_set,
            "Paused": self._paused,
            "Unpaused": self._unpaused,
            "OwnershipTransferStarted": self._ownership_offered,
            "OwnershipTransferred": self._ownership_transferred,
            "EIP712DomainChanged": self._domain_changed,
        }

    def apply(self, event: MarketEvent) -> None:
        """Take the next event in.

        Raises InputError for an event that the contract does not have, IntegrityError for one of another
        contract, out of order, or about something that no earlier event told of.
        """
        if event.emitter != self.address:
            raise IntegrityError(f"{event.name} comes from {event.emitter}, not from {self.address}")
        place = (event.block, event.index)
        if place <= self._last:
            raise IntegrityError(f"{event.name} at {place} comes after an event at {self._last}")
        handler = self._handlers.get(event.name)
        if handler is None:
            raise InputError(f"the contract has no event {event.name!r}")
        self._last, self._time = place, event.timestamp
        try:
            handler(event.args)
        except KeyError as error:
            raise IntegrityError(
                f"{event.name} at {place} speaks of {error}, of which no event told: feed all of them"
            ) from error

    def _credited(self, args: Args) -> None:
        self.credits[args["token"], args["account"]] += args["amount"]

    def _credit_withdrawn(self, args: Args) -> None:
        self.credits[args["token"], args["account"]] -= args["amount"]

    def _nonce_used(self, args: Args) -> None:
        self.nonces.add((args["account"], args["nonce"]))

    def _fee_set(self, args: Args) -> None:
        self.fee_bps = args["feeBps"]

    def _pauser_set(self, args: Args) -> None:
        self.pauser = args["pauser"]

    def _paused(self, args: Args) -> None:  # noqa: ARG002 - who paused does not matter
        self.paused = True

    def _unpaused(self, args: Args) -> None:  # noqa: ARG002
        self.paused = False

    def _ownership_offered(self, args: Args) -> None:
        self.heir = args["newOwner"]

    def _ownership_transferred(self, args: Args) -> None:
        self.owner, self.heir = args["newOwner"], ZERO_ADDRESS

    def _domain_changed(self, args: Args) -> None:
        """ERC-5267 announces a change of the signing domain; these contracts' never changes."""
