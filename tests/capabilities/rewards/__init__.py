"""The reward distributor as the engine plays it."""

from tests.capabilities.rewards.play import RewardsPlay

__all__ = ["RewardsPlay"]
