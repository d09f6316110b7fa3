import copy
import csv

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from offchain.annotations import Box, LabelSet, Polygon, image_result, read_image
from offchain.exceptions import LabelError, SchemaError
from offchain.packaging import check_coco, coco_document, read_coco
from tests.offchain.samples import picture

LABELS = LabelSet(["cat", "dog"])


def document():
    pictures = [
        (0, picture("a.png"), image_result([Box("cat", 1, 2, 20, 30), Box("dog", 30.5, 2, 10, 10)])),
        (3, picture("b.png", colour=9), image_result([Polygon("dog", ((5, 5), (60, 5), (60, 40), (8, 44)))])),
        (4, picture("c.png", colour=12), image_result([])),
    ]
    return coco_document(pictures, LABELS, {"job_id": 1})


def average_precision(document, kind):
    """AP of a document against itself, by the reference implementation."""
    truth, found = COCO(), COCO()
    truth.dataset = copy.deepcopy(document)
    truth.createIndex()
    found.dataset = copy.deepcopy(document)
    for annotation in found.dataset["annotations"]:
        annotation["score"] = 1.0
    found.createIndex()
    run = COCOeval(truth, found, kind)
    run.evaluate()
    run.accumulate()
    run.summarize()
    return run.stats


@pytest.mark.parametrize("kind", ["bbox", "segm"])
def test_document__evaluates_to_one_against_itself(kind):
    stats = average_precision(document(), kind)
    assert np.isclose(stats[0], 1.0)
    assert np.isclose(stats[8], 1.0)


@pytest.mark.parametrize("kind", ["bbox", "segm"])
def test_document__of_real_photographs__evaluates_to_one(winnow_data, kind):
    with (winnow_data / "raccoon" / "boxes.csv").open() as file:
        rows = list(csv.DictReader(file))
    pictures = []
    for task, name in enumerate(sorted({row["filename"] for row in rows})):
        boxes = []
        for row in (row for row in rows if row["filename"] == name):
            left, top, right, bottom = (int(row[key]) for key in ("xmin", "ymin", "xmax", "ymax"))
            boxes.append(Box(row["class"], left, top, right - left, bottom - top))
        pictures.append((task, read_image(winnow_data / "raccoon" / "images" / name), image_result(boxes)))
    labels = LabelSet(sorted({row["class"] for row in rows}))
    assert np.isclose(average_precision(coco_document(pictures, labels, {}), kind)[0], 1.0)


def test_document__has_what_readers_need():
    made = document()
    assert [image["id"] for image in made["images"]] == [1, 4, 5]
    assert [annotation["id"] for annotation in made["annotations"]] == [1, 2, 3]
    assert made["annotations"][0]["segmentation"] == [[1, 2, 21, 2, 21, 32, 1, 32]]
    assert made["annotations"][1]["area"] == 100
    assert made["annotations"][2]["bbox"] == [5, 5, 55, 39]
    assert [category["name"] for category in made["categories"]] == ["cat", "dog"]


def test_document__read_back__is_what_went_in():
    labels, results = read_coco(document())
    assert labels == LABELS
    assert results["a.png"] == image_result([Box("cat", 1, 2, 20, 30), Box("dog", 30.5, 2, 10, 10)])
    assert isinstance(results["b.png"].objects[0], Polygon)
    assert results["c.png"] == image_result([])


def test_document__label_of_another_job__is_refused():
    with pytest.raises(LabelError):
        coco_document([(0, picture("a.png"), image_result([Box("bird", 0, 0, 1, 1)]))], LABELS, {})


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("annotations", 0, "id"), 0, "from 1"),
        (("annotations", 1, "id"), 1, "twice"),
        (("images", 0, "id"), 0, "from 1"),
        (("categories", 1, "id"), 1, "twice"),
        (("annotations", 0, "bbox"), [1, 2, -20, 30], "above 0"),
        (("annotations", 0, "bbox"), [1, 2, 20], "bbox"),
        (("annotations", 0, "bbox"), [50, 2, 20, 30], "leaves its image"),
        (("annotations", 0, "bbox"), [1, 2, float("nan"), 30], "finite"),
        (("annotations", 0, "area"), float("nan"), "finite"),
        (("annotations", 0, "area"), 0, "above 0"),
        (("annotations", 0, "category_id"), 9, "category"),
        (("annotations", 0, "image_id"), 2, "image"),
        (("annotations", 0, "iscrowd"), None, "iscrowd"),
        (("annotations", 0, "segmentation"), [], "segmentation"),
        (("annotations", 0, "segmentation"), [[1, 2, 3, 4, 5, 6, 7]], "even"),
        (("annotations", 0, "segmentation"), [[1, 2, 3, 4]], "three corners"),
        (("images", 0, "width"), None, "width"),
        (("images", 1, "file_name"), "a.png", "one file_name"),
        (("images", 1, "file_name"), "", "file_name"),
    ],
)
def test_check__what_readers_accept_in_silence__is_refused(place, value, said):
    broken = document()
    entry = broken
    for key in place[:-1]:
        entry = entry[key]
    entry[place[-1]] = value
    with pytest.raises(SchemaError, match=said):
        check_coco(broken)


@pytest.mark.parametrize(
    "value", [None, [], {}, {"images": [1]}, {"images": [], "categories": {}, "annotations": []}]
)
def test_check__no_document__is_refused(value):
    with pytest.raises(SchemaError):
        check_coco(value)


def test_ids_from_zero__would_have_halved_the_precision():
    """Why the checks exist: the reference implementation says nothing and counts wrongly."""
    broken = document()
    for annotation in broken["annotations"]:
        annotation["id"] -= 1
    assert average_precision(broken, "bbox")[0] < 0.9
