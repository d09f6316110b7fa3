import copy

import numpy as np
import pytest

from offchain.annotations import Box, LabelSet, Polygon, image_result
from offchain.exceptions import AnnotationError, LabelError, SchemaError
from offchain.labelstudio import import_coco, import_images, import_texts
from offchain.packaging import coco_document
from tests.offchain.samples import picture, vector
from tests.offchain.test_coco import average_precision

EXPECTED = {
    "one.png": image_result(
        [Box("Raccoon", 20, 20, 50, 50), Polygon("Dog", ((100, 10), (150, 10), (150, 60)))]
    ),
    "two.png": image_result([Box("Dog", 0, 0, 40, 80)]),
}


def export(name):
    return vector(f"labelstudio/{name}.json")


@pytest.mark.parametrize(
    "read",
    [
        lambda: import_coco(export("coco")),
        lambda: import_images(export("images")),
        lambda: import_images(export("images_min")),
    ],
)
def test_images__every_export_gives_the_same(read):
    imported = read()
    assert imported.results == EXPECTED
    assert imported.labels == LabelSet(["Dog", "Raccoon"])


def test_coco__import_and_export__evaluates_to_one():
    """Label Studio's own document gives 0.5 against itself (ids from 0) and crashes the evaluation of
    segments.
    """
    imported = import_coco(export("coco"))
    sizes = {"one.png": (200, 100), "two.png": (40, 80)}
    pictures = [(i, picture(name, sizes[name], i), imported.results[name]) for i, name in enumerate(sizes)]
    document = coco_document(pictures, imported.labels, {})
    for kind in ("bbox", "segm"):
        assert np.isclose(average_precision(document, kind)[0], 1.0)


@pytest.mark.parametrize("name", ["texts", "texts_min"])
def test_texts__every_export_gives_the_same(name):
    imported = import_texts(export(name))
    assert {i: result.label.label for i, result in imported.results.items()} == {
        "1": "Negative",
        "2": "Positive",
        "3": "Positive",
    }
    assert imported.texts["2"] == "Fits well, arrived early."


def test_labels_of_the_job__are_enforced():
    with pytest.raises(LabelError, match="Raccoon"):
        import_images(export("images"), LabelSet(["Dog"]))
    with pytest.raises(LabelError, match="Negative"):
        import_texts(export("texts"), LabelSet(["Positive"]))
    assert import_images(export("images"), LabelSet(["Cat", "Dog", "Raccoon"])).labels.names[0] == "Cat"


def test_images__turned_box__becomes_a_polygon():
    tasks = export("images")[1:]
    tasks[0]["annotations"][0]["result"][0]["value"].update(x=50, y=10, width=25, height=12.5, rotation=90)
    (shape,) = import_images(tasks).results["two.png"].objects
    assert isinstance(shape, Polygon)
    assert shape.points == ((20, 8), (20, 18), (10, 18), (10, 8))


def region(**changes):
    tasks = export("images")
    tasks[0]["annotations"][0]["result"][0]["value"].update(changes)
    return tasks


@pytest.mark.parametrize(
    ("tasks", "error", "said"),
    [
        (region(width=95), AnnotationError, "task 11.*outside"),
        (region(width=0), AnnotationError, "task 11.*no area"),
        (region(x=float("nan")), AnnotationError, "task 11"),
        (region(rectanglelabels=["Dog", "Raccoon"]), SchemaError, "task 11 needs exactly one label"),
        (region(x="ten"), SchemaError, "task 11"),
        ({"not": "a list"}, SchemaError, "list of tasks"),
    ],
)
def test_images__what_cannot_be__is_refused_by_task(tasks, error, said):
    with pytest.raises(error, match=said):
        import_images(tasks)


def test_images__rounding_at_the_edge__is_mended():
    (shape, *_) = import_images(region(x=75, width=25.000_001)).results["one.png"].objects
    assert shape == Box("Raccoon", 150, 20, 50, 50)


def test_images__brush_strokes__are_refused():
    tasks = export("images")
    value = tasks[0]["annotations"][0]["result"][0]["value"]
    value["brushlabels"] = value.pop("rectanglelabels")
    with pytest.raises(SchemaError, match="only rectangles and polygons"):
        import_images(tasks)


def test_tasks__cancelled_annotations_do_not_count__but_two_real_ones_are_refused():
    tasks = export("images")
    double = copy.deepcopy(tasks[0]["annotations"][0])
    tasks[0]["annotations"].append({**double, "was_cancelled": True})
    assert import_images(tasks).results == EXPECTED
    tasks[0]["annotations"].append(double)
    with pytest.raises(SchemaError, match="task 11 has 2 annotations"):
        import_images(tasks)


def test_tasks__without_annotation__are_left_out():
    tasks, texts = export("images"), export("texts")
    tasks[1]["annotations"] = []
    texts[0]["annotations"] = []
    assert list(import_images(tasks).results) == ["one.png"]
    assert list(import_texts(texts).results) == ["2", "3"]


def test_texts__several_answers_or_no_text__are_refused():
    rows = export("texts_min")
    with pytest.raises(SchemaError, match="several answers"):
        import_texts([{**rows[0], "mood": "bad"}])
    with pytest.raises(SchemaError, match="exactly one label"):
        import_texts([{**rows[0], "sentiment": {"choices": ["Negative", "Positive"]}}])
    with pytest.raises(SchemaError):
        import_texts([rows[0], rows[0]])


@pytest.mark.parametrize(
    "document", [{}, [], {"images": [{}], "categories": [], "annotations": []}, {"images": 3}]
)
def test_coco__other_documents__are_refused(document):
    with pytest.raises(SchemaError):
        import_coco(document)
