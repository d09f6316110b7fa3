"""The state of the markets and of the stakes from events alone: pure folds, no calls, no network.

Feed `apply` of an `Indexer` (annotation), a `ConsensusIndexer`, a `StakeIndexer` or a `PledgeIndexer` every
event of its contract in order, with the time of its block; then read jobs, claims, seats, locks, pledges,
credits and fees, take what an export needs (`accepted_batches`), or what anyone may do now
(`consensus_duties`, `stake_duties`, `pledge_duties`).
"""

from offchain.indexer._consensus import ConsensusIndexer, IndexedConsensusJob, IndexedWord
from offchain.indexer._duties import (
    Duty,
    closes_after,
    consensus_duties,
    phase_of,
    pledge_duties,
    resolves_until,
    settles_after,
    stake_duties,
)
from offchain.indexer._fold import Indexer
from offchain.indexer._pledges import IndexedPledge, PledgeIndexer
from offchain.indexer._records import IndexedAccount, IndexedClaim, IndexedJob, MarketEvent
from offchain.indexer._stakes import StakeIndexer

__all__ = [
    "ConsensusIndexer",
    "Duty",
    "IndexedAccount",
    "IndexedClaim",
    "IndexedConsensusJob",
    "IndexedJob",
    "IndexedPledge",
    "IndexedWord",
    "Indexer",
    "MarketEvent",
    "PledgeIndexer",
    "StakeIndexer",
    "closes_after",
    "consensus_duties",
    "phase_of",
    "pledge_duties",
    "resolves_until",
    "settles_after",
    "stake_duties",
]
