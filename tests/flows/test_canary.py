"""Names, numbers and addresses are planted wherever they may come in; what Prefect and the logs hold is searched after."""

import csv
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from urllib.error import HTTPError

import pytest

from adapters.mail.sink import mail_sink
from flows.server import free_port
from models.instants import local
from tests.planted import found_in
from tests.running import Running, desk, until

SARA, ANNA = "sara.exempel – dataskyddsombud", "anna.exempel – HR-direktör"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"
CASE = "INC-2026-0001"
NUMBER = "811218-9876"
PERSON = {
    "name": "Kanarie Kvitterström",
    "email": "kanarie.kvitterstrom@post.example",
    "street": "Kanariegränd 17",
    "city": "Kanarieköping",
}
GONE = {**PERSON, "name": "Kvittra Gladström", "email": "finns-inte@kanarieort.example", "street": "Kvittergatan 3"}
HIDDEN = {**PERSON, "name": "Tyst Gömmaström", "email": "tyst.gommastrom@post.example", "street": "Tystgatan 5"}
SECRETS = {*PERSON.values(), *GONE.values(), *HIDDEN.values(), NUMBER, NUMBER.replace("-", "")}
SEND = "Skicka det godkända brevet"


@pytest.fixture(scope="module")
def haunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk at which a case has been worked with a planted person in every list, mail and answer that came in."""
    home, files, smtp_port = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files"), free_port()
    with mail_sink(home / "mail", smtp_port), desk(home, free_port(), TIMGLAS_SMTP_PORT=str(smtp_port)) as up:
        _open(up)
        _type_what_is_refused(up)
        _write_to_the_person(up, files)
        _answer_by_mail(up)
        yield up


def _open(up: Running) -> None:
    opened = {"parties": [BOARD], "family": "klasslista", "summary": "En klasslista mejlades till alla."}
    up.fills_in("Ny incident", **opened, source="Rektor", reported_at=_ago(hours=3), by=SARA)
    facts = {
        "event": {"what_happened": "En klasslista mejlades till alla vårdnadshavare.", "breach_types": []},
        "people": {"data_subject_categories": ["elever"], "n_subjects": "3", "children": "Ja"},
        "data": {"data_categories": ["kontaktuppgifter"], "told_data": "Ditt namn, din klass och din adress."},
        "consequences": {
            "consequences_described": "Någon kan få veta var barnen bor.",
            "told_consequences": "Någon kan få veta var du bor.",
        },
        "measures": {
            "measures_taken": ["Mottagarna har ombetts radera mejlet."],
            "advice_to_persons": ["Var uppmärksam på oväntade samtal."],
        },
    }
    stated = {"facts": facts, "source": "Rektor", "known_at": _ago(hours=2), "by": SARA}
    assert up.fills_in("Uppgifter om incidenten", incident_id=CASE, **stated).startswith("COMPLETED")
    aware = {"aware_at": _ago(hours=3), "evidence": "Anteckning", "reasoning": "Rektor har bekräftat.", "by": SARA}
    assert up.fills_in("Fastställ kännedom", incident_id=CASE, **aware).startswith("COMPLETED")
    decided = {"level": "Hög risk", "reasoning": "Adresser till barn har spridits.", "by": ANNA}
    assert up.fills_in("Bedöm risk", incident_id=CASE, **decided).startswith("COMPLETED")


def _type_what_is_refused(up: Running) -> None:
    """A number in a form, in a run's name, in a waiting decision, and in an act that the record refuses."""
    known = {one["name"]: one["id"] for one in up.asks("/deployments/filter", {"limit": 100})}
    said = {"incident_id": CASE, "reasoning": f"Det gällde {NUMBER}.", "lessons": "Inga.", "by": ANNA}
    named = {"parameters": {**said, "reasoning": "Klart."}, "name": f"Avsluta för {NUMBER}"}
    for body in ({"parameters": said}, {**named}, {"parameters": said, "enforce_parameter_schema": False}):
        with pytest.raises(HTTPError, match="409"):
            up.asks(f"/deployments/{known['Avsluta ärende']}/create_flow_run", body)
    assert "REJECT" in up.answers("Välj regelverk", CASE, by=SARA, reasoning=f"Listan gällde {NUMBER}.")
    assert "FAILED" in up.fills_in("Avsluta ärende", incident_id=CASE, reasoning="Klart.", lessons="Inga.", by=ANNA)


def _write_to_the_person(up: Running, files: Path) -> None:
    good, bad = files / "mottagare.csv", files / "fel.csv"
    rows = [
        {"id": "p1", **PERSON, "postcode": "99140", "protection": "none", "number": NUMBER},
        {"id": "p2", **GONE, "postcode": "99140", "protection": "none", "number": ""},
        {"id": "p3", **HIDDEN, "postcode": "99140", "protection": "secrecy_marked", "number": ""},
    ]
    _table(good, rows)
    _table(bad, [{**rows[0], "id": "", "postcode": PERSON["street"], "protection": PERSON["name"]}])
    up.fills_in("Läs in mottagare", incident_id=CASE, file=str(bad), by=SARA)
    assert up.fills_in("Läs in mottagare", incident_id=CASE, file=str(good), by=SARA).startswith("COMPLETED")
    letter = {"letter": "Information till den registrerade", "issue_at": _ago(), "by": SARA}
    assert up.fills_in("Ta fram skrivelse", incident_id=CASE, **letter).startswith("COMPLETED")
    for question, given in (("Godkänn information", {}), ("Informera registrerade", {"act": SEND})):
        asked = until(partial(_code_is_sent, up, question, given), f"a code for {question}")
        assert up.answers(question, CASE, after=asked, code=up.code(CASE), **given).startswith("COMPLETED")
    until(lambda: _mails_to(up, PERSON["email"]), "the letter to the person")
    until(lambda: [run for run in up.runs("Skicka brev") if run["state"]["type"] == "COMPLETED"], "the sending")


def _code_is_sent(up: Running, question: str, given: dict[str, str]) -> str | None:
    """Answer what waits, and return its run once it sent a code; a sweep may have replaced the question meanwhile."""
    asked = up.waiting(question, CASE)
    return asked if "kod" in up.answers(question, CASE, by=ANNA, **given) else None


def _answer_by_mail(up: Running) -> None:
    """The person writes back, a server says that a letter did not arrive, and a sweep reads both."""
    letter = _mails_to(up, PERSON["email"])[0].read_text("utf-8", errors="replace")
    sent = next(line for line in letter.splitlines() if line.lower().startswith("message-id:"))
    for number, subject in enumerate((f"Fråga från {PERSON['name']}", "Undelivered Mail Returned to Sender")):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = PERSON["email"], "timglas@timglas.localhost", subject
        mail["References"] = sent.partition(":")[2].strip()
        mail.set_content(f"Jag heter {PERSON['name']}, {NUMBER}, och bor på {PERSON['street']}.\n")
        file = up.home / "inkorg" / f"{PERSON['name']} {number}.eml"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(mail.as_bytes())
        earlier = time.time() - 60
        os.utime(file, (earlier, earlier))
    until(lambda: not list((up.home / "inkorg").glob("*.eml")), "the mails to be read")


def _table(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        written = csv.DictWriter(lines, list(rows[0]))
        written.writeheader()
        written.writerows(rows)


def _mails_to(up: Running, address: str) -> list[Path]:
    mails = sorted((up.home / "mail" / CASE).rglob("*.eml"))
    return [file for file in mails if f"To: {address}" in file.read_text("utf-8", errors="replace")]


def _ago(**ago: float) -> str:
    return f"{local(datetime.now(UTC) - timedelta(**ago)):%Y-%m-%d %H.%M}"


def test_the_person_was_written_to_so_that_there_was_something_to_leak(haunted: Running) -> None:
    assert len(_mails_to(haunted, PERSON["email"])) == 1
    assert found_in(haunted.home / "mail", [PERSON["email"]])


def test_prefect_knows_the_officer_and_nothing_of_any_data_subject(haunted: Running) -> None:
    assert found_in(haunted.home / "prefect", ["sara.exempel"]), "what it may know stands there, so this can find it"
    assert found_in(haunted.home / "prefect", SECRETS) == {}


def test_our_own_record_holds_nothing_of_any_data_subject_in_the_open(haunted: Running) -> None:
    for file in haunted.home.glob("timglas.db*"):
        assert found_in(file, SECRETS) == {}


def test_no_log_and_no_file_name_of_ours_tells_of_any_data_subject(haunted: Running) -> None:
    names = "\n".join(str(file.relative_to(haunted.home)) for file in haunted.home.rglob("*"))
    assert [word for word in SECRETS if word in names] == []
    for log in haunted.home.rglob("*.log"):
        assert found_in(log, SECRETS) == {}
