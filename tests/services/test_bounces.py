import asyncio
import os
import time

import pytest

from models.mail import Incoming
from models.recipient import DeliveryState
from services.post.bounces import Finding, finding_of
from services.sweep.read_mail import read_mail
from tests.services.office import Office, at, person

RELEASED, SENT, LATER = "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-16 09.00"
HEADERS = "From: timglas@timglas.example\nTo: s0001@post.example\nMessage-ID: {name}\nSubject: Viktigt\n"

POSTFIX = """From: MAILER-DAEMON@mx.post.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4Pq.1/mx"

--4Pq.1/mx
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.post.example. <s0001@post.example>: host said: 550 5.1.1 User unknown

--4Pq.1/mx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.post.example
X-Postfix-Queue-ID: 4Pq1xY
Arrival-Date: Mon, 15 May 2023 09:05:01 +0000 (UTC)

Final-Recipient: rfc822; s0001@post.example
Original-Recipient: rfc822;s0001@post.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4Pq.1/mx
Content-Type: text/rfc822-headers

{headers}
--4Pq.1/mx--
"""

EXCHANGE = """From: postmaster@kommun.example
To: {to}
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_000_ex"
MIME-Version: 1.0
Content-Language: sv-SE
In-Reply-To: {name}
References: {name}
Subject: =?utf-8?Q?Kan_inte_levereras=3A_Viktigt?=
Auto-Submitted: auto-replied
X-MS-Exchange-Message-Is-Ndr:

--_000_ex
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGI+RGl0dCBtZWRkZWxhbmRlIGt1bmRlIGludGUgbGV2ZXJlcmFzPC9iPg==

--_000_ex
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR05.eurprd05.prod.outlook.com

Final-Recipient: rfc822;s0001@post.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound

--_000_ex
Content-Type: message/rfc822

{headers}
Hej

--_000_ex--
"""

GLOBAL = (
    POSTFIX.replace("=delivery-status", "=global-delivery-status")
    .replace("message/delivery-status", "message/global-delivery-status\nContent-Transfer-Encoding: 8bit")
    .replace("rfc822; s0001", "utf-8; ås0001")
    .replace("text/rfc822-headers", "message/global-headers")
)
"""How Postfix reports on an address with a Swedish letter."""

QMAIL = """From: MAILER-DAEMON@qmail.post.example
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at qmail.post.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<s0001@post.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{headers}
Hej
"""

AWAY = """From: s0001@post.example
To: {to}
Subject: =?utf-8?q?Fr=C3=A5nvarande?=
Auto-Submitted: auto-replied (vacation)
In-Reply-To: {name}

Jag är tillbaka den 20 maj.
"""

A_PERSON = """From: s0001@post.example
To: {to}
Subject: Re: Viktigt
In-Reply-To: {name}

Vad menar ni med det här?
"""


@pytest.fixture
def case(office: Office) -> str:
    """A case in which two people have had their letter by e-mail."""
    case = office.ready_to_write([person(1), person(2)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    return case


def name_of_the_first(office: Office) -> str:
    return next(mail.message_id for mail in office.post.mails if mail.to == "s0001@post.example")


def receive(office: Office, text: str, *, verp: bool = True, name: str | None = None, **values: str) -> None:
    """Drop the mail where incoming mail lies, and have it read."""
    name = name or name_of_the_first(office)
    token = name.strip("<>").partition("@")[0]
    to = f"timglas+{token}@timglas.example" if verp else "timglas@timglas.example"
    folder = office.folder / "inkorg"
    folder.mkdir(exist_ok=True)
    path = folder / "studs.eml"
    path.write_text(text.format(to=to, name=name, headers=HEADERS.format(name=name), **values), encoding="utf-8")
    os.utime(path, (time.time() - 60,) * 2)
    asyncio.run(read_mail(now=at(LATER), world=office.world))


def state_of_the_first(office: Office, case: str) -> DeliveryState:
    started = office.incident(case).started
    assert started is not None
    states = office.world.outbox.states(started.communication, started.sha256)
    return next(state for (key, _), state in states.items() if key == "s0001")


FAILED = {"action": "failed", "status": "5.1.1"}


@pytest.mark.parametrize("verp", [True, False])
@pytest.mark.parametrize("text", [POSTFIX, EXCHANGE, GLOBAL], ids=["postfix", "exchange", "global"])
def test_a_report_that_it_failed_is_recognised_by_its_address_or_by_what_it_quotes(
    office: Office, case: str, text: str, *, verp: bool
) -> None:
    receive(office, text, verp=verp, **FAILED)
    assert state_of_the_first(office, case) is DeliveryState.REFUSED
    assert office.world.mailbox.aside() == ()


def test_what_other_servers_write_is_understood_too(office: Office, case: str) -> None:
    receive(office, QMAIL)
    assert state_of_the_first(office, case) is DeliveryState.REFUSED


def test_the_person_is_reached_by_another_way_at_the_next_sweep(office: Office, case: str) -> None:
    receive(office, POSTFIX, **FAILED)
    assert case in office.world.timeline.due(at(LATER))
    office.sweep(case, at(LATER))
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper) == (1, 1)
    assert "s0001" in office.papers(case)


def test_a_bounce_that_arrives_twice_is_one_bounce(office: Office, case: str) -> None:
    receive(office, POSTFIX, **FAILED)
    office.sweep(case, at(LATER))
    receive(office, POSTFIX, action="failed", status="5.0.0")
    office.sweep(case, at(LATER))
    assert office.words(case).count("deliveries_returned") == 1


@pytest.mark.parametrize("text", [POSTFIX, GLOBAL], ids=["postfix", "global"])
def test_a_server_that_still_tries_has_not_failed(office: Office, case: str, text: str) -> None:
    receive(office, text, action="delayed", status="4.4.1")
    assert state_of_the_first(office, case) is DeliveryState.SENT
    assert office.world.mailbox.aside() == ()


def test_one_that_gave_up_trying_has(office: Office, case: str) -> None:
    receive(office, POSTFIX, action="failed", status="4.4.7")
    assert state_of_the_first(office, case) is DeliveryState.REFUSED


def test_that_somebody_is_away_is_read_and_changes_nothing(office: Office, case: str) -> None:
    receive(office, AWAY)
    assert state_of_the_first(office, case) is DeliveryState.SENT
    assert office.world.mailbox.aside() == ()


def test_what_a_person_writes_is_for_a_person_to_read(office: Office, case: str) -> None:
    receive(office, A_PERSON)
    assert state_of_the_first(office, case) is DeliveryState.SENT
    assert [waiting.why for waiting in office.world.mailbox.aside()] == ["not_understood"]


def test_nobody_can_report_a_message_they_have_not_seen(office: Office, case: str) -> None:
    receive(office, POSTFIX, name=f"<{'0' * 40}@timglas.example>", **FAILED)
    assert state_of_the_first(office, case) is DeliveryState.SENT
    assert [waiting.why for waiting in office.world.mailbox.aside()] == ["not_understood"]


def test_the_reason_is_kept_and_the_address_is_not(office: Office, case: str) -> None:
    receive(office, POSTFIX, action="failed", status="5.2.2")
    office.sweep(case, at(LATER))
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert "post.example" not in payloads
    database = (office.folder / "timglas.sqlite").read_bytes() + (office.folder / "timglas.sqlite-wal").read_bytes()
    assert b"5.2.2" in database
    assert b"s0001@post.example" not in database


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Content-Type: multipart/report\r\n\r\n",
        b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n--x--',
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/global-delivery-status\n\nA: b\n\n\xff\n--x--",
        b"Subject: =?utf-8?q?=FF=FE?=\r\n\r\n\xff\xfe",
    ],
)
def test_what_is_hardly_mail_is_no_finding(content: bytes) -> None:
    assert finding_of(Incoming(key="0" * 64, arrived_at=at(LATER), content=content)) is None


@pytest.mark.parametrize(
    "header", ["To: Alla: anna@post.example; bo@post.example", "Cc: Styrelsen:anna@post.example;x"]
)
def test_a_header_that_nobody_can_read_stops_no_reading_and_the_message_is_put_aside(
    office: Office, case: str, header: str
) -> None:
    receive(office, f"From: anna@post.example\n{header}\nSubject: Hej\n\nVem gäller brevet?\n")
    assert [waiting.why for waiting in office.world.mailbox.aside()] == ["not_understood"]


def test_a_report_without_a_status_still_says_that_it_failed() -> None:
    text = POSTFIX.format(to="x@y.example", action="failed", status="", headers="").replace("Status: \n", "")
    found = finding_of(Incoming(key="0" * 64, arrived_at=at(LATER), content=text.encode()))
    assert found == Finding(failed=True, reason="bounced")
