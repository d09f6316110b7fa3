"""The structs of the consensus market, as the contract takes them and as the model does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offchain.consensus import ConsensusTerms
from offchain.reference.consensus.records import Opening, Seat, SeatRequest, Truth
from tests.engine.capability import Argument
from tests.engine.chain import Chain
from tests.engine.words import tasks


def seat_struct(seat: Seat) -> dict[str, Any]:
    """`Seat` of the interface."""
    return {"annotator": seat.annotator, "mask": seat.mask, "stake": seat.stake, "audit": seat.audit}


def truth_struct(truth: Truth) -> dict[str, Any]:
    """`Truth` of the interface."""
    return dict(vars(truth))


@dataclass(frozen=True)
class NewJob(Argument):
    """Terms and word classes. The model also gets the hash that the contract makes of them."""

    terms: ConsensusTerms
    creator: str
    function: Any

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return self.terms.struct(), list(self.terms.word_classes)

    def in_model(self) -> tuple[Any, ...]:
        return self.terms, self.function(self.creator, self.terms)

    def tell(self, name_of: Callable[[str], str]) -> str:
        terms = self.terms
        return (
            f"{terms.task_count} tasks of {terms.classes} classes, {terms.redundancy} annotators each, up to "
            f"{terms.pay:,} a label, by {name_of(terms.rule)}, experts: {terms.panel_kind.name.lower()}"
        )


@dataclass(frozen=True)
class Request(Argument):
    """A seat that somebody asks for, and what he hands to the hook; whether that admits him."""

    request: SeatRequest
    data: bytes

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        asked = self.request
        struct = {
            "jobId": asked.job_id,
            "word": asked.word,
            "layer": asked.layer,
            "mask": asked.mask,
            "commitment": asked.commitment,
            "maxStake": asked.max_stake,
        }
        return struct, self.data

    def in_model(self) -> tuple[Any, ...]:
        return (self.request,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        asked = self.request
        return f"job {asked.job_id} word {asked.word} layer {asked.layer} {tasks(asked.mask)}"


@dataclass(frozen=True)
class Revealing(Argument):
    """A seat with its labels and its salt."""

    seat: Seat

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return seat_struct(self.seat), self.seat.labels, self.seat.salt

    def in_model(self) -> tuple[Any, ...]:
        return (self.seat,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"the seat of {name_of(self.seat.annotator)}: {(self.seat.labels or b'').hex()}"


@dataclass(frozen=True)
class Sealed(Argument):
    """One seat with its content."""

    seat: Seat

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (sealed_struct(self.seat),)

    def in_model(self) -> tuple[Any, ...]:
        return (self.seat,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"the seat of {name_of(self.seat.annotator)}"


def sealed_struct(seat: Seat) -> dict[str, Any]:
    """`SealedSeat` of the interface."""
    return {"seat": seat_struct(seat), "content": seat.content}


@dataclass(frozen=True)
class Seats(Argument):
    """Several seats: with their contents, or with their labels."""

    seats: tuple[Seat, ...]
    labelled: bool = False

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        if self.labelled:
            return ([{"seat": seat_struct(seat), "labels": seat.labels or b""} for seat in self.seats],)
        return ([sealed_struct(seat) for seat in self.seats],)

    def in_model(self) -> tuple[Any, ...]:
        return (self.seats,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"the seats of {', '.join(name_of(seat.annotator) for seat in self.seats) or 'nobody'}"


@dataclass(frozen=True)
class Known(Argument):
    """What is known to be true."""

    truth: Truth

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (truth_struct(self.truth),)

    def in_model(self) -> tuple[Any, ...]:
        return (self.truth,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"known are {self.truth.known()}"


@dataclass(frozen=True)
class Openings(Argument):
    """The gold of some words."""

    openings: tuple[Opening, ...]

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (
            [
                {
                    "word": opening.word,
                    "mask": opening.gold.mask,
                    "labels": opening.gold.labels,
                    "salt": opening.gold.salt,
                    "proof": list(opening.proof),
                }
                for opening in self.openings
            ],
        )

    def in_model(self) -> tuple[Any, ...]:
        return (self.openings,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        return f"words {[opening.word for opening in self.openings]}"


@dataclass(frozen=True)
class Pass(Argument):
    """What an expert hands to the panel. The model is told by keyword whether that is enough."""

    data: bytes

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (self.data,)

    def in_model(self) -> tuple[Any, ...]:
        return ()
