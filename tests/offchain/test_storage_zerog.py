import base64
import json

import pytest
from eth_abi import decode

from offchain.exceptions import (
    InputError,
    MismatchError,
    NotFoundError,
    RemoteError,
    StorageError,
    TooLargeError,
    TransportError,
)
from offchain.hashing import keccak256, segment_proof, segment_roots, zerog_root
from offchain.storage import Flow, Limits, Ref, ZeroGStore, flow_calldata
from tests.offchain.samples import ANNOTATOR, MARKET, pattern, vector
from tests.offchain.stub import Answer, Stub

QUICK = Limits(connect=2.0, read=0.5, total=1.0, attempts=2, pause=0.01)
DATA = pattern(262_144 * 2 + 70_001)
SUBMIT = "submit(((uint256,bytes,(bytes32,uint256)[]),address))"


class Node:
    """A storage node that knows a file once the Flow contract told it, and checks each segment's proof as
    nodes do.
    """

    def __init__(self):
        self.files = {}
        self.calls = []
        self.spoil = lambda _method, result: result

    def announce(self, root, size):
        self.files[root] = {"size": size, "segments": {}}

    def __call__(self, asked):
        request = json.loads(asked.body)
        method, params = request["method"], request["params"]
        self.calls.append(method)
        try:
            result = {"result": self.spoil(method, getattr(self, method.removeprefix("zgs_"))(*params))}
        except ValueError as error:
            result = {"error": {"code": -32000, "message": "Invalid params", "data": str(error)}}
        return Answer(json.dumps({"jsonrpc": "2.0", "id": request["id"], **result}).encode())

    def getFileInfo(self, root, _need_available):
        file = self.files.get(root)
        if file is None:
            return None
        count = -(-file["size"] // 262_144)
        return {"tx": {"size": file["size"], "seq": 1}, "finalized": len(file["segments"]) == count}

    def uploadSegment(self, segment):
        file = self.files.get(segment["root"])
        if file is None:
            raise ValueError("root not found")
        if segment["index"] in file["segments"]:
            raise ValueError("segment has already been uploaded or is being uploaded")
        if segment["fileSize"] != file["size"]:
            raise ValueError("file size not matched")
        lemma = [bytes.fromhex(node[2:]) for node in segment["proof"]["lemma"]]
        node = lemma[0]
        for sibling, is_left in zip(lemma[1:-1], segment["proof"]["path"], strict=True):
            node = keccak256(node + sibling if is_left else sibling + node)
        if "0x" + node.hex() != segment["root"] or lemma[-1] != node:
            raise ValueError("invalid proof")
        file["segments"][segment["index"]] = base64.b64decode(segment["data"])
        return 0

    def downloadSegmentWithProof(self, root, index):
        file = self.files.get(root)
        if file is None or index not in file["segments"]:
            return None
        data = b"".join(file["segments"][i] for i in sorted(file["segments"]))[: file["size"]]
        proof = segment_proof(segment_roots(data), index)
        return {
            "root": root,
            "data": base64.b64encode(file["segments"][index]).decode(),
            "index": index,
            "proof": {"lemma": ["0x" + entry.hex() for entry in proof.lemma], "path": list(proof.path)},
            "fileSize": file["size"],
        }


def flow_for(node, sent, *, announces=True):
    """A Flow whose transactions reach the node at once, as the chain's events would."""

    def send(call):
        sent.append(call)
        (((length, _tags, nodes), _submitter),) = decode(
            ["((uint256,bytes,(bytes32,uint256)[]),address)"], call.data[4:]
        )
        root = nodes[-1][0]
        for entry, _height in reversed(nodes[:-1]):
            root = keccak256(entry + root)
        if announces:
            node.announce("0x" + root.hex(), length)

    return Flow(MARKET, ANNOTATOR, lambda sectors: 30 * sectors, send)


def stored(node, data=DATA):
    """A node that holds the data already."""
    root = zerog_root(data)
    node.announce(root.hex, len(data))
    padded = data.ljust(-(-len(data) // 256) * 256, b"\0")
    pieces = {i // 262_144: padded[i : i + 262_144] for i in range(0, len(padded), 262_144)}
    node.files[root.hex]["segments"] = pieces
    return Ref(root.root, len(data), "0g://" + root.hex)


@pytest.mark.parametrize("data", [b"x", DATA, pattern(262_144), pattern(1_100_000)])
def test_put_get__there_and_back(data, tmp_path):
    node, sent = Node(), []
    path = tmp_path / "file.bin"
    path.write_bytes(data)
    with Stub(node) as stub:
        store = ZeroGStore(stub.url, flow_for(node, sent), QUICK)
        ref = store.put(path)
        assert (ref.root, ref.length) == (zerog_root(data).root, len(data))
        assert store.get(ref) == data
    assert len(sent) == 1


def test_put__fee_is_per_padded_sector():
    node, sent = Node(), []
    with Stub(node) as stub:
        ZeroGStore(stub.url, flow_for(node, sent), QUICK).put(pattern(262_145))
    assert (sent[0].to, sent[0].value) == (MARKET, 30 * (1_024 + 128))


def test_put__again__sends_nothing():
    node, sent = Node(), []
    with Stub(node) as stub:
        store = ZeroGStore(stub.url, flow_for(node, sent), QUICK)
        assert store.put(DATA) == store.put(DATA)
    assert len(sent) == 1
    assert node.calls.count("zgs_uploadSegment") == 3


def test_put__after_an_interruption__goes_on_where_it_stopped():
    node, sent = Node(), []
    ref = stored(node)
    kept = node.files["0x" + ref.root.hex()]["segments"]
    del kept[1], kept[2]
    with Stub(node) as stub:
        store = ZeroGStore(stub.url, flow_for(node, sent), QUICK)
        assert store.put(DATA) == ref
        assert store.get(ref) == DATA
    assert sent == []  # announced before: paying again would be a loss


def test_put__node_that_never_hears_of_it__ends_with_a_clear_error():
    node = Node()
    with Stub(node) as stub:
        store = ZeroGStore(stub.url, flow_for(node, [], announces=False), QUICK, patience=0.2)
        with pytest.raises(TransportError, match="see the announcement"):
            store.put(DATA)


def test_put__same_root_of_another_length__is_refused_before_it_costs_anything():
    node, sent = Node(), []
    stored(node, b"label")
    with Stub(node) as stub, pytest.raises(MismatchError, match="zeros at the end"):
        ZeroGStore(stub.url, flow_for(node, sent), QUICK).put(b"label\0")
    assert sent == []


def test_put__without_a_flow__says_what_is_missing():
    with Stub(Node()) as stub, pytest.raises(InputError, match="Flow"):
        ZeroGStore(stub.url, None, QUICK).put(DATA)


def test_put__refused_segment__is_a_remote_error():
    node = Node()

    def refuse(_segment):
        raise ValueError("disk full")

    node.uploadSegment = refuse
    with Stub(node) as stub, pytest.raises(RemoteError, match="disk full"):
        ZeroGStore(stub.url, flow_for(node, []), QUICK).put(DATA)


def flipped(text):
    data = bytearray(base64.b64decode(text))
    data[5] ^= 1
    return base64.b64encode(bytes(data)).decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: {**s, "data": flipped(s["data"])},
        lambda s: {**s, "data": s["data"][:-8]},
        lambda s: {**s, "data": base64.b64encode(b"").decode()},
        lambda s: {
            **s,
            "proof": {**s["proof"], "lemma": s["proof"]["lemma"][:-2] + s["proof"]["lemma"][-1:]},
        },
        lambda s: {**s, "proof": {**s["proof"], "lemma": [s["proof"]["lemma"][0]] + s["proof"]["lemma"]}},
        lambda s: {**s, "proof": {**s["proof"], "lemma": ["0x" + "11" * 32] * 4}},
    ],
)
def test_get__spoilt_segment__is_never_returned(change):
    node = Node()
    ref = stored(node)
    node.spoil = lambda method, result: change(result) if method == "zgs_downloadSegmentWithProof" else result
    with Stub(node) as stub, pytest.raises(MismatchError, match="segment 0"):
        ZeroGStore(stub.url, None, QUICK).get(ref)


@pytest.mark.parametrize(
    "result",
    [3, "text", {}, {"data": "%%%", "proof": {"lemma": []}}, {"data": "", "proof": {"lemma": ["0x12"]}}],
)
def test_get__answer_that_is_no_segment__is_a_remote_error(result):
    node = Node()
    ref = stored(node)
    node.spoil = lambda _method, _result: result
    with Stub(node) as stub, pytest.raises(RemoteError):
        ZeroGStore(stub.url, None, QUICK).get(ref)


def test_get__segments_in_another_order__are_noticed():
    node = Node()
    ref = stored(node)
    swapped = node.files["0x" + ref.root.hex()]["segments"]
    swapped[0], swapped[1] = swapped[1], swapped[0]
    with Stub(node) as stub, pytest.raises(MismatchError):
        ZeroGStore(stub.url, None, QUICK).get(ref)


def test_get__wrong_length_in_the_reference__is_noticed():
    """Roots do not commit to lengths: 70,001 bytes and one fewer have the same tree, so the padding is
    looked at.
    """
    node = Node()
    ref = stored(node)
    with Stub(node) as stub, pytest.raises(MismatchError, match="longer than"):
        ZeroGStore(stub.url, None, QUICK).get(Ref(ref.root, ref.length - 1, ref.uri))


def test_get__unknown_file__is_not_found():
    with Stub(Node()) as stub, pytest.raises(NotFoundError, match="ask another node"):
        ZeroGStore(stub.url, None, QUICK).get(Ref(b"\1" * 32, 5, "0g://x"))


def test_get__beyond_the_limit__is_refused_unasked():
    node = Node()
    ref = stored(node)
    with Stub(node) as stub, pytest.raises(TooLargeError):
        ZeroGStore(stub.url, None, QUICK, max_size=10).get(ref)
    assert node.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>busy</html>"),
        Answer(b"[]"),
        Answer(b"{}"),
        Answer(b'{"error": "odd"}'),
        Answer(b"x" * 3_000_000),
        Answer(b"down", status=502),
        Answer(b"no", status=400),
        Answer(b"{}", claimed=50),
        Answer(b"{}", pause=2.0),
    ],
)
def test_get__node_in_trouble__is_a_storage_error(answer):
    with Stub(lambda _: answer) as stub, pytest.raises(StorageError):
        ZeroGStore(stub.url, None, QUICK).get(Ref(b"\1" * 32, 5, "0g://x"))


def test_get__progress__counts_to_the_length():
    node, seen = Node(), []
    ref = stored(node)
    with Stub(node) as stub:
        ZeroGStore(stub.url, None, QUICK).get(ref, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(262_144, len(DATA)), (524_288, len(DATA)), (len(DATA), len(DATA))]


@pytest.mark.parametrize("length", vector("zerog_roots.json")["submissions"])
def test_flow_calldata__is_the_contracts_call(length):
    data = flow_calldata(zerog_root(pattern(int(length))), ANNOTATOR)
    assert data[:4] == keccak256(SUBMIT.encode())[:4] == bytes.fromhex("bc8c11f8")
    (((size, tags, nodes), submitter),) = decode(["((uint256,bytes,(bytes32,uint256)[]),address)"], data[4:])
    wanted = vector("zerog_roots.json")["submissions"][length]
    assert (size, tags, submitter) == (int(length), b"", ANNOTATOR.lower())
    assert [("0x" + root.hex(), height) for root, height in nodes] == [
        (n["root"], n["height"]) for n in wanted["nodes"]
    ]
