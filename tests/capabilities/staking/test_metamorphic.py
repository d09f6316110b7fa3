"""What may not make a difference does not make one, and what may not help does not help."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offchain.reference.stakes import Split
from tests.capabilities.staking.base import Cut
from tests.capabilities.staking.play import StakingPlay
from tests.capabilities.staking.stage import PERIOD
from tests.capabilities.staking.story import Story, Telling, confirmed
from tests.engine.dice import Dice
from tests.engine.strategies import TAPES, programs

PROGRAMS = 2 * settings.default.max_examples
"""50 in the quick profile, 2,000 in the deep one."""

STAKE = 10_000
CUTS = st.lists(st.integers(1, STAKE - 1), max_size=5, unique=True).map(sorted)
HOUSES = st.integers(0, 3)


def pieces(cuts: list[int], whole: int = STAKE) -> list[int]:
    """The parts of a whole that is cut at some places."""
    return [after - before for before, after in pairwise([0, *cuts, whole])]


# Order and pieces


def left_behind(troupe, house, deposits, requests, taken):
    """What can be seen after stake came and went in some pieces; how the queue looked is another matter."""
    story = Story(troupe, troupe.stage.houses[house])
    staker, keeper = story.cast.staker, story.cast.keeper
    for amount in deposits:
        story.act("stake", staker, amount, sender=staker)
    story.act("allow", story.cast.guild, STAKE, sender=staker)
    for amount in requests:
        story.act("unbond", amount, sender=staker)
    if taken:
        story.slash(staker, taken)
    if story.model.unbonding(staker):
        story.act("collect", staker, sender=keeper, at=story.play.now + PERIOD + 1)
    return story.run()


@settings(max_examples=PROGRAMS)
@given(
    house=HOUSES,
    cuts=CUTS,
    requests=st.lists(st.integers(1, STAKE // 8), min_size=2, max_size=8),
    left=st.integers(0, STAKE // 8),
    shuffle=st.randoms(use_true_random=False),
)
def test_order_and_pieces_of_stakes_and_requests_do_not_matter(troupe, house, cuts, requests, left, shuffle):
    """Invariant 11 (T38, T39): stake that comes in parts and leaves in parts, with a slash in between that
    takes most of it, leaves the same buckets, balances and limits, to the base unit: a second small request
    is worth what it says.
    """
    deposits, leaving = pieces(cuts), sum(requests)
    shuffle.shuffle(deposits)
    taken = STAKE - min(left, leaving)
    whole = left_behind(troupe, house, [STAKE], [leaving], taken)
    assert left_behind(troupe, house, deposits, requests, taken) == whole
    untouched = left_behind(troupe, house, [STAKE], [leaving], 0)
    assert left_behind(troupe, house, deposits, requests, 0) == untouched


# One account or many


def locked_in_all(troupe, house, parts):
    """What a market has locked and slashed of several accounts, each of which staked a part: base units."""
    story = Story(troupe, troupe.stage.houses[house])
    accounts = story.cast.stakers[: len(parts)]
    for account, amount in zip(accounts, parts, strict=True):
        story.stake(account, amount, limit=2 * STAKE)
    for account, market, most in story.play.rooms():
        story.lock(account, most, market)
    held = sum(story.model.locked(account) for account in accounts)
    for account, market, bond in story.play.locks():
        story.slash(account, bond.locked, market)
    told = story.run()
    return held, told["balanceOf", (story.cast.payee,)]


@settings(max_examples=PROGRAMS)
@given(house=HOUSES, cuts=CUTS.map(lambda cuts: cuts[:3]))
def test_stake_that_is_split_over_accounts_backs_no_more_work(troupe, house, cuts):
    """Invariant 12 (T33, as far as stake goes): what many accounts can have locked, and lose, is what one
    account can that has all of it; without rounding, so that no number of accounts is better than another.
    """
    split = locked_in_all(troupe, house, pieces(cuts))
    assert split == locked_in_all(troupe, house, [STAKE])
    assert split[0] == STAKE


# No way out


def after_any_program(troupe, tapes) -> StakingPlay:
    """A play that somebody is in the middle of."""
    play = StakingPlay(troupe.chain, troupe.stage)
    rolls = [Dice(tape) for tape in tapes]
    play.open(rolls.pop(0) if rolls else Dice(b""))
    for dice in rolls:
        play.turn(dice)
    return play


def try_everything(
    play: StakingPlay, account: str, market: str, order: Any, accomplice: str | None = None
) -> None:
    """An account does all that it can to be gone, in some order; part of it fails. With an accomplice it lets
    another market lock what is free.
    """
    available = play.model.available[account]
    halves = [part for part in (available // 2, available - available // 2) if part]
    ways: list[tuple[str, tuple[Any, ...], str]] = [
        *(("unbond", (part,), account) for part in halves),
        ("unbond", (1,), account),
        ("allow", (market, 0), account),
        ("allow", (play.cast.outlaw, available), account),
        ("collect", (account,), account),
        ("reclaim", (account, market), account),
        ("unlock", (account, 1), account),
        ("stake", (account, 1), account),
    ]
    if accomplice:
        play.act(
            "allow", accomplice, play.model.bonds[account, accomplice].locked + available, sender=account
        )
        ways += [("lock", (account, part, play.now), accomplice) for part in halves]
    order.shuffle(ways)
    for function, args, sender in ways:
        play.act(function, *args, sender=sender)


def slash_all(play: StakingPlay, account: str, market: str, amount: int, at: int = 0) -> None:
    fine = Cut(Split(payout=amount, payee=play.cast.payee))
    done = play.act("slash", account, fine, sender=market, at=at)
    assert done, f"slash fails with {play.steps[-1].outcome}"


@settings(max_examples=2 * PROGRAMS)
@given(tapes=programs(40), order=st.randoms(use_true_random=False), data=st.data())
def test_whatever_an_account_tries_it_pays_what_was_locked(troupe, tapes, order, data):
    """Invariant 6 (T39, T40): from wherever a program is, an account that tries every way out after an
    offence pays all that the market had locked, up to the lock's last second, be the market listed or not,
    and whatever other markets lock in the meantime.
    """
    play = after_any_program(troupe, tapes)
    live = play.escapable()
    assume(live)
    account, market, bond = data.draw(st.sampled_from(live))
    before = play.model.bank.balances[play.model.terms.token, play.cast.payee]
    accomplice = data.draw(st.sampled_from([one for one in play.cast.markets if one != market]))
    try_everything(play, account, market, order, accomplice)
    slash_all(play, account, market, bond.locked, at=data.draw(st.sampled_from((play.now, bond.until))))
    after = play.model.bank.balances[play.model.terms.token, play.cast.payee]
    assert after - before == bond.locked
    confirmed(troupe, play)


@settings(max_examples=2 * PROGRAMS)
@given(tapes=programs(40), order=st.randoms(use_true_random=False), wait=st.sampled_from((0, 1, PERIOD)))
def test_nobody_leaves_faster_than_a_listed_market_can_slash(troupe, tapes, order, wait):
    """Invariant 6 (T39): what an account has available, and allows a listed market, stays within its reach
    for the whole unbonding period after an offence, whatever the account does, while no other market locks
    it.
    """
    play = after_any_program(troupe, tapes)
    model = play.model
    exposed = [one for one in _exposed(play) if one[2]]
    assume(exposed)
    account, market, reach = exposed[order.randrange(len(exposed))]
    before = model.bank.balances[model.terms.token, play.cast.payee]
    start = play.now
    try_everything(play, account, market, order)
    slash_all(play, account, market, reach, at=start + wait)
    assert model.bank.balances[model.terms.token, play.cast.payee] - before == reach
    confirmed(troupe, play)


@settings(max_examples=PROGRAMS)
@given(tapes=programs(40), order=st.randoms(use_true_random=False), wait=st.sampled_from((0, 1, PERIOD)))
def test_only_what_another_market_locks_gets_out_of_reach(troupe, tapes, order, wait):
    """Invariant 6 (T39): with another listed market's help an account takes what is available away from the
    first one, which can count on what it has locked; by no unit more than the other locks, for the period.
    """
    play = after_any_program(troupe, tapes)
    model = play.model
    exposed = [one for one in _exposed(play) if one[2] and _others(play, one[1])]
    assume(exposed)
    account, market, reach = exposed[order.randrange(len(exposed))]
    accomplice = order.choice(_others(play, market))
    secure = _secure(play, account, market)
    before = model.bank.balances[model.terms.token, play.cast.payee]
    start, others = play.now, model.bonds[account, accomplice].locked
    try_everything(play, account, market, order, accomplice)
    left = max(secure, reach - (model.bonds[account, accomplice].locked - others))
    if left:
        slash_all(play, account, market, left, at=start + wait)
    assert model.bank.balances[model.terms.token, play.cast.payee] - before == left
    confirmed(troupe, play)


def _others(play: StakingPlay, market: str) -> list[str]:
    """Listed markets apart from one."""
    return [one for one in play.cast.markets if one != market and play.model.listed[one]]


def _secure(play: StakingPlay, account: str, market: str) -> int:
    """What a market has locked whose lock is not over."""
    bond = play.model.bonds[account, market]
    return bond.locked if bond.until >= play.now else 0


def _exposed(play: StakingPlay) -> Iterator[tuple[str, str, int]]:
    """(account, market, base units) that listed markets can slash from now on, while no other one locks."""
    for account, market, bond in play.bonds():
        if play.model.listed[market]:
            secure = _secure(play, account, market)
            yield account, market, max(secure, min(bond.limit, bond.locked + play.model.available[account]))


# One account does not feel what others do


@settings(max_examples=PROGRAMS)
@given(tapes=programs(40), dust=st.integers(1, 5), tape=TAPES)
def test_dust_changes_nothing_but_what_is_available(troupe, tapes, dust, tape):
    """Invariant 13 (T32, T40): somebody who stakes for another, in the middle of any program, changes nothing
    for him but what he has available: no lock, limit, request or time.
    """
    play = after_any_program(troupe, tapes)
    victim = play.cast.stakers[Dice(tape).below(4)]
    before = dict(_of(play, victim))
    play.act("stake", victim, dust, sender=play.cast.keeper)
    after = dict(_of(play, victim))
    before["stakeOf", (victim,)] = {**before["stakeOf", (victim,)]}
    before["stakeOf", (victim,)]["available"] += dust
    assert after == before
    confirmed(troupe, play)


def _of(play: StakingPlay, account: str) -> Telling:
    """What the contract tells of an account."""
    views = play.watching.everything(play.now)
    about = {"stakeOf", "unbondingsOf", "lockOf"}
    return {(v.function, v.args): v.expected for v in views if v.function in about and v.args[0] == account}
