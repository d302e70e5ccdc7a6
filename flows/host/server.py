"""A Prefect server of our own: its database in a folder of ours, on this machine only, telling nobody anything."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import certifi

from adapters.new_file import new_file
from models.errors import N_, TimglasError

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "5",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "3",
}
"""Settings every Prefect process of ours runs with: no telemetry, no persisted results, few runs ahead, no long wait.

Nor does a client ask for a token of Prefect's against other sites' pages: our front refuses those pages itself."""

_START_SECONDS = 300
"""Ten on an idle machine. A server that ends instead is noticed at once, so this is for a machine with much else to do."""
_STOP_SECONDS = 30
_FIRST_PORT, _LAST_PORT = 15_000, 32_000
_PORTS = iter(random.SystemRandom().sample(range(_FIRST_PORT, _LAST_PORT), _LAST_PORT - _FIRST_PORT))
_END = "-----END CERTIFICATE-----\n"


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on, and not the same one twice.

    It is below those that a system hands out by itself, or another connection could get it before a slow server
    listens there; and each process takes them in an order of its own, or two would ask for the same at once.
    """
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("every port is taken")


@contextmanager
def prefect_server(home: Path, port: int) -> Iterator[str]:
    """Run a server with its data in ``home`` while the block runs, and yield the address of its API."""
    url = f"http://127.0.0.1:{port}/api"
    environment = {**os.environ, **QUIET, **kept_in(home), "PREFECT_API_URL": url}
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(server_command("127.0.0.1", port), env=environment, stdout=log, stderr=log)  # noqa: S603 - our own command
    try:
        wait_until_up(server, f"{url}/health", home / "server.log")
        yield url
    finally:
        stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Tell the process to stop, and make it if it takes too long: all that was kept is written already."""
    server.terminate()
    try:
        server.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def server_command(host: str, port: int) -> list[str]:
    """Return the command that runs Prefect's server behind our front."""
    return [sys.executable, "-m", "flows.host.front", host, str(port)]


def kept_in(home: Path) -> dict[str, str]:
    """Return the settings that keep everything Prefect writes in ``home``, its pages as served too.

    Prefect reads a store of certificates for every client it makes, also for our server, which speaks plain HTTP. The
    usual store takes 30 ms each time, a third of what a flow run costs; the one written here holds one certificate.
    """
    home.mkdir(parents=True, exist_ok=True)
    store = home / "certificate.pem"
    with new_file(store) as fresh:
        fresh.write_text(certifi.contents().partition(_END)[0] + _END, encoding="ascii")
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_UI_STATIC_DIRECTORY": str(home / "ui"),
        "PREFECT_UI_API_URL": "/api",
        "PREFECT_API_SSL_CERT_FILE": str(store),
    }


def wait_until_up(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until ``url`` answers. Raises TimglasError if ``server`` ends first or does not answer in time."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - the address is ours
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimglasError(
        N_("The Prefect server did not start."),
        why=N_("It has not answered within {seconds} seconds."),
        remedy=N_("Read its log: {log}."),
        seconds=_START_SECONDS,
        log=log.name,
    )
