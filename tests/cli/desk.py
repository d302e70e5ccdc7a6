"""Somebody at a terminal: types a command, reads what it says and its exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from flows.bootstrap import wire
from flows.cli import run

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
        self.does("approve", CASE, letter, f"--sha={sha[:12]}", at=f"{day} 14.00", by=DELEGATE)

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


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
