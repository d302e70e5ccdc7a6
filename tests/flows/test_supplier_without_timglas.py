"""A supplier that sends no file: what a person types into the form, and a mail that a person passes on, at a desk that is up."""

import os
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from adapters.database.engine import engine
from adapters.database.timeline import SqlTimeline
from adapters.mail.sink import mail_sink
from flows.host.server import free_port
from models.incident import Incident
from models.replay import replay
from tests.running import Running, ago, desk, until

SARA = "sara.exempel – dataskyddsombud"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"
TYPED = {"sender": "Lönesystem AB", "their_reference": "LS-77", "by": SARA, "controller": BOARD}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home, smtp_port = tmp_path_factory.mktemp("home"), free_port()
    with mail_sink(home / "mail", smtp_port), desk(home, free_port(), TIMGLAS_SMTP_PORT=str(smtp_port)) as running:
        yield running


def cases(up: Running) -> dict[str, Incident]:
    timeline = SqlTimeline(engine(f"sqlite:///{up.home / 'timglas.db'}"))
    return {case: replay(timeline.read(case)) for case in timeline.incidents()}


def typed(up: Running) -> tuple[str, Incident]:
    """The one case that what was typed in has opened."""
    (found,) = [(case, one) for case, one in cases(up).items() if one.facts.processor == TYPED["sender"]]
    return found


def test_what_is_typed_into_the_form_opens_a_case_and_the_next_one_goes_on_with_it(up: Running) -> None:
    first = {"event": {"what_happened": "En anställd hos leverantören har läst löneuppgifter.", "breach_types": []}}
    assert up.fills_in("Ta emot underrättelse", **TYPED, arrived_at=ago(hours=3), facts=first).startswith("COMPLETED")
    case, incident = typed(up)
    assert incident.party == "kommunstyrelsen"
    assert [one.signed_by for one in incident.supply.received] == [None]
    assert up.waiting("Fastställ kännedom", case)
    more = {"people": {"n_subjects": "120"}}
    assert up.fills_in("Ta emot underrättelse", **TYPED, arrived_at=ago(hours=1), facts=more).startswith("COMPLETED")
    _, after = typed(up)
    assert [one.version for one in after.supply.received] == [1, 2]
    assert after.facts.n_subjects is not None


def test_a_mail_that_the_delegate_passes_on_opens_a_case_and_is_answered(up: Running) -> None:
    before = set(cases(up))
    mail = EmailMessage()
    mail["From"], mail["To"] = "anna.exempel@exempelkommun.example", "timglas@timglas.localhost"
    mail["Subject"] = "VB: Viktigt om ert passersystem"
    mail.set_content("-----Ursprungligt meddelande-----\nVi har haft ett intrång. Mvh Passersystem AB")
    file = up.home / "inkorg" / "vb.eml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(mail.as_bytes())
    arrived = time.time() - 1800
    os.utime(file, (arrived, arrived))
    (new,) = until(lambda: set(cases(up)) - before, "the case to be opened")
    incident = cases(up)[new]
    assert incident.report is not None
    assert abs(incident.report.occurred_at.timestamp() - arrived) < 60
    until(lambda: answered(up, new, "anna.exempel@exempelkommun.example"), "an answer to who passed it on")


def answered(up: Running, case: str, address: str) -> bool:
    mails = [file.read_bytes() for file in (up.home / "mail").rglob("*.eml")]
    return any(case.encode() in mail and f"To: {address}".encode() in mail for mail in mails)
