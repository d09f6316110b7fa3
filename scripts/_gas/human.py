"""HUMAN's escrow, a contract per job, from the bytecode that its project published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts._gas.bench import FULL, REWARD, URI, Bench, digest
from scripts._toolchain.peers import peer_artifact

PACKAGE = "@human-protocol/core"
ESCROW = "contracts/Escrow.sol/Escrow"
PROXY = "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy"
DURATION = 8_640_000  # seconds; what its factory gives every escrow
ORACLE_FEE = "0"  # per cent, as text; Winnow's jobs are measured without a fee, too
PAYEES = 100  # the most that it takes in one call
PAY = REWARD * FULL  # what an annotator earns with a full batch in Winnow


def container(name: str) -> Any:
    """A contract of the package, ready to be deployed."""
    from ape.contracts import ContractContainer  # noqa: PLC0415 - Ape loads every script for every command
    from ethpm_types import ContractType  # noqa: PLC0415

    artifact = peer_artifact(PACKAGE, f"artifacts/{name}.json")
    kind = {
        "contractName": artifact["contractName"],
        "abi": artifact["abi"],
        "deploymentBytecode": {"bytecode": artifact["bytecode"]},
    }
    return ContractContainer(ContractType.model_validate(kind))


class Human:
    """A deployed HUMAN with three oracles, and a creator with a stake. Jobs pay in a plain ERC-20."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.owner, self.creator = bench, bench.owner, bench.creator
        self.oracles = (bench.relayer, bench.arbiter, bench.buyer)  # reputation, recording, exchange
        self.token = self.owner.deploy(bench.project.DemoToken)
        self.token.mint(self.creator, 10**15, sender=self.owner)
        self.store = self.owner.deploy(container("contracts/KVStore.sol/KVStore"))
        for oracle in self.oracles:
            self.store.set("fee", ORACLE_FEE, sender=oracle)
        self.escrows = container(ESCROW)
        self.factory = self._factory()

    def _factory(self) -> Any:
        """The factory behind its proxy, for a creator who has staked what it asks for."""
        staking = self.owner.deploy(container("contracts/Staking.sol/Staking"), self.token, 1, 1, 1)
        factories = container("contracts/EscrowFactory.sol/EscrowFactory")
        code = self.owner.deploy(factories)
        start = code.initialize.encode_input(staking, 1, self.store)
        proxy = self.owner.deploy(container(PROXY), code, start)
        for spender in (staking, proxy):
            self.token.approve(spender, 2**256 - 1, sender=self.creator)
        staking.stake(1, sender=self.creator)
        return factories.at(proxy.address)

    def measure(self) -> Iterator[str]:
        """Adds the rows; yields what it is about to do."""
        yield "HUMAN"
        add = self.bench.add
        escrow, receipts = self.open_by_hand()
        for act, receipt in receipts.items():
            add(f"baseline.human.{act}", receipt)
        # The first escrow of a factory also makes its counters.
        self.open()
        escrow, receipt = self.open()
        add("baseline.human.createFundAndSetup", receipt)
        add("baseline.human.storeResults", self.store_results(escrow))
        payees = [address(number) for number in range(PAYEES)]
        add("baseline.human.bulkPayOut100", self.pay_out(escrow, payees), units=PAYEES)
        for name, chosen in (("bulkPayOut100.holders", payees), ("bulkPayOut1.holder", payees[:1])):
            escrow, _ = self.open(len(chosen))
            self.store_results(escrow, len(chosen))
            add(f"baseline.human.{name}", self.pay_out(escrow, chosen), units=len(chosen))

    def open_by_hand(self) -> tuple[Any, dict[str, Any]]:
        """A creator's own escrow, in three transactions."""
        people = (self.creator, self.owner)
        escrow = self.creator.deploy(self.escrows, self.token, *people, DURATION, self.store)
        funded = self.token.transfer(escrow, PAY * PAYEES, sender=self.creator)
        setup = escrow.setup(*self.oracles, URI, checksum("manifest"), sender=self.creator)
        return escrow, {"deploy": escrow.creation_metadata.receipt, "fund": funded, "setup": setup}

    def open(self, payees: int = PAYEES) -> tuple[Any, Any]:
        """The same by the factory, in one."""
        receipt = self.factory.createFundAndSetupEscrow(
            self.token, PAY * payees, "winnow", *self.oracles, URI, checksum("manifest"), sender=self.creator
        )
        return self.escrows.at(self.factory.lastEscrow()), receipt

    def store_results(self, escrow: Any, payees: int = PAYEES) -> Any:
        """The recording oracle's word on the results, which sets the pay aside."""
        return escrow.storeResults(URI, checksum("results"), PAY * payees, sender=self.oracles[1])

    def pay_out(self, escrow: Any, payees: list[str]) -> Any:
        """All of a job's pay. RuntimeError unless it arrives."""
        before = [self.token.balanceOf(payee) for payee in payees]
        receipt = escrow.bulkPayOut(
            payees, [PAY] * len(payees), URI, checksum("final"), "payout-1", False, sender=self.oracles[0]
        )
        paid = {self.token.balanceOf(payee) - old for payee, old in zip(payees, before, strict=True)}
        if paid != {PAY}:
            raise RuntimeError(f"HUMAN's escrow paid {paid} instead of {PAY}: its figures mean nothing")
        return receipt


def checksum(name: str) -> str:
    """HUMAN keeps hashes as text."""
    return digest(name).hex()


def address(number: int) -> str:
    """An account that nobody has seen."""
    return "0x" + digest("payee", number)[:20].hex()
