"""The staking contract as the engine plays it."""

from tests.capabilities.staking.play import StakingPlay

__all__ = ["StakingPlay"]
