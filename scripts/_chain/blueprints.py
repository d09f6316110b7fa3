"""Every contract that `deploy` knows: its part, what its constructor is told, what it says of that later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from scripts._networks import NetworkParams

ANNOTATION, DATASETS, QUALITY, GOVERNANCE = "annotation", "datasets", "quality", "governance"
ZERO = "0x" + "0" * 40
WHOLE = 10**18
"""Base units of one reward token."""


@dataclass(frozen=True)
class Site:
    """Where a contract is about to stand. `addresses` are those of the contracts that are there, or will
    be by then.
    """

    network: NetworkParams
    deployer: str
    addresses: Mapping[str, str]

    @property
    def owner(self) -> str:
        """Raises ParamsError where a live network leaves any role open, before anything is sent."""
        owner = self.network.role("owner", self.deployer)
        self.network.role("pauser", self.deployer)
        return owner

    @property
    def sink(self) -> str:
        return self.network.role("fee_recipient", self.deployer)

    @property
    def stake_token(self) -> str:
        """What is staked; the reward token where the network's file names no other."""
        return self.network.quality.stake_token or self.needs("RewardToken")

    def needs(self, name: str) -> str:
        """The address of a contract that has to be there; ClickException, which names the command."""
        if name not in self.addresses:
            raise click.ClickException(
                f"this needs the {name} of the same network: first run `ape run deploy {part_of(name)}`"
            )
        return self.addresses[name]

    def link(self, name: str) -> str:
        """The same for one that may be missing: then the zero address."""
        return self.addresses.get(name, ZERO)


@dataclass(frozen=True)
class Blueprint:
    """`arguments` are those of the constructor, `views` the functions that tell them (None for one that
    changes, or that nothing tells), `links` those of them that bind the contract to another for ever.
    """

    part: str
    arguments: Callable[[Site], tuple[Any, ...]]
    views: tuple[str | None, ...]
    links: Mapping[int, str] = field(default_factory=dict)


CONSENSUS_NEEDS = ("Staking", "Reputation", "ConsensusExtension")

BLUEPRINTS = {
    "AnnotationMarket": Blueprint(
        ANNOTATION, lambda site: (site.owner, site.sink), views=(None, "feeRecipient")
    ),
    "MarketLens": Blueprint(
        ANNOTATION,
        lambda site: (site.needs("AnnotationMarket"),),
        views=("market",),
        links={0: "AnnotationMarket"},
    ),
    "DatasetRegistry": Blueprint(
        DATASETS,
        lambda site: (site.owner, site.sink, site.link("AnnotationMarket")),
        views=(None, "feeRecipient", "market"),
        links={2: "AnnotationMarket"},
    ),
    "RewardToken": Blueprint(
        QUALITY,
        lambda site: (
            site.network.quality.reward_name,
            site.network.quality.reward_symbol,
            site.network.quality.reward_cap * WHOLE,
            site.owner,
            site.network.quality.admin_delay,
        ),
        views=("name", "symbol", "cap", None, None),
    ),
    "RewardDistributor": Blueprint(
        QUALITY,
        lambda site: (
            site.owner,
            site.needs("RewardToken"),
            site.network.quality.max_epoch_cap * WHOLE,
        ),
        views=(None, "rewardToken", "MAX_EPOCH_CAP"),
        links={1: "RewardToken"},
    ),
    "ReviewedFees": Blueprint(
        QUALITY,
        lambda site: (site.needs("AnnotationMarket"),),
        views=("market",),
        links={0: "AnnotationMarket"},
    ),
    "Staking": Blueprint(
        QUALITY,
        lambda site: (site.owner, site.sink, site.stake_token, site.network.quality.unbonding_period),
        views=(None, "feeRecipient", "stakeToken", "UNBONDING_PERIOD"),
    ),
    "StakeHook": Blueprint(
        QUALITY,
        lambda site: (site.needs("AnnotationMarket"), site.needs("Staking")),
        views=("market", "staking"),
        links={0: "AnnotationMarket", 1: "Staking"},
    ),
    "Reputation": Blueprint(QUALITY, lambda site: (site.owner,), views=(None,)),
    "MajorityRule": Blueprint(QUALITY, lambda _: (), views=()),
    "WeightedRule": Blueprint(QUALITY, lambda _: (), views=()),
    "ExpertRule": Blueprint(QUALITY, lambda _: (), views=()),
    "ConsensusExtension": Blueprint(QUALITY, lambda site: (site.sink,), views=("sink",)),
    "LabelConsensus": Blueprint(
        QUALITY,
        lambda site: (site.owner, site.sink, *map(site.needs, CONSENSUS_NEEDS)),
        views=(None, "feeRecipient", "staking", "reputation", "extension"),
        links=dict(enumerate(CONSENSUS_NEEDS, start=2)),
    ),
    "Timelock": Blueprint(
        GOVERNANCE,
        lambda site: (
            site.network.governance.delay,
            site.network.deciders("proposers", site.deployer),
            site.network.deciders("executors", site.deployer),
        ),
        views=(None, None, None),
    ),
}
"""In the order of their deployment."""

PARTS = {
    part: tuple(name for name, blueprint in BLUEPRINTS.items() if blueprint.part == part)
    for part in (ANNOTATION, DATASETS, QUALITY, GOVERNANCE)
}
"""What `deploy` knows: the contracts of each part."""


def part_of(name: str) -> str:
    """What `ape run deploy` has to be told for a contract to be there: its part."""
    part = BLUEPRINTS[name].part
    return "all --governance" if part == GOVERNANCE else part


def check_links(name: str, entry: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
    """A contract names others for ever; raises ClickException where one of those is new, and it is not."""
    for place, other in BLUEPRINTS[name].links.items():
        linked, there = str(entry["args"][place]), addresses.get(other, ZERO)
        if linked.lower() != there.lower():
            raise click.ClickException(
                f"the {name} at {entry['address']} belongs to the {other} {linked}, not to {there}, and that "
                f"never changes: deploy it anew with --replace {name}"
            )


def check_wiring(name: str, contract: Any, entry: Mapping[str, Any]) -> None:
    """What the constructor was told is what the contract says. Raises ClickException."""
    for view, expected in zip(BLUEPRINTS[name].views, entry["args"], strict=True):
        said = None if view is None else getattr(contract, view)()
        if said is not None and str(said).lower() != str(expected).lower():
            raise click.ClickException(
                f"{name}.{view}() at {entry['address']} says {said}, expected {expected}"
            )
