import dataclasses
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.annotations import (
    Box,
    Instructions,
    LabelSet,
    Polygon,
    TextItem,
    image_result,
    text_result,
)
from offchain.exceptions import (
    AnnotationError,
    InputError,
    LabelError,
    MismatchError,
    ProvenanceError,
    SchemaError,
)
from offchain.hashing import canonical_json, verify_batch_proof, zerog_root
from offchain.packaging import (
    AcceptedBatch,
    Card,
    JobReference,
    accepted_results,
    build_batch,
    check_files,
    export_job,
    file_entry,
    image_source,
    parse_batch,
    read_coco,
    read_jsonl,
    read_manifest,
    text_source,
)
from tests.offchain.samples import ANNOTATOR, MARKET, OTHER, picture

CARD = Card("Small things", "Things | in pictures.", "cc-by-4.0")
LABELS = LabelSet(["cat", "dog"])
PICTURES = [picture(f"{index:02}.png", colour=index) for index in range(6)]
IMAGE_JOB = Instructions("image", LABELS, "Box every animal.")
TEXT_JOB = Instructions("text", LABELS, "Which animal is it?")
IMAGE_SOURCE = image_source(PICTURES)
TEXT_SOURCE = text_source(
    [TextItem(str(i), f"It says {'wuff' if i % 2 else 'miau'} {i} times.") for i in range(300)]
)


def job_for(instructions, source):
    root = zerog_root(source)
    return JobReference(31_337, MARKET, 3, root.root, root.length, instructions.hash)


def batch_of(annotator, results, **changes):
    values = {"chain_id": 31_337, "contract": MARKET, "job_id": 3, "annotator": annotator, "results": results}
    return build_batch(**{**values, **changes}, salts={task: task.to_bytes(32, "big") for task in results})


def accepted(batch, claim_id, mask=None):
    mask = batch.mask if mask is None else mask
    return AcceptedBatch(
        claim_id, batch.annotator, batch.root, batch.mask, mask, batch.word, batch.to_bytes()
    )


def image_batches():
    one = batch_of(
        ANNOTATOR, {0: image_result([Box("cat", 1, 1, 9, 9)]), 1: image_result([Box("dog", 2, 2, 5, 5)])}
    )
    two = batch_of(
        OTHER,
        {
            2: image_result([Polygon("dog", ((0, 0), (9, 0), (0, 9)))]),
            5: image_result([]),
            4: image_result([]),
        },
    )
    return [accepted(one, 1), accepted(two, 2, mask=0b100100)]


def export_images(**changes):
    values = {
        "job": job_for(IMAGE_JOB, IMAGE_SOURCE),
        "instructions": IMAGE_JOB,
        "source": IMAGE_SOURCE,
        "accepted": image_batches(),
        "card": CARD,
    }
    return export_job(**{**values, **changes})


def export_texts(**changes):
    low = batch_of(ANNOTATOR, {i: text_result("dog" if i % 2 else "cat") for i in range(256)})
    high = batch_of(OTHER, {i: text_result("dog" if i % 2 else "cat") for i in range(256, 300)})
    values = {
        "job": job_for(TEXT_JOB, TEXT_SOURCE),
        "instructions": TEXT_JOB,
        "source": TEXT_SOURCE,
        "accepted": [accepted(high, 2), accepted(low, 1)],
        "card": CARD,
    }
    return export_job(**{**values, **changes})


def test_images__only_paid_tasks_are_in_the_archive():
    made = export_images()
    with zipfile.ZipFile(io.BytesIO(made.files["dataset.zip"])) as archive:
        names = archive.namelist()
        document = archive.read("annotations/instances.json")
        assert archive.read("images/02.png") == PICTURES[2].data
    assert names == [
        "annotations/instances.json",
        "images/00.png",
        "images/01.png",
        "images/02.png",
        "images/05.png",
    ]
    assert document == made.files[made.annotations]
    labels, results = read_coco(json.loads(document))
    assert labels == LABELS
    assert results["02.png"].objects == (Polygon("dog", ((0, 0), (9, 0), (0, 9))),)
    assert results["05.png"].objects == ()


@pytest.mark.parametrize("schema", ["chat", "instruction", "completion"])
def test_texts__every_schema_reads_and_has_every_task(schema):
    made = export_texts(schema=schema)
    assert made.package == f"{schema}.jsonl"
    rows = read_jsonl(schema, made.files[made.package])
    assert len(rows) == 300
    assert "It says wuff 299 times." in json.dumps(rows[-1])
    labels = json.loads(made.files[made.annotations])["labels"]
    assert [entry["annotator"] for entry in labels] == [ANNOTATOR] * 256 + [OTHER] * 44


def test_export__is_a_pure_function__of_any_order():
    one, other = export_images(), export_images(accepted=image_batches()[::-1])
    assert one.files == other.files
    assert export_texts().files == export_texts().files


def test_manifest__covers_every_file_and_names_the_origin():
    made = export_images()
    document, entries = read_manifest(made.files["manifest.json"])
    others = {name: data for name, data in made.files.items() if name != "manifest.json"}
    check_files(entries, others)
    assert document["source"]["chain_id"] == 31_337
    assert document["source"]["contract"] == MARKET
    assert document["source"]["job_id"] == 3
    assert document["package"] == "dataset.zip"
    assert [batch["accepted"] for batch in document["origin"]["batches"]] == ["0x3", "0x24"]
    for name, data in others.items():
        with pytest.raises(MismatchError, match=name):
            check_files(entries, {**others, name: data + b" "})
    with pytest.raises(MismatchError, match=r"README\.md"):
        check_files(entries, {name: data for name, data in others.items() if name != "README.md"})


def test_manifest__trailing_zero__is_noticed_by_length_though_the_root_is_the_same():
    entry = file_entry("a.bin", b"label")
    assert entry.zerog_root == file_entry("a.bin", b"label\0").zerog_root
    with pytest.raises(MismatchError):
        check_files([entry], {"a.bin": b"label\0"})


def test_manifest__other_documents__are_refused():
    for value in ({}, [], {"version": 2, "files": []}, {"version": 1, "files": [{"name": "x"}]}):
        with pytest.raises(SchemaError):
            read_manifest(canonical_json(value))


def test_card__front_matter_and_counts():
    card = export_images().files["README.md"].decode()
    head = card.split("---\n")[1]
    assert 'license: "cc-by-4.0"' in head
    assert 'task_categories: ["object-detection"]' in head
    assert "| cat | 1 |" in card
    assert "| dog | 2 |" in card
    with pytest.raises(InputError):
        Card(" ", "d", "l")


@pytest.mark.parametrize(
    "changes",
    [
        {"source": image_source(PICTURES[:-1])},
        {"source": IMAGE_SOURCE + b"\0"},  # the root may be the same, the length is not
        {"instructions": Instructions("image", LabelSet(["dog", "cat"]), "Box every animal.")},
        {"instructions": Instructions("text", LABELS, "Box every animal.")},
    ],
)
def test_export__other_source_or_instructions__are_refused(changes):
    with pytest.raises(MismatchError):
        export_images(**changes)


def test_export__nothing_accepted__is_refused():
    with pytest.raises(InputError, match="nothing was accepted"):
        export_images(accepted=[])


def test_export__results_that_break_the_jobs_rules__are_refused():
    for result, error in (
        (image_result([Box("bird", 0, 0, 1, 1)]), LabelError),
        (image_result([Box("cat", 60, 0, 10, 1)]), AnnotationError),
        (text_result("cat"), ProvenanceError),
    ):
        with pytest.raises(error):
            export_images(accepted=[accepted(batch_of(ANNOTATOR, {0: result}), 1)])
    with pytest.raises(ProvenanceError, match="no task 6"):
        export_images(accepted=[accepted(batch_of(ANNOTATOR, {6: image_result([])}), 1)])
    with pytest.raises(ProvenanceError, match="task 0 is a text"):
        export_texts(accepted=[accepted(batch_of(ANNOTATOR, {0: image_result([])}), 1)])
    with pytest.raises(InputError, match="no schema"):
        export_texts(schema="poem")


GOOD = accepted(
    batch_of(ANNOTATOR, {0: image_result([]), 9: image_result([Box("cat", 1, 1, 2, 2)])}, claim_id=1), 1
)
JOB = job_for(IMAGE_JOB, IMAGE_SOURCE)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"root": b"\7" * 32}, "root"),
        ({"annotator": OTHER}, "annotator"),
        ({"word": 1}, "word"),
        ({"done_mask": 0b11}, "never done"),
        ({"done_mask": 0b1000000011, "accepted_mask": 1}, "tasks done"),
        ({"accepted_mask": 0b1000000011}, "never done"),
        ({"claim_id": 2}, "claim"),
        ({"payload": b"{}"}, "cannot be read"),
        ({"payload": GOOD.payload.replace(b'"box":[1,1,2,2]', b'"box":[1,1,2,3]')}, "root"),
        ({"payload": GOOD.payload.replace(b'"job_id":3', b'"job_id":4')}, "job"),
        ({"payload": GOOD.payload.replace(b"31337", b"1")}, "chain"),
        ({"payload": GOOD.payload.replace(MARKET.encode(), OTHER.encode())}, "contract"),
        ({"payload": GOOD.payload.replace(b'"task":9', b'"task":8')}, "tasks done"),
    ],
)
def test_provenance__payload_that_does_not_fit_the_chain__is_refused_by_batch(changes, said):
    assert accepted_results(JOB, [GOOD])
    with pytest.raises(ProvenanceError, match=f"batch {changes.get('claim_id', 1)} .*{said}"):
        accepted_results(JOB, [dataclasses.replace(GOOD, **changes)])


def test_provenance__copied_results_of_somebody_else__are_worth_nothing():
    """The thief submits the payload under his own name: the leaves bind the annotator, so the root cannot
    be right.
    """
    stolen = parse_batch(GOOD.payload)
    mine = dataclasses.replace(stolen, annotator=OTHER)
    assert mine.root != stolen.root
    with pytest.raises(ProvenanceError):
        accepted_results(
            JOB, [AcceptedBatch(2, OTHER, stolen.root, stolen.mask, stolen.mask, 0, mine.to_bytes())]
        )


def test_provenance__task_paid_twice__is_refused():
    again = accepted(batch_of(OTHER, {9: image_result([])}), 7)
    with pytest.raises(ProvenanceError, match="task 9 was paid in batch 1 already"):
        accepted_results(JOB, [again, GOOD])


@given(st.integers(0, 4_000), st.sets(st.integers(0, 255), min_size=1, max_size=20))
def test_batch__there_and_back__with_proofs(word, bits):
    tasks = sorted(256 * word + bit for bit in bits)
    batch = build_batch(
        chain_id=1,
        contract=MARKET,
        job_id=2,
        annotator=ANNOTATOR,
        results={t: text_result("cat") for t in tasks},
    )
    again = parse_batch(batch.to_bytes())
    assert (again, again.root, again.word) == (batch, batch.root, word)
    for index, task in enumerate(tasks):
        assert verify_batch_proof(batch.root, batch.leaves[index], index, len(tasks), batch.proof(task))


def test_batch__salts_are_fresh_so_that_equal_results_have_different_roots():
    values = {
        "chain_id": 1,
        "contract": MARKET,
        "job_id": 2,
        "annotator": ANNOTATOR,
        "results": {0: text_result("cat")},
    }
    assert build_batch(**values).root != build_batch(**values).root


def test_batch__two_words_or_none__are_refused():
    for tasks in ([0, 256], []):
        with pytest.raises(InputError):
            batch_of(ANNOTATOR, {task: text_result("cat") for task in tasks})
    with pytest.raises(InputError):
        batch_of(ANNOTATOR, {0: text_result("cat")}).proof(1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":1', b'"version":2'),
        (b'"chain_id":31337', b'"chain_id":"31337"'),
        (b'"chain_id":31337', b'"chain_id":true'),
        (b'"claim_id":1', b'"claim_id":-1'),
        (b'"claim_id":1', b'"claim_ids":1'),
        (b'"annotator":"0x', b'"annotator":"0y'),
        (b'"salt":"0x', b'"salt":"'),
        (b'"task":0', b'"task":0.5'),
        (b'"task":9', b'"task":0'),
        (b'{"annotator"', b'{ "annotator"'),
    ],
)
def test_parse_batch__other_documents__are_refused(old, new):
    assert old in GOOD.payload
    with pytest.raises(InputError):
        parse_batch(GOOD.payload.replace(old, new))
