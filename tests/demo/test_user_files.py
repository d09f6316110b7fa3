"""The story on a user's own files: the smallest ones, and real photographs and real workers' answers."""

import csv
import json

import pytest
from PIL import Image

from offchain.packaging import read_jsonl, read_zip
from scripts._demo.items import assign
from scripts._demo.report import render
from tests.conftest import isolated


@pytest.fixture(scope="module")
def real(play_on, chain, winnow_data, tmp_path_factory):
    photographs, products = winnow_data / "raccoon", winnow_data / "product_match"
    files = {
        "images": photographs / "images",
        "boxes": photographs / "boxes.csv",
        "texts": products / "products.csv",
        "labels": products / "answer.csv",
    }
    with isolated(chain):
        yield play_on(tmp_path_factory.mktemp("real"), **files)


def test_smallest_files__one_picture_and_two_texts__still_add_up(play_on, chain, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("RGB", (40, 30), "white").save(pictures / "a.png")
    files = {name: tmp_path / f"{name}.csv" for name in ("boxes", "texts", "labels")}
    files["boxes"].write_text(
        "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,40,30,cat,1,2,30,20\n", encoding="utf-8"
    )
    files["texts"].write_text("id,text\n1,one\n2,two\n", encoding="utf-8")
    files["labels"].write_text("question,worker,answer\n1,Lena,yes\n2,Lena,no\n", encoding="utf-8")
    with isolated(chain):
        story, summary = play_on(tmp_path / "out", images=pictures, **files)
    assert story.problems() == []
    assert [job["stats"]["approved"] for job in summary["jobs"]] == [1, 2]
    assert {payment["actor"] for payment in summary["payments"] if payment["job"] == 2} == {"Lena (worker)"}


def test_real_files__photographs__every_one_is_in_the_package_with_its_boxes(real, winnow_data):
    story, _ = real
    with (winnow_data / "raccoon" / "boxes.csv").open(encoding="utf-8") as file:
        boxes = list(csv.DictReader(file))
    listed = story.sales[0][0]
    package = read_zip((listed.folder / "dataset.zip").read_bytes())
    coco = json.loads(package["annotations/instances.json"])
    assert {entry["file_name"] for entry in coco["images"]} == {row["filename"] for row in boxes}
    for name in {row["filename"] for row in boxes}:
        original = (winnow_data / "raccoon" / "images" / name).read_bytes()
        assert package[f"images/{name}"] == original
    accepted = [reading for reading in story.images.readings if reading.verdict != "rejected"]
    assert len(accepted) == len(coco["images"])
    assert len(coco["annotations"]) == sum(len(reading.answer) for reading in accepted)


def test_real_files__all_questions__are_paid_to_the_workers_who_answered_them(real):
    story, summary = real
    job, texts = story.texts.job, story.script.texts
    assert len(texts.texts) == 8_315
    chosen = assign(texts.answers)
    absent = list(chosen)[-1]
    rows = read_jsonl("chat", (story.sales[1][0].folder / "chat.jsonl").read_bytes())
    assert len(rows) == 8_315 - len(chosen[absent])
    for name, answers in chosen.items():
        account = story.world.market.accountOf(job.id, story.world.cast[name].address)
        assert account.approved == (0 if name == absent else len(answers)), name
    given = {(label.annotator, texts.texts[label.task].id): label.label for label in story.texts.labels}
    assert given == {(w, q): a for w, answers in chosen.items() if w != absent for q, a in answers.items()}
    assert summary["jobs"][1]["stats"]["refunded"] == len(chosen[absent])


def test_real_files__33_words__hard_ones_are_paid_more_and_count_more(real):
    story, _ = real
    job, market = story.texts.job, story.world.market
    pays = {market.taskPay(job.id, word)[0] for word in range(33)}
    assert pays == {job.terms.reward, job.terms.reward * 12_500 // 10_000}
    weights = [
        market.accountOf(job.id, story.world.cast[name].address).weight
        for name in assign(story.script.texts.answers)
    ]
    assert sum(weights) == market.approvedWeight(job.id) > 10_000 * len(story.texts.labels)


def test_real_files__books__balance_and_the_page_stays_light(real):
    story, summary = real
    assert story.problems() == []
    assert len(render(summary).encode()) < 3_000_000
