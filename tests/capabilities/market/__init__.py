"""The annotation market as the engine plays it."""

from tests.capabilities.market.play import MarketPlay

__all__ = ["MarketPlay"]
