"""The contracts of the consensus market in the story: stakes, reputations, a rule, and the market itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scripts._chain.blueprints import BLUEPRINTS, Site
from scripts._chain.consensus import consensus_at
from scripts._chain.settings import LISTS
from scripts._demo.cast import Cast
from scripts._demo.stage import Note, Stage

PARTS = ("RewardToken", "Staking", "Reputation", "WeightedRule", "ConsensusExtension", "LabelConsensus")
FEE_BPS = 200
UNIT = 10_000
"""Fees in base units of the story's token that an answer has to bring to count for a reputation."""


@dataclass(frozen=True)
class Quality:
    """`token` is what is staked; `parts` are all contracts by name, `market` the one with both its halves."""

    market: Any
    parts: Mapping[str, Any]

    @property
    def token(self) -> Any:
        return self.parts["RewardToken"]

    @property
    def staking(self) -> Any:
        return self.parts["Staking"]

    @property
    def reputation(self) -> Any:
        return self.parts["Reputation"]

    @property
    def rule(self) -> Any:
        return self.parts["WeightedRule"]


def build(stage: Stage, project: Any, cast: Cast, coin: Any) -> Quality:
    """Deploys them as `ape run deploy` does, and takes a fee of jobs in `coin`: without one, answers would
    cost nothing and count for no reputation.
    """
    dana = cast["Dana"]
    network = replace(stage.system.network, fee_recipient=cast["Theo"].address)
    addresses: dict[str, str] = {}
    parts: dict[str, Any] = {}
    for name in PARTS:
        arguments = BLUEPRINTS[name].arguments(Site(network, dana.address, addresses))
        parts[name] = stage.deploy(dana, getattr(project, name), *arguments)
        addresses[name] = str(parts[name].address)
    for name in filter(LISTS.__contains__, PARTS):
        _list(stage, cast, name, parts)
    market = consensus_at(project, addresses["LabelConsensus"])
    note = Note("consensus.setFee", f"sets a fee of {FEE_BPS / 100:g} % on consensus jobs")
    stage.send(dana, market.setFee, FEE_BPS, note=note)
    note = Note("consensus.setUnit", "says what an answer must bring to count for a reputation")
    stage.send(dana, market.setUnit, coin.address, UNIT, note=note)
    token = parts["RewardToken"]
    note = Note("token.grantRole", "may mint what is staked")
    stage.send(dana, token.grantRole, token.MINTER_ROLE(), dana.address, note=note)
    return Quality(market, parts)


def _list(stage: Stage, cast: Cast, name: str, parts: Mapping[str, Any]) -> None:
    """Puts those of our contracts on a contract's list that belong there."""
    act, _, entries = LISTS[name]
    for entry in entries:
        if entry in parts:
            note = Note(f"consensus.{act}", f"puts {entry} on the list of {name}")
            stage.send(cast["Dana"], getattr(parts[name], act), parts[entry].address, True, note=note)
