"""The fold of pledges, without any chain: at every second it holds what the reference model holds."""

import random

import pytest

from offchain.exceptions import IntegrityError
from offchain.indexer import Indexer, MarketEvent, PledgeIndexer, pledge_duties
from offchain.indexer._records import IndexedClaim
from offchain.reference.bank import World
from offchain.reference.calls import Call
from offchain.reference.claims import commitment
from offchain.reference.revert import Revert
from offchain.reference.stake_hook import Claim, Job, Jobs, StakeHook
from offchain.reference.staking import MAX_LOCK, Staking, Terms
from offchain.states import ClaimState, DisputeState

HOOK, STAKING, TOKEN, OWNER, CREATOR, ANN, BEN, MARKET = (f"0x{digit * 40}" for digit in "12345678")
DAY, ROOT, STAKES = 86_400, b"\x07" * 32, {1: 10, 2: 7}


class Tape:
    """A hook and what it told, beside the indexed claims of its market."""

    def __init__(self):
        world = World(frozenset({TOKEN, STAKING, HOOK}), burnable=frozenset({TOKEN}))
        staking = Staking(STAKING, OWNER, Terms(TOKEN, OWNER, 7 * DAY), world)
        staking.listed[HOOK] = True
        jobs = Jobs({job_id: Job(CREATOR, HOOK, 10 * DAY) for job_id in STAKES})
        self.hook, self.fold, self.market = (
            StakeHook(HOOK, staking, jobs),
            PledgeIndexer(HOOK),
            Indexer(MARKET),
        )
        self.place = 0
        for account in (ANN, BEN):
            staking.available[account] = 10**6
            staking.allow(Call(account, 1), HOOK, 10**9)
        for job_id, stake in STAKES.items():
            self.act("configure", job_id, stake, by=CREATOR, now=1)

    def act(self, name, *arguments, by=OWNER, now):
        for event, values in getattr(self.hook, name)(Call(by, now), *arguments).events:
            if "exposure" in values or event in {
                "Pledged",
                "Unpledged",
                "UnpledgeRequested",
                "PledgeSlashed",
            }:
                self.place += 1
                self.fold.apply(MarketEvent(event, values, now, self.place, 0, HOOK))

    def reject(self, job_id, account, number, mask):
        """A claim whose rejection stands."""
        claim_id = job_id << 24 | number
        sealed = commitment(account, 0, ROOT, mask)
        self.hook.jobs.claims[claim_id] = Claim(ClaimState.DONE, DisputeState.ENDED, mask, sealed)
        known = IndexedClaim(claim_id, account, 0, 0, 0, upheld=mask, done=mask, root=ROOT)
        self.market.claims[claim_id] = known
        return claim_id

    def duties(self, now):
        return list(pledge_duties(self.fold, self.market, now))

    def compare(self, now):
        held = {(job_id, account): pledge.tasks for job_id, account, pledge in self.fold.held(now)}
        assert held == {(job_id, account): pledge.tasks for job_id, account, pledge in self.hook.held(now)}


@pytest.fixture
def tape():
    return Tape()


def test_duties__rejections_first__as_far_as_the_pledge_goes(tape):
    tape.act("pledge", 1, 3, 10, by=ANN, now=100)
    first, second, third = (tape.reject(1, ANN, number, 0b11) for number in (1, 2, 3))
    tape.reject(2, ANN, 1, 0b1)
    duties = tape.duties(200)
    assert [(duty.act, duty.arguments[0], duty.about) for duty in duties] == [
        ("slash", first, f"claim {first}: 2 rejected"),
        ("slash", second, f"claim {second}: 1 rejected"),
    ]
    for duty in duties:
        tape.act(duty.act, *duty.arguments, now=200)
    assert tape.duties(201) == []
    tape.act("pledge", 1, 2, 10, by=ANN, now=300)
    assert [duty.arguments[0] for duty in tape.duties(301)] == [second, third]


def test_duties__what_leaves__through_its_last_second(tape):
    tape.act("pledge", 1, 3, 10, by=ANN, now=100)
    tape.act("request_unpledge", 1, by=ANN, now=200)
    leaves = 200 + 7 * DAY
    assert tape.duties(leaves) == []
    (duty,) = tape.duties(leaves + 1)
    assert (duty.act, duty.arguments) == ("unpledge", (1, ANN))
    tape.act("unpledge", 1, ANN, now=leaves + 1)
    assert tape.duties(leaves + 2) == []


def test_duties__lock__through_its_last_second(tape):
    tape.act("pledge", 1, 3, 10, by=ANN, now=100)
    tape.reject(1, ANN, 1, 0b11)
    assert len(tape.duties(100 + MAX_LOCK)) == 1
    assert tape.duties(101 + MAX_LOCK) == []


def test_duties__that_are_nothing_without_a_pledge(tape):
    tape.reject(1, BEN, 1, 0b11)
    tape.act("pledge", 1, 3, 10, by=ANN, now=100)
    assert tape.duties(200) == []


@pytest.mark.parametrize("seed", range(8))
def test_fold__is_what_the_model_holds(tape, seed):
    """Rounds of locks included: time jumps, sometimes past their ends."""
    chance, now, done = random.Random(seed), 100, 0
    for number in range(1, 120):
        now += chance.choice((1, DAY, 8 * DAY, MAX_LOCK))
        job_id, account = chance.choice((1, 2)), chance.choice((ANN, BEN))
        mask = chance.choice((1, 0b111))
        claim = tape.reject(job_id, account, number, mask)
        acts = (
            ("pledge", (job_id, chance.choice((1, 5)), STAKES[job_id]), account),
            ("request_unpledge", (job_id,), account),
            ("unpledge", (job_id, account), OWNER),
            ("slash", (claim, account, 0, ROOT, mask), OWNER),
        )
        name, arguments, by = chance.choice((acts[0], *acts))
        try:
            tape.act(name, *arguments, by=by, now=now)
            done += 1
        except Revert:
            pass
        tape.compare(now)
        tape.compare(now + 1)
    assert done > 40


def test_duties__all_succeed__in_their_order(tape):
    for account in (ANN, BEN):
        tape.act("pledge", 1, 3, 10, by=account, now=100)
        tape.act("pledge", 2, 2, 7, by=account, now=100)
        for number, mask in enumerate((0b1, 0b111), 1):
            tape.reject(1, account, number if account == ANN else number + 5, mask)
        for job_id in (1, 2):
            tape.act("request_unpledge", job_id, by=account, now=200)
    now = 201 + 7 * DAY
    duties = tape.duties(now)
    for duty in duties:
        tape.act(duty.act, *duty.arguments, now=now)
    assert [duty.act for duty in duties] == ["slash"] * 4 + ["unpledge"] * 2
    assert tape.duties(now) == []


def test_a_gap_is_noticed(tape):
    args = {"jobId": 9, "annotator": ANN, "tasks": 1, "claimsUntil": 5}
    with pytest.raises(IntegrityError, match="feed all of them"):
        tape.fold.apply(MarketEvent("Pledged", args, 10, 99, 0, HOOK))
