"""
claim, naming expired claims
├── it ends them first: their bonds go to the sink, their tasks can be claimed at once
├── 16 of them cost less than 15 million gas (T11)
└── reverts when
    ├── one is not expired, was submitted or never made, is named twice, or is of another job or word
    ├── one is the annotator's own
    └── more than 16 are named
"""

from offchain.states import ClaimState
from offchain.terms import difficulty
from tests.support.calls import GAS, deploy, now, reverts
from tests.support.market import DAY, FULL, mine_at

BOND = 100_001  # 10 % of 1,000,003, rounded up
WINDOW = 1_800


def expire(world, *claims):
    """Let claims expire; returns the second after."""
    time = max(world.record(claim)["time"] for claim in claims) + 1
    mine_at(time)
    return time


def test_claim__naming_expired_claims__takes_over_their_tasks(world, market, who, coin):
    """T14, T23: the bonds of both go to the sink as credits, in one call with the new claim."""
    job_id = world.open(token=coin)
    first, second = world.claim(job_id, 0b0011), world.claim(job_id, 0b0100)
    expire(world, first, second)
    with world.moves(coin) as moved:
        receipt = market.send(
            "claim", job_id, 0, 0b1010, b"", [first, second], sender=who.rival, value=world.bond(job_id, 0b11)
        )
    assert moved == {"rival": -2 * BOND, "market": 2 * BOND, "sink's credit": 3 * BOND}
    ended = {"jobId": job_id, "annotator": who.annotator}
    credit = {"token": coin, "account": who.sink}
    taken = {"jobId": job_id, "claimId": job_id << 24 | 2, "annotator": who.rival, "word": 0, "mask": 0b1010}
    assert receipt.of(market) == [
        ("ClaimExpired", ended | {"claimId": first, "mask": 0b0011, "forfeited": 2 * BOND}),
        ("Credited", credit | {"amount": 2 * BOND}),
        ("ClaimExpired", ended | {"claimId": second, "mask": 0b0100, "forfeited": BOND}),
        ("Credited", credit | {"amount": BOND}),
        ("TasksClaimed", taken | {"expiry": receipt.time + WINDOW, "bond": 2 * BOND}),
    ]
    assert market.call("freeTasks", job_id, 0) == FULL & ~0b1010
    assert market.call("accountOf", job_id, who.annotator)["open"] == 0
    assert [world.record(claim)["state"] for claim in (first, second)] == [ClaimState.DONE] * 2


def test_claim__naming_a_claim_in_its_last_second__reverts(world, market, who):
    """T23: the second `now == expiry` belongs to the holder, the next one to everybody else."""
    job_id = world.open()
    old = world.claim(job_id, 1)
    expiry = world.record(old)["time"]
    mine_at(expiry)
    with reverts("TooEarly", expiry, expiry):
        market.call("claim", job_id, 0, 1, b"", [old], sender=who.rival, value=BOND)
    mine_at(expiry + 1)
    world.claim(job_id, 1, by=who.rival, expired=[old])


def test_claim__naming_ones_own_expired_claim__reverts(world, market, who):
    """T21: who let a claim expire does not renew it in one act."""
    job_id = world.open()
    old = world.claim(job_id, 1)
    expire(world, old)
    with reverts("MayNotClaim", who.annotator):
        market.call("claim", job_id, 0, 1, b"", [old], sender=who.annotator, value=BOND)


def test_claim__naming_a_claim_twice__reverts(world, market, who):
    job_id = world.open()
    old = world.claim(job_id, 1)
    expire(world, old)
    with reverts("WrongClaimState", old, ClaimState.DONE):
        market.call("claim", job_id, 0, 1, b"", [old, old], sender=who.rival, value=BOND)


def test_claim__naming_a_submission__reverts(world, market, who):
    """T23: what was delivered in time is never taken over."""
    job_id = world.open()
    delivered = world.submitted(job_id, 1)
    mine_at(now() + DAY)
    with reverts("WrongClaimState", delivered, ClaimState.SUBMITTED):
        market.call("claim", job_id, 0, 1, b"", [delivered], sender=who.rival, value=BOND)


def test_claim__naming_a_claim_that_never_was__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("claim", job_id, 0, 1, b"", [job_id << 24], sender=who.rival, value=BOND)


def test_claim__naming_a_claim_of_another_job_or_word__reverts(world, market, who):
    job_id, other = world.open(), world.open()
    elsewhere, next_word = world.claim(other, 1), world.claim(job_id, 1, word=1)
    expire(world, elsewhere, next_word)
    for old in (elsewhere, next_word):
        with reverts("ClaimElsewhere", old, job_id, 0):
            market.call("claim", job_id, 0, 1, b"", [old], sender=who.rival, value=BOND)


def test_claim__naming_16_expired_claims__costs_less_than_15_million_gas(world, market, who, coin):
    """T11: scattered claims, which cost most, in a job with classes, hook and fee, for a new annotator."""
    hook = deploy("MockHook", sender=who.owner)
    market.send("setFee", 500, sender=who.owner)
    multipliers, classes = difficulty((15_000, 10_000, 10_000))
    terms = {"hook": hook.address, "multipliers": multipliers, "word_classes": classes, "fee_bps": 500}
    job_id = world.open(token=coin, **terms)
    old = []
    for index in range(17):
        hook.send("expectQuestion", job_id, who.annotator, 2, b"", sender=who.owner)
        old.append(world.claim(job_id, 1 << index | 1 << (index + 100)))
    expire(world, *old)
    hook.send("expectQuestion", job_id, who.rival, 32, b"", sender=who.owner)
    taken = sum(1 << index | 1 << (index + 100) for index in range(16))
    arguments, value = (job_id, 0, taken, b""), world.bond(job_id, taken)
    receipt = market.send("claim", *arguments, old[:16], sender=who.rival, value=value)
    assert receipt.gas_used < 1_000_000 < GAS
    with reverts("TooMany", 17, 16):
        market.call("claim", job_id, 0, 1 << 200, b"", old, sender=who.rival, value=world.bond(job_id, 1))
