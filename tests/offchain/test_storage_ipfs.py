import json
import re
from email.parser import BytesParser

import pytest

from offchain.exceptions import (
    InputError,
    MismatchError,
    NotFoundError,
    RemoteError,
    StorageError,
    TooLargeError,
    TransportError,
)
from offchain.hashing import ipfs_cid, zerog_root
from offchain.storage import IpfsStore, Limits, Ref
from tests.offchain.samples import pattern
from tests.offchain.stub import Answer, Stub

QUICK = Limits(connect=2.0, read=0.5, total=1.0, attempts=3, pause=0.01)
DATA = pattern(300_000)


class Kubo:
    """As much of Kubo's API as the store uses."""

    def __init__(self):
        self.files = {}

    def __call__(self, asked):
        if asked.path == "/api/v0/add":
            data = uploaded(asked)
            cid = ipfs_cid(data)
            self.files[cid] = data
            progress = json.dumps({"Name": "data", "Bytes": len(data)})
            return Answer(f"{progress}\n{json.dumps({'Name': 'data', 'Hash': cid, 'Size': '1'})}\n".encode())
        if asked.path == "/api/v0/cat" and asked.query["arg"] in self.files:
            return Answer(self.files[asked.query["arg"]][: int(asked.query["length"])])
        return Answer(b'{"Message":"block was not found locally","Code":0,"Type":"error"}', status=500)


def uploaded(asked):
    """The one file of a multipart body, read by Python's own parser."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(
        head
        + re.sub(
            rb"Content-Type: application/octet-stream\r\n",
            rb"\g<0>Content-Transfer-Encoding: binary\r\n",
            asked.body,
        )
    )
    (part,) = message.get_payload()
    assert part.get_param("name", header="content-disposition") == "file"
    return part.get_payload(decode=True) or asked.body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]


def ref_of(data):
    return Ref(zerog_root(data).root, len(data), "ipfs://" + ipfs_cid(data))


def test_put_get__there_and_back(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"plain words\n" * 9)
    with Stub(Kubo()) as stub:
        store = IpfsStore(stub.url, QUICK)
        ref = store.put(path)
        assert ref == ref_of(path.read_bytes())
        assert store.get(ref) == path.read_bytes()
        assert stub.asked[0].query == {
            "cid-version": "1",
            "raw-leaves": "true",
            "chunker": "size-262144",
            "pin": "true",
        }
        assert int(stub.asked[0].headers["Content-Length"]) == len(stub.asked[0].body)


def test_put__sends_exactly_the_bytes():
    with Stub(Kubo()) as stub:
        IpfsStore(stub.url, QUICK).put(DATA)
        assert stub.asked[0].body.split(b"\r\n\r\n", 1)[1].startswith(DATA + b"\r\n--")


def test_put__node_that_stores_something_else__is_noticed():
    answer = json.dumps({"Hash": ipfs_cid(b"other")}).encode()
    with Stub(lambda _: Answer(answer)) as stub, pytest.raises(MismatchError, match="should be"):
        IpfsStore(stub.url, QUICK).put(DATA)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"Name": "x"}', b"null"])
def test_put__answer_that_is_none__is_a_remote_error(body):
    with Stub(lambda _: Answer(body)) as stub, pytest.raises(RemoteError):
        IpfsStore(stub.url, QUICK).put(DATA)


@pytest.mark.parametrize(
    "bad",
    [
        DATA[:-1],
        DATA + b"\0",
        DATA[:1_000] + b"\xff" + DATA[1_001:],
        b"",
    ],
)
def test_get__other_bytes__are_never_returned(bad):
    with Stub(lambda _: Answer(bad)) as stub, pytest.raises((MismatchError, TooLargeError)):
        IpfsStore(stub.url, QUICK).get(ref_of(DATA))


def test_get__right_root_but_another_cid__is_refused():
    """The root of a reference may be right while its URI leads elsewhere."""
    ref = Ref(zerog_root(DATA).root, len(DATA), "ipfs://" + ipfs_cid(b"other"))
    with Stub(lambda _: Answer(DATA)) as stub, pytest.raises(MismatchError, match="another CID"):
        IpfsStore(stub.url, QUICK).get(ref)


@pytest.mark.parametrize(
    "options",
    [
        {"chunk_size": 1 << 20},
        {"raw_leaves": False, "cid_version": 0},
    ],
)
def test_get__the_other_profiles_in_use__are_known(options):
    ref = Ref(zerog_root(DATA).root, len(DATA), "ipfs://" + ipfs_cid(DATA, **options))
    with Stub(lambda _: Answer(DATA)) as stub:
        assert IpfsStore(stub.url, QUICK).get(ref) == DATA


def test_get__endless_answer__is_cut_off():
    with Stub(lambda _: Answer(b"x" * 5_000_000)) as stub, pytest.raises(TooLargeError):
        IpfsStore(stub.url, QUICK).get(ref_of(DATA))


def test_get__broken_off_answer__is_tried_again():
    answers = [Answer(DATA[:999], claimed=len(DATA)), Answer(b"busy", status=503), Answer(DATA)]
    with Stub(lambda _: answers.pop(0)) as stub:
        assert IpfsStore(stub.url, QUICK).get(ref_of(DATA)) == DATA
        assert len(stub.asked) == 3


def test_get__passing_faults_that_stay__end_as_transport_error():
    with Stub(lambda _: Answer(b"later", status=500)) as stub:
        with pytest.raises(TransportError, match="500: later"):
            IpfsStore(stub.url, QUICK).get(ref_of(DATA))
        assert len(stub.asked) == QUICK.attempts


def test_get__silent_node__times_out():
    with (
        Stub(lambda _: Answer(DATA, pause=3.0)) as stub,
        pytest.raises(TransportError, match=r"in time|broke off"),
    ):
        IpfsStore(stub.url, Limits(read=0.1, attempts=2, pause=0.01)).get(ref_of(DATA))


def test_get__nobody_there__is_a_transport_error():
    with Stub(Kubo()) as stub:
        url = stub.url
    with pytest.raises(TransportError, match="cannot be reached"):
        IpfsStore(url, QUICK).get(ref_of(DATA))


@pytest.mark.parametrize("status", [301, 302, 403, 418])
def test_get__refusal_or_redirect__is_not_repeated(status):
    with Stub(lambda _: Answer(b"no", status=status, headers={"Location": "http://127.0.0.1:1/"})) as stub:
        with pytest.raises(StorageError, match=str(status)):
            IpfsStore(stub.url, QUICK).get(ref_of(DATA))
        assert len(stub.asked) == 1


def test_get__unknown_file__is_not_found():
    with Stub(Kubo()) as stub, pytest.raises(NotFoundError):
        IpfsStore(stub.url, QUICK).get(ref_of(DATA))


def test_get__before_anything_is_asked__checks_uri_and_size():
    with Stub(Kubo()) as stub:
        ref = ref_of(DATA)
        for uri in ("ipfs://", "http://x", "ipfs://a/b", "ipfs://a?arg=b"):
            with pytest.raises(InputError):
                IpfsStore(stub.url, QUICK).get(Ref(ref.root, ref.length, uri))
        with pytest.raises(TooLargeError):
            IpfsStore(stub.url, QUICK, max_size=1_000).get(ref)
        assert stub.asked == []
