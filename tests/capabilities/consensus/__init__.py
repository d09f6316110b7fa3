"""The consensus market as a capability of the program engine."""

from tests.capabilities.consensus.play import ConsensusPlay

__all__ = ["ConsensusPlay"]
