import asyncio
import os
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from models.breach_events import Risk
from models.errors import NotEntitled, StepOutOfOrder
from models.mail import Mail
from models.record_events import ReminderAcknowledged, ReminderPassedOn
from services.reminding.acknowledge import acknowledge, pass_on
from services.reminding.read_reminder_answer import Said, said
from services.sweep.read_mail import read_mail
from tests.fakes import later
from tests.services.office import DUE, NOTIFICATION, Office, at

HOUR = timedelta(hours=1)
SARA, BO = "dataskyddsombud@exempelkommun.example", "bo.exempel@exempelkommun.example"


@pytest.fixture
def reading(office: Office) -> Office:
    office.world = replace(office.world, reply_to="timglas@exempelkommun.example")
    return office


def reminded(office: Office, *, until: str = "2023-04-26 16.10") -> str:
    """A case in which the officer, the delegate and legal were last reminded with 24 hours left."""
    case = office.known()
    for when in ("2023-04-24 17.00", "2023-04-25 16.10", until):
        office.sweep(case, at(when))
    return case


def last_to(office: Office, address: str) -> Mail:
    return next(mail for mail in reversed(office.post.mails) if mail.to == address)


def reply(
    office: Office,
    mail: Mail,
    text: str,
    *,
    sender: str | None = None,
    when: str,
    read_at: str | None = None,
    **headers: str,
) -> int:
    """Somebody answers a message as mail programs do, and we read it, at once or later."""
    message = EmailMessage()
    message["From"] = sender or mail.to
    message["To"] = headers.pop("to", mail.reply_to)
    message["Subject"] = f"Sv: {mail.subject}"
    message["In-Reply-To"] = headers.pop("in_reply_to", mail.message_id)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"{text}\n\nDen 26 april skrev Timglas:\n> {mail.text[:200]}")
    folder = office.folder / "inkorg"
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}-{time.monotonic_ns()}.eml"
    path.write_bytes(message.as_bytes())
    arrived = at(when).timestamp()
    os.utime(path, (arrived, arrived))
    return asyncio.run(read_mail(now=at(read_at or when), world=office.world))


def answers(office: Office, case: str) -> list[ReminderAcknowledged | ReminderPassedOn]:
    return list(office.incident(case).answers)


def quiet_from(office: Office, case: str, start: str, end: str) -> bool:
    """Whether nobody was reminded from ``start`` until just before ``end``, though somebody looked every ten minutes."""
    before, now = len(office.post.mails), at(start)
    while now < at(end):
        office.sweep(case, now)
        now += timedelta(minutes=10)
    return len(office.post.mails) == before


def test_a_yes_by_mail_leaves_everybody_alone_for_four_hours_and_then_reminds_again(reading: Office) -> None:
    case = reminded(reading)
    reply(reading, last_to(reading, SARA), "Ja", when="2023-04-26 16.30")
    (given,) = answers(reading, case)
    assert isinstance(given, ReminderAcknowledged)
    assert (given.recorded_by, given.until) == ("sara.exempel", at("2023-04-26 20.30"))
    assert "gdpr.33.1" in given.deadlines
    confirmed = last_to(reading, SARA)
    assert confirmed.subject == f"Noterat: du har tagit hand om det ({case})"
    assert "onsdagen den 26 april 2023 kl. 20.30" in confirmed.text
    assert quiet_from(reading, case, "2023-04-26 16.40", "2023-04-26 20.30")
    reading.sweep(case, at("2023-04-26 20.30"))
    assert last_to(reading, SARA).sent_at == at("2023-04-26 20.30")
    assert Counter(reading.post.addresses)[BO] == 0
    reading.sweep(case, at("2023-04-26 21.30"))
    assert Counter(reading.post.addresses)[BO] == 1, "nobody answered this time, so the stand-in is called"


@pytest.mark.parametrize(
    "text, hours", [("JA 2", 2), ("Ja, 2 timmar", 2), ("ok", 4), ("ja 48", 12), ("Jag tar det", 4)]
)
def test_an_answer_may_say_for_how_long_but_not_for_longer_than_the_policy_allows(
    reading: Office, text: str, hours: int
) -> None:
    case = reminded(reading)
    reply(reading, last_to(reading, SARA), text, when="2023-04-26 16.30")
    (given,) = answers(reading, case)
    assert isinstance(given, ReminderAcknowledged)
    assert given.until - given.occurred_at == hours * HOUR


def test_a_no_by_mail_calls_the_next_in_line_at_once(reading: Office) -> None:
    case = reminded(reading)
    reply(reading, last_to(reading, SARA), "Nej, jag är på väg till sjukhuset.", when="2023-04-26 16.30")
    assert isinstance(answers(reading, case)[0], ReminderPassedOn)
    reading.sweep(case, at("2023-04-26 16.31"))
    assert last_to(reading, BO).sent_at == at("2023-04-26 16.31")


def test_never_past_the_time_limit(reading: Office) -> None:
    case = reminded(reading, until="2023-04-27 14.10")
    reply(reading, last_to(reading, SARA), "JA 12", when="2023-04-27 14.20")
    assert quiet_from(reading, case, "2023-04-27 14.30", "2023-04-27 16.10")
    reading.sweep(case, DUE + timedelta(minutes=1))
    assert last_to(reading, SARA).subject.startswith("Fristen har gått ut")


def test_an_answer_from_another_address_than_the_one_reminded_changes_nothing(reading: Office) -> None:
    case = reminded(reading)
    mail = last_to(reading, SARA)
    reply(reading, mail, "Ja", sender="anna.exempel@exempelkommun.example", when="2023-04-26 16.30")
    reply(reading, mail, "Ja", sender="angripare@ond.example", when="2023-04-26 16.31")
    assert answers(reading, case) == []
    assert [one.why for one in reading.world.mailbox.aside()] == ["not_understood"] * 2


def test_an_answer_that_quotes_no_reminder_of_ours_changes_nothing(reading: Office) -> None:
    case = reminded(reading)
    mail = last_to(reading, SARA)
    forged = mail.message_id.replace(mail.message_id[16:20], "aaaa")
    reply(reading, mail, "Ja", in_reply_to=forged, to="timglas@exempelkommun.example", when="2023-04-26 16.30")
    assert answers(reading, case) == []


@pytest.mark.parametrize("place", ["in_reply_to", "to"])
def test_the_token_is_found_in_the_address_or_in_the_header_alone(reading: Office, place: str) -> None:
    case = reminded(reading)
    other = {"in_reply_to": {"to": "timglas@exempelkommun.example"}, "to": {"in_reply_to": "<nagot@annat.example>"}}
    reply(reading, last_to(reading, SARA), "Ja", when="2023-04-26 16.30", **other[place])
    assert len(answers(reading, case)) == 1


@pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "bulk"}])
def test_a_holiday_reply_is_no_answer(reading: Office, header: dict[str, str]) -> None:
    case = reminded(reading)
    before = len(reading.post.mails)
    reply(reading, last_to(reading, SARA), "Ja, jag är på semester", when="2023-04-26 16.30", **header)
    assert answers(reading, case) == []
    assert len(reading.post.mails) == before, "a machine is not written to: it would answer"
    assert reading.world.mailbox.aside() == ()


def test_an_unclear_answer_is_asked_about_and_left_for_a_person(reading: Office) -> None:
    case = reminded(reading)
    reply(reading, last_to(reading, SARA), "Jag är på semester till måndag, hör med Bo.", when="2023-04-26 16.30")
    assert answers(reading, case) == []
    assert last_to(reading, SARA).subject == f"Svara JA eller NEJ ({case})"
    assert [one.why for one in reading.world.mailbox.aside()] == ["not_understood"]


def test_an_answer_when_everything_is_done_says_so(reading: Office) -> None:
    case = reminded(reading)
    mail = last_to(reading, SARA)
    reading.decide(case, Risk.RISK, when="2023-04-26 17.00")
    reading.explain(case, "records", when="2023-04-26 17.05")
    reading.drafted(case, NOTIFICATION, when="2023-04-26 17.10")
    reading.file(case, when="2023-04-26 17.20")
    reading.copy(case, when="2023-04-26 17.25")
    reading.decide(case, Risk.UNLIKELY, when="2023-04-26 17.30")
    reading.close(case, when="2023-04-26 18.00")
    reply(reading, mail, "Ja", when="2023-04-26 18.30")
    assert answers(reading, case) == []
    assert last_to(reading, SARA).subject == f"Det finns inget kvar att svara på ({case})"


def test_an_answer_read_twice_counts_once_and_is_confirmed_once(reading: Office) -> None:
    case = reminded(reading)
    reading.post.answers[SARA] = later()
    mail = last_to(reading, SARA)
    reply(reading, mail, "Ja", when="2023-04-26 16.30")
    reading.post.answers.clear()
    asyncio.run(read_mail(now=at("2023-04-26 16.50"), world=reading.world))
    assert len(answers(reading, case)) == 1


def test_the_same_is_done_from_the_desk(office: Office) -> None:
    case = reminded(office)
    now = at("2023-04-26 16.30")
    given = acknowledge(case, hours=2, by="anna.exempel", now=now, world=office.world)
    assert given.until == at("2023-04-26 18.30")
    pass_on(case, by="anna.exempel", now=now + HOUR, world=office.world)
    office.sweep(case, now + HOUR)
    assert Counter(office.post.addresses)[BO] == 1


def test_only_those_who_may_be_reminded_answer_and_only_while_something_is_open(office: Office) -> None:
    case = office.known()
    now = at("2023-04-24 17.00")
    with pytest.raises(StepOutOfOrder):
        acknowledge(case, by="sara.exempel", now=now, world=office.world)
    office.sweep(case, now)
    with pytest.raises(NotEntitled):
        acknowledge(case, by="maja.modell", now=now, world=office.world)
    with pytest.raises(NotEntitled):
        pass_on(case, by="registrator.exempelkommun", now=now, world=office.world)
    acknowledge(case, by="ulla.exempel", now=now, world=office.world)


@pytest.mark.parametrize(
    "text, meant",
    [
        ("JA", (Said.YES, None)),
        ("\n\n  ja 3 \n\nHälsningar", (Said.YES, 3)),
        ("Ja! Fixar det.", (Said.YES, None)),
        ("> JA\n> NEJ", (Said.UNCLEAR, None)),
        ("Nej", (Said.NO, None)),
        ("Kan inte, är sjuk", (Said.NO, None)),
        ("Ja, jag kan inte", (Said.UNCLEAR, None)),
        ("Ja men jag är på semester", (Said.UNCLEAR, None)),
        ("Jag är på semester", (Said.UNCLEAR, None)),
        ("Japp", (Said.UNCLEAR, None)),
        ("Januari", (Said.UNCLEAR, None)),
        ("ja 0", (Said.YES, None)),
        ("", (Said.UNCLEAR, None)),
    ],
)
def test_only_a_clear_yes_or_no_counts(text: str, meant: tuple[Said, int | None]) -> None:
    assert said(text) == meant
