"""
seat and reveal
├── a commitment binds chain, contract, job, word, annotator, mask, labels and salt (T26)
├── stake and audit share rise with the risk of a reputation, and stay as they were
├── after the reveal phase a seat that was not revealed loses its whole stake (T29)
└── reverts when
    ├── it is too late, or too early (T28)
    ├── the salt is zero (T27)
    ├── it is the second of an account on the word, or the job's hook says no
    ├── it is the creator's, the sink's or the panel's (T34)
    └── somebody else's commitment is revealed (T26)
"""

from dataclasses import replace

import pytest
from eth_abi import encode

from offchain.consensus import PanelKind, Phase, account_panel
from offchain.hashing import AllowList, keccak256
from tests.support.calls import deploy, now, reverts
from tests.support.consensus import HOUR, TASKS
from tests.support.market import mine_at

ALL = (1 << TASKS) - 1


def test_seat__locks_its_stake__until_long_after_the_job(world, system, who):
    world.create()
    seat = world.sit(who.ann, world.labels())
    assert seat.stake == TASKS * world.terms.stake
    lock = system.staking.call("lockOf", who.ann, world.market.address)
    assert lock["locked"] >= seat.stake
    assert lock["until"] >= world.terms.end(Phase.SETTLE) + 14 * 86_400


def test_commitment__anything_changed__is_another(world, market, who):
    """T26, T27, T30: what is copied is worth nothing."""
    world.create()
    labels, salt = world.labels(), keccak256(b"salt")
    sealed = world.request(who.ann, 0, labels, salt, ALL).commitment
    same = (world.job, 0, who.ann, ALL, labels, salt)
    assert market.call("hashCommitment", *same) == sealed
    changes = [(0, world.job + 1), (1, 1), (2, who.ben), (3, 1), (4, labels[::-1]), (5, keccak256(salt))]
    for place, value in changes:
        other = [*same[:place], value, *same[place + 1 :]]
        assert market.call("hashCommitment", *other) != sealed


def test_reveal__copied_commitment__cannot_be_revealed(world, market, who):
    """T26: whoever copies a commitment, and later labels and salt, has bound himself to nothing."""
    world.create()
    first = world.sit(who.ann, world.labels())
    copied = replace(world.request(who.ben, 1, first.labels, first.salt, ALL), commitment=first.commitment)
    market.send("seat", copied.struct(), b"", sender=who.ben)
    world.wait(Phase.REVEAL)
    world.reveal(first)
    theirs = replace(first, annotator=who.ben)
    with reverts("WrongSeat", world.job, 0, who.ben):
        market.call("reveal", world.job, 0, theirs.struct(), theirs.labels, theirs.salt, sender=who.ben)


def test_reveal__zero_salt__reverts(world, market, who):
    """T27: with few classes the labels could be guessed."""
    world.create()
    seat = world.sit(who.ann, world.labels())
    world.wait(Phase.REVEAL)
    with reverts("SaltRequired"):
        market.call("reveal", world.job, 0, seat.struct(), seat.labels, bytes(32), sender=who.ann)


def test_phases__no_second_belongs_to_two(world, market, who):
    """T28: the last second of seats is the last; a reveal is possible from the next one on."""
    world.create()
    seat = world.sit(who.ann, world.labels())
    args = (world.job, 0, seat.struct(), seat.labels, seat.salt)
    until, closes = world.terms.seats_until, world.terms.end(Phase.REVEAL)
    request = world.request(who.ben, 1, seat.labels, seat.salt, ALL)
    mine_at(until)
    market.call("seat", request.struct(), b"", sender=who.ben)
    with reverts("OutsidePhase", until, closes, until):
        market.call("reveal", *args, sender=who.ann)
    mine_at(until + 1)
    market.call("reveal", *args, sender=who.ann)
    with reverts("OutsidePhase", 0, until, until + 1):
        market.call("seat", request.struct(), b"", sender=who.ben)
    mine_at(closes + 1)
    with reverts("OutsidePhase", until, closes, closes + 1):
        market.call("reveal", *args, sender=who.ann)


def test_reveal__twice__reverts(world, market, who):
    """T28: only one binding commitment, revealed once."""
    world.create()
    seat = world.sit(who.ann, world.labels())
    world.wait(Phase.REVEAL)
    world.reveal(seat)
    with reverts("WrongSeat", world.job, 0, who.ann):
        market.call("reveal", world.job, 0, seat.struct(), seat.labels, seat.salt, sender=who.ann)


def test_seat__roles__do_not_mix(world, market, who):
    """T34: the creator, the sink and the panel do not annotate."""
    world.create(panel_kind=PanelKind.ACCOUNT, panel=account_panel(who.expert), windows=(HOUR,) * 6)
    for account in (who.creator, who.sink, who.expert):
        request = world.request(account, 0, world.labels(), keccak256(b"salt"), ALL)
        with reverts("RoleConflict", account):
            market.call("seat", request.struct(), b"", sender=account)


@pytest.mark.parametrize(("tasks", "fits"), [(12, False), (13, True), (TASKS - 1, True)])
def test_seat__smaller_than_the_terms_say__only_if_nothing_is_left(world, market, who, tasks, fits):
    """F4: a word cannot be broken into more seats than can be settled."""
    world.create()
    request = world.request(who.ann, 0, world.labels(), keccak256(b"salt"), (1 << tasks) - 1)
    if not fits:
        with reverts("SeatTooSmall", tasks, 13):
            market.call("seat", request.struct(), b"", sender=who.ann)
        return
    market.send("seat", request.struct(), b"", sender=who.ann)
    rest = ALL & ~request.mask
    assert market.call("freeTasks", world.job, 0, 0) == rest
    last = world.request(who.ben, 0, world.labels(), keccak256(b"salt"), rest)
    market.send("seat", last.struct(), b"", sender=who.ben)
    assert market.call("freeTasks", world.job, 0, 0) == 0


def test_seat__second_one_of_a_word__reverts(world, market, who):
    """One voice a head: two seats would be two votes (T33)."""
    world.create()
    world.sit(who.ann, world.labels())
    again = world.request(who.ann, 1, world.labels(), keccak256(b"salt"), ALL)
    with reverts("AlreadySeated", world.job, 0, who.ann):
        market.call("seat", again.struct(), b"", sender=who.ann)


def test_seat__hook__has_the_say(world, market, who):
    listed = AllowList([who.ann, who.ben])
    hook = deploy("AllowlistHook", listed.root, sender=who.owner)
    world.create(hook=hook.address)
    proof = encode(["bytes32[]"], [listed.proof(who.ann)])
    for account, data, fits in ((who.ann, proof, True), (who.cleo, proof, False), (who.ben, proof, False)):
        request = world.request(account, 0, world.labels(), keccak256(b"salt"), ALL)
        if fits:
            market.call("seat", request.struct(), data, sender=account)
            continue
        with reverts("NotEligible", world.job, account):
            market.call("seat", request.struct(), data, sender=account)


def test_seat__more_stake_than_agreed__reverts(world, market, who):
    """The terms of a reputation may change between the signature and the seat."""
    world.create()
    stake = TASKS * world.terms.stake
    request = world.request(who.ann, 0, world.labels(), keccak256(b"salt"), ALL)
    with reverts("StakeAboveMax", stake, stake - 1):
        market.call("seat", replace(request, max_stake=stake - 1).struct(), b"", sender=who.ann)
    market.call("seat", replace(request, max_stake=stake).struct(), b"", sender=who.ann)


def test_seat__no_reputation__costs_more_stake_and_more_audits(world, system, who):
    """Of a new account the risk is whole: the highest stake and share; they stay what they were (T32)."""
    panel = {"panel_kind": PanelKind.ACCOUNT, "panel": account_panel(who.expert), "windows": (HOUR,) * 6}
    world.create(
        domain=keccak256(b"birds"), max_stake_bps=30_000, audit_bps=1_000, max_audit_bps=4_000, **panel
    )
    seat = world.sit(who.ann, world.labels())
    assert seat.stake == 3 * TASKS * world.terms.stake
    assert seat.audit == -(-4_000 * 256 // 10_000)
    answers = 1 << 15 | 1 | (1 << 15 | 1) << 30
    writer = who.keeper
    system.reputation.send("setWriter", writer, True, sender=who.owner)
    for _ in range(200):
        system.reputation.send("record", who.ben, keccak256(b"birds"), answers, sender=writer)
    safe = world.sit(who.ben, world.labels())
    assert safe.stake == TASKS * world.terms.stake
    assert safe.audit == -(-1_000 * 256 // 10_000)


def test_slash_silent__whole_stake_burns__and_the_money_goes_back(world, system, market, who):
    """T29: nobody loses more by revealing; the creator gets nothing of it."""
    world.create()
    seat = world.sit(who.dan, world.labels())
    world.wait(Phase.GOLD)
    staked = system.staking.call("stakeOf", who.dan)
    receipt = market.send("slashSilent", world.job, 0, [seat_of(seat)], sender=who.stranger)
    assert (
        "SilentSlashed",
        {"jobId": world.job, "word": 0, "annotator": who.dan, "slashed": seat.stake},
    ) in (receipt.of(market))
    left = system.staking.call("stakeOf", who.dan)
    assert staked["locked"] - left["locked"] == seat.stake
    assert left["available"] == staked["available"]
    closed = market.send("close", world.job, sender=who.stranger)
    assert closed.of(market)[0][1]["refunded"] == TASKS * world.terms.pay * 3


def test_slash_silent__in_the_last_second_of_the_reveal_phase__reverts(world, market, who):
    """T28: everybody has his whole time."""
    world.create()
    seat = world.sit(who.ann, world.labels())
    ends = world.terms.end(Phase.REVEAL)
    mine_at(ends)
    with reverts("OutsidePhase", ends, 2**256 - 1, ends):
        market.call("slashSilent", world.job, 0, [seat_of(seat)], sender=who.stranger)


def test_slash_silent__after_the_lock__leaves_the_stake_alone(world, system, market, who):
    """A lock that is over may stand for a later seat: only the seat ends."""
    world.create()
    seat = world.sit(who.dan, world.labels())
    mine_at(world.terms.end(Phase.SETTLE) + 14 * 86_400 + 1)
    staked = system.staking.call("stakeOf", who.dan)
    market.send("slashSilent", world.job, 0, [seat_of(seat)], sender=who.stranger)
    assert system.staking.call("stakeOf", who.dan) == staked
    system.staking.send("reclaim", who.dan, market.address, sender=who.stranger)
    market.send("close", world.job, sender=who.stranger)


def test_slash_silent__a_revealed_seat_or_the_same_twice__reverts(world, market, who):
    world.create()
    shown, silent = world.sit(who.ann, world.labels()), world.sit(who.ben, world.labels())
    world.wait(Phase.REVEAL)
    world.reveal(shown)
    world.wait(Phase.GOLD)
    with reverts("WrongSeat", world.job, 0, who.ann):
        market.call("slashSilent", world.job, 0, [seat_of(shown)], sender=who.stranger)
    with reverts("WrongSeat", world.job, 0, who.ben):
        market.call("slashSilent", world.job, 0, [seat_of(silent)] * 2, sender=who.stranger)
    with reverts("NothingToDo"):
        market.call("slashSilent", world.job, 0, [], sender=who.stranger)
    assert now() <= world.terms.end(Phase.GOLD)


def seat_of(seat):
    """A seat with its commitment."""
    return replace(seat, labels=None).sealed_struct()
