"""Time stamps from a real authority (OpenSSL's), and what becomes of them when something is wrong."""

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.tsa import Rfc3161Stamper, read_roots, stamp_fault
from models.errors import RefusedPostError, TransientPostError
from models.stamp import Stamped
from proof.anchors import covers, stamped_at
from tests.needed import program
from tests.timestamping import Authority, authority

STATEMENT = "Timglas förankring 1\n".encode()


@pytest.fixture(scope="module")
def tsa() -> Iterator[Authority]:
    with authority() as running:
        yield running


@pytest.fixture(scope="module")
def stamped(tsa: Authority) -> Stamped:
    return asyncio.run(Rfc3161Stamper(tsa.url, read_roots(tsa.roots)).stamp(STATEMENT))


def test_a_stamp_holds_and_says_when(tsa: Authority, stamped: Stamped) -> None:
    assert stamp_fault(stamped.answer, STATEMENT, read_roots(tsa.roots)) is None
    assert abs(stamped.at - datetime.now(UTC)) < timedelta(minutes=10)


def test_the_script_in_the_file_reads_the_same_time_and_what_was_stamped(stamped: Stamped) -> None:
    assert stamped_at(stamped.answer) == f"{stamped.at:%Y-%m-%d %H.%M}"
    assert covers(stamped.answer, STATEMENT)
    assert not covers(stamped.answer, STATEMENT + b" ")


def test_openssl_itself_verifies_it_as_the_file_tells_people_to(
    tsa: Authority, stamped: Stamped, tmp_path: Path
) -> None:
    (tmp_path / "1.tsr").write_bytes(stamped.answer)
    (tmp_path / "1.txt").write_bytes(STATEMENT)
    words = [
        str(program("openssl", "openssl")),
        "ts",
        "-verify",
        "-in",
        "1.tsr",
        "-data",
        "1.txt",
        "-CAfile",
        tsa.roots,
    ]
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_stamp_of_something_else_or_by_somebody_else_does_not_hold(tsa: Authority, stamped: Stamped) -> None:
    assert stamp_fault(stamped.answer, b"another text", read_roots(tsa.roots))
    assert stamp_fault(stamped.answer[:-1] + bytes([stamped.answer[-1] ^ 1]), STATEMENT, read_roots(tsa.roots))
    assert stamp_fault(b"no stamp at all", STATEMENT, read_roots(tsa.roots))
    with authority() as stranger:
        assert stamp_fault(stamped.answer, STATEMENT, read_roots(stranger.roots))
        with pytest.raises(RefusedPostError, match="does not hold"):
            asyncio.run(Rfc3161Stamper(tsa.url, read_roots(stranger.roots)).stamp(STATEMENT))


def test_an_authority_that_does_not_answer_is_asked_again_later(tsa: Authority) -> None:
    with pytest.raises(TransientPostError, match="does not answer"):
        asyncio.run(Rfc3161Stamper("http://127.0.0.1:9/", read_roots(tsa.roots)).stamp(STATEMENT))
    tsa.answers["status"] = 503
    with pytest.raises(TransientPostError, match="does not answer"):
        asyncio.run(Rfc3161Stamper(tsa.url, read_roots(tsa.roots)).stamp(STATEMENT))
    tsa.answers["status"] = 200
