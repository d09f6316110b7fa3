"""Reads a user's own images with boxes, and texts with labels, for `ape run demo --images … --texts …`."""

from __future__ import annotations

from pathlib import Path

from offchain.annotations import read_image
from scripts._demo.errors import FileError
from scripts._demo.geometry import box_polygon
from scripts._demo.items import Answer, Box, ImageSet, Mark, Picture, Text, TextSet, labels_of
from scripts._demo.tables import Row, read_csv, read_jsonl, read_text

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
BOX_COLUMNS = ("filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax")
ANSWER_COLUMNS = ("question", "worker", "answer")


def read_images(folder: Path, boxes: Path) -> ImageSet:
    """The pictures of `folder` that `boxes` names, with their boxes as the truth, sorted by name.

    `boxes` is a CSV file with the columns filename, width, height, class, xmin, ymin, xmax, ymax, one box
    on each line, in pixels. Pictures without a box are left out and named in the result. Raises
    FileError, and FormatError for a damaged picture.
    """
    if not folder.is_dir():
        raise FileError(folder, None, "there is no such folder", "Name the folder that holds the pictures")
    rows_by_name: dict[str, list[Row]] = {}
    for row in read_csv(boxes, BOX_COLUMNS):
        rows_by_name.setdefault(row.fields["filename"], []).append(row)
    pictures = tuple(_picture(folder, boxes, name, rows) for name, rows in sorted(rows_by_name.items()))
    present = {path.name for path in folder.iterdir() if path.suffix.lower() in MEDIA_TYPES}
    labels = labels_of({picture.name: picture.truth for picture in pictures})
    return ImageSet(pictures, labels, tuple(sorted(present - rows_by_name.keys())))


def read_texts(texts: Path, labels: Path, truth: Path | None = None) -> TextSet:
    """Text tasks and the answers of real workers to them.

    `texts`: a CSV or JSONL file with `id` and `text` (a file without `text` uses all other columns that are
    not empty, one `name: value` line each), or a TXT file with one text on each line, whose id is the number
    of the line. `labels`: a CSV file with question, worker, answer and optionally truth.
    `truth`: a CSV file with question, truth, for data sets that keep it apart.
    A question is the id of a text, or `A_B` or `A_B_anything`: then the texts with ids A and B are shown
    together. Raises FileError.
    """
    known = _read_known_texts(texts)
    rows = read_csv(labels, ANSWER_COLUMNS)
    answers = tuple(_answer(labels, row) for row in rows)
    _refuse_double_answers(labels, rows)
    truths = (
        _truths(labels, rows) if truth is None else _truths(truth, read_csv(truth, ("question", "truth")))
    )
    first_rows = {row.fields["question"]: row for row in reversed(rows)}
    questions = list(dict.fromkeys(answer.question for answer in answers))
    shown = tuple(Text(q, _shown(labels, first_rows[q].line, known, q), truths.get(q)) for q in questions)
    label_set = sorted({answer.label for answer in answers} | {truths[q] for q in questions if q in truths})
    if len(label_set) < 2:
        raise FileError(
            labels, None, f"every answer is {label_set[0]!r}", "A classification needs two labels or more"
        )
    return TextSet(shown, tuple(label_set), answers)


def _picture(folder: Path, boxes: Path, name: str, rows: list[Row]) -> Picture:
    path, first = folder / name, rows[0].line
    if Path(name).name != name or path.suffix.lower() not in MEDIA_TYPES:
        raise FileError(
            boxes, first, f"{name!r} is not the name of a PNG, JPG or WEBP file", "Convert it first"
        )
    if not path.is_file():
        raise FileError(boxes, first, f"{name!r} is not in {folder}", "Add the picture or delete its boxes")
    item = read_image(path)
    marks: list[Mark] = []
    for row in rows:
        mark = _mark(boxes, row, item.width, item.height)
        if mark in marks:
            raise FileError(boxes, row.line, f"{name!r} has this box already", "Delete one of the two lines")
        marks.append(mark)
    return Picture(name, item.width, item.height, item.data, MEDIA_TYPES[path.suffix.lower()], tuple(marks))


def _mark(boxes: Path, row: Row, width: int, height: int) -> Mark:
    said = (_whole(boxes, row, "width"), _whole(boxes, row, "height"))
    if said != (width, height):
        remedy = f"The picture is {width} x {height}: correct the line, its box may belong to another size"
        raise FileError(boxes, row.line, f"the size is given as {said[0]} x {said[1]}", remedy)
    label = row.fields["class"].strip()
    if not label:
        raise FileError(boxes, row.line, "the class is empty", "Name what the box holds")
    x0, y0, x1, y1 = (_whole(boxes, row, name) for name in BOX_COLUMNS[4:])
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        problem = f"the box {x0},{y0},{x1},{y1} is empty or leaves the picture of {width} x {height}"
        raise FileError(boxes, row.line, problem, "Give 0 <= xmin < xmax <= width, and so for y")
    box: Box = (x0, y0, x1, y1)
    return Mark(label, box, box_polygon(box))


def _whole(path: Path, row: Row, name: str) -> int:
    value = row.fields[name].strip()
    if not (value.isascii() and value.removeprefix("-").isdigit()):
        raise FileError(path, row.line, f"{name} is {value!r}", "Write a whole number of pixels")
    return int(value)


def _read_known_texts(path: Path) -> dict[str, str]:
    suffix = path.suffix.lower()
    if suffix == ".txt":
        rows = _txt_rows(path)
    elif suffix == ".jsonl":
        rows = read_jsonl(path)
    elif suffix == ".csv":
        rows = read_csv(path, ("id",))
    else:
        raise FileError(
            path, None, f"{suffix or 'no ending'} is not a text format", "Give a .csv, .jsonl or .txt file"
        )
    known: dict[str, str] = {}
    for row in rows:
        name, text = row.fields.get("id", "").strip(), _text(row.fields)
        if not name or not text:
            raise FileError(path, row.line, "the id or the text is empty", "Give both `id` and `text`")
        if name in known:
            raise FileError(
                path, row.line, f"the id {name!r} occurs twice", "Give each text an id of its own"
            )
        known[name] = text
    return known


def _txt_rows(path: Path) -> list[Row]:
    lines = enumerate(read_text(path).splitlines(), start=1)
    rows = [Row(line, {"id": str(line), "text": text}) for line, text in lines if text.strip()]
    if not rows:
        raise FileError(path, None, "the file is empty", "Write one text on each line")
    return rows


def _text(fields: dict[str, str]) -> str:
    if "text" in fields:
        return fields["text"].strip()
    return "\n".join(
        f"{name}: {value.strip()}" for name, value in fields.items() if name != "id" and value.strip()
    )


def _shown(path: Path, line: int, known: dict[str, str], question: str) -> str:
    """The text of a question: one known text, or two to compare."""
    if question in known:
        return known[question]
    parts = question.split("_")
    if len(parts) >= 2 and parts[0] in known and parts[1] in known:
        # The ids are shown too, as two texts of one wording would make two tasks that nobody can tell apart.
        return "\n\n".join(f"{side} ({part})\n{known[part]}" for side, part in zip("AB", parts, strict=False))
    remedy = "A question is the id of a text, or A_B to compare the texts with ids A and B"
    raise FileError(path, line, f"the question {question!r} fits no text", remedy)


def _answer(path: Path, row: Row) -> Answer:
    question, worker, label = (row.fields[name].strip() for name in ANSWER_COLUMNS)
    if not (question and worker and label):
        raise FileError(path, row.line, "question, worker or answer is empty", "Fill in all three")
    return Answer(question, worker, label)


def _refuse_double_answers(path: Path, rows: list[Row]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.fields["question"].strip(), row.fields["worker"].strip())
        if key in seen:
            problem = f"worker {key[1]!r} answered question {key[0]!r} on line {seen[key]} already"
            raise FileError(path, row.line, problem, "Keep one of the two answers")
        seen[key] = row.line


def _truths(path: Path, rows: list[Row]) -> dict[str, str]:
    truths: dict[str, str] = {}
    for row in rows:
        question, truth = row.fields["question"].strip(), row.fields.get("truth", "").strip()
        if truth and truths.setdefault(question, truth) != truth:
            problem = f"the truth of {question!r} is given as {truth!r} and as {truths[question]!r}"
            raise FileError(path, row.line, problem, "Keep one of the two")
    return truths
