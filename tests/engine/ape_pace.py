"""The same steps as ordinary Ape transactions: how fast a test would be that sends them one by one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from typing import Any

import ape
import coincurve
from ape.exceptions import ContractLogicError
from ape.logging import logger
from ape_test.accounts import TestAccount
from eth_keys.backends import CoinCurveECCBackend, get_backend

from tests.engine.capability import Argument
from tests.engine.chain import GAS, Chain, Contract
from tests.engine.check import Troupe
from tests.engine.program import Step
from tests.engine.trial import Trial

RUNS = 3


class SlowCurve(RuntimeError):  # noqa: N818 - what would be measured
    """Ape would sign in pure Python, and look slower than it is."""


class NotAsWritten(AssertionError):  # noqa: N818 - what the step is
    """A step did not do as a transaction what it does in a simulation."""


@dataclass(frozen=True)
class Prepared:
    """A step with its arguments in Ape's words. `balance` is what its contract has of the native coin
    afterwards in wei, where the program says so.
    """

    step: Step
    args: tuple[Any, ...]
    logs: int
    balance: int | None


def prepared(chain: Chain, steps: Iterable[Step]) -> list[Prepared]:
    """Steps with their signatures made: what a test has at hand when it sends a transaction."""
    return [
        Prepared(step, tuple(_args(chain, step)), sum(map(len, step.logs.values())), _balance(step))
        for step in steps
    ]


class ApeTest:
    """Sends steps as a test with Ape does: people's accounts sign, contracts are impersonated, time is set
    with `pending_timestamp`, the error of a failing step is caught, events are decoded, the balance of the
    contract is looked at.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self._contracts: dict[str, Any] = {}
        self._accounts: dict[str, Any] = {}
        require_fast_signing()

    def check(self, prepared: Prepared) -> None:
        """Raises NotAsWritten where the transaction does something else than the step says."""
        step = prepared.step
        try:
            receipt = self.send(prepared)
        except ContractLogicError as error:
            if step.succeeds:
                raise NotAsWritten(f"{step.function} failed: {error}") from error
            return
        if not step.succeeds:
            raise NotAsWritten(f"{step.function} succeeded instead of {step.outcome}")
        if len(receipt.events) != prepared.logs:
            raise NotAsWritten(f"{step.function} logged {len(receipt.events)} events, not {prepared.logs}")
        balance = self.contract(step.contract).balance
        if prepared.balance not in {None, balance}:
            raise NotAsWritten(f"{step.function} left {balance} wei, not {prepared.balance}")

    def send(self, prepared: Prepared, **options: Any) -> Any:
        """The receipt. Raises ContractLogicError where the step fails."""
        step = prepared.step
        ape.chain.pending_timestamp = step.time
        call = getattr(self.contract(step.contract), step.function)
        return call(*prepared.args, sender=self.account(step.sender), value=step.value, gas=GAS, **options)

    def contract(self, contract: Contract) -> Any:
        """Ape's object for a contract of the project."""
        if contract.address not in self._contracts:
            abi = list(contract.interface.abi)
            self._contracts[contract.address] = ape.Contract(contract.address, abi=abi)
        return self._contracts[contract.address]

    def account(self, address: str) -> Any:
        """An account that signs, of a person; one that is impersonated, of a contract."""
        if address not in self._accounts:
            self._accounts[address] = self._signers.get(address) or ape.accounts[address]
        return self._accounts[address]

    @cached_property
    def _signers(self) -> dict[str, Any]:
        people = enumerate(self.chain.people.values())
        return {
            person.address: TestAccount(index=number, address_str=person.address, private_key=person.secret)
            for number, person in people
        }

    def learn(self) -> None:
        """Let Ape know all contracts of the stage, so that their events are decoded."""
        for contract in self.chain.contracts.values():
            self.contract(contract)


def require_fast_signing() -> None:
    """Raises SlowCurve unless eth-keys signs with libsecp256k1."""
    if not isinstance(get_backend(), CoinCurveECCBackend):
        raise SlowCurve(f"coincurve {coincurve.__file__} is installed, but eth-keys does not use it")


def measure(programs: Iterator[tuple[ApeTest, Sequence[Prepared]]], seconds: float) -> float:
    """Steps a second over this time; each program is undone, which takes none of the time."""
    steps, spent = 0, 0.0
    for test, program in programs:
        if spent >= seconds:
            break
        with undone(), unseen():
            began = time.perf_counter()
            for step in program:
                test.check(step)
                steps += 1
                if spent + time.perf_counter() - began > seconds:
                    break
            spent += time.perf_counter() - began
    return steps / spent


def runs_of(troupes: Iterable[Troupe], sample: Iterable[tuple[str, Trial]], seconds: float) -> list[float]:
    """Steps a second in each of three runs over a campaign's own programs, after one program that is not
    measured. Raises NotAsWritten, SlowCurve.
    """
    stages = {troupe.capability.name: (troupe, ApeTest(troupe.chain)) for troupe in troupes}
    work = []
    for name, trial in sample:
        troupe, test = stages[name]
        steps = prepared(troupe.chain, troupe.write(trial.tapes, **trial.silence).steps)
        if steps:
            work.append((test, steps))
    if not work:
        return []
    for _, test in stages.values():
        test.learn()
    endow({each.step.sender for _, steps in work for each in steps})
    programs = cycle(work)
    measure(islice(programs, 1), seconds)
    return [measure(programs, seconds) for _ in range(RUNS)]


def endow(senders: Iterable[str]) -> None:
    """Give those something who have nothing to pay for gas with, which a simulation does not ask for."""
    for sender in senders:
        if not ape.chain.provider.get_balance(sender):
            ape.chain.provider.set_balance(sender, 10**18)


@contextmanager
def undone() -> Iterator[None]:
    """Leave Ape's chain as it was."""
    snapshot = ape.chain.snapshot()
    try:
        yield
    finally:
        ape.chain.restore(snapshot)


@contextmanager
def unseen() -> Iterator[None]:
    """Nobody sees what Ape logs of each transaction, nor the trace that it prints of each that fails, as in a
    test whose output is captured. It prints to what was stdout when it was imported, so the file itself goes.
    """
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    level = logger.level
    logger.set_level("CRITICAL")  # `at_level` would leave it so after an exception
    try:
        yield
    finally:
        logger.set_level(level)
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _args(chain: Chain, step: Step) -> Iterator[Any]:
    for told in step.told:
        if isinstance(told, Argument):
            yield from told.on_chain(chain)
        else:
            yield told


def _balance(step: Step) -> int | None:
    for probe in step.probes:
        if probe.view.contract is None and probe.view.args[0] == step.contract.address:
            return int(probe.view.expected)
    return None
