import asyncio
import os
import time
from datetime import timedelta

import pytest

from models.base import ENGINE
from models.mail import Mail
from models.recipient import DeliveryState
from models.record_events import ReminderPassedOn
from services.sweep.read_mail import read_mail
from tests.services.office import Office, at

SARA, BO = "dataskyddsombud@exempelkommun.example", "bo.exempel@exempelkommun.example"
MINUTE = timedelta(minutes=1)
WHEN = at("2023-04-24 17.05")
REPORT = """From: MAILER-DAEMON@mx.exempelkommun.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4Pq.1/mx"

--4Pq.1/mx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exempelkommun.example

Final-Recipient: rfc822; {whose}
Action: {action}
Status: {status}

--4Pq.1/mx
Content-Type: text/rfc822-headers

Message-ID: {name}

--4Pq.1/mx--
"""


def bounced(office: Office, mail: Mail, *, action: str = "failed", status: str = "5.1.1", verp: bool = True) -> int:
    token = mail.message_id.strip("<>").partition("@")[0]
    to = f"timglas+{token}@timglas.example" if verp else "timglas@timglas.example"
    name = "<other@example.org>" if verp else mail.message_id
    folder = office.folder / "inkorg"
    folder.mkdir(exist_ok=True)
    path = folder / f"{time.monotonic_ns()}.eml"
    path.write_text(REPORT.format(to=to, whose=mail.to, action=action, status=status, name=name), encoding="utf-8")
    os.utime(path, (WHEN.timestamp(),) * 2)
    return asyncio.run(read_mail(now=WHEN, world=office.world))


def reminded(office: Office) -> tuple[str, Mail]:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    return case, next(mail for mail in office.post.mails if mail.to == SARA)


@pytest.mark.parametrize("verp", [True, False], ids=["by the address it came to", "by the headers it quotes"])
def test_a_reminder_that_bounces_calls_the_next_in_line_at_once(office: Office, *, verp: bool) -> None:
    case, mail = reminded(office)
    assert BO not in office.post.addresses
    assert bounced(office, mail, verp=verp) == 1
    passed_on = [event for event in office.history(case) if isinstance(event, ReminderPassedOn)]
    assert [(event.recorded_by, event.occurred_at) for event in passed_on] == [(ENGINE, WHEN)]
    assert office.world.timeline.due(WHEN) == (case,)
    office.sweep(case, WHEN + MINUTE)
    assert office.post.addresses.count(BO) == 1
    assert office.post.addresses.count(SARA) == 1, "the same mailbox is not tried with the same reminder"


def test_the_ledger_says_which_reminder_came_back_and_only_that(office: Office) -> None:
    case, mail = reminded(office)
    bounced(office, mail)
    states = {row.entry.person: row.state for row in office.world.ledger.rows(case)}
    assert states.pop("sara.exempel") is DeliveryState.REFUSED
    assert set(states.values()) == {DeliveryState.SENT}


def test_a_bounce_that_comes_twice_calls_one_person_once(office: Office) -> None:
    case, mail = reminded(office)
    bounced(office, mail)
    bounced(office, mail, verp=False)
    assert office.words(case).count("reminder_passed_on") == 1
    assert office.world.mailbox.aside() == ()


def test_a_report_that_it_takes_time_changes_nothing(office: Office) -> None:
    case, mail = reminded(office)
    bounced(office, mail, action="delayed", status="4.4.7")
    assert "reminder_passed_on" not in office.words(case)
    assert office.world.mailbox.aside() == ()


def test_a_bounce_of_a_message_that_nobody_sent_is_left_to_a_person(office: Office) -> None:
    case, mail = reminded(office)
    bounced(office, mail.model_copy(update={"message_id": f"<{case.lower()}.{'a' * 26}@timglas.example>"}))
    assert "reminder_passed_on" not in office.words(case)
    assert len(office.world.mailbox.aside()) == 1
