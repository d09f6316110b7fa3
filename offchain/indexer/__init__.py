"""The annotation market's state from its events alone: a pure fold, no calls, no network.

Feed `Indexer.apply` every event of the market in order, with the time of its block; then read jobs, claims,
accounts, credits and fees, or take what an export needs (`accepted_batches`).
"""

from offchain.indexer._fold import Indexer
from offchain.indexer._records import IndexedAccount, IndexedClaim, IndexedJob, MarketEvent

__all__ = ["IndexedAccount", "IndexedClaim", "IndexedJob", "Indexer", "MarketEvent"]
