"""Powers behind a timelock: handing them over, and using them there. Whatever is asked for is found on the
chain, so every act can be repeated: what is done is not done again, what waits is told with its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import cached_property
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._chain.artifacts import artifact
from scripts._chain.blueprints import ZERO
from scripts._chain.manifest import Manifest
from scripts._chain.settings import Setting
from scripts._chain.system import System, of_manifest
from scripts._chain.transactions import Sent, send
from scripts._networks import NetworkParams

TIMELOCK, TOKEN = "Timelock", "RewardToken"
PROPOSER, EXECUTOR = "PROPOSER_ROLE", "EXECUTOR_ROLE"
NOTHING = b"\0" * 32
REPEATS = 1_000
"""How often one and the same act can go through a timelock."""


class OperationState(IntEnum):
    """As the timelock numbers them."""

    UNSET = 0
    WAITING = 1
    READY = 2
    DONE = 3


@dataclass(frozen=True)
class Power:
    """How a contract's power is handed over: views and acts by name."""

    holder: str
    heir: str
    offer: str
    accept: str

    def held_by(self, contract: Any) -> str:
        return str(getattr(contract, self.holder)())

    def offered_to(self, contract: Any) -> tuple[str, int]:
        """Who may accept, and after which second, Unix."""
        found = getattr(contract, self.heir)()
        return (str(found), 0) if isinstance(found, str) else (str(found[0]), int(found[1]))


OWNER = Power("owner", "pendingOwner", "transferOwnership", "acceptOwnership")
ADMIN = Power(
    "defaultAdmin", "pendingDefaultAdmin", "beginDefaultAdminTransfer", "acceptDefaultAdminTransfer"
)


def power_of(name: str) -> Power | None:
    """The power over a contract of the project; None where nobody has any."""
    functions = {entry.get("name") for entry in artifact(name).abi}
    return next((power for power in (OWNER, ADMIN) if power.heir in functions), None)


@dataclass(frozen=True)
class Operation:
    """A call that a timelock makes of a contract. The salt tells it from the same call made before."""

    timelock: Any
    told: str
    target: str
    data: bytes
    salt: bytes

    @classmethod
    def of(cls, timelock: Any, name: str, method: Any, arguments: Iterable[Any]) -> Operation:
        """The first that is not done of all that make this call."""
        values = tuple(arguments)
        told = f"{name}.{method.abis[0].name}({', '.join(map(str, values))})"
        target, data = str(method.contract.address), bytes(method.encode_input(*values))
        for number in range(REPEATS):
            operation = cls(timelock, told, target, data, number.to_bytes(32))
            if operation.state != OperationState.DONE:
                return operation
        raise click.ClickException(f"{told} went through the timelock {REPEATS} times: give it another salt")

    @property
    def call(self) -> tuple[Any, ...]:
        """What every function of the timelock takes."""
        return self.target, 0, self.data, NOTHING, self.salt

    @cached_property
    def identity(self) -> bytes:
        """As the timelock computes it: asked once, since neither can change."""
        return bytes(self.timelock.hashOperation(*self.call))

    @property
    def state(self) -> OperationState:
        return OperationState(int(self.timelock.getOperationState(self.identity)))

    @property
    def ready_at(self) -> int:
        """The first second, Unix, in which it can be executed."""
        return int(self.timelock.getTimestamp(self.identity))

    def schedule(self) -> Setting:
        delay = int(self.timelock.getMinDelay())
        return Setting(TIMELOCK, "schedule", (*self.call, delay), f"schedule {self.told}")

    def execute(self) -> Setting:
        return Setting(TIMELOCK, "execute", self.call, f"execute {self.told}")


def may(timelock: Any, role: str, account: str) -> bool:
    """Whether an account has a role of the timelock, by itself or because everybody executes."""
    identity = getattr(timelock, role)()
    everybody = (ZERO,) if role == EXECUTOR else ()
    return any(timelock.hasRole(identity, who) for who in (account, *everybody))


def timelock_of(system: System) -> Any | None:
    """The network's timelock, if it has one."""
    return system.contract(TIMELOCK) if TIMELOCK in system.entries else None


def moment(second: int) -> str:
    """A Unix second as a person reads it."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# --- handing over ---


def open_handover(
    manifest: Manifest, names: Iterable[str], sender: str, network: NetworkParams, provider: ProviderAPI
) -> tuple[list[Setting], list[str]]:
    """What this sender can do now to put every power behind the timelock, and notes on what waits, or is
    somebody else's to do.
    """
    system, mine, notes = of_manifest(manifest, network, provider), [], []
    for name in names:
        power = power_of(name)
        if power is None or name == TIMELOCK:
            continue
        if name in system.entries and TIMELOCK in system.entries:
            acts, told = _next_acts(name, power, system, sender)
        else:
            acts, told = _planned(name, power, system, sender)
        if name == TOKEN and name in system.entries:
            taken, left = _stop_minting(system, sender, manifest.deployer)
            acts, told = [*taken, *acts], [*told, *left]
        mine += acts
        notes += told
    return mine, notes


def minters_of(system: System) -> list[str]:
    """Who creates reward tokens without asking anybody. The token keeps no list, so its events are read."""
    from scripts._chain.events import event_of, read_events  # noqa: PLC0415 - scripts start fast

    token = system.contract(TOKEN)
    role = bytes(token.MINTER_ROLE())
    granted = event_of(read_events(system, TOKEN, (None, "0x" + role.hex())), "RoleGranted")
    accounts = dict.fromkeys(str(event.args["account"]) for event in granted)
    return [account for account in accounts if token.hasRole(role, account)]


def _stop_minting(system: System, sender: str, deployer: str) -> tuple[list[Setting], list[str]]:
    """The power to mint is no admin's and would outlast the handover. While the sender is the admin, he takes
    it from himself and from whoever deployed the system or owns it. Others are named.
    """
    token, mine, notes = system.contract(TOKEN), [], []
    role, admin = bytes(token.MINTER_ROLE()), ADMIN.held_by(token)
    timelock = system.entries.get(TIMELOCK, {}).get("address")
    for minter in minters_of(system):
        if minter == timelock:
            continue
        if admin == sender and minter in {sender, deployer, system.network.role("owner", sender)}:
            mine.append(Setting(TOKEN, "revokeRole", (role, minter), f"revokeRole(MINTER_ROLE, {minter})"))
            continue
        notes.append(
            f"{TOKEN}: {minter} mints without any delay: its admin {admin} can end that by `ape run admin "
            f"call {TOKEN} revokeRole 0x{role.hex()} {minter}`"
        )
    return mine, notes


def _planned(name: str, power: Power, system: System, sender: str) -> tuple[list[Setting], list[str]]:
    """Before both are there, a plan names the timelock instead of its address."""
    network = system.network
    there = name in system.entries
    owner = power.held_by(system.contract(name)) if there else network.role("owner", sender)
    offer = Setting(name, power.offer, (TIMELOCK,))
    if owner != sender:
        return [], [f"{name}: its owner {owner} has to call {offer}"]
    wanted = [offer]
    if sender in network.deciders("proposers", sender):
        wanted.append(Setting(TIMELOCK, "schedule", (), f"schedule {name}.{power.accept}()"))
    return wanted, []


def _next_acts(name: str, power: Power, system: System, sender: str) -> tuple[list[Setting], list[str]]:
    contract, timelock = system.contract(name), system.contract(TIMELOCK)
    place, owner = str(timelock.address), power.held_by(contract)
    if owner == place:
        return [], []
    heir, after = power.offered_to(contract)
    operation = Operation.of(timelock, name, getattr(contract, power.accept), ())
    mine, notes = [], []
    if heir != place:
        offer = Setting(name, power.offer, (place,))
        _check_deciders(system, timelock, owner)
        if owner != sender:
            return [], [f"{name}: its owner {owner} has to call {offer}"]
        mine.append(offer)
    state = operation.state
    if state == OperationState.UNSET:
        if may(timelock, PROPOSER, sender):
            mine.append(operation.schedule())
            notes.append(f"{operation.told} is on its way: run this again after the timelock's delay")
        else:
            notes.append(f"{operation.told}: a proposer of the timelock has to run this")
        return mine, notes
    ready = max(operation.ready_at, after + 1)
    if heir != place or system.now < ready:
        notes.append(f"{operation.told} can be executed from {moment(ready)} on: run this again then")
    elif may(timelock, EXECUTOR, sender):
        mine.append(operation.execute())
    else:
        notes.append(f"{operation.told}: an executor of the timelock has to run this")
    return mine, notes


def _check_deciders(system: System, timelock: Any, owner: str) -> None:
    """Nobody's powers go to a timelock that others decide over; raises ClickException."""
    for kind, role in (("proposers", PROPOSER), ("executors", EXECUTOR)):
        for account in system.network.deciders(kind, owner):
            if not may(timelock, role, account):
                raise click.ClickException(
                    f"{account} should be one of the {kind} of the Timelock at {timelock.address}, "
                    f"and is not: deploy it anew with --replace {TIMELOCK}"
                )


# --- using the powers ---


def through_timelock(
    system: System, name: str, method: Any, arguments: tuple[Any, ...], account: AccountAPI
) -> tuple[str, Sent | None]:
    """The owner's next step towards a call, where the timelock is the owner: scheduled the first time,
    executed once the delay is over. Returns what was done or what is waited for. ClickException where it is
    not this account's to do.
    """
    timelock = system.contract(TIMELOCK)
    operation = Operation.of(timelock, name, method, arguments)
    state = operation.state
    if state == OperationState.WAITING:
        return f"waits: can be executed from {moment(operation.ready_at)} on, by the same command", None
    role, setting = (
        (PROPOSER, operation.schedule()) if state == OperationState.UNSET else (EXECUTOR, operation.execute())
    )
    if not may(timelock, role, account.address):
        raise click.ClickException(
            f"{name} belongs to the timelock {timelock.address}, and to {setting} takes its {role}, which "
            f"{account.address} has not: use another --account"
        )
    sent = send(system, setting.method, getattr(timelock, setting.method), *setting.values, sender=account)
    if state == OperationState.READY:
        return "done", sent
    return f"scheduled: can be executed from {moment(operation.ready_at)} on, by the same command", sent
