import io
from pathlib import Path

import numpy as np
from PIL import Image

from offchain.annotations import LabelSet, check_items
from scripts._demo import sheets
from scripts._demo.geometry import area, bounding_box, iou
from scripts._demo.messages import load
from scripts._demo.results import image_result_of, item_of


def test_compose__same_seed__same_bytes_and_marks():
    assert sheets.compose(3, seed=11) == sheets.compose(3, seed=11)


def test_compose__other_seed__other_sheets():
    assert sheets.compose(1, seed=11).pictures[0].truth != sheets.compose(1, seed=12).pictures[0].truth


def test_compose__more_sheets__begin_with_the_same_ones():
    assert sheets.compose(4).pictures[:2] == sheets.compose(2).pictures


def test_compose__every_sheet__holds_4_to_9_digits_that_do_not_overlap():
    for picture in sheets.compose(32).pictures:
        assert 4 <= len(picture.truth) <= 9
        boxes = [mark.box for mark in picture.truth]
        assert all(iou(a, b) == 0 for i, a in enumerate(boxes) for b in boxes[:i])


def test_compose__boxes__are_tight_around_the_ink():
    for picture in sheets.compose(8).pictures:
        shades = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L"))
        assert shades.shape == (picture.height, picture.width)
        dark = shades < 150
        inside = np.zeros_like(dark)
        for mark in picture.truth:
            x0, y0, x1, y1 = mark.box
            inside[y0:y1, x0:x1] = True
            cell = shades[y0:y1, x0:x1] < 210  # every side of the box touches ink
            assert cell[0].any()
            assert cell[-1].any()
            assert cell[:, 0].any()
            assert cell[:, -1].any()
        assert not (dark & ~inside).any()


def test_compose__polygons__lie_in_their_boxes_and_fill_them():
    for picture in sheets.compose(16).pictures:
        for mark in picture.truth:
            x0, y0, x1, y1 = bounding_box(mark.polygon)
            assert mark.box[0] <= x0 < x1 <= mark.box[2]
            assert mark.box[1] <= y0 < y1 <= mark.box[3]
            size = (mark.box[2] - mark.box[0]) * (mark.box[3] - mark.box[1])
            assert area(mark.polygon) > 0.45 * size
            assert len(mark.polygon) <= 24


def test_compose__truth__passes_the_checks_of_a_job():
    made = sheets.compose(8)
    check_items([item_of(picture) for picture in made.pictures])
    for picture in made.pictures:
        image_result_of(picture.truth).check(LabelSet(made.labels), picture.width, picture.height)


def test_compose__labels__are_those_of_the_data_set():
    images, labels = sheets.digits()
    assert images.shape == (500, 8, 8)
    assert images.max() == 16
    assert np.bincount(labels).tolist() == [50] * 10
    seen = {mark.label for picture in sheets.compose(32).pictures for mark in picture.truth}
    assert seen == set(sheets.DIGITS)


def test_messages__are_distinct_and_balanced():
    messages = load()
    check_items([item_of(text) for text in messages.texts])
    counts = {label: sum(text.truth == label for text in messages.texts) for label in messages.labels}
    assert counts == {"account": 20, "billing": 20, "delivery": 20, "technical": 20}


def test_data__is_small_and_names_its_source():
    folder = Path(sheets.__file__).parent / "data"
    assert (folder / "digits.npz").stat().st_size < 60_000
    assert "CC BY 4.0" in (folder / "SOURCE.md").read_text(encoding="utf-8")
