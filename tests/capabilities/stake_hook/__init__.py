"""The stake hook as the engine plays it."""

from tests.capabilities.stake_hook.play import StakeHookPlay

__all__ = ["StakeHookPlay"]
