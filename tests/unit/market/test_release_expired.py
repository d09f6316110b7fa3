"""
releaseExpired
├── when claims of the job are expired: anyone ends them, the bonds go to the sink, the tasks reopen
├── given a closing job: the funds go back to the creator, and the last one closes the job
├── given 64 claims: it costs less than 15 million gas
├── given none: nothing happens
└── reverts when
    ├── a claim is not expired, not claimed, named twice, or of another job
    └── more than 64 are named
"""

from offchain.states import ClaimState, JobState
from offchain.terms import difficulty
from tests.support.calls import reverts
from tests.support.market import FULL, REWARD, mine_at

BOND = 100_001


def test_release_expired__by_anyone__reopens_the_tasks(world, market, who, coin):
    """T13, T14: a silent worker; words may differ."""
    job_id = world.open(token=coin)
    claims = [world.claim(job_id, 0b101), world.claim(job_id, 0b11, word=1, by=who.rival)]
    mine_at(world.record(claims[1])["time"] + 1)
    with world.moves(coin) as moved:
        receipt = market.send("releaseExpired", job_id, claims, sender=who.stranger)
    assert moved == {"sink's credit": 4 * BOND}
    credit = {"token": coin, "account": who.sink, "amount": 2 * BOND}
    first = {"jobId": job_id, "claimId": claims[0], "annotator": who.annotator, "mask": 0b101}
    second = {"jobId": job_id, "claimId": claims[1], "annotator": who.rival, "mask": 0b11}
    assert receipt.of(market) == [
        ("ClaimExpired", first | {"forfeited": 2 * BOND}),
        ("Credited", credit),
        ("ClaimExpired", second | {"forfeited": 2 * BOND}),
        ("Credited", credit),
    ]
    assert [market.call("freeTasks", job_id, word) for word in (0, 1)] == [FULL, FULL]
    assert market.call("freeFunds", job_id) == 600 * REWARD


def test_release_expired__in_a_closing_job__refunds_once_and_closes(world, market, who, coin):
    """T13, T20: the sum of all refunds in one payment."""
    multipliers, classes = difficulty((10_000, 20_000, 10_000))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes)
    claims = [world.claim(job_id, 0b101), world.claim(job_id, 1, word=1)]
    market.send("close", job_id, sender=who.creator)
    mine_at(world.record(claims[1])["time"] + 1)
    with world.moves(coin) as moved:
        receipt = market.send("releaseExpired", job_id, claims, sender=who.stranger)
    assert moved == {"creator": 4 * REWARD, "market": -4 * REWARD, "sink's credit": 3 * BOND}
    names = [name for name, _ in receipt.of(market)]
    one = ["ClaimExpired", "TasksRefunded", "Credited"]
    assert names == [*one, "ClaimExpired", "TasksRefunded", "JobClosed", "Credited"]
    assert world.job(job_id)["state"] == JobState.CLOSED


def test_release_expired__last_second__belongs_to_the_annotator(world, market, who):
    """T23."""
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    expiry = world.record(claim_id)["time"]
    mine_at(expiry)
    with reverts("TooEarly", expiry, expiry):
        market.call("releaseExpired", job_id, [claim_id], sender=who.stranger)
    mine_at(expiry + 1)
    market.call("releaseExpired", job_id, [claim_id], sender=who.stranger)


def test_release_expired__claim_twice__reverts(world, market, who):
    """T6: its bond is forfeited once."""
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    mine_at(world.record(claim_id)["time"] + 1)
    with reverts("WrongClaimState", claim_id, ClaimState.DONE):
        market.call("releaseExpired", job_id, [claim_id, claim_id], sender=who.stranger)


def test_release_expired__claim_in_another_state_or_job__reverts(world, market, who):
    job_id, other = world.open(), world.open()
    claim_id, delivered = world.claim(job_id, 1), world.submitted(job_id, 2)
    mine_at(world.record(claim_id)["time"] + 1_000)
    with reverts("WrongClaimState", delivered, ClaimState.SUBMITTED):
        market.call("releaseExpired", job_id, [claim_id, delivered], sender=who.stranger)
    with reverts("ClaimElsewhere", claim_id, other, 0):
        market.call("releaseExpired", other, [claim_id], sender=who.stranger)
    with reverts("WrongClaimState", other << 24, ClaimState.NONE):
        market.call("releaseExpired", other, [other << 24], sender=who.stranger)


def test_release_expired__64_claims__costs_less_than_15_million_gas(world, market, who):
    """T11: scattered masks in a closing job with classes; 65 are refused."""
    multipliers, classes = difficulty((10_000, 20_000, 10_000))
    job_id = world.open(multipliers=multipliers, word_classes=classes)
    claims = [world.claim(job_id, 1 << index | 1 << (index + 100)) for index in range(65)]
    market.send("close", job_id, sender=who.creator)
    mine_at(world.record(claims[-1])["time"] + 1)
    with reverts("TooMany", 65, 64):
        market.call("releaseExpired", job_id, claims, sender=who.stranger)
    assert market.send("releaseExpired", job_id, claims[:64], sender=who.stranger).gas_used < 3_000_000


def test_release_expired__nothing_named__does_nothing(world, market, who):
    assert market.send("releaseExpired", 99, [], sender=who.stranger).events == ()
