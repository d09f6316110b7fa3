"""
createJob
├── when the terms are good
│   ├── it counts the job, keeps its terms and opens all of its tasks
│   ├── it emits JobCreated with everything that an indexer needs
│   └── it takes exactly the bounty, fee included, in the coin or in the token
├── when there are difficulty classes: it takes each word's own pay and fee
├── when every array is at its cap: it costs less than 15 million gas (T11)
└── reverts when
    ├── paused
    ├── a term is not as it must be: see the tests of terms and of the arbiter's acceptance
    ├── word classes do not fit tasks and multipliers
    └── the money is not exactly the bounty (T9)
"""

from dataclasses import replace

import pytest

from offchain.signing import terms_hash
from offchain.states import JobState
from offchain.terms import JobTerms, difficulty, pack_multipliers
from tests.support.calls import GAS, ZERO, deploy, reverts
from tests.support.market import REWARD
from tests.support.money import bounty, task_money
from tests.support.registry import terms_struct

HAS_HOOK, HAS_CLASSES, HAS_TOKEN, HAS_FEE = 1, 2, 4, 8


def fields_of(terms: JobTerms) -> dict:
    """What a job keeps of its terms."""
    dropped = {"creator", "dataRoot", "dataLength", "instructionsHash", "multipliers", "wordClasses"}
    return {name: value for name, value in terms.message().items() if name not in dropped}


def test_create_job__good_terms__keeps_them_and_opens_every_task(world, market, coin):
    terms = world.terms(token=coin)
    first = world.open(terms)
    assert (first, world.open(terms), market.call("jobCount")) == (1, 2, 2)
    assert world.job(first) == fields_of(terms) | {
        "open": 600,
        "taken": 0,
        "approved": 0,
        "records": 0,
        "state": JobState.OPEN,
        "flags": 0 if coin == ZERO else HAS_TOKEN,
        "creator": terms.creator,
        "termsHash": terms_hash(terms),
    }
    assert world.market.call("freeFunds", first) == 600 * REWARD
    assert [market.call("freeTasks", first, word).bit_count() for word in range(4)] == [256, 256, 88, 0]


def test_create_job__good_terms__takes_the_bounty_and_tells_everything(world, who, market, coin):
    terms = world.terms(token=coin)
    arguments = world.create_call(terms)
    with world.moves(coin) as moved:
        value = 600 * REWARD if coin == ZERO else 0
        receipt = market.send(*arguments, sender=who.creator, value=value)
    assert moved == {"creator": -600 * REWARD, "market": 600 * REWARD}
    assert receipt.of(market) == [
        (
            "JobCreated",
            {
                "jobId": 1,
                "creator": who.creator,
                "termsHash": terms_hash(terms),
                "terms": terms_struct(terms),
                "wordClasses": [],
                "funded": 600 * REWARD,
            },
        )
    ]


def test_create_job__with_a_protocol_fee__takes_it_on_top_rounded_down(world, who, market, coin):
    market.send("setFee", 333, sender=who.owner)
    job_id = world.open(fee_bps=333, token=coin)
    fee = REWARD * 333 // 10_000  # 33,300.0999
    assert (fee, market.call("taskPay", job_id, 0)) == (33_300, (REWARD, fee, 100_001))
    assert market.call("liabilities", coin) == 600 * (REWARD + fee)
    assert world.job(job_id)["flags"] == HAS_FEE | (0 if coin == ZERO else HAS_TOKEN)


def test_create_job__without_an_arbiter__needs_no_signature(world):
    job = world.job(world.open(arbiter=ZERO))
    assert (job["arbiter"], job["arbiterFee"], job["rejectFeeBps"]) == (ZERO, 0, 0)
    assert (job["appealWindow"], job["decisionWindow"]) == (0, 0)


def test_create_job__with_a_hook__keeps_it(world):
    hook = deploy("MockHook", sender=world.who.owner)
    job = world.job(world.open(hook=hook.address))
    assert (job["hook"], job["flags"]) == (hook.address, HAS_HOOK)


# --- difficulty classes ---

DIFFICULTIES = (12_345, 1, 65_535)  # of the words of 600 tasks


def test_create_job__difficulty_classes__pay_and_fee_follow_each_word(world, who, market, coin):
    """Rewards 1,234,503.7, 100.0 and 6,553,519.6, all rounded down; fees of 5 % of those, rounded down."""
    market.send("setFee", 500, sender=who.owner)
    multipliers, classes = difficulty(DIFFICULTIES)
    job_id = world.open(multipliers=multipliers, word_classes=classes, fee_bps=500, token=coin)
    pays = [market.call("taskPay", job_id, word)[:2] for word in range(3)]
    assert pays == [(1_234_503, 61_725), (100, 5), (6_553_519, 327_675)]
    funds = 256 * (1_234_503 + 61_725) + 256 * 105 + 88 * (6_553_519 + 327_675)
    assert (market.call("liabilities", coin), market.call("freeFunds", job_id)) == (funds, funds)
    assert world.job(job_id)["flags"] == HAS_CLASSES | HAS_FEE | (0 if coin == ZERO else HAS_TOKEN)


def test_create_job__difficulty_classes__do_not_change_the_bond(world, market):
    multipliers, classes = difficulty(DIFFICULTIES)
    job_id = world.open(multipliers=multipliers, word_classes=classes)
    assert [market.call("taskPay", job_id, word)[2] for word in range(3)] == [100_001] * 3


def test_create_job__eight_classes_over_two_elements__each_word_finds_its_own(world, market):
    per_word = [10_000 + 1_000 * (word % 8) for word in range(66)]
    multipliers, classes = difficulty(per_word)
    job_id = world.open(task_count=66 * 256, multipliers=multipliers, word_classes=classes, max_open=1)
    for word in (0, 7, 62, 63, 64, 65):
        assert market.call("taskPay", job_id, word)[0] == REWARD * per_word[word] // 10_000


def test_create_job__one_class_of_difficulty_one__costs_what_no_class_costs(world, market):
    world.open(multipliers=10_000, word_classes=(0,))
    assert market.call("liabilities", ZERO) == 600 * REWARD


@pytest.mark.parametrize(
    ("multipliers", "classes", "index"),
    [
        (0, (0,), 0),  # classes without multipliers
        (10_000, (), 0),  # multipliers without classes
        (10_000, (0, 0), 2),  # more elements than 600 tasks have
        (10_000, (0x010,), 1),  # word 1 is of class 1, which has no multiplier
        (10_000, (0x800,), 2),  # no multiplier has number 8
    ],
)
def test_create_job__classes_that_do_not_fit__revert(world, multipliers, classes, index):
    with reverts("BadWordClasses", index):
        world.try_open(world.terms(multipliers=multipliers, word_classes=classes), value=0)


def test_create_job__class_whose_pay_rounds_to_nothing__reverts(world):
    terms = world.terms(reward=9_999, multipliers=pack_multipliers([10_000, 1]), word_classes=(0x100,))
    with reverts("BadWordClasses", 2):
        world.try_open(terms)
    assert world.try_open(replace(terms, reward=10_000)) == 1


def test_create_job__the_largest_job__costs_less_than_15_million_gas(world):
    """T11: 4,096 words in two classes; the call has 15 million gas for calldata and all."""
    multipliers, classes = difficulty([10_000 + word % 2 for word in range(4_096)])
    assert GAS == 15_000_000
    assert world.try_open(world.terms(task_count=1 << 20, multipliers=multipliers, word_classes=classes)) == 1


# --- money and pause ---


@pytest.mark.parametrize("off", [-1, 1])
def test_create_job__native_coin_that_is_not_the_bounty__reverts(world, off):
    terms = world.terms()
    with reverts("WrongValue", bounty(terms), bounty(terms) + off):
        world.try_open(terms, value=bounty(terms) + off)


def test_create_job__native_coin_with_a_token_job__reverts(world):
    """T9."""
    with reverts("WrongValue", 0, 1):
        world.try_open(world.terms(token=world.system.token.address), value=1)


def test_create_job__token_that_was_not_approved__reverts(world, who):
    token = world.system.token
    token.send("approve", world.market.address, bounty(world.terms()) - 1, sender=who.creator)
    with reverts("ERC20InsufficientAllowance", world.market.address, 600 * REWARD - 1, 600 * REWARD):
        world.try_open(world.terms(token=token.address))


def test_create_job__while_paused__reverts(world, market, who):
    """T17."""
    market.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        world.try_open(world.terms())
    market.send("unpause", sender=who.owner)
    assert world.try_open(world.terms()) == 1


def test_hash_terms__any_terms__is_the_typed_data_hash_that_wallets_show(world, market, who):
    """T30, T44: struct hash over every field; the word classes are an array."""
    multipliers, classes = difficulty(DIFFICULTIES)
    terms = world.terms(multipliers=multipliers, word_classes=classes, token=world.system.token.address)
    arguments = (terms_struct(terms), list(classes))
    assert market.call("hashTerms", who.creator, *arguments) == terms_hash(terms)
    assert market.call("hashTerms", who.rival, *arguments) == terms_hash(replace(terms, creator=who.rival))
    assert task_money(terms, 1).reward == 100
