"""Reference model of what the terms of a consensus job must be, in the order in which the market looks at
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.consensus import ConsensusState, ConsensusTerms, PanelKind, Phase
from offchain.hashing import checksum_address
from offchain.reference.consensus.records import BPS, MAX_SEATS, task_terms
from offchain.reference.records import WORD, WORDS_PER_ELEMENT
from offchain.reference.revert import Revert
from offchain.reference.terms import DAY, MAX_UINT96, MINUTE, Bound
from offchain.terms import ZERO_ADDRESS, ZERO_HASH

MAX_TASKS = 2**15 - 1
MAX_WINDOW = 20 * DAY
MAX_SEATING = 30 * DAY
MAX_CHANCE_BPS = 5_400
MAX_OPINIONS = 224
"""Seats of a word times classes."""


def check_terms(market: Any, terms: ConsensusTerms, creator: str, now: int) -> None:
    """Reverts for the first thing that is wrong with the terms, difficulty classes left aside."""
    world = market.bank.world
    if creator == market.fee_recipient:
        raise Revert("RoleConflict", creator)
    _check_panel(terms, creator, market.fee_recipient, world.contracts)
    _check_parent(market, terms, creator)
    for bound in bounds(terms, market.staking.terms.token, now):
        if not bound.least <= bound.value <= bound.most:
            field = bound.field.encode().ljust(32, b"\0")
            raise Revert("TermOutOfBounds", field, bound.value, bound.least, bound.most)
    for account, needed in ((terms.token, False), (terms.rule, True), (terms.hook, False)):
        if (needed or account != ZERO_ADDRESS) and account not in world.contracts:
            raise Revert("NotAContract", account)


def bounds(terms: ConsensusTerms, stake_token: str, now: int) -> Iterator[Bound]:
    """All bounded fields."""
    yield Bound("pay", terms.pay, 1, MAX_UINT96)
    yield Bound("taskCount", terms.task_count, 1, MAX_TASKS)
    yield Bound("redundancy", terms.redundancy, 3, 63)
    yield Bound("minSeat", terms.min_seat, -(-WORD // (MAX_SEATS // terms.redundancy)), WORD)
    seats = terms.redundancy * -(-WORD // terms.min_seat)
    yield Bound("classes", terms.classes, 2, min(8, MAX_OPINIONS // seats))
    yield Bound("acceptBps", terms.accept_bps, BPS // 2, BPS - 1)
    yield Bound("noiseBps", terms.noise_bps, 0, BPS)
    yield Bound("goldBps", terms.gold_bps, 0, BPS // 2)
    panel = terms.panel_kind != PanelKind.NONE
    yield Bound("maxAuditBps", terms.max_audit_bps, terms.audit_bps, BPS if panel else 0)
    yield Bound("goldBps", terms.gold_bps + terms.audit_bps, 1, BPS + BPS // 2)
    yield Bound("slopeBps", terms.slope_bps, BPS, 20 * BPS)
    yield Bound("stake", terms.stake, least_stake(terms, stake_token), MAX_UINT96)
    yield Bound("maxStakeBps", terms.max_stake_bps, BPS, 5 * BPS)
    yield Bound("seatsUntil", terms.seats_until, now + MINUTE, now + MAX_SEATING)
    for phase, window in zip(Phase, terms.windows, strict=True):
        if phase in {Phase.CHALLENGE, Phase.EXPERT} and not panel:
            yield Bound("windows", window, 0, 0)
        else:
            yield Bound("windows", window, MINUTE, MAX_WINDOW)


def least_stake(terms: ConsensusTerms, stake_token: str) -> int:
    """The stake that makes noise lose, where pay and stake are the same token."""
    if terms.token != stake_token:
        return 1
    return -(-terms.pay * terms.slope_bps * MAX_CHANCE_BPS // (BPS * BPS))


def check_classes(terms: ConsensusTerms) -> None:
    """Reverts where the class words do not fit the task count, or a word's pay rounds down to nothing."""
    words = -(-terms.task_count // WORD)
    wanted = -(-words // WORDS_PER_ELEMENT) if terms.multipliers else 0
    if len(terms.word_classes) != wanted:
        raise Revert("BadWordClasses", len(terms.word_classes))
    for word in range(words):
        if task_terms(terms, word).pay == 0:
            raise Revert("BadWordClasses", word)


def _check_panel(terms: ConsensusTerms, creator: str, sink: str, contracts: frozenset[str]) -> None:
    kind, panel = terms.panel_kind, terms.panel
    is_address = not any(panel[:12])
    account = checksum_address("0x" + panel[12:].hex())
    good = {
        PanelKind.NONE: panel == ZERO_HASH
        and not (terms.expert_fee or terms.expert_budget or terms.challenge_bond),
        PanelKind.ACCOUNT: is_address and account not in {ZERO_ADDRESS, creator, sink},
        PanelKind.LIST: panel != ZERO_HASH,
        PanelKind.CONTRACT: is_address and account in contracts,
    }[kind]
    if not good:
        raise Revert("BadPanel", kind, panel)


def _check_parent(market: Any, terms: ConsensusTerms, creator: str) -> None:
    if not terms.parent:
        return
    parent = market.jobs[terms.parent]
    good = (
        parent is not None
        and parent.state == ConsensusState.CLOSED
        and parent.creator == creator
        and parent.terms.classes == terms.classes
        and parent.terms.task_count == terms.task_count
    )
    if not good:
        raise Revert("BadParent", terms.parent)
