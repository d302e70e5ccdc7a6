"""Somebody at a terminal: types a command, reads what it says and its exit code."""

import email.policy
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from adapters.mail.sink import mail_sink
from flows.bootstrap import wire
from flows.cli import run
from flows.host.server import free_port

BOARD = "kommunstyrelsen"
OFFICER, DELEGATE = "sara.exempel", "anna.exempel"
CASE = "INC-2023-0001"
FACTS = """
breach_types: [tillgänglighet]
malicious: ja
exfiltration: vet-ej
cause: angrepp
processor: Rekryteringssystem AB
what_happened: Ett företag som sköter driften har utsatts för ett angrepp. Systemet går inte att nå.
data_subject_categories: [job_applicants]
data_categories: [basic_identity, contact, cv_employment]
n_subjects: cirka 8 400
n_records: 15000
consequences: [bedrägeri]
consequences_described: Någon kan försöka använda uppgifterna för att lura de sökande.
told_data: Det gäller det du själv skrev i din ansökan.
told_consequences: Någon kan försöka lura dig.
measures_taken: [Driftmiljön är avstängd.]
advice_to_persons: [Lita inte på någon bara för att personen vet saker om dig.]
window_from: 2020-12-01
window_until: 2023-04-24
detected_at: 2023-04-24 09.00
"""


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Desk:
    """Types commands as somebody, at a certain Swedish local time."""

    def __init__(self, folder: Path, read: Callable[[], Any]) -> None:
        self.folder, self._read = folder, read
        self.heard = ""

    def types(self, *words: str, at: str | None = None, by: str | None = None) -> Said:
        self._read()
        more = [*(("--by", by) if by else ()), *(("--now", at) if at else ())]
        code = run([*words, *more])
        captured = self._read()
        self.heard += captured.out + captured.err
        return Said(code, captured.out, captured.err)

    def does(self, *words: str, at: str | None = None, by: str | None = None) -> Said:
        """Type what must succeed."""
        said = self.types(*words, at=at, by=by)
        assert said.code == 0, said.err
        return said

    def confirms(self, *words: str, at: str | None = None, by: str | None = None) -> Said:
        """Type an act that takes a code: the first try mails it and does nothing, the second enters it."""
        with TemporaryDirectory(dir=self.folder) as codes:
            with post_office(Path(codes)):
                assert "kod har skickats" in self.refused(*words, at=at, by=by)
            (mailed,) = Path(codes).rglob("*.eml")
            code = code_in(mailed)
        return self.does(*words, f"--code={code}", at=at, by=by)

    def refused(self, *words: str, at: str | None = None, by: str | None = None) -> str:
        """Type what must be refused, and return what is said; nothing may have been written."""
        before = self.everything()
        said = self.types(*words, at=at, by=by)
        assert said.code == 2, said
        assert self.everything() == before
        assert "Traceback" not in said.err
        return said.err

    def everything(self) -> list[tuple[Any, ...]]:
        """Every row of every timeline, and the name of every document kept."""
        timeline = wire().timeline
        kept = [(path.as_posix(),) for path in sorted((self.folder / "files").rglob("*")) if path.is_file()]
        return [row for case in timeline.incidents() for row in timeline.rows(case)] + kept

    # cases that stand at a certain point

    def reported(self, *, at: str = "2023-04-24 16.25") -> None:
        self.does(
            "new",
            BOARD,
            "--family=rekrytering-2023",
            "--summary=Rekryteringssystemet ligger nere.",
            "--source=Underrättelse från leverantören",
            "--reported-at=2023-04-24 16.10",
            at=at,
            by=OFFICER,
        )

    def aware(self, *, aware_at: str = "2023-04-24 16.10", at: str = "2023-04-24 16.35") -> Said:
        return self.does(
            "aware",
            CASE,
            f"--at={aware_at}",
            "--evidence=Mejl till funktionsbrevlådan",
            "--reasoning=Våra uppgifter finns i den angripna miljön.",
            at=at,
            by=OFFICER,
        )

    def known(self) -> None:
        """A case with a running clock and the facts of the first day."""
        self.reported()
        self.aware()
        file = self.folder / "facts.yaml"
        file.write_text(FACTS, encoding="utf-8")
        self.does(
            "facts",
            CASE,
            f"--file={file}",
            "--source=Underrättelse från leverantören",
            at="2023-04-24 16.50",
            by=OFFICER,
        )

    def approved(self, letter: str, *, day: str) -> None:
        """Drafted by the officer; read and approved by the delegate."""
        sha = self.does("draft", CASE, letter, "--json", at=f"{day} 11.00", by=OFFICER).data["sha256"]
        self.confirms("approve", CASE, letter, f"--sha={sha[:12]}", at=f"{day} 14.00", by=DELEGATE)

    def decided(self, level: str = "risk") -> None:
        self.known()
        self.does(
            "decide",
            CASE,
            f"--level={level}",
            "--reasoning=Det går inte att utesluta.",
            "--advice=Anmäl nu.",
            at="2023-04-26 10.15",
            by=DELEGATE,
        )


@contextmanager
def post_office(folder: Path) -> Iterator[None]:
    """A mail server for as long as the block runs; the command line finds it by the environment."""
    port = free_port()
    before = dict(os.environ)
    os.environ.update(TIMGLAS_SMTP_PORT=str(port), TIMGLAS_SMTP_TLS="none")
    try:
        with mail_sink(folder, port):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def code_in(mail: Path) -> str:
    body = BytesParser(policy=email.policy.default).parsebytes(mail.read_bytes()).get_body(("plain",))
    return str(re.search(r"Din kod är (\d{6})", body.get_content())[1])


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
