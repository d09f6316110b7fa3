import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offchain.exceptions import (
    EmptyFileError,
    InputError,
    MismatchError,
    NotFoundError,
    StorageError,
    TooLargeError,
)
from offchain.hashing import zerog_root
from offchain.storage import LocalStore, Ref, check_bytes


@given(data=st.binary(min_size=1, max_size=2_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_put_get__there_and_back(tmp_path, data):
    """One folder for all examples is right here: a store is meant to be filled."""
    store = LocalStore(tmp_path / "store")
    ref = store.put(data)
    assert (ref.root, ref.length) == (zerog_root(data).root, len(data))
    assert store.get(ref) == data
    assert store.put(data) == ref


def test_put__file_is_the_same_as_bytes(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 5_000)
    store = LocalStore(tmp_path / "store")
    assert store.put(path) == store.put(b"x" * 5_000)
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_put__same_root_other_length__are_two_files(tmp_path):
    store = LocalStore(tmp_path)
    short, long = store.put(b"label"), store.put(b"label\0")
    assert short.root == long.root
    assert (store.get(short), store.get(long)) == (b"label", b"label\0")


def test_get__tampered_cut_or_grown_file__is_refused(tmp_path):
    store = LocalStore(tmp_path)
    ref = store.put(b"the labels")
    path = next(tmp_path.iterdir())
    for content in (b"the lxbels", b"the label", b"the labels\0"):
        path.write_bytes(content)
        with pytest.raises(MismatchError, match="do not use it"):
            store.get(ref)


def test_get__what_is_not_there__says_so(tmp_path):
    with pytest.raises(NotFoundError, match="does not hold"):
        LocalStore(tmp_path).get(Ref(b"\1" * 32, 5, "local://x"))


def test_get__beyond_the_limit__is_refused_unread(tmp_path):
    ref = LocalStore(tmp_path).put(b"x" * 100)
    with pytest.raises(TooLargeError):
        LocalStore(tmp_path, max_size=99).get(ref)
    with pytest.raises(TooLargeError):
        LocalStore(tmp_path).get(Ref(ref.root, 0, "local://x"))


def test_put__interrupted__leaves_nothing_behind(tmp_path, monkeypatch):
    store = LocalStore(tmp_path)

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match="No space left"):
        store.put(b"data")
    assert list(tmp_path.iterdir()) == []


def test_put__empty_missing_or_wrong__is_refused_by_name(tmp_path):
    (tmp_path / "void.bin").touch()
    store = LocalStore(tmp_path / "store")
    with pytest.raises(EmptyFileError, match=r"void\.bin"):
        store.put(tmp_path / "void.bin")
    with pytest.raises(InputError, match=r"gone\.bin"):
        store.put(tmp_path / "gone.bin")


def test_put__folder_that_is_a_file__is_a_clear_error(tmp_path):
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StorageError, match="cannot write"):
        LocalStore(tmp_path / "store").put(b"data")


def test_put__file_can_be_read_by_its_owner(tmp_path):
    LocalStore(tmp_path).put(b"data")
    assert next(tmp_path.iterdir()).stat().st_mode & stat.S_IRUSR


def test_check_bytes__names_what_differs():
    ref = Ref(zerog_root(b"abc").root, 3, "0g://x")
    assert check_bytes(b"abc", ref) == b"abc"
    with pytest.raises(MismatchError, match="2 bytes, expected 3"):
        check_bytes(b"ab", ref)
    with pytest.raises(MismatchError, match="root"):
        check_bytes(b"abd", ref)
