import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.annotations import (
    Box,
    Instructions,
    LabelSet,
    Polygon,
    TextLabel,
    image_result,
    result_from_json,
    text_result,
)
from offchain.exceptions import AnnotationError, LabelError, SchemaError
from offchain.hashing import canonical_json, parse_canonical_json

LABELS = LabelSet(["cat", "dog"])
TRIANGLE = ((0, 0), (4, 0), (0, 3))
SIDE = st.floats(0.01, 500) | st.integers(1, 500)
CORNER = st.floats(0, 500) | st.integers(0, 500)
BOXES = st.builds(Box, st.sampled_from(LABELS.names), CORNER, CORNER, SIDE, SIDE)
POLYGONS = st.builds(
    lambda x, y, w, h: Polygon("dog", ((x, y), (x + w, y), (x, y + h))), CORNER, CORNER, SIDE, SIDE
)


@given(st.lists(BOXES | POLYGONS, unique=True, max_size=5))
def test_result__there_and_back__is_one_writing(shapes):
    result = image_result(shapes)
    data = canonical_json(result.to_json())
    assert result_from_json(parse_canonical_json(data)) == result
    assert canonical_json(result_from_json(parse_canonical_json(data)).to_json()) == data


def test_result__equal_numbers_have_one_writing():
    """3, 3.0 and -0.0 must not give two hashes for the same box."""
    whole = image_result([Box("cat", 0, 3, 4, 5)]).to_json()
    fraction = image_result([Box("cat", -0.0, 3.0, 4.0, 5.0)]).to_json()
    assert canonical_json(whole) == canonical_json(fraction)


def test_text_result__there_and_back():
    assert result_from_json(text_result("dog").to_json()) == text_result("dog")


@pytest.mark.parametrize(
    "numbers",
    [
        (0, 0, 0, 5),
        (0, 0, 5, 0),
        (0, 0, -5, 5),
        (0, 0, 5, -5),
        (-1, 0, 5, 5),
        (0, -1, 5, 5),
        (math.nan, 0, 5, 5),
        (0, 0, math.inf, 5),
        (0, 0, "5", 5),
        (0, 0, True, 5),
    ],
)
def test_box__impossible__is_refused(numbers):
    with pytest.raises(AnnotationError):
        Box("cat", *numbers)


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0, 0), (4, 0)),
        ((0, 0), (4, 0), (4, 0)),
        ((0, 0), (4, 0), (0, 0)),
        ((0, 0), (1, 1), (2, 2)),  # on one line
        ((0, 0), (4, 0), (0, math.nan)),
        ((0, 0), (4, 0), (-1, 3)),
        ((0, 0), (0, 0), (4, 0), (0, 3)),  # a corner twice in a row
    ],
)
def test_polygon__impossible__is_refused(points):
    with pytest.raises(AnnotationError):
        Polygon("cat", points)


def test_polygon__odd_coordinates__are_refused():
    with pytest.raises(AnnotationError, match="5 coordinates"):
        Polygon.from_flat("cat", [0, 0, 4, 0, 3])


def test_polygon__area_and_bounds():
    polygon = Polygon("cat", ((1, 1), (5, 1), (5, 4), (1, 4)))
    assert (polygon.area, polygon.bounds) == (12, (1, 1, 4, 3))
    assert Polygon("cat", tuple(reversed(polygon.points))).area == 12
    assert Polygon("cat", TRIANGLE).area == 6


@pytest.mark.parametrize(
    "shape", [Box("cat", 60, 0, 5, 5), Box("cat", 0, 40, 5, 9), Polygon("cat", ((0, 0), (65, 0), (0, 3)))]
)
def test_check__outside_the_image__is_refused(shape):
    with pytest.raises(AnnotationError, match="outside the image of 64 x 48"):
        image_result([shape]).check(LABELS, 64, 48)


def test_check__up_to_the_edge__is_inside():
    image_result([Box("cat", 0, 0, 64, 48), Box("dog", 63, 47, 1, 1)]).check(LABELS, 64, 48)


def test_check__label_outside_the_job__is_refused_by_name():
    with pytest.raises(LabelError, match=r"'bird'.*cat, dog"):
        image_result([Box("bird", 0, 0, 1, 1)]).check(LABELS, 64, 48)
    with pytest.raises(LabelError, match="'bird'"):
        text_result("bird").check(LABELS)


def test_result__same_object_twice__is_refused():
    with pytest.raises(AnnotationError, match="twice"):
        image_result([Box("cat", 0, 0, 1, 1), Box("cat", 0, 0, 1.0, 1)])


@pytest.mark.parametrize("names", [[], "cat", [""], [" cat"], ["cat", "cat"], ["a\nb"], [3]])
def test_label_set__impossible__is_refused(names):
    with pytest.raises(AnnotationError):
        LabelSet(names)


def test_label_set__categories_count_from_one():
    assert [LABELS.category(name) for name in LABELS] == [1, 2]
    assert "cat" in LABELS
    assert "bird" not in LABELS


@pytest.mark.parametrize("label", ["", None, 3])
def test_text_label__that_is_none__is_refused(label):
    with pytest.raises(AnnotationError):
        TextLabel(label)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"type": "sound"},
        {"type": "text"},
        {"type": "text", "label": "a", "more": 1},
        {"type": "image", "objects": {}},
        {"type": "image", "objects": [3]},
        {"type": "image", "objects": [{"label": "a", "box": [1, 2, 3]}]},
        {"type": "image", "objects": [{"label": "a", "box": [1, 2, 3, 4], "polygon": []}]},
        {"type": "image", "objects": [{"label": "a", "polygon": "0,0"}]},
        {"type": "image", "objects": [{"label": "a"}]},
    ],
)
def test_result_from_json__other_shapes__are_refused(value):
    with pytest.raises(SchemaError):
        result_from_json(value)


def test_instructions__there_and_back_and_hash_binds_all():
    one = Instructions("text", LABELS, "Is it a cat?")
    assert Instructions.from_bytes(one.to_bytes()) == one
    others = [
        Instructions("image", LABELS, "Is it a cat?"),
        Instructions("text", LabelSet(["dog", "cat"]), "Is it a cat?"),
        Instructions("text", LABELS, "Is it a dog?"),
    ]
    assert len({each.hash for each in [one, *others]}) == 4


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b'{"kind":"text","labels":["a"],"text":"t","version":2}',
        b'{"kind":"sound","labels":["a"],"text":"t","version":1}',
        b'{"kind":"text","labels":"a","text":"t","version":1}',
    ],
)
def test_instructions__other_documents__are_refused(data):
    with pytest.raises(SchemaError):
        Instructions.from_bytes(data)
