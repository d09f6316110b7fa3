"""The connection to a node: what goes wrong is said in words, and a lost connection is made anew."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from tests.engine.node import Node, NodeError

HANG_UP, HANG = "hang up", "hang"


class FakeNode(ThreadingHTTPServer):
    """Gives the answers in `script`, one a request; notes what it was asked over how many connections."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.asked, self.connections, self.released = [], [], 0, Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = self.server.script.pop(0)
        if answer is HANG:
            self.server.released.wait(10)
            answer = {"result": "too late"}
        if answer is HANG_UP:
            self.close_connection = True
            return
        body = (
            answer
            if isinstance(answer, bytes)
            else json.dumps({"jsonrpc": "2.0", "id": 1, **answer}).encode()
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server() -> Iterator[FakeNode]:
    with FakeNode() as fake:
        Thread(target=fake.serve_forever, args=(0.01,), daemon=True).start()
        yield fake
        fake.shutdown()


def test_rpc__a_result__is_returned_for_the_request_that_was_made(server):
    server.script = [{"result": {"status": "0x1"}}]
    assert Node(server.url).rpc("eth_call", {"to": "0x1"}, "latest") == {"status": "0x1"}
    assert server.asked == [
        {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [{"to": "0x1"}, "latest"]}
    ]


def test_rpc__a_result_of_null__is_a_result(server):
    server.script = [{"result": None}]
    assert Node(server.url).rpc("anvil_setBalance") is None


def test_rpc__many_requests__go_over_one_connection(server):
    server.script = [{"result": number} for number in range(5)]
    node = Node(server.url)
    assert [node.rpc("eth_blockNumber") for _ in range(5)] == list(range(5))
    assert server.connections == 1


def test_rpc__an_error__has_method_message_and_data_and_the_connection_stays(server):
    error = {"code": 3, "message": "execution reverted", "data": "0x1234"}
    server.script = [{"error": error}, {"result": "0x1"}]
    node = Node(server.url)
    with pytest.raises(NodeError, match=r"^eth_call: execution reverted$") as caught:
        node.rpc("eth_call")
    assert caught.value.data == "0x1234"
    assert node.rpc("eth_chainId") == "0x1"
    assert server.connections == 1


@pytest.mark.parametrize("error", [{"message": "no"}, {"message": "no", "data": {"reason": "none"}}])
def test_rpc__an_error_without_return_data__has_none(server, error):
    server.script = [{"error": error}]
    with pytest.raises(NodeError, match=r"^eth_call: no$") as caught:
        Node(server.url).rpc("eth_call")
    assert caught.value.data is None


def test_rpc__the_node_hangs_up__is_said_and_the_next_request_connects_anew(server):
    server.script = [{"result": "0x1"}, HANG_UP, {"result": "0x2"}]
    node = Node(server.url)
    node.rpc("eth_chainId")
    with pytest.raises(NodeError, match=f"no answer from {server.url}: "):
        node.rpc("eth_chainId")
    assert node.rpc("eth_chainId") == "0x2"
    assert server.connections == 2


def test_rpc__the_node_answers_too_late__is_said_and_the_next_request_gets_its_own_answer(
    server, monkeypatch
):
    monkeypatch.setattr("tests.engine.node.TIMEOUT", 0.2)
    server.script = [HANG, {"result": "0x2"}]
    node = Node(server.url)
    with pytest.raises(NodeError, match=f"no answer from {server.url}: TimeoutError"):
        node.rpc("eth_chainId")
    server.released.set()
    assert node.rpc("eth_chainId") == "0x2"
    assert server.connections == 2


def test_rpc__something_that_is_no_node_answers__is_said(server):
    server.script = [b"<html>502 Bad Gateway</html>"]
    with pytest.raises(NodeError, match=rf"{server.url} is no node: eth_chainId was answered b'<html>502"):
        Node(server.url).rpc("eth_chainId")


def test_rpc__nobody_listens__is_said_with_the_address():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(NodeError, match=f"no answer from {url}: ConnectionRefusedError"):
            Node(url).rpc("eth_chainId")


def test_again__the_same_node__has_a_connection_of_its_own(server):
    server.script = [{"result": 1}, {"result": 2}]
    node = Node(server.url)
    node.rpc("eth_chainId")
    node.again().rpc("eth_chainId")
    assert server.connections == 2
