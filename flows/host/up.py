"""Run Timglas on one machine: Prefect server and UI, all deployments and a worker, kept alive until told to stop."""

import asyncio
import ctypes
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flows.host.server import QUIET, kept_in, server_command, wait_until_up
from models.errors import N_, NotEntitled

WORKERS = 4
"""How many runs go on at once: each is a process of 100 to 200 MB."""

_LOOK_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


def up(home: Path, host: str, port: int, password: str | None, say: Callable[[str], None]) -> None:
    """Start everything, say where to look, and keep it running until SIGINT or SIGTERM; a child that dies is restarted.

    Raises NotEntitled for an address others can reach without a password.
    """
    require_password(host, password)
    require_free(host, port)
    started = time.monotonic()
    environment = prefect_environment(home, host, port, password)
    os.environ.update(environment)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = _Child("server", server_command(host, port), log=home / "prefect" / "server.log")
    worker = _Child("worker", worker_command(), log=home / "prefect" / "worker.log")
    try:
        server.start()
        wait_until_up(server.process, f"{environment['PREFECT_API_URL']}/health", server.log)
        _prepare(say)
        worker.start()
        say(f"Timglas är igång efter {time.monotonic() - started:.0f} sekunder. Öppna http://{host}:{port}")
        if password:
            say("Logga in med timglas: och lösenordet direkt efter.")
        say("Stoppa med Ctrl+C. Allt som är registrerat ligger kvar.")
        while True:
            time.sleep(_LOOK_SECONDS)
            for child in (server, worker):
                if child.process.poll() is not None:
                    say(f"En process stannade och startas om: {child.name}")
                    child.start()
    except KeyboardInterrupt:
        say("Stannar.")
    finally:
        for child in (worker, server):
            child.stop()


def require_password(host: str, password: str | None) -> None:
    """Refuse to listen where others can reach the forms unless a password is set. Raises NotEntitled.

    Prefect cannot compare a password with letters outside ASCII, and answers every request with a fault instead.
    """
    if password and not password.isascii():
        raise NotEntitled(
            N_("The password cannot be used."),
            why=N_("It holds å, ä, ö or another letter that Prefect cannot compare."),
            remedy=N_("Choose one of the letters a to z, digits and punctuation."),
        )
    if host == "localhost" or ipaddress.ip_address(host).is_loopback or password:
        return
    raise NotEntitled(
        N_("Timglas does not start on {host} without a password."),
        why=N_("Anyone on that network could open the forms and act in a case."),
        remedy=N_("Set TIMGLAS_UI_PASSWORD, or start on 127.0.0.1."),
        host=host,
    )


def require_free(host: str, port: int) -> None:
    """Refuse to start where something answers already: it may be a Timglas that is still running. Raises NotEntitled."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise NotEntitled(
                N_("Port {port} on {host} is taken."),
                why=N_("Another program listens there, perhaps a Timglas that is running already."),
                remedy=N_("Stop it, or choose another port with --port."),
                host=host,
                port=str(port),
            ) from taken


def worker_command() -> list[str]:
    """Return the command that runs the worker, which starts a process for each run."""
    worker = (sys.executable, "-m", "prefect", "worker", "start", "--pool", "timglas", "--type", "process")
    return [*worker, "--name", "timglas", "--limit", str(WORKERS)]


def prefect_environment(home: Path, host: str, port: int, password: str | None) -> dict[str, str]:
    """Return the settings every Prefect process of this installation runs with."""
    reach = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    auth = f"timglas:{password}" if password else None
    secret = {"PREFECT_SERVER_API_AUTH_STRING": auth, "PREFECT_API_AUTH_STRING": auth} if auth else {}
    return {
        **QUIET,
        **secret,
        **kept_in(home / "prefect"),
        "PREFECT_API_URL": f"http://{reach}:{port}/api",
        "TIMGLAS_HOME": str(home),
        "TIMGLAS_UI_URL": os.environ.get("TIMGLAS_UI_URL") or f"http://{reach}:{port}",
    }


def _prepare(say: Callable[[str], None]) -> None:
    """Register the desk and take up what a crash interrupted. Prefect reads its settings when it is imported."""
    from flows.host.interrupted import take_up  # noqa: PLC0415
    from flows.host.schedule import deploy  # noqa: PLC0415

    say(f"{asyncio.run(deploy())} formulär och flöden är på plats.")
    taken_up = asyncio.run(take_up())
    if taken_up:
        say(f"{taken_up} avbrutna körningar tas upp igen.")


class _Child:
    """One process of ours, which dies with us."""

    def __init__(self, name: str, command: list[str], *, log: Path) -> None:
        self.name, self.log, self._command = name, log, command
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no thread holds a lock here
            )

    def stop(self) -> None:
        process = getattr(self, "process", None)
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _die_with_parent() -> None:
    """Run in the child before our command: no orphan, and told to stop it stops, also when started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
