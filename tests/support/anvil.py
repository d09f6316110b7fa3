"""An Anvil of a test's own, beside the one that Ape owns: for commands that run in processes of their own."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ANVIL = Path(sys.prefix) / "bin" / "anvil"
TRIES = 100  # of a tenth of a second each
HOST = "APE_FOUNDRY_HOST"
"""The variable that tells Ape where its Anvil is, or is to be started."""
PORTS = range(20_000, 32_000)
"""Below those that systems give to connections. Few of them are ever taken."""


def free_port() -> int:
    """A port where nobody listens; drawn by no generator that somebody seeds, or processes would agree."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def free_url() -> str:
    """Where an Anvil can be started."""
    return f"http://127.0.0.1:{free_port()}"


def own_anvil() -> dict[str, str]:
    """The environment of a command that starts an Anvil: neither the one of the tests, nor at a port that Ape
    picks unseen.
    """
    return os.environ | {HOST: free_url()}


@contextmanager
def anvil_for(chain_id: int, *options: str) -> Iterator[str]:
    """The URL of a fresh Anvil that answers for `chain_id`; it ends with the block."""
    port = free_port()
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
