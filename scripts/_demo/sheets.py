"""Sheets of handwritten digits with known boxes and outlines, composed from the embedded data set."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from scripts._demo.chance import dice
from scripts._demo.geometry import outline
from scripts._demo.items import Box, ImageSet, Mark, Picture

DIGITS = tuple("0123456789")

_SOURCE = Path(__file__).parent / "data" / "digits.npz"
_COLUMNS, _ROWS, _CELL, _GAP = 4, 3, 120, 4
_SMALLEST, _LARGEST = 76, _CELL - 2 * _GAP
_FEWEST, _MOST = 4, 9
_PAPER, _RULE, _INK = (250, 248, 242), (222, 227, 232), (32, 38, 64)
_INK_THRESHOLD = 0.30  # share of full ink from which a pixel counts as written on
_SPARE_AREA = 7.0  # outlines drop corners that matter less than this, as a person would

Grey = npt.NDArray[np.float64]


def compose(count: int = 32, seed: int = 7) -> ImageSet:
    """`count` sheets of 480 x 360 pixels with 4 to 9 digits each; the same seed gives the same bytes.

    Digits lie in different cells of an invisible grid, at random sizes and places within them, so they never
    overlap.
    """
    if count < 1:
        raise ValueError(f"a job needs at least one sheet, asked for {count}")
    return ImageSet(tuple(_sheet(index, dice("sheet", seed, index)) for index in range(count)), DIGITS)


@cache
def digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The embedded digits: pictures (n, 8, 8) with ink 0..16, and the digit that each one shows (n,)."""
    with np.load(_SOURCE, allow_pickle=False) as stored:
        return stored["images"], stored["labels"]


def _sheet(index: int, rng: random.Random) -> Picture:
    width, height = _COLUMNS * _CELL, _ROWS * _CELL
    ink: Grey = np.zeros((height, width))
    marks = []
    for cell in sorted(rng.sample(range(_COLUMNS * _ROWS), rng.randint(_FEWEST, _MOST))):
        row, column = divmod(cell, _COLUMNS)
        marks.append(_write_digit(ink, column * _CELL, row * _CELL, rng))
    return Picture(f"sheet-{index:03d}.png", width, height, _png(ink), "image/png", tuple(marks))


def _write_digit(ink: Grey, left: int, top: int, rng: random.Random) -> Mark:
    """Puts a random digit into the cell at (left, top) and returns where its ink is."""
    pictures, labels = digits()
    pick = rng.randrange(len(labels))
    size = rng.randint(_SMALLEST, _LARGEST)
    slack = _CELL - _GAP - size
    x, y = left + rng.randint(_GAP, slack), top + rng.randint(_GAP, slack)
    drawn = _enlarge(pictures[pick], size)
    ink[y : y + size, x : x + size] = drawn
    rows, columns = np.nonzero(drawn >= _INK_THRESHOLD)
    box: Box = (
        x + int(columns.min()),
        y + int(rows.min()),
        x + int(columns.max()) + 1,
        y + int(rows.max()) + 1,
    )
    # The ends of each line are enough: what lies between them is no corner of an outline.
    ends = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    starts = dict(zip(rows[::-1].tolist(), columns[::-1].tolist(), strict=True))
    corners = {
        (float(x + column), float(y + row + dy))
        for row in ends
        for column in (starts[row], ends[row] + 1)
        for dy in (0, 1)
    }
    return Mark(str(int(labels[pick])), box, outline(corners, spare=_SPARE_AREA))


def _enlarge(digit: npt.NDArray[np.uint8], size: int) -> Grey:
    """A digit of 8 x 8 as `size` x `size` strokes with firm edges, ink from 0.0 to 1.0."""
    margin = np.pad(digit.astype(np.uint16), 1)  # so that strokes end round instead of at the edge
    small = Image.fromarray((margin * 255 // 16).astype(np.uint8))
    grey = np.asarray(small.resize((size, size), Image.Resampling.BICUBIC), dtype=np.float64) / 255
    firm: Grey = np.clip((grey - 0.34) / 0.36, 0.0, 1.0)
    return firm


def _png(ink: Grey) -> bytes:
    height, width = ink.shape
    paper = np.empty((height, width, 3))
    paper[:] = _PAPER
    paper[_CELL // 4 :: _CELL // 4] = _RULE
    mixed = paper * (1 - ink[..., None]) + np.array(_INK) * ink[..., None]
    # 64 shades are enough for a picture of ink and keep the report small.
    image = Image.fromarray(mixed.round().astype(np.uint8)).quantize(64, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
