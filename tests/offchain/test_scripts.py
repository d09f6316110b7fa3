"""`ape run storage` and the core of `ape run bench`, without a network."""

import json

import pytest
from click.testing import CliRunner

from offchain.hashing import ipfs_cid, zerog_root
from scripts import _bench as bench
from scripts.storage import cli
from tests.offchain.samples import pattern
from tests.offchain.stub import Stub
from tests.offchain.test_storage_ipfs import Kubo
from tests.offchain.test_storage_zerog import Node, stored


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "labels.bin"
    path.write_bytes(pattern(300_000))
    return path


def run(*arguments):
    return CliRunner(mix_stderr=False).invoke(cli, [str(argument) for argument in arguments])


def answer(*arguments):
    """What `--json` prints: nothing else may be on stdout."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_root__is_that_of_the_functions(file):
    said = answer("root", file)
    found = zerog_root(file)
    assert (said["root"], said["length"]) == (found.hex, 300_000)
    assert [(n["root"], n["height"]) for n in said["nodes"]] == [
        ("0x" + n.root.hex(), n.height) for n in found.nodes
    ]
    assert found.hex in run("root", file).output


@pytest.mark.parametrize("command", ["root", "cid", "put"])
def test_empty_file__is_refused_by_name__without_a_traceback(tmp_path, command):
    (tmp_path / "void.bin").touch()
    result = run(command, tmp_path / "void.bin")
    assert result.exit_code == 1
    assert "void.bin is empty" in result.stderr
    assert "Traceback" not in result.output


def test_cid__takes_the_options_of_a_profile(file):
    assert answer("cid", file)["cid"] == ipfs_cid(file)
    said = answer("cid", file, "--chunk-size", 1 << 20, "--max-children", 1_024)
    assert said["cid"] == ipfs_cid(file, chunk_size=1 << 20, max_children=1_024)
    said = answer("cid", file, "--no-raw-leaves", "--cid-version", 0)
    assert said["cid"] == ipfs_cid(file, raw_leaves=False, cid_version=0)
    assert "CID version 0" in run("cid", file, "--cid-version", 0).stderr


def test_put_get_verify__local__and_again(file, tmp_path):
    folder = ("--folder", tmp_path / "store")
    said = answer("put", file, *folder)
    assert answer("put", file, *folder) == said
    named = ("--root", said["root"], "--length", said["length"])
    target = tmp_path / "out" / "copy.bin"
    for _ in range(2):
        assert answer("get", target, *named, *folder)["checked"] is True
    assert target.read_bytes() == file.read_bytes()
    assert answer("verify", target, *named, "--cid", ipfs_cid(file))["verified"] == ["length", "root", "CID"]
    target.write_bytes(b"mine")
    result = run("get", target, *named, *folder)
    assert (result.exit_code, target.read_bytes()) == (1, b"mine")
    assert "another file" in result.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"--length": 299_999}, "length is 300000"),
        ({"--root": "0x" + "11" * 32}, "root is 0x"),
        ({"--sha256": "0x" + "11" * 32}, "SHA-256"),
        ({"--cid": "bafkreigkgwdvr5wspzwpiutssn4xpj2i7wedshnwphhnu7ohx4pqaxxipe"}, "CID"),
        ({"--root": "0x12"}, "64 hexadecimal digits"),
    ],
)
def test_verify__anything_else__ends_with_an_error(file, changes, said):
    options = {"--root": zerog_root(file).hex, "--length": 300_000, **changes}
    result = run("verify", file, *[part for option in options.items() for part in option])
    assert result.exit_code == 1
    assert said in result.stderr


def test_put_get__ipfs(file, tmp_path):
    with Stub(Kubo()) as stub:
        said = answer("put", file, "--to", "ipfs", "--api", stub.url)
        named = ("--root", said["root"], "--length", said["length"])
        target = tmp_path / "copy.bin"
        answer("get", target, "--from", "ipfs", "--api", stub.url, *named, "--cid", said["uri"][7:])
    assert target.read_bytes() == file.read_bytes()
    assert run("get", target, "--from", "ipfs", *named).exit_code == 2


def test_get__zerog(tmp_path):
    node = Node()
    ref = stored(node, pattern(70_000))
    target = tmp_path / "copy.bin"
    with Stub(node) as stub:
        named = ("--root", "0x" + ref.root.hex(), "--length", ref.length)
        answer("get", target, "--from", "0g", "--node", stub.url, *named)
    assert target.read_bytes() == pattern(70_000)


def test_zerog__says_what_is_missing(file, tmp_path):
    assert "--flow" in run("put", file, "--to", "0g", "--node", "http://127.0.0.1:1").stderr
    named = ("--root", "0x" + "11" * 32, "--length", 5)
    assert "--node" in run("get", tmp_path / "x", "--from", "0g", *named).stderr


def test_bench__measures_every_way_and_writes_what_the_check_reads(tmp_path):
    measured = bench.run(size=1 << 20, rounds=1)
    bench.write(measured, tmp_path / "out" / "bench.json")
    said = json.loads((tmp_path / "out" / "bench.json").read_text())
    assert set(said["methods"]) >= {"pycryptodome"}
    assert said["best"] in said["methods"]
    assert said["size"] == 1 << 20
    assert said["ratio_to_pycryptodome"] == pytest.approx(
        measured.methods[said["best"]] / measured.methods["pycryptodome"], abs=0.1
    )
