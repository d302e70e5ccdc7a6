"""The mail server that Postfix ships for tests: it takes everything, and fails in the ways it is told to."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flows.host.server import free_port
from tests.needed import program


@contextmanager
def smtp_sink(*manners: str, connections: int = 100) -> Iterator[int]:
    """Run it on a port of the loopback address while the block runs; ``manners`` are its own options."""
    server, port = program("smtp-sink", "postfix"), free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [server, *user, *manners, f"127.0.0.1:{port}", str(connections)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if process.poll() is None and probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("smtp-sink did not start")
