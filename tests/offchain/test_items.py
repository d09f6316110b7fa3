import pytest

from offchain.annotations import _items as module
from offchain.annotations import image_from_bytes, read_image, read_items, read_texts
from offchain.exceptions import AnnotationError, EmptyFileError, FormatError
from tests.offchain.samples import picture_bytes


@pytest.mark.parametrize(
    ("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG"), ("webp", "WEBP"), ("PNG", "PNG")]
)
def test_read_image__accepted_formats(tmp_path, ending, kind):
    path = tmp_path / f"photo.{ending}"
    path.write_bytes(picture_bytes(kind, (31, 17)))
    item = read_image(path)
    assert (item.name, item.width, item.height, item.format) == (path.name, 31, 17, kind)
    assert item.data == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.gif", picture_bytes("GIF")),
        ("photo.bmp", picture_bytes("BMP")),
        ("photo", picture_bytes("PNG")),
        ("gif-inside.png", picture_bytes("GIF")),
        ("jpeg-inside.png", picture_bytes("JPEG")),
        ("text-inside.png", b"this is no picture at all"),
        ("cut.png", picture_bytes("PNG", (300, 300))[:-400]),
        ("cut.jpg", picture_bytes("JPEG", (300, 300))[:200]),
        ("header-only.webp", picture_bytes("WEBP")[:16]),
    ],
)
def test_image__anything_else_or_damaged__is_refused_by_name(name, data):
    with pytest.raises(FormatError, match=name):
        image_from_bytes(name, data)


def test_image__empty__is_refused_by_name(tmp_path):
    (tmp_path / "void.png").touch()
    with pytest.raises(EmptyFileError, match=r"void\.png"):
        read_image(tmp_path / "void.png")


def test_image__too_many_pixels__is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(module, "MAX_PIXELS", 1_000)
    with pytest.raises(FormatError, match="pixels"):
        image_from_bytes("bomb.png", picture_bytes("PNG", (40, 40)))


def test_read_texts__txt_has_one_text_a_line(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_bytes("\ufeffGrüße\r\n\r\nsecond\u2028line\n".encode())
    assert [(item.name, item.text) for item in read_texts(path)] == [
        ("texts.txt:1", "Grüße"),
        ("texts.txt:3", "second\u2028line"),
    ]


def test_read_texts__jsonl_may_give_ids(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "one", "id": 7}\n{"text": "two", "label": "x"}\n')
    assert [(item.name, item.text) for item in read_texts(path)] == [("7", "one"), ("texts.jsonl:2", "two")]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"x", r"a\.csv"),
        ("a.txt", b"\xff\xfe\x00", r"a\.txt"),
        ("a.txt", b"caf\xe9", r"a\.txt is not UTF-8"),
        ("a.txt", b"  \n", r"a\.txt holds no text"),
        ("a.jsonl", b'{"text": "x"}\n{"txt": "y"}', r"a\.jsonl, line 2"),
        ("a.jsonl", b'{"text": "x"}\n\n', r"a\.jsonl, line 2"),
        ("a.jsonl", b"[1]", r"a\.jsonl, line 1"),
        ("a.jsonl", b'{"text": "x", "id": true}', r"a\.jsonl, line 1"),
    ],
)
def test_read_texts__anything_else__is_refused_by_name(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=said):
        read_texts(tmp_path / name)


def test_read_items__mixed_and_other_formats(tmp_path):
    (tmp_path / "a.png").write_bytes(picture_bytes())
    (tmp_path / "b.txt").write_text("one\ntwo\n")
    assert [item.name for item in read_items([tmp_path / "a.png", tmp_path / "b.txt"])] == [
        "a.png",
        "b.txt:1",
        "b.txt:2",
    ]
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    with pytest.raises(FormatError, match=r"c\.pdf"):
        read_items([tmp_path / "a.png", tmp_path / "c.pdf"])


def test_read_items__doubles__are_refused(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(picture_bytes())
    with pytest.raises(AnnotationError, match=r"a\.png and b\.png are the same"):
        read_items([tmp_path / "a.png", tmp_path / "b.png"])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.png").write_bytes(picture_bytes(colour=9))
    with pytest.raises(AnnotationError, match=r"a\.png occurs twice"):
        read_items([tmp_path / "a.png", tmp_path / "other" / "a.png"])


def test_read_items__real_photographs(winnow_data):
    photos = sorted((winnow_data / "raccoon" / "images").glob("*.jpg"))
    items = read_items(photos)
    assert len(items) == len(photos) > 30
    assert all(item.format == "JPEG" and item.width > 50 for item in items)
