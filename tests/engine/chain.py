"""A stage's view of a node: people with keys, contracts of the project, deployments. Gas costs nothing here,
so balances change by what contracts move and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from coincurve import PrivateKey
from eth_utils import to_checksum_address

from offchain.hashing import checksum_address, keccak256
from tests.engine.codec import Encode, decoded, encoder
from tests.engine.interface import Interface, Lexicon
from tests.engine.node import Node, NodeError

GAS = 15_000_000
"""What one call may use: half of a block."""

PLENTY = 10**27
UNLIMITED = 2**256 - 1
EPOCH = 2_000_000_000
"""Unix seconds at which every program begins: later than the deployment, whenever that is."""


class Artifacts(Protocol):
    """Where compiled contracts come from."""

    def abi(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The ABI of a contract, as the compiler writes it."""

    def bytecode(self, name: str) -> str:
        """Its creation code, linked, in hexadecimal."""


@dataclass(frozen=True, eq=False)
class Contract:
    """A deployed contract and what can be said to it."""

    address: str
    interface: Interface
    asked: dict[tuple[str, tuple[Any, ...]], tuple[bytes, Encode]] = field(default_factory=dict)
    """Questions made ready once, with the code for their answers."""

    def __repr__(self) -> str:
        return self.interface.name


class Person:
    """An account with a key, known by a name; the key follows from the name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = PrivateKey(keccak256(name.encode()))
        self.address = checksum_address(keccak256(self._key.public_key.format(compressed=False)[1:])[12:])

    def __repr__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """The private key in hexadecimal, for tools that sign by themselves."""
        return f"0x{self._key.secret.hex()}"

    def sign(self, digest: bytes) -> bytes:
        """65 bytes (r, s, v) over a digest of 32 bytes."""
        signature = self._key.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([27 + signature[64]])


@dataclass
class Chain:
    """What a capability deploys its stage with. `names` are those of the people and contracts by address."""

    node: Node
    artifacts: Artifacts
    names: dict[str, str] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    people: dict[str, Person] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)

    @cached_property
    def deployer(self) -> str:
        """Who deploys: an account of the node itself."""
        self.node.rpc("anvil_setNextBlockBaseFeePerGas", "0x0")
        self.node.rpc("anvil_autoImpersonateAccount", True)
        return to_checksum_address(self.node.rpc("eth_accounts")[0])

    @cached_property
    def lookout(self) -> str:
        """Where many views can be asked for at once."""
        return self.deploy("Lookout", known_as="").address

    @cached_property
    def chain_id(self) -> int:
        """What signatures are made for. `move_to` changes it."""
        return int(self.node.rpc("eth_chainId"), 16)

    def move_to(self, chain_id: int) -> None:
        """Go on as a chain of another id, as a fork does: what is deployed stays."""
        self.node.rpc("anvil_setChainId", chain_id)
        self.chain_id = chain_id

    def person(self, name: str) -> Person:
        """Somebody new, with plenty of the native coin."""
        person = Person(name)
        self.people[name] = person
        self.introduce(name, person.address)
        return person

    def introduce(self, name: str, address: str) -> None:
        """Name an account, and give it plenty of the native coin."""
        if name in self.names.values():
            raise ValueError(f"two accounts are called {name}")
        self.names[address] = name
        self.node.rpc("anvil_setBalance", address, hex(PLENTY))

    def endow(self, account: str, spender: Contract, tokens: Sequence[Contract]) -> None:
        """Give an account plenty of everything, which `spender` may take."""
        self.node.rpc("anvil_setBalance", account, hex(PLENTY))
        for token in tokens:
            self.send(token, "mint", account, PLENTY)
            self.send(token, "approve", spender.address, UNLIMITED, sender=account)

    def deploy(self, name: str, *args: Any, known_as: str | None = None) -> Contract:
        """Deploy a contract of the project. Raises NodeError if it does not let itself be deployed."""
        interface = Interface(name, self.artifacts.abi(name))
        code = self.artifacts.bytecode(name) + encoder(interface.constructor())(args).hex()
        request = {"from": self.deployer, "data": code, "gas": hex(2 * GAS), "gasPrice": "0x0"}
        receipt = self.node.rpc("eth_sendTransactionSync", request)
        if receipt["status"] != "0x1":
            raise NodeError(f"{name} was not deployed with {args}")
        contract = Contract(to_checksum_address(receipt["contractAddress"]), interface)
        self.lexicon.learn(interface)
        label = name if known_as is None else known_as
        if label:
            self.names[contract.address] = label
            self.contracts[label] = contract
        return contract

    def send(self, contract: Contract, function: str, *args: Any, sender: str | None = None) -> None:
        """A transaction that sets the stage. Raises NodeError if it fails."""
        data = contract.interface.function(function, len(args)).call(args)
        request = {
            "from": sender or self.deployer,
            "to": contract.address,
            "data": "0x" + data.hex(),
            "gas": hex(GAS),
            "gasPrice": "0x0",
        }
        if self.node.rpc("eth_sendTransactionSync", request)["status"] != "0x1":
            raise NodeError(f"{contract}.{function}{args} failed while the stage was set")

    def read(self, contract: Contract, function: str, *args: Any) -> Any:
        """What a view answers now."""
        entry = contract.interface.function(function, len(args))
        request = {"to": contract.address, "data": "0x" + entry.call(args).hex()}
        values = decoded(
            entry.entry["outputs"], bytes.fromhex(self.node.rpc("eth_call", request, "latest")[2:])
        )
        return values[0] if len(values) == 1 else tuple(values)
