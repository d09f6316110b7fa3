"""An Anvil of a test's own, beside the one that Ape owns: for commands that run in processes of their own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ANVIL = Path(sys.prefix) / "bin" / "anvil"
TRIES = 100  # of a tenth of a second each


@contextmanager
def anvil_for(chain_id: int, *options: str) -> Iterator[str]:
    """The URL of a fresh Anvil that answers for `chain_id`; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(ANVIL), "--port", str(port), "--chain-id", str(chain_id), "--silent", *options]
    with subprocess.Popen(command) as anvil:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            anvil.terminate()


def wait_for(port: int) -> None:
    """Returns once something listens on the port; TimeoutError where nothing does."""
    for _ in range(TRIES):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"no Anvil answered on port {port}")
