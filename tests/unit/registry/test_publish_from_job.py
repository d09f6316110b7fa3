"""
publishFromJob
├── when the creator publishes his closed job
│   ├── it keeps the job, and the royalty of its terms whatever the listing says
│   ├── it remembers the job's data set
│   └── it emits DatasetPublished with job and royalty, then VersionAdded
├── when the job has difficulty classes: the class words are part of the proof
├── when the royalty is 0: there is a job all the same
├── when a thief published the same package before: nothing changes
└── reverts when
    ├── paused
    ├── the registry has no market
    ├── the caller is not the job's creator, or there is no such job
    ├── the job is open or closing
    ├── nothing was approved
    ├── any part of the terms is not the job's
    ├── the source root or length is not the job's data
    ├── the job's data set was published before, even under another root
    ├── the creator published this root before
    └── anything is missing, as in publish
"""

from dataclasses import replace

import pytest

from offchain.signing import terms_hash
from offchain.terms import difficulty
from tests.support.calls import ZERO, field32, reverts
from tests.support.registry import (
    DATA_LENGTH,
    DATA_ROOT,
    URI,
    closed_job,
    content,
    deploy_registry,
    from_job_call,
    job_terms,
    listing,
    open_job,
    work_on,
)

NONE, OPEN, CLOSING = 0, 1, 2


def test_keeps_job_and_royalty_of_the_terms(world, registry):
    kept = registry.call("dataset", world.publish_from_job())
    assert (kept["jobId"], kept["royaltyBps"], kept["publisher"]) == (
        world.job_id,
        3_000,
        world.who.publisher,
    )


def test_remembers_the_data_set_of_the_job(world, registry):
    assert registry.call("datasetOfJob", world.job_id) == 0
    id_ = world.publish_from_job()
    assert (
        registry.call("datasetOfJob", world.job_id)
        == id_
        == registry.call("datasetIdOf", world.who.publisher, content().package_root)
    )


def test_emits_exactly_two_events(world, registry, who):
    registry.send("setFee", 50, sender=who.owner)
    receipt = registry.send(*world.from_job(), sender=who.publisher)
    published = {
        "datasetId": receipt.value,
        "publisher": who.publisher,
        "jobId": world.job_id,
        "listing": listing().message(),
        "royaltyBps": 3_000,
        "feeBps": 50,
    }
    added = {"datasetId": receipt.value, "version": 1, "content": content().message(), "uri": URI}
    assert receipt.of(registry) == [("DatasetPublished", published), ("VersionAdded", added)]


def test_a_job_with_difficulty_classes(world, registry, who):
    multipliers, classes = difficulty([20_000, 15_000])
    terms = job_terms(who.publisher, task_count=300, multipliers=multipliers, word_classes=classes)
    job_id = open_job(world.market, terms, funds=256 * 2_000 + 44 * 1_500)
    world.market.send(
        "approve", work_on(world.market, job_id, who.annotators[2], 3, 1), 3, sender=who.publisher
    )
    world.market.send("close", job_id, sender=who.publisher)
    given = terms_hash(replace(terms, word_classes=(0,)))
    with reverts("TermsMismatch", job_id, terms_hash(terms), given):
        call = from_job_call(job_id, replace(terms, word_classes=(0,)), content(), listing())
        registry.send(*call, sender=who.publisher)
    id_ = registry.send(*from_job_call(job_id, terms, content(), listing()), sender=who.publisher).value
    assert registry.call("dataset", id_)["jobId"] == job_id


def test_a_royalty_of_zero(world, registry, who):
    terms = job_terms(who.publisher, royalty_bps=0)
    job_id = closed_job(world.market, terms, {who.annotators[0]: 1})
    id_ = registry.send(*from_job_call(job_id, terms, content(), listing()), sender=who.publisher).value
    kept = registry.call("dataset", id_)
    assert (kept["jobId"], kept["royaltyBps"]) == (job_id, 0)


def test_a_thief_who_was_first_changes_nothing(world, registry, who):
    world.publish(sender=who.rival)
    assert registry.call("dataset", world.publish_from_job())["jobId"] == world.job_id


def test_while_paused_reverts(paused, registry, who):
    with reverts("EnforcedPause"):
        registry.send(*paused.from_job(), sender=who.publisher)


def test_without_market_reverts(world, who):
    with reverts("NoJob"):
        deploy_registry(who, ZERO).send(*world.from_job(), sender=who.publisher)


def test_another_account_reverts(world, registry, who):
    with reverts("NotJobCreator", who.rival, who.publisher):
        registry.send(*world.from_job(), sender=who.rival)


def test_an_annotator_of_the_job_reverts(world, registry, who):
    with reverts("NotJobCreator", who.annotators[0], who.publisher):
        registry.send(*world.from_job(), sender=who.annotators[0])


@pytest.mark.parametrize("job_id", [0, 999, 2**64 + 1])
def test_an_unknown_job_reverts(world, registry, who, job_id):
    with reverts("NotJobCreator", who.publisher, ZERO):
        registry.send(*from_job_call(job_id, world.terms, content(), listing()), sender=who.publisher)


def test_an_open_job_reverts(world, registry, who):
    terms = job_terms(who.publisher)
    job_id = open_job(world.market, terms)
    world.market.send("approve", work_on(world.market, job_id, who.annotators[0], 1), 1, sender=who.publisher)
    with reverts("JobNotClosed", job_id, OPEN):
        registry.send(*from_job_call(job_id, terms, content(), listing()), sender=who.publisher)


def test_a_closing_job_reverts(world, registry, who):
    terms = job_terms(who.publisher)
    job_id = open_job(world.market, terms)
    world.market.send("approve", work_on(world.market, job_id, who.annotators[0], 1), 1, sender=who.publisher)
    work_on(world.market, job_id, who.annotators[0], 2)
    world.market.send("close", job_id, sender=who.publisher)
    with reverts("JobNotClosed", job_id, CLOSING):
        registry.send(*from_job_call(job_id, terms, content(), listing()), sender=who.publisher)


def test_a_job_in_which_nothing_was_approved_reverts(world, registry, who):
    terms = job_terms(who.publisher)
    job_id = closed_job(world.market, terms, {})
    with reverts("NothingApproved", job_id):
        registry.send(*from_job_call(job_id, terms, content(), listing()), sender=who.publisher)


@pytest.mark.parametrize(
    "change",
    [
        {"royalty_bps": 0},
        {"royalty_bps": 2_999},
        {"data_root": b"\xdb" * 32},
        {"data_length": DATA_LENGTH + 1},
        {"reward": 1_001},
        {"instructions_hash": bytes(32)},
        {"multipliers": 10_000},
        {"word_classes": (0,)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_terms_that_are_not_the_jobs_revert(world, registry, who, change):
    tampered = replace(world.terms, **change)
    version = content(source_root=tampered.data_root, source_length=tampered.data_length)
    with reverts("TermsMismatch", world.job_id, terms_hash(world.terms), terms_hash(tampered)):
        registry.send(*from_job_call(world.job_id, tampered, version, listing()), sender=who.publisher)


@pytest.mark.parametrize("change", [{"source_root": bytes(32)}, {"source_length": DATA_LENGTH - 1}])
def test_another_source_reverts(world, registry, who, change):
    with reverts("SourceMismatch", DATA_ROOT, DATA_LENGTH):
        call = from_job_call(world.job_id, world.terms, content(**change), listing())
        registry.send(*call, sender=who.publisher)


@pytest.mark.parametrize("root", [1, 2], ids=["same root", "another root"])
def test_a_job_is_published_once(world, registry, who, root):
    id_ = world.publish_from_job(1)
    with reverts("JobAlreadyPublished", world.job_id, id_):
        registry.send(*world.from_job(root), sender=who.publisher)


def test_a_root_that_the_creator_published_before_reverts(world, registry, who):
    id_ = world.publish(1)
    with reverts("AlreadyPublished", id_):
        registry.send(*world.from_job(1), sender=who.publisher)
    assert registry.call("datasetOfJob", world.job_id) == 0
    world.publish_from_job(2)


def test_what_is_missing_reverts_as_in_publish(world, registry, who):
    with reverts("Missing", field32("licenceHash")):
        registry.send(*world.from_job(licence_hash=bytes(32)), sender=who.publisher)
    with reverts("Missing", field32("packageRoot")):
        registry.send(*world.from_job(0), sender=who.publisher)
