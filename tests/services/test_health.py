import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.errors import UncertainPostError
from models.health import Beat, Check, Finding, State
from models.recipient import DeliveryState
from models.reminder import Entry, StepClaim
from services.confirm import send_code
from services.people.start_communication import release_of
from services.ports.world import World
from services.sweep.sweep import SWEEP, TAKEN_OVER
from services.sweep.sweep import sweep as sweep_due
from services.watch.health import WATCH, health
from tests.fakes import Around, later, refused, uncertain
from tests.services.office import Office, at, person

NOW = at("2023-04-24 17.00")
MINUTE = timedelta(minutes=1)
FREE = 10_000


def look(*, now: datetime, world: World) -> tuple[Finding, ...]:
    return asyncio.run(health(now=now, world=world))


def sweep(*, now: datetime, world: World, name: str = SWEEP) -> None:
    asyncio.run(sweep_due(now=now, world=world, name=name))


def found(office: Office, now: datetime = NOW) -> dict[Check, Finding]:
    roomy = office.with_parts(vitals=Around(office.world.vitals, free_megabytes=lambda: FREE))
    return {one.check: one for one in look(now=now, world=roomy.world)}


def alarms(findings: dict[Check, Finding]) -> set[Check]:
    return {check for check, one in findings.items() if one.state is State.ALARM}


def awake(office: Office, now: datetime = NOW) -> Office:
    """A sweep has just ended, and the watch has just looked."""
    sweep(now=now, world=office.world)
    office.world.heartbeat.beat(Beat(name=WATCH, started_at=now, ended_at=now))
    return office


def test_an_installation_that_works_has_no_alarm_and_says_how_each_part_is(office: Office) -> None:
    office.known()
    findings = found(awake(office))
    assert alarms(findings) == set()
    assert findings[Check.SWEEP].said == "Det senaste svepet var 24 april 2023 kl. 17.00."
    assert all(one.said and not one.remedy for one in findings.values())


def test_before_the_first_sweep_nobody_is_reminded_and_that_is_an_alarm(office: Office) -> None:
    finding = (found(office))[Check.SWEEP]
    assert finding.state is State.ALARM
    assert finding.remedy


@pytest.mark.parametrize("minutes, late", [(5, False), (6, True)])
def test_a_sweep_may_be_silent_for_five_minutes(office: Office, minutes: int, *, late: bool) -> None:
    awake(office)
    findings = found(office, NOW + minutes * MINUTE)
    assert (Check.SWEEP in alarms(findings)) is late
    assert "6 minuter" in findings[Check.SWEEP].said or not late


def test_while_the_watch_sweeps_the_alarm_says_so_and_does_not_end(office: Office) -> None:
    awake(office)
    hours_later = NOW + timedelta(hours=12)
    sweep(now=hours_later, world=office.world, name=TAKEN_OVER)
    finding = (found(office, hours_later))[Check.SWEEP]
    assert finding.state is State.ALARM
    assert "Vakten påminner" in finding.said


def test_a_sweep_that_failed_in_a_case_is_an_alarm_with_their_number(office: Office) -> None:
    awake(office)
    office.world.heartbeat.beat(Beat(name=SWEEP, started_at=NOW, ended_at=NOW, due=3, faults=1))
    assert "1 ärende " in (found(office))[Check.SWEEP].said
    office.world.heartbeat.beat(Beat(name=SWEEP, started_at=NOW, ended_at=NOW, due=3, faults=2))
    findings = found(office)
    assert "2 ärenden " in findings[Check.SWEEP].said
    assert alarms(findings) == {Check.SWEEP}


def test_a_clock_behind_the_last_sweep_is_an_alarm_and_so_is_one_that_was_set_back(office: Office) -> None:
    awake(office, NOW + timedelta(hours=3))
    assert Check.CLOCK in alarms(found(office))
    awake(office)
    assert Check.CLOCK in alarms(found(office)), "what it sent too early is worth a look"
    assert Check.CLOCK not in alarms(found(office, NOW + timedelta(hours=25)))


def test_a_case_that_every_sweep_passes_by_is_an_alarm(office: Office) -> None:
    awake(office)
    office.known()
    office.world.heartbeat.beat(Beat(name=SWEEP, started_at=NOW, ended_at=NOW))
    findings = found(office)
    assert alarms(findings) == {Check.CASES}
    assert "10 minuter" in findings[Check.CASES].said


def test_deadlines_that_have_run_out_are_noted_and_not_alarmed_of(office: Office) -> None:
    office.known()
    long_after = at("2023-05-08 17.00")
    finding = (found(awake(office, long_after), long_after))[Check.CASES]
    assert finding.state is State.NOTE


def test_a_reminder_that_the_mail_server_puts_off_is_an_alarm_after_half_an_hour(office: Office) -> None:
    office.known()
    office.post.answers = dict.fromkeys(["dataskyddsombud@exempelkommun.example"], later())
    awake(office)
    assert Check.REMINDERS not in alarms(found(office, NOW + 30 * MINUTE))
    findings = found(office, NOW + 31 * MINUTE)
    assert Check.REMINDERS in alarms(findings)
    assert findings[Check.REMINDERS].said.startswith("1 påminnelse ")


@pytest.mark.parametrize("state", [DeliveryState.CLAIMED, DeliveryState.UNCERTAIN])
def test_a_reminder_of_which_nobody_knows_whether_it_arrived_is_an_alarm(office: Office, state: DeliveryState) -> None:
    case = office.known()
    awake(office)
    entry = Entry(case, "gdpr.33.1", "gdpr.33.1 -2 h", "sara.exempel")
    office.world.ledger.claim([StepClaim(entry, NOW, "<a@b>")], now=NOW)
    if state is DeliveryState.UNCERTAIN:
        office.world.ledger.settle([([entry], state, "")], now=NOW)
    assert Check.UNCERTAIN not in alarms(found(office, NOW + 5 * MINUTE)), "it may still be on its way"
    findings = found(office, NOW + 11 * MINUTE)
    assert Check.UNCERTAIN in alarms(findings)
    assert case in findings[Check.UNCERTAIN].said
    office.world.ledger.settle_uncertain([entry], arrived=True, now=NOW + 12 * MINUTE)
    assert Check.UNCERTAIN not in alarms(found(office, NOW + 12 * MINUTE))


def test_a_reminder_that_a_mailbox_refuses_is_an_alarm_until_something_reaches_it(office: Office) -> None:
    case = office.known()
    office.post.answers = dict.fromkeys(["dataskyddsombud@exempelkommun.example"], refused())
    awake(office)
    findings = found(office)
    assert alarms(findings) == {Check.REFUSED}
    assert findings[Check.REFUSED].said == f"1 påminnelse nådde inte Sara Exempel, i {case}."
    office.post.answers = {}
    awake(office, at("2023-04-25 16.10"))
    assert Check.REFUSED not in alarms(found(office, at("2023-04-25 16.10")))


def test_a_mailbox_that_refused_is_told_of_for_a_week_if_nothing_more_goes_there(office: Office) -> None:
    office.known()
    office.post.answers = dict.fromkeys(["dataskyddsombud@exempelkommun.example"], refused())
    awake(office)
    assert Check.REFUSED in alarms(found(office, NOW + timedelta(days=6)))
    assert Check.REFUSED not in alarms(found(office, NOW + timedelta(days=7, minutes=1)))


def test_a_reminder_that_came_back_is_told_of_too(office: Office) -> None:
    case = office.known()
    awake(office)
    row = office.world.ledger.rows(case)[0]
    office.world.ledger.settle([([row.entry], DeliveryState.REFUSED, "5.1.1")], now=NOW)
    assert Check.REFUSED in alarms(found(office))


def test_a_letter_of_which_nobody_knows_whether_it_arrived_is_an_alarm(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    office.release(case, when="2023-05-12 11.45")
    office.post.answers = {"s0001@post.example": uncertain()}
    assert Check.MAIL not in alarms(found(office))
    sweep(now=at("2023-05-12 11.46"), world=office.world)
    findings = found(office, at("2023-05-12 11.47"))
    assert Check.MAIL in alarms(findings)
    assert findings[Check.MAIL].said.startswith("1 brev ")


def test_a_code_of_which_nobody_knows_whether_it_arrived_alarms_nobody(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    by = office.delegate(case)
    to = office.world.register.person(by).email
    office.post.answers = {to: uncertain()}
    subject = release_of(case, by=by, world=office.world)
    with pytest.raises(UncertainPostError):
        asyncio.run(send_code(subject, now=NOW, world=office.world))
    assert Check.MAIL not in alarms(found(office, NOW + 60 * MINUTE)), (
        "it is void by then, and its person asks for another"
    )


def test_a_letter_that_the_mail_server_puts_off_again_and_again_is_an_alarm_unless_somebody_halted_it(
    office: Office,
) -> None:
    case = office.ready_to_write([person(1)])
    office.release(case, when="2023-05-12 11.45")
    office.post.answers = {"s0001@post.example": later()}
    first = at("2023-05-12 11.46")
    sweep(now=first, world=office.world)
    assert Check.MAIL not in alarms(found(office, first)), "a server may ask for patience"
    for quarter in range(1, 17):
        sweep(now=first + quarter * 15 * MINUTE, world=office.world)
    evening = first + 4 * 60 * MINUTE
    assert Check.MAIL in alarms(found(office, evening))
    office.halt(case, when="2023-05-12 16.00")
    assert Check.MAIL not in alarms(found(office, evening))


def test_a_mail_server_that_cannot_be_reached_is_an_alarm(office: Office) -> None:
    awake(office)
    office.post.unreachable = True
    assert alarms(found(office)) == {Check.MAIL_SERVER}


def test_mail_that_a_person_must_read_is_noted(office: Office) -> None:
    awake(office)
    other = office.with_parts(mailbox=Around(office.world.mailbox, aside=lambda: ("one", "two")))
    findings = {one.check: one for one in look(now=NOW, world=other.world)}
    assert findings[Check.MAILBOX].state is State.NOTE
    assert findings[Check.MAILBOX].said.startswith("2 ")


def test_with_the_database_gone_only_the_database_and_the_disk_are_told_of(office: Office) -> None:
    (office.folder / "timglas.sqlite").write_bytes(b"no longer a database " * 999)
    findings = found(office.next_door())
    assert set(findings) == {Check.DATABASE, Check.DISK}
    assert alarms(findings) == {Check.DATABASE}
    assert "DatabaseError" in findings[Check.DATABASE].said


@pytest.mark.parametrize("free, alarming", [(499, True), (500, False)])
def test_a_disk_with_less_than_500_megabytes_left_is_an_alarm(office: Office, free: int, *, alarming: bool) -> None:
    narrow = office.with_parts(vitals=Around(office.world.vitals, free_megabytes=lambda: free))
    findings: dict[Check, Any] = {one.check: one for one in look(now=NOW, world=narrow.world)}
    assert (findings[Check.DISK].state is State.ALARM) is alarming


def test_the_watch_itself_is_watched(office: Office) -> None:
    sweep(now=NOW, world=office.world)
    assert (found(office))[Check.WATCH].state is State.NOTE, "nobody must have one"
    office.world.heartbeat.beat(Beat(name=WATCH, started_at=NOW, ended_at=NOW))
    assert (found(office, NOW + 20 * MINUTE))[Check.WATCH].state is State.WELL
    assert (found(office, NOW + 21 * MINUTE))[Check.WATCH].state is State.ALARM
