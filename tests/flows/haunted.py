"""A case worked at the desk from the first report to the archive, with a planted person in whatever may hold one.

Persons come in by the list of recipients, by mail (an answer, a bounce of each kind, an automatic answer, what nobody
understands), by a copy of what was filed, and by forms, where a personnummer is typed in every spelling and refused.
"""

import csv
import os
import subprocess
import sys
import time
from email import message_from_string
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from functools import partial
from pathlib import Path
from urllib.error import HTTPError

import pytest

from adapters.settings import CHECKOUT
from tests.running import Running, ago, until

SARA, ANNA = "sara.exempel – dataskyddsombud", "anna.exempel – HR-direktör"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"
NUMBERS = ("811218-9876", "8112189876", "19811218-9876", "198112189876", "811218 9876", "811218+9876", "701063-2391")
PERSON = {
    "name": "Kanarie Kvitterström",
    "email": "kanarie.kvitterstrom@post.example",
    "street": "Kanariegränd 17",
    "city": "Kanarieköping",
}
GONE = {**PERSON, "name": "Kvittra Gladström", "email": "finns-inte@kanarieort.example", "street": "Kvittergatan 3"}
FULL = {**PERSON, "name": "Pippi Fullbrevström", "email": "pippi.full@kanariepost.example", "street": "Pipstigen 11"}
HIDDEN = {**PERSON, "name": "Tyst Gömmaström", "email": "tyst.gommastrom@post.example", "street": "Tystgatan 5"}
LISTED = (PERSON, GONE, FULL, HIDDEN)
SECRETS = {word for person in LISTED for word in person.values()} | set(NUMBERS)
TYPED = "Kontrollsson i Kontrollköping"
"""A name in a form, which no form can know for one. Prefect keeps it, so that a search can be seen to find it."""
SEND = "Skicka det godkända brevet"
FACTS = {
    "event": {
        "what_happened": "En klasslista mejlades till alla vårdnadshavare.",
        "how_discovered": "En förälder ringde.",
        "breach_types": ["Konfidentialitet (obehörigt röjande eller obehörig åtkomst)"],
        "cause": "Den mänskliga faktorn",
        "malicious": "Nej",
        "ongoing": "Nej",
    },
    "people": {
        "data_subject_categories": ["elever"],
        "n_subjects": "4",
        "children": "Ja",
        "other_countries": "Nej",
        "protected_identities": "Ja",
    },
    "data": {
        "data_categories": ["kontaktuppgifter"],
        "told_data": "Ditt namn, din klass och din adress.",
        "n_records": "4",
    },
    "consequences": {
        "consequences": ["Förlorad kontroll över sina uppgifter"],
        "consequences_described": "Någon kan få veta var barnen bor.",
        "told_consequences": "Någon kan få veta var du bor.",
    },
    "measures": {
        "measures_taken": ["Mottagarna har ombetts radera mejlet."],
        "advice_to_persons": ["Var uppmärksam på oväntade samtal."],
    },
}


def work_the_case(up: Running, files: Path) -> None:
    """Work the whole case. ``files`` is a folder that the officer's own files lie in."""
    _open(up, files)
    _type_what_is_refused(up)
    _notify(up, files)
    _write_to_the_people(up, files)
    _answer_by_mail(up)
    _post_the_rest(up)
    _close(up)


def _open(up: Running, files: Path) -> None:
    opened = {"parties": [BOARD], "family": "klasslista", "summary": "En klasslista mejlades till alla."}
    up.fills_in("Ny incident", **opened, source=TYPED, reported_at=ago(hours=3), by=SARA)
    _done(up, "Uppgifter om incidenten", facts=FACTS, source="Rektor", known_at=ago(hours=2), by=SARA)
    aware = {"aware_at": ago(hours=3), "evidence": "Anteckning", "reasoning": "Rektor har bekräftat."}
    _done(up, "Fastställ kännedom", **aware, by=SARA)
    answers = {"answers": {"security_sensitive": "Nej", "law_enforcement_purpose": "Nej"}}
    _done(up, "Välj regelverk", **answers, reasoning="En skola brottsbekämpar inte.", by=SARA)
    _done(up, "Bedöm risk", level="Hög risk", reasoning="Adresser till barn har spridits.", by=ANNA)


def _type_what_is_refused(up: Running) -> None:
    """A number in a form, in a run's name, in a waiting decision, in a file's name, and in an act that is refused."""
    known = {one["name"]: one["id"] for one in up.asks("/deployments/filter", {"limit": 100})}
    said = {"incident_id": up.case, "reasoning": "Klart.", "lessons": "Inga.", "by": ANNA}
    for number in NUMBERS:
        typed = {**said, "reasoning": f"Det gällde {number}."}
        bodies = (
            {"parameters": typed},
            {"parameters": typed, "enforce_parameter_schema": False},
            {"parameters": said, "name": f"Avsluta för {number}"},
            {"parameters": said, "tags": [number]},
            {"parameters": said, "state": {"type": "SCHEDULED", "message": f"Om {number}"}},
        )
        for body in bodies:
            _refused(up, f"/deployments/{known['Avsluta ärende']}/create_flow_run", body)
        listed = {"incident_id": up.case, "file": f"/tmp/{number}.csv", "by": SARA}
        _refused(up, f"/deployments/{known['Läs in mottagare']}/create_flow_run", {"parameters": listed})
        waits = up.answers("Informera registrerade", up.case, by=ANNA, act=SEND, reasoning=f"Listan gällde {number}.")
        assert waits.startswith("REJECT"), number
        assert number not in waits
    assert "FAILED" in up.fills_in("Avsluta ärende", incident_id=up.case, reasoning="Klart.", lessons="Inga.", by=ANNA)


def _refused(up: Running, path: str, body: dict[str, object]) -> None:
    with pytest.raises(HTTPError, match="409") as refusal:
        up.asks(path, body)
    assert found(refusal.value.read().decode()) == []


def found(text: str) -> list[str]:
    """Return what of the planted stands in ``text``."""
    return sorted(word for word in SECRETS if word in text)


def _notify(up: Running, files: Path) -> None:
    """The receipt that is handed in names a person, as an authority's copy may."""
    _done(up, "Anmälan till IMY", by=SARA)
    _with_code(up, "Godkänn anmälan till IMY")
    filing = {"filed_at": ago(), "by": SARA}
    until(partial(_answered, up, "Registrera anmälan", filing), "the filing to be registered")
    copy = files / "kvittens.html"
    copy.write_text(f"<!DOCTYPE html><title>Tack</title><p>{PERSON['name']}, {NUMBERS[0]}</p>", encoding="utf-8")
    until(partial(_answered, up, "Spara kopian", {"document": str(copy), "by": SARA}), "the copy to be kept")


def _write_to_the_people(up: Running, files: Path) -> None:
    good, bad = files / "mottagare.csv", files / "fel.csv"
    kept = {"postcode": "99140", "protection": "none", "number": ""}
    rows = [{"id": f"p{place}", **person, **kept} for place, person in enumerate(LISTED)]
    rows[0]["number"], rows[-1]["protection"] = NUMBERS[0], "secrecy_marked"
    _table(good, rows)
    _table(bad, [{**rows[0], "id": "", "postcode": PERSON["street"], "protection": PERSON["name"]}])
    assert found(up.fills_in("Läs in mottagare", incident_id=up.case, file=str(bad), by=SARA)) == []
    _done(up, "Läs in mottagare", file=str(good), by=SARA)
    _done(up, "Ta fram skrivelse", letter="Information till den registrerade", issue_at=ago(), by=SARA)
    _done(up, "Förhandsgranska brev", letter="Information till den registrerade", specimens="Ja", by=SARA)
    _with_code(up, "Godkänn information")
    _with_code(up, "Informera registrerade", act=SEND)
    until(lambda: mails_to(up, FULL["email"]), "the letters to the people")
    until(lambda: [run for run in up.runs("Skicka brev") if run["state"]["type"] == "COMPLETED"], "the sending")


def _answer_by_mail(up: Running) -> None:
    """A person writes back, servers say in two ways that a letter did not arrive, and a sweep reads them all."""
    letter, bounced = (_message_id(mails_to(up, person["email"])[0]) for person in (PERSON, FULL))
    told = f"Jag heter {PERSON['name']}, {NUMBERS[0]}, och bor på {PERSON['street']}.\n"
    mails = {
        "svar": _mail(f"Fråga från {PERSON['name']}", told, letter),
        "ledig": _mail("Autosvar", told, letter, auto="auto-replied"),
        "okänt": _mail(f"Hej från {PERSON['name']}", told, "<någon@annan.example>"),
        "gammal studs": _mail("Undelivered Mail Returned to Sender", told, letter),
        "studs": _report(bounced),
    }
    for name, mail in mails.items():
        file = up.home / "inkorg" / f"{PERSON['name']} {name}.eml"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(mail.as_bytes())
        earlier = time.time() - 60
        os.utime(file, (earlier, earlier))
    until(lambda: not list((up.home / "inkorg").glob("*.eml")), "the mails to be read")


def _mail(subject: str, text: str, about: str, auto: str = "no") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = PERSON["email"], "timglas@timglas.localhost", subject
    mail["References"], mail["Auto-Submitted"] = about, auto
    mail.set_content(text)
    return mail


def _report(about: str) -> Message:
    """A delivery status notification as RFC 3464 has it, with the name, the address and the number in its parts."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["To"] = "MAILER-DAEMON@kanariepost.example", "timglas@timglas.localhost"
    report["Subject"] = f"Undelivered: {FULL['name']}"
    report.attach(MIMEText(f"The mailbox of {FULL['name']} ({NUMBERS[0]}) is full.\n", "plain", "utf-8"))
    status = MIMENonMultipart("message", "delivery-status")
    about_server = message_from_string("Reporting-MTA: dns; kanariepost.example\n")
    about_person = message_from_string(
        f"Final-Recipient: rfc822; {FULL['email']}\nAction: failed\nStatus: 5.2.2\n"
        f"Diagnostic-Code: smtp; 552 5.2.2 <{FULL['email']}> {FULL['street']}\n"
    )
    status.set_payload([about_server, about_person])
    report.attach(status)
    quoted = MIMENonMultipart("text", "rfc822-headers")
    quoted.set_payload(f"To: {FULL['name']} <{FULL['email']}>\nMessage-ID: {about}\n", "utf-8")
    report.attach(quoted)
    return report


def _message_id(mail: Path) -> str:
    lines = mail.read_text("utf-8", errors="replace").splitlines()
    return next(line for line in lines if line.lower().startswith("message-id:")).partition(":")[2].strip()


def _post_the_rest(up: Running) -> None:
    """The two whose mail came back get paper, and the hidden one a sealed letter."""
    until(partial(_wait_to_be_posted, up, 3), "three letters to be written")
    sealed = {"channel": "Förmedlat brev i förseglat kuvert", "by": ANNA}
    _done(up, "Ta ut brev på papper", by=SARA)
    _done(up, "Ta ut brev på papper", **sealed)
    _done(up, "Ta ut brev på papper", **sealed, code=up.code(up.case))
    for batch in (1, 2):
        _done(up, "Registrera postade brev", batch=batch, posted_at=ago(), by=SARA)


def _wait_to_be_posted(up: Running, letters: int) -> bool:
    ends = [run["state"]["message"] or "" for run in up.runs("Skicka brev")]
    return any(f" {letters} brev är skrivna" in said for said in ends)


def _close(up: Running) -> None:
    closing = {"reasoning": "Allt är gjort.", "lessons": "Klasslistor skickas inte med mejl.", "by": ANNA}
    until(partial(_answered, up, "Avsluta ärende", closing), "the case to be closed")
    _done(up, "Öppna ärende igen", reasoning="En förälder har hört av sig igen.", by=ANNA)
    until(partial(_answered, up, "Avsluta ärende", closing), "the case to be closed again")
    _done(up, "Arkivera ärende", by=SARA)
    _done(up, "Skriv akten")
    with (up.home / "terminal.log").open("ab") as log:
        for words in (
            ["show", up.case],
            ["timeline", up.case],
            ["verify", up.case],
            ["erase", up.case, "--by", "anna.exempel"],
        ):
            command = [sys.executable, "-c", "from flows.cli import main; main()", *words]
            environment = {**os.environ, "TIMGLAS_HOME": str(up.home)}
            subprocess.run(command, check=True, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)


def _done(up: Running, form: str, **answers: object) -> None:
    ended = up.fills_in(form, incident_id=up.case, **answers)
    assert ended.startswith("COMPLETED"), ended


def _with_code(up: Running, question: str, **given: str) -> None:
    """Answer for a code, and answer again with it."""
    asked = until(partial(_code_is_sent, up, question, given), f"a code for {question}")
    assert up.answers(question, up.case, after=asked, code=up.code(up.case), **given).startswith("COMPLETED")


def _code_is_sent(up: Running, question: str, given: dict[str, str]) -> str | None:
    """Answer what waits, and return its run once it sent a code; a sweep may have replaced the question meanwhile."""
    asked = up.waiting(question, up.case)
    return asked if "kod" in up.answers(question, up.case, by=ANNA, **given) else None


def _answered(up: Running, question: str, given: dict[str, str]) -> bool:
    """Answer what waits, and tell whether it was recorded; a sweep may have replaced the question meanwhile."""
    return up.answers(question, up.case, **given).startswith("COMPLETED")


def _table(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        written = csv.DictWriter(lines, list(rows[0]))
        written.writeheader()
        written.writerows(rows)


def mails_to(up: Running, address: str) -> list[Path]:
    """Return the mails to an address that the mail server was given in the case."""
    mails = sorted((up.home / "mail" / up.case).rglob("*.eml"))
    return [file for file in mails if f"To: {address}" in file.read_text("utf-8", errors="replace")]
