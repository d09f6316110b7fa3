"""Reputation as the engine plays it."""

from tests.capabilities.reputation.play import ReputationPlay

__all__ = ["ReputationPlay"]
