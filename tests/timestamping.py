"""A time-stamping authority of our own: OpenSSL's, behind a small HTTP server on the loopback address."""

import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from tests.needed import program

_CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa_cert]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority(NamedTuple):
    """Where it is reached, its root certificate, and how to make it answer wrongly."""

    url: str
    roots: Path
    answers: dict[str, int]


@contextmanager
def authority() -> Iterator[Authority]:
    """Run an authority with a root of its own while the block runs; skip without openssl, but fail in CI."""
    openssl = str(program("openssl", "openssl"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _make(openssl, folder)
        answers = {"status": 200}
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(openssl, folder, answers))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "root.pem", answers)
        finally:
            server.shutdown()
            server.server_close()


def _make(openssl: str, folder: Path) -> None:
    config = folder / "tsa.cnf"
    config.write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01", encoding="utf-8")
    made = f"req -x509 -newkey rsa:2048 -nodes -days 30 -config {config} -keyout root.key -out root.pem"
    _run(openssl, folder, f"{made} -extensions ca -subj /CN=Testrot")
    asked = f"req -newkey rsa:2048 -nodes -config {config} -keyout tsa.key -out tsa.csr -subj /CN=Teststamplare"
    _run(openssl, folder, asked)
    signed = "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out tsa.pem"
    _run(openssl, folder, f"{signed} -extfile {config} -extensions tsa_cert")


def _run(openssl: str, folder: Path, words: str) -> None:
    subprocess.run([openssl, *words.split()], cwd=folder, check=True, capture_output=True)


def _handler(openssl: str, folder: Path, answers: dict[str, int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            _run(openssl, folder, "ts -reply -config tsa.cnf -queryfile query.tsq -out reply.tsr")
            self.send_response(answers["status"])
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply.tsr").read_bytes())

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal of the tests."""

    return Handler
