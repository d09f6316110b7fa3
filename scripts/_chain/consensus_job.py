"""What a consensus job is driven with: seats with their commitments, openings of gold, and what is handed
over when a word is settled. Nothing here sends anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from offchain.consensus import GoldTree, GoldWord, commitment
from offchain.reference.consensus import Opening, Seat, SeatRequest, Truth

ANY_STAKE = 2**128 - 1
"""The most that an annotator can agree to lock for a seat, base units."""


@dataclass(frozen=True)
class JobPlace:
    """Where a job stands; its market's address has its checksum."""

    chain_id: int
    market: str
    job_id: int

    def seat(
        self,
        annotator: str,
        mask: int,
        labels: bytes,
        salt: bytes,
        *,
        word: int = 0,
        layer: int = 0,
        stake: int = 0,
        audit: int = 0,
    ) -> Seat:
        """A seat as its annotator knows it: with his labels, his salt and the commitment to both."""
        sealed = commitment(
            chain_id=self.chain_id,
            market=self.market,
            job_id=self.job_id,
            word=word,
            annotator=annotator,
            mask=mask,
            labels=labels,
            salt=salt,
        )
        return Seat(annotator, mask, stake, audit, layer, sealed, labels, salt)

    def request(self, seat: Seat, *, word: int = 0, most: int = ANY_STAKE) -> SeatRequest:
        """What the annotator asks for; `most` is the highest stake that he agrees to, base units."""
        return SeatRequest(self.job_id, word, seat.layer, seat.mask, seat.commitment, most)


def openings(gold: GoldTree) -> list[Opening]:
    """The gold of every word, with its proof."""
    return [Opening(word, one, tuple(gold.proof(word))) for word, one in gold.words.items()]


def undisputed(gold: GoldWord) -> Truth:
    """What is known of a word whose gold is open, before anybody challenges it."""
    return Truth(gold.mask, gold.labels, gold.salt)


def in_order(seats: Iterable[Seat]) -> list[Seat]:
    """Seats in the order in which the market wants them: of their annotators' addresses."""
    return sorted(seats, key=lambda seat: int(seat.annotator, 16))
