import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._demo.geometry import area, bounding_box, iou, outline

coordinate = st.integers(0, 200)
points = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=40)


def test_iou__known_boxes():
    assert iou((0, 0, 10, 10), (0, 0, 10, 10)) == 1.0
    assert iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert iou((0, 0, 10, 10), (10, 0, 20, 10)) == 0.0


def test_outline__square_with_inner_and_edge_points__keeps_the_four_corners():
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    assert set(outline([*square, (2.0, 2.0), (2.0, 0.0)])) == set(square)


def test_outline__points_on_a_line__is_refused():
    with pytest.raises(ValueError, match="span an area"):
        outline([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)])


@given(points)
def test_outline__any_points__is_convex_and_holds_them_all(drawn):
    drawn = [(float(x), float(y)) for x, y in drawn]
    try:
        hull = outline(drawn)
    except ValueError:
        return  # on one line
    turns = [_turn(hull[i - 2], hull[i - 1], hull[i]) for i in range(len(hull))]
    assert all(turn > 0 for turn in turns)
    for point in drawn:
        assert all(_turn(hull[i - 1], hull[i], point) >= 0 for i in range(len(hull)))


@given(points, st.floats(0, 50))
def test_outline__with_spare__loses_area_only(drawn, spare):
    drawn = [(float(x), float(y)) for x, y in drawn]
    try:
        whole, simple = outline(drawn), outline(drawn, spare=spare)
    except ValueError:
        return
    assert set(simple) <= set(whole)
    assert area(simple) <= area(whole)
    assert len(simple) >= min(4, len(whole))


def test_bounding_box():
    assert bounding_box([(3, 1), (0, 5), (2, 2)]) == (0, 1, 3, 5)


def _turn(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
