import asyncio
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows.bootstrap import wire
from models.instants import parse_local
from services.evidence.anchor_chain import anchor_chain, anchor_of
from services.record import read
from tests.cli.desk import CASE, OFFICER, Desk
from tests.services.office import quiet
from tests.timestamping import authority


def test_a_moment_is_read_back_in_words_with_the_time_limit(desk: Desk) -> None:
    desk.reported()
    said = desk.aware().out
    assert "måndagen den 24 april 2023 kl. 16.10" in said
    assert "torsdagen den 27 april 2023 kl. 16.10" in said


@pytest.mark.parametrize(
    "typed", ["2023-04-24 16.10", "2023-04-24T16:10", "2023-04-24T14:10:00Z", "2023-04-24T16:10+02:00"]
)
def test_local_and_exact_times_are_the_same_moment(desk: Desk, typed: str) -> None:
    desk.reported()
    desk.aware(aware_at=typed)
    shown = desk.does("show", CASE, "--json", at="2023-04-24 17.00").data
    assert shown["aware_at"] == "2023-04-24T16:10:00+02:00"


def test_a_corrected_moment_moves_the_time_limit(desk: Desk) -> None:
    desk.reported()
    desk.aware()
    said = desk.does(
        "correct-awareness",
        CASE,
        "--at=2023-04-24 11.00",
        "--because=Mejlet låg i en annan brevlåda.",
        "--evidence=Serverns logg",
        "--json",
        at="2023-04-25 09.00",
        by=OFFICER,
    )
    assert said.data["aware_at"] == "2023-04-24T11:00:00+02:00"
    assert said.data["due_at"]["gdpr.33.1"] == "2023-04-27T11:00:00+02:00"


def test_when_the_clocks_change_on_the_way_one_is_told_where_to_aim(desk: Desk) -> None:
    desk.reported(at="2023-10-27 16.25")
    said = desk.aware(aware_at="2023-10-27 16.10", at="2023-10-27 16.35").out
    assert "30 oktober 2023 kl. 15.10" in said
    spring = desk.does("clock", "--aware=2026-03-27T16:30+01:00").out
    assert "kl. 17.30" in spring
    assert "Sikta på måndagen den 30 mars 2026 kl. 16.30" in spring


def test_show_tells_what_is_known_since_when_what_is_owed_decided_and_next(desk: Desk) -> None:
    desk.decided()
    said = desk.does("show", CASE, at="2023-04-26 12.00").out
    for sentence in (
        "Kommunstyrelsen i Exempelkommun",
        "Kännedom måndag 24 april 2023 kl. 16.10.",
        "senast torsdag 27 april 2023 kl. 16.10 (28 timmar och 10 minuter kvar)",
        "Sedan 24 april 2023 kl. 16.50",
        "Antal registrerade: Cirka 8\N{NO-BREAK SPACE}400",
        "Råd från Timglas: hög risk.",
        "HR-direktör: risk. Det går inte att utesluta.",
        "Dataskyddsombudets råd: Anmäl nu.",
        f"Näst på tur: Ta fram texten: timglas draft {CASE} anmälan",
    ):
        assert sentence in said


def test_show_tells_how_the_case_stood_at_an_earlier_time(desk: Desk) -> None:
    desk.decided()
    then = desk.does("show", CASE, "--json", "--at=2023-04-24 16.40", at="2023-05-01 12.00").data
    assert then["facts"] == {}
    assert then["decisions"] == []
    assert then["duties"][0]["seconds_left"] == (71 * 60 + 30) * 60
    now = desk.does("show", CASE, "--json", at="2023-04-26 12.00").data
    assert now["facts"]["malicious"] == {"value": True, "since": "2023-04-24T16:50:00+02:00"}
    assert now["decisions"][0]["level"] == "risk"


def test_the_board_puts_the_most_urgent_first_and_says_late_in_words(desk: Desk) -> None:
    desk.decided()
    rows = desk.does("board", "--json", at="2023-04-27 17.10").data
    assert [row["provision"] for row in rows] == ["gdpr.33.1", "gdpr.33.5", "gdpr.34.1"]
    assert rows[0]["overdue"] is True
    assert rows[0]["seconds_left"] == -3600
    said = desk.does("board", at="2023-04-27 17.10").out
    assert "Försenad" in said
    assert "1 timme för sent" in said
    assert "Försenad" not in desk.does("board", at="2023-04-27 16.00").out


def test_what_is_late_is_red_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decided()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    said = desk.does("board", at="2023-04-27 17.10").out
    late = next(line for line in said.splitlines() if "Försenad" in line)
    assert "\x1b[1;31m" in late


def test_an_empty_board_says_so(desk: Desk) -> None:
    assert desk.does("board").out == "Inga ärenden med skyldigheter.\n"
    assert desk.does("board", "--json").data == []


def test_the_timeline_is_told_in_swedish_and_as_data(desk: Desk) -> None:
    desk.known()
    told = desk.does("timeline", CASE).out
    assert told.startswith("# Kommunstyrelsen i Exempelkommun")
    assert "Dataskyddsombud" in told
    lines = desk.does("timeline", CASE, "--json").data
    assert lines[0]["type"] == "breach_reported.v1"


def test_a_changed_line_is_found_and_named(desk: Desk) -> None:
    desk.known()
    assert desk.does("verify", CASE, "--json").data["holds"] is True
    with sqlite3.connect(desk.folder / "timglas.db") as database:
        triggers = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE timeline SET payload = replace(payload, '16.10', '18.10') WHERE sequence = 2")
        database.execute("UPDATE timeline SET payload = payload || ' ' WHERE sequence = 2")
    said = desk.types("verify", CASE)
    assert said.code == 1
    assert "brister på rad 2" in said.err
    assert json.loads(desk.types("verify", CASE, "--json").out)["broken_at"] == 2


def test_a_draft_is_shown_and_its_digest_given(desk: Desk) -> None:
    desk.decided()
    said = desk.does("draft", CASE, "anmälan", at="2023-04-26 11.00", by=OFFICER).out
    assert "Underlag för anmälan" in said
    assert f"timglas approve {CASE} supervisory_authority_notification --sha" in said


def test_reminders_go_out_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters.mail.sink import mail_sink
    from flows.host.server import free_port

    desk.known()
    port = free_port()
    monkeypatch.setenv("TIMGLAS_SMTP_PORT", str(port))
    monkeypatch.setenv("TIMGLAS_SMTP_TLS", "none")
    with mail_sink(desk.folder / "post", port):
        assert "Påminde 3 personer" in desk.does("remind", CASE, at="2023-04-26 16.20").out
        assert "Inget att påminna om" in desk.does("remind", CASE, at="2023-04-26 16.21").out


def test_the_file_of_a_case_is_written_proved_and_read_by_its_own_script(desk: Desk) -> None:
    desk.decided()
    folder = desk.folder / "akt"
    said = desk.does("file", CASE, f"--out={folder}", at="2023-05-24 10.00").out
    assert "akten är hel" in said
    assert (folder / "index.html").exists()
    script = [sys.executable, "-I", "-S", str(folder / "verifiera.py")]
    assert subprocess.run(script, capture_output=True, env={}, check=True).stdout.decode().startswith(CASE)
    assert desk.does("verify", str(folder), "--json").data["holds"] is True


def test_a_file_is_written_as_a_zip_where_that_is_asked_for(desk: Desk) -> None:
    desk.known()
    zipped = desk.folder / "akt.zip"
    told = desk.does("file", CASE, f"--out={zipped}", "--json", at="2023-05-24 10.00").data
    assert (told["path"], told["holds"]) == (str(zipped), True)
    assert "akten är hel" in desk.does("verify", str(zipped)).out


def test_a_changed_document_is_named_and_the_exit_code_says_so(desk: Desk) -> None:
    desk.known()
    folder = desk.folder / "akt"
    desk.does("file", CASE, f"--out={folder}", at="2023-05-24 10.00")
    (folder / "akt.json").write_bytes((folder / "akt.json").read_bytes().replace(b"8400", b"8401"))
    said = desk.types("verify", str(folder))
    assert (said.code, said.out) == (1, "")
    assert "1. akt.json: är ändrad" in said.err
    assert json.loads(desk.types("verify", str(folder), "--json").out)["faults"][0]["where"] == "akt.json"


def test_a_file_is_never_written_over_another(desk: Desk) -> None:
    desk.known()
    desk.does("file", CASE, f"--out={desk.folder / 'akt'}", at="2023-05-24 10.00")
    said = desk.types("file", CASE, f"--out={desk.folder / 'akt'}", at="2023-05-24 10.00")
    assert said.code == 2
    assert "finns redan" in said.err


def test_what_is_no_case_file_is_not_checked(desk: Desk) -> None:
    said = desk.types("verify", str(desk.folder))
    assert said.code == 2
    assert "manifest.json saknas" in said.err


def test_the_signature_of_a_time_stamp_is_checked_where_the_root_is_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with authority() as tsa, authority() as stranger:
        monkeypatch.setenv("TIMGLAS_TSA_URL", tsa.url)
        monkeypatch.setenv("TIMGLAS_TSA_ROOTS", str(tsa.roots))
        desk.known()
        folder = desk.folder / "akt"
        without_mail = replace(wire(), register=quiet(wire().register))
        asyncio.run(anchor_chain(CASE, now=parse_local("2023-04-25 17.00"), world=without_mail))
        desk.does("file", CASE, f"--out={folder}", at="2023-05-24 10.00")
        assert "dess underskrift håller" in desk.does("verify", str(folder)).out
        said = desk.types("verify", str(folder), f"--tsa-roots={stranger.roots}")
    assert said.code == 1
    assert "är ingen giltig tidsstämpel" in said.err


def without_triggers(desk: Desk, statement: str) -> None:
    """What somebody with the database in their hands can do."""
    with sqlite3.connect(desk.folder / "timglas.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)


def anchored(desk: Desk) -> Path:
    """Anchor the case as it stands, and return the registrar's mail as a file."""
    anchor = anchor_of(read(CASE, wire().timeline), wire())
    wire().archive.keep(CASE, anchor.name, anchor.statement.encode())
    mail = desk.folder / "mejl.txt"
    mail.write_text(f"Hej,\n{anchor.told}\n", encoding="utf-8")
    return mail


def test_a_cut_end_in_the_database_is_found_by_the_anchor_in_the_archive_and_by_the_mail(desk: Desk) -> None:
    desk.decided()
    mail = anchored(desk)
    assert "Handlingarna är de som lämnades" in desk.does("verify", CASE, f"--anchor={mail}").out
    without_triggers(desk, "DELETE FROM timeline WHERE sequence = (SELECT max(sequence) FROM timeline)")
    said = desk.types("verify", CASE)
    assert said.code == 1
    assert "slutet är avhugget" in said.err
    for file in (desk.folder / "files" / CASE / "forankring").iterdir():
        file.unlink()
    assert desk.types("verify", CASE).code == 0
    assert "slutet är avhugget" in desk.types("verify", CASE, f"--anchor={mail}").err


def test_a_document_swapped_in_the_archive_is_found(desk: Desk) -> None:
    desk.decided()
    desk.approved("anmälan", day="2023-04-26")
    words = ("filed", CASE, "--filed-at=2023-04-26 15.20")
    desk.does(*words, at="2023-04-26 15.25", by=OFFICER)
    anchored(desk)
    pdf = desk.folder / "files" / CASE / "anmalan" / "1-initial.pdf"
    pdf.chmod(0o600)
    pdf.write_bytes(b"%PDF-1.7 another sheet")
    said = desk.types("verify", CASE)
    assert said.code == 1
    assert "handlingar/anmalan/1-initial.pdf: är en annan handling" in said.err


def test_a_family_is_shown_whole_by_one_of_its_cases_and_by_its_name(desk: Desk) -> None:
    desk.decided()
    report = ("--family=rekrytering-2023", "--summary=Ligger nere.", "--source=Mejl", "--reported-at=2023-04-24 16.10")
    desk.does("new", "barn-och-utbildningsnamnden", *report, by=OFFICER)
    said = desk.does("family", CASE).out
    assert "Det här har de gjort olika:" in said
    assert "Inte bedömd: Barn- och utbildningsnämnden i Exempelkommun" in said
    told = desk.does("family", "rekrytering-2023", "--json").data
    assert [one["party"] for one in told["members"]] == ["barn-och-utbildningsnamnden", "kommunstyrelsen"]
    assert told["members"][1]["reasoning"] is not None
    assert told["members"][1]["notify_by"] == "2023-04-27T16:10:00+02:00"
    assert "finns inget ärende" in desk.refused("family", "nagot-annat")
