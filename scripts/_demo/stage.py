"""The chain as the story uses it: one clock, one transaction at a time, and a record of who did what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scripts._chain.events import Decoder, decoded, decoder
from scripts._chain.system import System
from scripts._demo.cast import Actor
from scripts._demo.errors import StoryError
from scripts._demo.ledger import number, text
from scripts._networks import NetworkParams

START = 2_000_000_000  # the story's first second: a fixed one, so that a seed always gives the same hashes
STEP = 12  # seconds from one transaction to the next

Tone = Literal["plain", "good", "bad"]


@dataclass(frozen=True)
class Note:
    """What a transaction is about. `act` names its row in the table of gas, which counts gas for each of
    `units`.
    """

    act: str
    what: str
    job: int | None = None
    units: int = 1
    tone: Tone = "plain"
    actor: Actor | None = None  # whose act it is, where somebody else sends it


@dataclass(frozen=True)
class Event:
    """A decoded log of one of the story's contracts; addresses have their checksum."""

    name: str
    contract: str
    values: Mapping[str, Any]
    tx: str


@dataclass(frozen=True)
class Act:
    """A transaction that was done, and what it was about."""

    note: Note
    actor: str
    payer: str
    tx: str
    time: int
    gas: int
    events: tuple[Event, ...] = field(repr=False)

    def one(self, name: str) -> Mapping[str, Any]:
        """The values of the only event of a name. Raises StoryError where there is none, or more."""
        found = [event.values for event in self.events if event.name == name]
        if len(found) != 1:
            raise StoryError(f"{self.note.act}: expected one {name} event, found {len(found)}")
        return found[0]


class Stage:
    """Sends transactions on a local chain at chosen times and keeps every one of them."""

    def __init__(self, provider: Any, network: NetworkParams, tell: Callable[[Act], None]) -> None:
        """`tell` hears of every act as it is done."""
        self.provider = provider
        self.acts: list[Act] = []
        self.first_block = self.block_number() + 1
        self._tell = tell
        latest = int(provider.get_block("latest").timestamp)
        self._now = max(START, latest + STEP)
        self._entries: dict[str, dict[str, Any]] = {}
        self._known: Decoder = {}
        self.system = System(network, provider, self._entries)

    @property
    def now(self) -> int:
        """The time of the next transaction, Unix seconds."""
        return self._now

    def block_number(self) -> int:
        """The number of the latest block."""
        return number(self.provider.make_request("eth_blockNumber", []))

    def wait(self, seconds: int) -> None:
        """Lets time pass before the next transaction."""
        self._now += seconds

    def watch(self, contract: Any) -> Any:
        """Decodes this contract's events from now on; returns it."""
        kind = contract.contract_type
        abi = [entry.model_dump(mode="json") for entry in kind.events]
        self._entries[kind.name] = {"address": str(contract.address), "abi": abi, "block": self.first_block}
        self._known = decoder(self.system)
        return contract

    def deploy(self, sender: Actor, container: Any, *arguments: Any) -> Any:
        """Deploys a contract and watches it."""
        self._set_clock()
        contract = _account(sender).deploy(container, *arguments)
        receipt = self.provider.get_receipt(contract.txn_hash)
        name = container.contract_type.name
        self._keep(receipt, Note(f"deploy {name}", f"deploys {name}"), sender)
        return self.watch(contract)

    def send(self, sender: Actor, method: Any, *arguments: Any, note: Note, value: int = 0) -> Act:
        """Calls a contract's method in a transaction of `sender`. Raises what Ape raises where it reverts."""
        self._set_clock()
        receipt = method(*arguments, sender=_account(sender), value=value)
        return self._keep(receipt, note, sender)

    def events_of(self, logs: list[dict[str, Any]]) -> tuple[Event, ...]:
        """The logs of watched contracts, decoded; others are left out."""
        pairs = ((decoded(self._known, log, self._now), log["transactionHash"]) for log in logs)
        return tuple(Event(e.name, e.emitter, e.args, text(tx)) for e, tx in pairs if e)

    def _keep(self, receipt: Any, note: Note, sender: Actor) -> Act:
        actor = note.actor or sender
        events = self.events_of(receipt.logs)
        act = Act(note, actor.name, sender.name, text(receipt.txn_hash), self._now, receipt.gas_used, events)
        self.acts.append(act)
        self._tell(act)
        self._now += STEP
        return act

    def _set_clock(self) -> None:
        self.provider.make_request("evm_setNextBlockTimestamp", [self._now])


def _account(actor: Actor) -> Any:
    if actor.sender is None:
        raise StoryError(f"{actor.name} has no coin for gas: somebody else sends for him")
    return actor.sender
