"""The default story, played on the test chain: what must happen in it, and that its money adds up."""

import json

import pytest

from offchain.annotations import Box, Polygon, result_from_json
from offchain.packaging import read_jsonl, read_zip
from scripts._demo.annotators import review_marks
from scripts._demo.ledger import NATIVE
from scripts._demo.reconcile import reconcile
from scripts._demo.report import render
from scripts._demo.summary import validate
from tests.conftest import isolated
from tests.demo.conftest import drawn

CALLS = {
    1: {
        "create",
        "claim",
        "claimBySig",
        "submitBatch",
        "submitBatchBySig",
        "approve",
        "reject",
        "appeal",
        "decide",
        "settleRejection",
    },
    2: {"create", "claimBySig", "submitBatchBySig", "approve", "finalize", "close", "releaseExpired"},
}


@pytest.fixture(scope="module")
def rehearsal(play_on, chain, tmp_path_factory):
    """What the same story left that was played before, on the same chain, with sheets of its own."""
    with isolated(chain):
        found = traces(play_on(tmp_path_factory.mktemp("rehearsal"))[0])
    drawn.cache_clear()
    return found


@pytest.fixture(scope="module")
def told(rehearsal, play_on, tmp_path_factory):
    return play_on(tmp_path_factory.mktemp("demo"))


def traces(story):
    """The hash of each transaction, and every file that was sold."""
    return [act.tx for act in story.world.stage.acts], [files(listed) for listed, _ in story.sales]


def events(story, name, job=None):
    found = [event.values for event in story.journal.events if event.name == name]
    return [values for values in found if job is None or values.get("jobId") == job]


def files(listed):
    return {path.name: path.read_bytes() for path in sorted(listed.folder.rglob("*")) if path.is_file()}


def test_summary__default_story__is_valid_and_can_be_drawn(summary):
    validate(summary)
    assert "The books balance." in render(summary)


def test_story__default__nothing_deviates(story):
    assert story.problems() == []
    assert story.books.balanced
    assert len(story.books.backings) == 6


@pytest.mark.parametrize("job", [1, 2])
def test_story__each_job__tells_every_act_that_it_is_there_for(story, job):
    offset = min(act.note.job for act in story.world.stage.acts if act.note.job) - 1
    done = {a.note.act.rpartition(".")[2] for a in story.world.stage.acts if a.note.job == job + offset}
    assert CALLS[job] <= done


def test_image_job__after_the_dispute__closed_with_every_task_paid_once(story):
    job, tasks = story.images.job.id, len(story.script.images.pictures)
    paid = [values["mask"] for values in events(story, "RewardPaid", job)]
    assert sum(mask.bit_count() for mask in paid) == tasks
    assert [values["approved"] for values in events(story, "JobClosed", job)] == [tasks]
    assert not events(story, "JobClosing", job)


def test_image_job__appeal__was_decided_partly_for_the_annotator(story):
    decided = [v for v in events(story, "DisputeEnded", story.images.job.id) if v["toArbiter"]]
    assert [bool(v["upheld"]) and bool(v["overturned"]) for v in decided] == [True]
    assert decided[0]["compensation"] > 0
    assert not decided[0]["upheld"] & decided[0]["overturned"]


def test_image_job__expired_claim__was_done_by_somebody_else(story):
    (expired,) = events(story, "ClaimExpired", story.images.job.id)
    redone = [r.annotator for r in story.images.readings if expired["mask"] >> r.task & 1]
    assert "Noor" not in redone
    assert "Joao" in redone


def test_image_job__accepted_results__hold_boxes_and_polygons(story):
    listed = story.sales[0][0]
    coco = json.loads(read_zip(files(listed)["dataset.zip"])["annotations/instances.json"])
    outlines = [len(entry["segmentation"][0]) for entry in coco["annotations"]]
    assert len(coco["images"]) == len(story.script.images.pictures)
    assert min(outlines) == 8  # a box has four corners
    assert max(outlines) > 8


def test_image_job__what_was_approved__is_right_and_what_was_rejected_is_not(story):
    pictures = story.script.images.pictures
    for reading in story.images.readings:
        good = review_marks(pictures[reading.task], reading.answer).good
        assert good == (reading.verdict == "approved"), reading


def test_text_job__vanished_creator__workers_are_paid_in_full(story):
    job = story.texts.job
    acts = [act for act in story.world.stage.acts if act.note.job == job.id]
    last_review = max(i for i, act in enumerate(acts) if act.note.act.endswith(".approve"))
    publication = next(i for i, act in enumerate(acts) if act.note.act.endswith(".publish"))
    assert "Tomas" not in {act.payer for act in acts[last_review + 1 : publication]}
    silent = [label for label in story.texts.labels if label.verdict == "finalized"]
    assert silent
    for name in {label.annotator for label in silent}:
        tasks = sum(label.annotator == name for label in silent)
        earned = story.world.market.accountOf(job.id, story.world.cast[name].address).earned
        assert earned == tasks * job.terms.reward


def test_text_job__tasks_that_nobody_did__are_refunded(story, summary):
    stats = summary["jobs"][1]["stats"]
    job = story.texts.job
    refunds = sum(
        v["refunded"] for v in events(story, "JobClosing", job.id) + events(story, "TasksRefunded", job.id)
    )
    assert stats["refunded"] == len(story.script.texts.texts) - len(story.texts.labels) > 0
    assert refunds == stats["refunded"] * job.terms.reward


def test_relayed__annotator_without_coin__sends_nothing_and_is_paid(story):
    ines = story.world.cast["Ines"].address.lower()
    assert ines not in {fee.payer for fee in story.journal.fees}
    held = {row.token: row for row in story.books.rows if row.address == ines}
    assert held[NATIVE].opening == 0
    assert held[NATIVE].actual > 0
    assert held[str(story.world.token.address).lower()].actual > 0


def test_credit__wallet_that_takes_no_coin__its_owner_withdraws_everything(story):
    wallet = story.world.wallet.address
    taken = [v for v in events(story, "CreditWithdrawn") if v["account"] == wallet]
    credited = [v["amount"] for v in events(story, "Credited") if v["account"] == wallet]
    assert len(credited) == 3  # the bond that came back, the pay, the royalty
    assert sum(v["amount"] for v in taken) == sum(credited)
    assert {v["to"] for v in taken} == {story.world.cast["Vera"].address}


def test_sales__both_currencies__royalties_are_the_share_that_the_terms_promised(story):
    for listed, _ in story.sales:
        (sale,) = (v for v in events(story, "LicencePurchased") if v["datasetId"] == listed.id)
        royalties = [v["amount"] for v in events(story, "RoyaltyPaid") if v["datasetId"] == listed.id]
        promised = sale["price"] * listed.job.terms.royalty_bps // 10_000
        assert sum(royalties) == sale["royalty"] == promised > 0
        assert len(royalties) >= 3


def test_sales__tampered_copy__is_refused(story):
    for _, sold in story.sales:
        (check,) = (c for c in sold.checks if "bit changed" in c["what"])
        assert check["actual"] == "refused"


def test_export__text_job__has_the_labels_that_were_paid(story):
    rows = read_jsonl("chat", files(story.sales[1][0])["chat.jsonl"])
    given = {label.task: label.label for label in story.texts.labels}
    assert [row["messages"][1]["content"] for row in rows] == [given[task] for task in sorted(given)]
    for row, task in zip(rows, sorted(given), strict=True):
        assert row["messages"][0]["content"].endswith(story.script.texts.texts[task].text)


def test_payloads__results__are_what_the_annotators_answered(story):
    kinds = set()
    for path in (story.script.folder / "store").iterdir():
        data = path.read_bytes()
        if not data.startswith(b'{"annotator"'):
            continue
        for entry in json.loads(data)["results"]:
            result = result_from_json(entry["result"])
            kinds |= {type(shape) for shape in getattr(result, "objects", ())}
    assert kinds == {Box, Polygon}


def test_journal__every_block__is_read(story):
    acts = {act.tx for act in story.world.stage.acts}
    assert {fee.tx for fee in story.journal.fees} == acts


def test_plant__one_wei__is_found_and_named(play_on, chain, tmp_path):
    with isolated(chain):
        story, summary = play_on(tmp_path, plant=True)
        assert story.problems() == ["Pavel holds 1 base unit of ETH too little"]
        assert not summary["reconciliation"]["balanced"]
        validate(summary)


def test_books__any_kind_of_movement_left_out__they_do_not_balance(story):
    """The balances are not compared with themselves: every kind of movement is needed."""
    rows = story.books.rows
    held = [{(row.token, row.address): getattr(row, when) for row in rows} for when in ("opening", "actual")]
    owed = {(b.token, b.contract): b.liabilities for b in story.books.backings}
    kinds = {movement.why for movement in story.journal.movements}
    assert kinds >= {
        "sent",
        "token transfer",
        "pay and bond",
        "arbiter's pay",
        "royalty",
        "withdrawal",
    }
    for kind in kinds:
        rest = [movement for movement in story.journal.movements if movement.why != kind]
        assert not reconcile(rest, story.journal.fees, *held, owed, outside=[NATIVE]).balanced, kind


def test_seed__the_same_twice__gives_the_same_transactions_and_files(rehearsal, story):
    assert rehearsal == traces(story)


def test_seed__another__gives_other_data_and_still_adds_up(play_on, chain, tmp_path, story):
    with isolated(chain):
        other, _ = play_on(tmp_path, seed=8)
        assert other.problems() == []
        assert other.sales[0][0].id != story.sales[0][0].id
