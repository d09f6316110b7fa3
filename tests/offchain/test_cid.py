import base64
import hashlib
import json

import pytest

from offchain.exceptions import EmptyFileError, InputError
from offchain.hashing import Profile, ipfs_cid, ipfs_folder_cid
from tests.offchain.samples import pattern, vector

GOLDEN = vector("ipfs_cids.json")
CASES = [(name, length) for name, profile in GOLDEN["profiles"].items() for length in profile["cids"]]


def options(profile):
    said = profile["options"]
    return {
        "chunk_size": said["chunk"],
        "max_children": said["maxChildrenPerNode"],
        "raw_leaves": said["rawLeaves"],
        "cid_version": said["cidVersion"],
    }


def folder(names):
    contents = {
        "README.md": b"hello\n",
        "images/a.bin": pattern(1_000),
        "annotations/instances.json": b'{"images":[],"annotations":[],"categories":[]}',
    }
    return {name: contents[name] for name in names}


@pytest.mark.parametrize(("name", "length"), CASES)
def test_cid__golden(name, length):
    profile = GOLDEN["profiles"][name]
    assert ipfs_cid(pattern(int(length)), **options(profile)) == profile["cids"][length]


def test_cid__all_outside_vectors(winnow_data):
    outside = json.loads((winnow_data / "vectors" / "ipfs_cids.json").read_text())
    for profile in outside["profiles"].values():
        for length, cid in profile["cids"].items():
            assert ipfs_cid(pattern(int(length)), **options(profile)) == cid
    for name, entries in outside["dir"].items():
        files = folder(["images/a.bin", "annotations/instances.json", "README.md"])
        assert ipfs_folder_cid(files, Profile(**options(outside["profiles"][name]))) == entries["/"]["cid"]


def test_cid__defaults__are_the_first_profile():
    assert ipfs_cid(pattern(262_145)) == GOLDEN["profiles"]["cidv1_raw_256KiB_174"]["cids"]["262145"]


def test_cid__file_is_the_same_as_bytes(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(pattern(600_000))
    assert ipfs_cid(path) == ipfs_cid(pattern(600_000))


def test_cid__one_chunk__is_the_raw_block():
    digest = hashlib.sha256(b"hello\n").digest()
    text = base64.b32encode(bytes([1, 0x55, 0x12, 32]) + digest).decode().lower().rstrip("=")
    assert ipfs_cid(b"hello\n") == "b" + text


def node_of(children):
    """A file node by the specification: links with cumulative sizes, then the UnixFS data. Lengths below
    128.
    """
    links = b""
    for cid, _, total in children:
        size = bytes([total]) if total < 128 else bytes([total & 127 | 128, total >> 7])
        link = b"\x0a" + bytes([len(cid)]) + cid + b"\x12\x00\x18" + size
        links += b"\x12" + bytes([len(link)]) + link
    length = sum(child[1] for child in children)
    data = b"\x08\x02\x18" + bytes([length]) + b"".join(b"\x20" + bytes([child[1]]) for child in children)
    block = links + b"\x0a" + bytes([len(data)]) + data
    cid = bytes([1, 0x70, 0x12, 32]) + hashlib.sha256(block).digest()
    return cid, length, len(block) + sum(child[2] for child in children)


def test_cid__of_three_levels__has_cumulative_sizes_and_wraps_the_lone_last_leaf():
    """Two links a node and five chunks: ((0 1) (2 3)) ((4)). No golden vector is that deep."""
    data = pattern(50)
    starts = range(0, 50, 10)
    leaves = [
        (bytes([1, 0x55, 0x12, 32]) + hashlib.sha256(data[i : i + 10]).digest(), 10, 10) for i in starts
    ]
    low = [node_of(leaves[0:2]), node_of(leaves[2:4]), node_of(leaves[4:])]
    cid, _, _ = node_of([node_of(low[:2]), node_of(low[2:])])
    text = "b" + base64.b32encode(cid).decode().lower().rstrip("=")
    assert ipfs_cid(data, chunk_size=10, max_children=2) == text


def test_folder_cid__golden():
    assert (
        ipfs_folder_cid(folder(["README.md", "images/a.bin", "annotations/instances.json"]))
        == (GOLDEN["folder"]["cid"])
    )
    assert ipfs_folder_cid({"a.bin": pattern(1_000)}) == GOLDEN["folder"]["images"]


def test_cid__empty_file__is_refused_by_name(tmp_path):
    (tmp_path / "void.txt").touch()
    with pytest.raises(EmptyFileError, match=r"void\.txt is empty"):
        ipfs_cid(tmp_path / "void.txt")


@pytest.mark.parametrize(
    "bad",
    [
        {"chunk_size": 0},
        {"max_children": 1},
        {"cid_version": 2},
        {"cid_version": 0},  # raw leaves have no version 0
    ],
)
def test_cid__impossible_profile__is_refused(bad):
    with pytest.raises(InputError):
        ipfs_cid(b"x", **bad)


@pytest.mark.parametrize("names", [["../x"], ["a//b"], ["/a"], ["."], ["a", "a/b"], ["a/b", "a"], []])
def test_folder_cid__bad_names__are_refused(names):
    with pytest.raises(InputError):
        ipfs_folder_cid(dict.fromkeys(names, b"x"))
