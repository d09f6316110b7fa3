"""Reference model of LabelConsensus."""

from offchain.reference.consensus.market import LabelConsensus
from offchain.reference.consensus.records import Opening, Seat, SeatRequest, Truth

__all__ = ["LabelConsensus", "Opening", "Seat", "SeatRequest", "Truth"]
