import pytest

from offchain.annotations import LabelSet, Polygon
from scripts._demo.annotators import GOOD_OVERLAP, Annotator, review_label, review_marks
from scripts._demo.geometry import iou
from scripts._demo.items import Mark, Picture, Text
from scripts._demo.messages import load
from scripts._demo.results import image_result_of, shapes_of, text_result_of
from scripts._demo.sheets import DIGITS, compose

PICTURES = compose(32).pictures
MARKS = sum(len(picture.truth) for picture in PICTURES)


def drawn_by(annotator):
    return [(picture, annotator.draw(picture, DIGITS)) for picture in PICTURES]


def test_draw__no_errors__is_the_truth():
    assert all(marks == picture.truth for picture, marks in drawn_by(Annotator("a")))


def test_draw__is_repeatable_and_differs_by_name_and_seed():
    first = drawn_by(Annotator("a", miss=0.3, shift=0.3, wrong_label=0.3))
    assert first == drawn_by(Annotator("a", miss=0.3, shift=0.3, wrong_label=0.3))
    assert first != drawn_by(Annotator("b", miss=0.3, shift=0.3, wrong_label=0.3))
    assert first != drawn_by(Annotator("a", miss=0.3, shift=0.3, wrong_label=0.3, seed=8))


def test_draw__miss_rate__is_kept():
    left = sum(len(marks) for _, marks in drawn_by(Annotator("a", miss=0.25)))
    assert 0.17 < 1 - left / MARKS < 0.33


def test_draw__wrong_label_rate__is_kept_within_the_label_set():
    pairs = [
        (mark.label, truth.label)
        for picture, marks in drawn_by(Annotator("a", wrong_label=0.25))
        for mark, truth in zip(marks, picture.truth, strict=True)
    ]
    assert 0.17 < sum(a != b for a, b in pairs) / MARKS < 0.33
    assert {a for a, _ in pairs} <= set(DIGITS)


def test_draw__shifted__is_off_but_inside_the_picture():
    for picture, marks in drawn_by(Annotator("a", shift=1.0)):
        for mark, truth in zip(marks, picture.truth, strict=True):
            assert 0 < iou(mark.box, truth.box) < GOOD_OVERLAP
        image_result_of(marks).check(LabelSet(DIGITS), picture.width, picture.height)


def test_draw__all_missed__still_says_something():
    assert all(len(marks) == 1 for _, marks in drawn_by(Annotator("a", miss=1.0)))


def test_draw__polygons_off__gives_boxes():
    marks = Annotator("a", polygons=False).draw(PICTURES[0], DIGITS)
    assert all(mark.polygon is None for mark in marks)
    assert not any(isinstance(shape, Polygon) for shape in image_result_of(marks).objects)


def test_shapes_of__polygon__keeps_points_and_a_box_around_them():
    mark = Mark("3", (0, 0, 9, 9), ((1.0, 2.0), (8.0, 3.0), (4.0, 7.0)))
    shape = shapes_of(image_result_of([mark]))[0]
    assert shape["polygon"] == [[1, 2], [8, 3], [4, 7]]
    assert shape["box"] == [1, 2, 8, 7]


def test_classify__wrong_label_rate__is_kept():
    messages, annotator = load(), Annotator("a", wrong_label=0.3)
    wrong = [annotator.classify(text, messages.labels) != text.truth for text in messages.texts]
    assert 0.15 < sum(wrong) / len(wrong) < 0.45
    assert text_result_of("billing").label.label == "billing"


def test_classify__unknown_truth__is_refused():
    with pytest.raises(ValueError, match="'q' has no known label"):
        Annotator("a").classify(Text("q", "?"), ("a", "b"))


def test_annotator__rate_out_of_range__is_refused():
    with pytest.raises(ValueError, match="miss is a probability"):
        Annotator("a", miss=1.1)


def picture_with(*marks):
    return Picture("p.png", 100, 100, b"", "image/png", marks)


ONE, TWO = Mark("1", (0, 0, 20, 20)), Mark("2", (50, 50, 70, 70))


@pytest.mark.parametrize(
    ("marks", "problems"),
    [
        ((TWO, ONE), ()),
        ((ONE,), ("'2' is missed",)),
        ((ONE, Mark("3", TWO.box)), ("'2' is labelled '3'",)),
        ((ONE, Mark("2", (60, 50, 80, 70))), ("'2' is off, overlap 33%",)),
        ((ONE, TWO, Mark("4", (80, 80, 90, 90))), ("nothing is at the mark '4'",)),
    ],
)
def test_review_marks(marks, problems):
    found = review_marks(picture_with(ONE, TWO), marks)
    assert found.problems == problems
    assert found.good == (not problems)


def test_review_label():
    assert review_label("a", "a").good
    assert review_label("a", "b").problems == ("'a' is labelled 'b'",)
