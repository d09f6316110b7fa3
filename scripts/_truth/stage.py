"""The deployed contracts that a set is replayed through, next to their reference models: every act is done on
both, and what they log is compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from offchain.consensus import RULES
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.calls import Act, Call
from offchain.reference.consensus import LabelConsensus
from offchain.reference.stakes import Bond
from offchain.reference.staking import Staking, Terms
from tests.engine.chain import GAS, PLENTY, Chain, Contract
from tests.engine.interface import Interface
from tests.engine.node import NodeError

DAY = 86_400
PERIOD = 21 * DAY
STAKE = 10**24
LIMIT = 2**104 - 1
RULE_CONTRACTS = {"majority": "MajorityRule", "weighted": "WeightedRule", "expert": "ExpertRule"}


class Stage:
    """A market with its staking contract, both on the chain and as models. Pay and stake are the same token.

    `gas` counts what transactions used, by function, and `differences` tells what contract and model did not
    agree on.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.owner, self.sink, self.creator = (
            chain.person(f"{role} {len(chain.names)}").address for role in ("owner", "sink", "creator")
        )
        self.token = chain.deploy("MockToken", 18, known_as="")
        arguments = (self.owner, self.sink, self.token.address, PERIOD)
        self.staking = chain.deploy("Staking", *arguments, known_as="")
        extension = chain.deploy("ConsensusExtension", self.sink, known_as="")
        nobody = "0x" + "0" * 40
        parts = (self.owner, self.sink, self.staking.address, nobody, extension.address)
        front = chain.deploy("LabelConsensus", *parts, known_as="")
        self.market = Contract(front.address, _whole(front.interface, extension.interface))
        self.rules = {name: chain.deploy(kind, known_as="") for name, kind in RULE_CONTRACTS.items()}
        chain.send(self.staking, "setMarket", self.market.address, True, sender=self.owner)
        chain.endow(self.creator, self.market, [self.token])
        self.model = self._model()
        self.gas: Counter[str] = Counter()
        self.transactions: Counter[str] = Counter()
        self.differences: list[str] = []

    def _model(self) -> LabelConsensus:
        contracts = [self.market, self.staking, self.token, *self.rules.values()]
        world = World(frozenset(contract.address for contract in contracts))
        staking = Staking(
            self.staking.address, self.owner, Terms(self.token.address, self.sink, PERIOD), world
        )
        rules = {contract.address: RULES[name] for name, contract in self.rules.items()}
        model = LabelConsensus(self.market.address, self.owner, self.sink, staking, None, rules)
        staking.listed[model.address] = True
        model.bank.balances[self.token.address, self.creator] = PLENTY
        model.bank.allowances[self.token.address, self.creator, model.address] = UNLIMITED
        model.journal.keep()
        return model

    def annotator(self, name: str) -> str:
        """The address of somebody new, whose key follows from the name, with a stake that the market may
        lock.
        """
        account = self.chain.person(name).address
        send = self.chain.send
        send(self.token, "mint", account, STAKE)
        send(self.token, "approve", self.staking.address, STAKE, sender=account)
        send(self.staking, "stake", account, STAKE, sender=account)
        send(self.staking, "allow", self.market.address, LIMIT, sender=account)
        staking = self.model.staking
        self.model.bank.balances[self.token.address, staking.address] += STAKE
        staking.available[account] = STAKE
        staking.bonds[account, self.market.address] = Bond(limit=LIMIT)
        self.model.journal.keep()
        return account

    @property
    def now(self) -> int:
        """The second of the latest block."""
        return int(self.chain.node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def wait_until(self, second: int) -> None:
        """The next block is of that second."""
        self.chain.node.rpc("evm_setNextBlockTimestamp", second)
        self.chain.node.rpc("evm_mine")

    def do(
        self, act: Act[Any, ...], told: Sequence[Any], sender: str, function: str, args: Sequence[Any]
    ) -> None:
        """An act on both: `act` of the model with `told`, `function` of the contract with `args`."""
        receipt = self._send(sender, function, args)
        effects = act(self.model, Call(sender, self.now), *told)
        expected = [self.market.interface.log(self.market.address, *event) for event in effects.events]
        expected += [self.staking.interface.log(address, *event) for address, event in effects.others]
        self.compare(function, _by_emitter(receipt["logs"], self.token.address), sorted(expected))

    def compare(self, what: str, found: object, expected: object) -> None:
        """Note it where contract and model differ."""
        if found != expected:
            self.differences.append(f"{what}: contract {found}, model {expected}")

    def view(self, function: str, *args: Any) -> Any:
        """What a view of the market answers."""
        return self.chain.read(self.market, function, *args)

    def _send(self, sender: str, function: str, args: Sequence[Any]) -> dict[str, Any]:
        data = self.market.interface.function(function, len(args)).call(args)
        request = {"from": sender, "to": self.market.address, "data": "0x" + data.hex()}
        receipt = self.chain.node.rpc(
            "eth_sendTransactionSync", request | {"gas": hex(GAS), "gasPrice": "0x0"}
        )
        if receipt["status"] != "0x1":
            raise NodeError(f"{function} failed: {self._refusal(request)}")
        self.gas[function] += int(receipt["gasUsed"], 16)
        self.transactions[function] += 1
        return dict(receipt)

    def _refusal(self, request: dict[str, Any]) -> str:
        try:
            self.chain.node.rpc("eth_call", request, "latest")
        except NodeError as error:
            return str(self.chain.lexicon.explain_revert(error.data)) if error.data else str(error)
        return "out of gas"


def _by_emitter(logs: Sequence[dict[str, Any]], token: str) -> list[tuple[Any, ...]]:
    """All logs but the token's, sorted as the model's are: it does not tell the order among contracts."""
    return sorted(
        (log["address"].lower(), tuple(log["topics"]), log["data"])
        for log in logs
        if log["address"].lower() != token.lower()
    )


def _whole(front: Interface, extension: Interface) -> Interface:
    """The functions of both halves of the market; what stands in both is the same."""
    entries = {json.dumps(entry, sort_keys=True): entry for entry in (*front.abi, *extension.abi)}
    return Interface(front.name, [entry for entry in entries.values() if entry["type"] != "fallback"])
