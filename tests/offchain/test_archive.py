import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.annotations import TextItem
from offchain.exceptions import (
    AnnotationError,
    EmptyFileError,
    FormatError,
    InputError,
    SchemaError,
    TooLargeError,
)
from offchain.packaging import (
    image_source,
    read_image_source,
    read_text_source,
    read_zip,
    text_source,
    zip_bytes,
)
from tests.offchain.samples import picture

NAMES = st.text("abcdefgh0123456789_-äß", min_size=1, max_size=12)


@given(
    st.dictionaries(NAMES, st.binary(max_size=50), min_size=1, max_size=6).flatmap(
        lambda files: st.tuples(st.just(files), st.permutations(sorted(files)))
    )
)
def test_zip__order_does_not_matter_and_comes_back(drawn):
    files, order = drawn
    if len({name.casefold() for name in files}) < len(files):
        return
    made = zip_bytes({name: files[name] for name in order})
    assert made == zip_bytes(files)
    assert read_zip(made) == files


def test_zip__golden_bytes():
    """Pins the bytes: they may differ neither by day, nor by machine, nor by version of Python or zlib."""
    made = zip_bytes({"images/a.bin": b"aaaa" * 100, "annotations/instances.json": b"{}"})
    assert (
        hashlib.sha256(made).hexdigest() == "984e6fd49c51640c06fa2d2ce7269c6db5e177575cb224ecac439e2dab832be3"
    )


def test_zip__entries_are_stored_sorted_and_undated():
    with zipfile.ZipFile(io.BytesIO(zip_bytes({"b": b"x" * 99, "a/z": b"", "a.txt": b"1"}))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.txt", "a/z", "b"]
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


@pytest.mark.parametrize(
    "names",
    [
        ["../a"],
        ["/a"],
        ["a/../b"],
        ["a\\b"],
        ["C:a"],
        ["a//b"],
        [""],
        ["a\n"],
        ["A", "a"],
        ["x" * 201],
        [" a"],
        ["a/ b"],
    ],
)
def test_zip__dangerous_names__are_refused(names):
    with pytest.raises(InputError):
        zip_bytes(dict.fromkeys(names, b""))


def test_read_zip__what_is_none_or_unpacks_too_far__is_refused():
    for data in (b"", b"no zip", zip_bytes({"a": b"x" * 100})[:60]):
        with pytest.raises(SchemaError):
            read_zip(data)
    with pytest.raises(TooLargeError):
        read_zip(zip_bytes({"a": b"x" * 100}), max_size=99)


def test_read_zip__damaged_content__is_refused():
    made = bytearray(zip_bytes({"a": b"x" * 100}))
    made[60] ^= 1
    with pytest.raises(SchemaError):
        read_zip(bytes(made))


def test_read_zip__names_that_climb__are_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../evil.png", b"x")
    with pytest.raises(InputError):
        read_zip(target.getvalue())


def test_image_source__tasks_are_in_order_of_names():
    items = [picture("b.png", colour=1), picture("a.png", colour=2)]
    data = image_source(items)
    assert [item.name for item in read_image_source(data)] == ["a.png", "b.png"]
    assert image_source(items[::-1]) == data
    assert read_image_source(data)[1] == items[0]


def test_image_source__doubles_and_other_files__are_refused():
    with pytest.raises(AnnotationError):
        image_source([picture("a.png"), picture("b.png")])
    with pytest.raises(FormatError):
        read_image_source(zip_bytes({"notes.txt": b"x"}))
    with pytest.raises(EmptyFileError):
        read_image_source(zip_bytes({"a.png": b""}))
    with pytest.raises(InputError):
        image_source([])


def test_text_source__there_and_back():
    items = [TextItem("b", "zwei\u2028Zeilen\nhier"), TextItem("a", "eins")]
    assert read_text_source(text_source(items)) == items


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b'{"id":"a","text":"x"}', b'{"id":"a"}\n', b'{"id":1,"text":"x"}\n', b"[\n", b"\xff\n"],
)
def test_text_source__other_files__are_refused(data):
    with pytest.raises(SchemaError):
        read_text_source(data)
