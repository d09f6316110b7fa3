import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import EmptyFileError, InputError
from offchain.hashing import _zerog as zerog
from offchain.hashing import (
    available_methods,
    fold_nodes,
    keccak256,
    padded_chunks,
    segment_count,
    segment_proof,
    segment_roots,
    verify_segment,
    zerog_root,
)
from tests.offchain.samples import pattern, vector

GOLDEN = vector("zerog_roots.json")
METHODS = available_methods()
# Around chunks, the lanes of the fast way, powers of two, segments and blocks.
EDGES = [256, 2048, 4096, 16 * 256, 17 * 256, 32 * 256, 262_144, zerog.BLOCK]


def by_definition(data):
    """One flat tree over all padded chunks, an odd last node rising unchanged: the definition, written
    down naively.
    """
    count = -(-len(data) // 256)
    power = 1
    while power < count:
        power *= 2
    step = max(power // 16, 1)
    padded = (
        data.ljust(-(-count // step) * step * 256, b"\0")
        if power != count
        else data.ljust(count * 256, b"\0")
    )
    level = [keccak256(padded[i : i + 256]) for i in range(0, len(padded), 256)]
    while len(level) > 1:
        pairs = [keccak256(level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]
    return level[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("length", GOLDEN["roots"])
def test_root__golden(length, method):
    assert zerog_root(pattern(int(length)), method=method).hex == GOLDEN["roots"][length]


@pytest.mark.parametrize("length", GOLDEN["submissions"])
def test_nodes__golden(length):
    found = zerog_root(pattern(int(length)))
    wanted = GOLDEN["submissions"][length]
    assert found.length == wanted["length"]
    assert [("0x" + n.root.hex(), n.height) for n in found.nodes] == [
        (n["root"], n["height"]) for n in wanted["nodes"]
    ]


def test_root_and_nodes__all_outside_vectors(winnow_data):
    outside = json.loads((winnow_data / "vectors" / "zerog_roots.json").read_text())
    for length, root in outside["roots"].items():
        found = zerog_root(pattern(int(length)))
        assert found.hex == root, length
        nodes = [{"root": "0x" + node.root.hex(), "height": node.height} for node in found.nodes]
        assert nodes == outside["submissions"].get(length, {"nodes": nodes})["nodes"]


@given(st.sampled_from(EDGES), st.integers(-300, 300), st.integers(0, 2**32))
def test_root__every_method_is_the_definition(edge, offset, seed):
    length = max(edge + offset, 1)
    data = (seed.to_bytes(5, "big") + pattern(997)) * (length // 1002 + 1)
    data = data[:length]
    expected = by_definition(data) if length < 300_000 else zerog_root(data, method="pycryptodome").root
    assert {method: zerog_root(data, method=method).root for method in METHODS} == dict.fromkeys(
        METHODS, expected
    )


@given(st.integers(1, 60_000))
def test_nodes__fold_to_the_root_with_falling_heights(length):
    found = zerog_root(pattern(length))
    heights = [node.height for node in found.nodes]
    assert fold_nodes(found.nodes) == found.root
    assert heights == sorted(set(heights), reverse=True)
    assert 1 <= len(heights) <= 4
    assert sum(1 << height for height in heights) == padded_chunks(length) >= length / 256


def test_root__file_and_views_are_the_same_as_bytes(tmp_path):
    data = pattern(3 * zerog.BLOCK + 12_345)  # several blocks, and a last one that is not full
    path = tmp_path / "file.bin"
    path.write_bytes(data)
    expected = zerog_root(data, method="pycryptodome")
    assert zerog_root(path) == zerog_root(memoryview(data)) == zerog_root(bytearray(data)) == expected


def test_root__trailing_zeros_collide_and_only_length_tells():
    short, long = zerog_root(b"label"), zerog_root(b"label\0")
    assert short.root == long.root
    assert short != long


def test_root__empty_file__is_refused_by_name(tmp_path):
    path = tmp_path / "nothing-in-here.png"
    path.touch()
    with pytest.raises(EmptyFileError, match=r"nothing-in-here\.png is empty"):
        zerog_root(path)
    with pytest.raises(EmptyFileError):
        zerog_root(b"")


def test_root__missing_file_and_plain_text__are_refused(tmp_path):
    with pytest.raises(InputError, match=r"gone\.bin"):
        zerog_root(tmp_path / "gone.bin")
    with pytest.raises(InputError, match="pathlib"):
        zerog_root("a name")


def test_root__unknown_method__names_the_known_ones():
    with pytest.raises(InputError, match="pycryptodome"):
        zerog_root(b"x", method="fastest")


def test_root__without_numba__falls_back(monkeypatch):
    monkeypatch.setattr(zerog, "_fast_hasher", lambda: None)
    data = pattern(zerog.WORTHWHILE + 5)
    assert available_methods() == ("pycryptodome",)
    monkeypatch.setattr(zerog, "WORTHWHILE", 1_000)
    monkeypatch.setattr(zerog, "WORTHWHILE_WARM", 1_000)
    assert zerog_root(data[:5_000]).root == by_definition(data[:5_000])
    with pytest.raises(InputError, match="not installed"):
        zerog_root(data[:5_000], method="numba")


def test_root__small_input__never_starts_numba(monkeypatch):
    monkeypatch.setattr(zerog, "_fast_hasher", lambda: pytest.fail("numba was started for one kilobyte"))
    assert zerog_root(pattern(1_024)).root == by_definition(pattern(1_024))


def test_root__progress__rises_to_the_end():
    seen = []
    data = pattern(5 * zerog.BLOCK)
    zerog_root(data, progress=lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [len(data)] * len(seen)
    assert seen == sorted(seen)
    assert seen[-1] == (len(data), len(data))
    assert len(seen) > 3


def test_root__file_that_shrinks__is_refused(tmp_path):
    path = tmp_path / "log.txt"
    path.write_bytes(pattern(5 * zerog.BLOCK))

    def cut(_done, _total):
        os.truncate(path, 10)

    with pytest.raises(InputError, match=r"log\.txt changed while it was read"):
        zerog_root(path, progress=cut)


@pytest.mark.parametrize("length", [1, 262_143, 262_144, 262_145, 600_000, 1_048_577, 1_600_000])
def test_segments__each_is_proven_and_no_other(length):
    data = pattern(length)
    roots, root = segment_roots(data), zerog_root(data).root
    for index in range(segment_count(length)):
        chunk_end = -(-min(len(data), 262_144 * (index + 1)) // 256) * 256
        segment = data[262_144 * index :][:262_144].ljust(chunk_end - 262_144 * index, b"\0")
        lemma, path = segment_proof(roots, index)
        assert verify_segment(root, length, index, segment, lemma)
        assert (lemma[0], lemma[-1], len(path)) == (roots[index], root, max(len(lemma) - 2, 0))
        assert not verify_segment(root, length, index + 1, segment, lemma)
        assert not verify_segment(root, length, index, segment[:-1] + b"\xff", lemma)
        assert not verify_segment(root, length, index, segment[:-256], lemma)


def test_segment_proof__path_leads_to_the_root():
    """What a node does: start at lemma[0], hash with each sibling on the side that `path` tells."""
    data = pattern(262_144 * 5 + 1)
    for index in range(6):
        lemma, path = segment_proof(segment_roots(data), index)
        node = lemma[0]
        for sibling, is_left in zip(lemma[1:-1], path, strict=True):
            node = keccak256(node + sibling if is_left else sibling + node)
        assert node == zerog_root(data).root
