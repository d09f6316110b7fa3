"""What anyone may do now, from indexed state alone: nobody has to be trusted to end what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from offchain.consensus import ConsensusState, PanelKind, Phase, WordState
from offchain.indexer._consensus import IndexedConsensusJob, IndexedWord
from offchain.indexer._pledges import PledgeIndexer
from offchain.indexer._stakes import StakeIndexer
from offchain.indexer._state import MarketState
from offchain.reference.consensus.records import Seat, Truth
from offchain.terms import ZERO_HASH

MOST_SILENT = 32
"""Seats that one call slashes."""
MOST_EXPIRED = 16
"""Seats that one call pays in full."""
MOST_AT_ONCE = 20
"""Seats that one call scores and settles: of any number of classes they need less than 15 million gas. The
largest words need some 20 million."""
NOTHING_KNOWN = Truth(0, b"", ZERO_HASH)
"""What is handed over where no gold was opened; nobody looks at it."""


@dataclass(frozen=True)
class Duty:
    """A call of the contract `contract` (its name) that anyone may send; `about` says what it is about."""

    contract: str
    act: str
    arguments: tuple[Any, ...]
    about: str


def phase_of(job: IndexedConsensusJob, now: int) -> Phase | None:
    """The present phase of a job; None while seats are taken, and after the last."""
    if now <= job.terms.seats_until:
        return None
    return next((phase for phase, end in zip(Phase, job.terms.ends, strict=True) if now <= end), None)


def settles_after(job: IndexedConsensusJob) -> int:
    """The last second before words can be settled, as things stand."""
    if not job.is_opened:
        return job.terms.end(Phase.GOLD)
    everything = all(word.scored for word in job.words.values())
    return job.terms.end(Phase.EXPERT if everything else Phase.SCORE)


def resolves_until(job: IndexedConsensusJob) -> int:
    """The last second in which experts can label what was not accepted."""
    return job.terms.end(Phase.SETTLE) + job.terms.windows[Phase.EXPERT]


def closes_after(job: IndexedConsensusJob) -> int:
    """The last second at which a job without live seats is not over yet."""
    unresolved = any(word.unresolved for word in job.words.values())
    if unresolved and job.terms.panel_kind != PanelKind.NONE:
        return resolves_until(job)
    return job.terms.seats_until


def consensus_duties(job: IndexedConsensusJob, now: int) -> Iterator[Duty]:
    """What is due in a job in the second `now`, in an order in which all of it succeeds."""
    for number, word in sorted(job.words.items()):
        yield from _ended_challenges(job, number, word, now)
    if job.state != ConsensusState.OPEN:
        return
    for number, word in sorted(job.words.items()):
        yield from _silent(job, number, word, now)
    yield from _scores(job, now)
    for number, word in sorted(job.words.items()):
        yield from _settlement(job, number, word, now)
        yield from _expired(job, number, word, now)
    if now > closes_after(job) and not any(word.live() for word in job.words.values()):
        yield Duty("LabelConsensus", "close", (job.job_id,), f"job {job.job_id}")


def stake_duties(stakes: StakeIndexer, now: int) -> Iterator[Duty]:
    """Locks that are over, and requests to take stake out that are."""
    for (account, market), lock in stakes.locks.items():
        if lock.locked and now > lock.until:
            yield Duty("Staking", "reclaim", (account, market), f"{account}, locked by {market}")
    for account, queue in stakes.leaving.items():
        if queue and now > queue[0].until:
            yield Duty("Staking", "collect", (account,), account)


def pledge_duties(pledges: PledgeIndexer, market: MarketState, now: int) -> Iterator[Duty]:
    """Rejections that stand and were not slashed for, as far as the pledges go; then pledges that have left
    and are still there after that.
    """
    held = {(job_id, account): pledge for job_id, account, pledge in pledges.held(now)}
    left = {key: pledge.tasks for key, pledge in held.items()}
    for claim in market.claims.values():
        key = claim.job_id, claim.annotator
        due = claim.upheld.bit_count() - pledges.slashed[claim.claim_id]
        if tasks := min(due, left.get(key, 0)):
            left[key] -= tasks
            opening = claim.claim_id, claim.annotator, claim.word, claim.root, claim.done
            yield Duty("StakeHook", "slash", opening, f"claim {claim.claim_id}: {tasks} rejected")
    for (job_id, account), pledge in held.items():
        if left[job_id, account] and 0 < pledge.leaves_at < now:
            yield Duty("StakeHook", "unpledge", (job_id, account), f"job {job_id}: {account}")


def _ended_challenges(job: IndexedConsensusJob, number: int, word: IndexedWord, now: int) -> Iterator[Duty]:
    truth = word.truth
    for index, challenge in word.open_challenges():
        decided = truth is not None and not challenge.mask & ~truth.decided
        if truth is not None and (decided or now > job.terms.end(Phase.EXPERT)):
            arguments = (job.job_id, number, index, truth.struct())
            yield _duty("settleChallenge", arguments, f"challenge {index}")


def _silent(job: IndexedConsensusJob, number: int, word: IndexedWord, now: int) -> Iterator[Duty]:
    if now <= job.terms.end(Phase.REVEAL):
        return
    silent = [seat for seat in word.live() if not seat.revealed]
    for part in _parts(silent, MOST_SILENT):
        arguments = (job.job_id, number, [seat.sealed_struct() for seat in part])
        yield _duty("slashSilent", arguments, _seats(part))


def _scores(job: IndexedConsensusJob, now: int) -> Iterator[Duty]:
    """The last word is settled by the same call where it is small, which saves most of the calldata."""
    if phase_of(job, now) != Phase.SCORE or not job.is_opened:
        return
    unscored = [(number, word) for number, word in sorted(job.words.items()) if not word.scored]
    for number, word in unscored:
        if word.truth is None or word.truth.undecided:
            continue  # experts were silent: the word is paid in full once the phase is over
        few = 0 < len(word.revealed()) <= MOST_AT_ONCE
        at_once = len(unscored) == 1 and few and not any(word.open_challenges())
        yield _all_seats("scoreAndSettle" if at_once else "score", job, number, word)


def _settlement(job: IndexedConsensusJob, number: int, word: IndexedWord, now: int) -> Iterator[Duty]:
    if not settles_after(job) < now <= job.terms.end(Phase.SETTLE):
        return
    if word.state != WordState.SETTLED and word.revealed() and not any(word.open_challenges()):
        yield _all_seats("settle", job, number, word)


def _expired(job: IndexedConsensusJob, number: int, word: IndexedWord, now: int) -> Iterator[Duty]:
    if now <= job.terms.end(Phase.SETTLE):
        return
    left = [seat for seat in word.live() if seat.revealed]
    for part in _parts(left, MOST_EXPIRED):
        arguments = (job.job_id, number, [seat.revealed_struct() for seat in part])
        yield _duty("expire", arguments, _seats(part))


def _all_seats(act: str, job: IndexedConsensusJob, number: int, word: IndexedWord) -> Duty:
    seats = word.revealed()
    truth = word.truth or NOTHING_KNOWN
    arguments = (job.job_id, number, truth.struct(), [seat.revealed_struct() for seat in seats])
    return _duty(act, arguments, _seats(seats))


def _duty(act: str, arguments: tuple[Any, ...], what: str) -> Duty:
    return Duty("LabelConsensus", act, arguments, f"job {arguments[0]}, word {arguments[1]}: {what}")


def _parts(seats: Sequence[Seat], most: int) -> Iterator[Sequence[Seat]]:
    return (seats[start : start + most] for start in range(0, len(seats), most))


def _seats(seats: Sequence[Seat]) -> str:
    return "1 seat" if len(seats) == 1 else f"{len(seats)} seats"
