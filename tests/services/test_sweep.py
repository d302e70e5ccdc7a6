import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from models.errors import TransientPostError
from models.instants import parse_local
from models.recipient import DeliveryState
from services.sweep.sweep import Swept, sweep
from tests.fakes import Around, PowerCut, cut_before_settling_reminders
from tests.services.office import DUE, Office, at, person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SARA = "dataskyddsombud@exempelkommun.example"


def swept(office: Office, now: datetime) -> Swept:
    return asyncio.run(sweep(now=now, world=office.world))


def every_minute(office: Office, start: datetime, end: datetime) -> None:
    """What a minute's schedule does, without the minutes in which nothing is due."""
    now = start
    while now <= end:
        swept(office, now)
        due = office.world.timeline.next_at()
        now = max(now + MINUTE, due) if due else end + MINUTE


def by_step(office: Office, case: str) -> Counter[tuple[str, str]]:
    """How often each person was sent each step, as the ledger and the mail server tell it."""
    rows = [row for row in office.world.ledger.rows(case) if row.state is DeliveryState.SENT]
    return Counter((row.entry.step, row.entry.person) for row in rows)


def test_every_sweep_leaves_a_heartbeat_with_what_was_due_and_what_failed(office: Office) -> None:
    office.known()
    broken = office.known("ordningsverket", by="maja.modell")
    timeline = office.world.timeline

    def read(incident_id: str) -> Any:
        if incident_id == broken:
            raise PowerCut
        return timeline.read(incident_id)

    done = swept(office.with_parts(timeline=Around(timeline, read=read)), at("2023-04-24 17.00"))
    assert (done.due, list(done.faults)) == (2, [broken])
    beat = office.world.heartbeat.last("sweep")
    assert beat is not None
    assert (beat.started_at, beat.ended_at, beat.due, beat.faults) == (
        at("2023-04-24 17.00"),
        at("2023-04-24 17.00"),
        2,
        1,
    )
    assert len(office.post.mails) == 3, "the other case was taken care of"


def test_a_sweep_that_dies_has_no_end_in_its_heartbeat(office: Office) -> None:
    office.known()
    with pytest.raises(PowerCut):
        swept(office.with_parts(ledger=cut_before_settling_reminders(office.world.ledger)), at("2023-04-24 17.00"))
    beat = office.world.heartbeat.last("sweep")
    assert beat is not None
    assert beat.ended_at is None


@pytest.mark.parametrize("hours", [1, 12, 100])
def test_after_an_outage_of_any_length_everything_missed_is_caught_up_once(office: Office, hours: int) -> None:
    case = office.known()
    every_minute(office, at("2023-04-24 16.51"), DUE - 25 * HOUR)
    before = by_step(office, case)
    told = len(office.post.mails)
    back = DUE - 25 * HOUR + hours * HOUR + MINUTE
    swept(office, back)
    swept(office, back + MINUTE)
    at_once = Counter(mail.to for mail in office.post.mails[told:])
    assert set(at_once.values()) <= {1}, "one message to each, not one for every step"
    every_minute(office, back + 2 * MINUTE, DUE + 80 * HOUR)
    every = by_step(office, case)
    assert set(every.values()) == {1}
    assert before.items() <= every.items()
    assert {(step.split(" ", 2)[2], who) for step, who in every if who == "sara.exempel"} >= {
        (f"{hour:+d} h", "sara.exempel") for hour in (-48, -24, -12, -6, -2, 0, 6, 30, 54, 78)
    }


def test_when_the_clock_jumps_ahead_what_passed_is_told_at_once_and_not_again(office: Office) -> None:
    case = office.known()
    swept(office, at("2023-04-24 17.00"))
    swept(office, DUE - 24 * HOUR)
    every_minute(office, DUE - 24 * HOUR + MINUTE, DUE)
    assert set(by_step(office, case).values()) == {1}


@pytest.mark.parametrize("ahead", [13 * HOUR, 26 * HOUR, 30 * 24 * HOUR])
def test_what_a_clock_that_ran_ahead_told_too_early_is_told_again_when_its_time_comes(
    office: Office, ahead: timedelta
) -> None:
    case = office.known()
    every_minute(office, at("2023-04-24 16.51"), DUE - 26 * HOUR)
    wrong = DUE - 26 * HOUR + ahead
    swept(office, wrong)
    told_wrongly = len(office.post.mails)
    right = DUE - 25 * HOUR
    swept(office, right)
    beat = office.world.heartbeat.last("sweep")
    assert beat is not None
    assert beat.clock_back_at == right, "and the watch tells of it"
    every_minute(office, right + MINUTE, DUE + HOUR)
    afterwards = [mail for mail in office.post.mails[told_wrongly:] if mail.to == SARA]
    times = [mail.sent_at for mail in afterwards if "kvar" in mail.subject or "gått ut" in mail.subject]
    assert {DUE - 24 * HOUR, DUE - 12 * HOUR, DUE - 6 * HOUR, DUE - 2 * HOUR} <= set(times)
    assert max(Counter(times).values()) == 1
    assert set(by_step(office, case).values()) == {1}


def test_a_clock_that_is_set_back_a_little_sends_nothing_twice(office: Office) -> None:
    case = office.known()
    every_minute(office, at("2023-04-24 16.51"), DUE - 24 * HOUR)
    told = len(office.post.mails)
    every_minute(office, DUE - 25 * HOUR, DUE - 23 * HOUR)
    assert len(office.post.mails) == told
    assert set(by_step(office, case).values()) == {1}


def test_a_clock_that_was_set_years_back_and_right_again_sends_nothing_twice(office: Office) -> None:
    case = office.known()
    every_minute(office, at("2023-04-24 16.51"), DUE - 24 * HOUR)
    told = Counter(office.post.addresses)
    for minute in range(3):
        swept(office, at("2020-01-01 00.00") + minute * MINUTE)
    assert Counter(office.post.addresses) == told
    every_minute(office, DUE - 23 * HOUR, DUE)
    again = by_step(office, case)
    assert set(again.values()) == {1}
    assert Counter(office.post.addresses)[SARA] - told[SARA] <= 6, "one message that catches up, then the chain"


@pytest.mark.parametrize(
    "aware", ["2026-03-27 02.30", "2026-03-26 10.10", "2026-10-22 02.30", "2026-10-23 10.10", "2026-10-25 00.30"]
)
def test_over_the_nights_the_clock_changes_every_step_comes_once_at_its_elapsed_hour(
    office: Office, aware: str
) -> None:
    started = parse_local(aware)
    later = f"{aware[:10]} 12.00"
    case = office.report(when=later, reported_at=started)
    office.aware(case, started, when=later)
    due = office.duty(case).operate_at
    assert due is not None
    every_minute(office, at(later), due + MINUTE)
    assert set(by_step(office, case).values()) == {1}
    sent = {row.entry.step.split(" ", 2)[2]: row.claimed_at for row in office.world.ledger.rows(case)}
    for hours in (48, 24, 12, 6, 2):
        assert timedelta() <= sent[f"-{hours} h"] - (due - hours * HOUR) < MINUTE


def test_two_sweeps_at_once_remind_everybody_once(office: Office) -> None:
    cases = [
        office.known(),
        office.known("barn-och-utbildningsnamnden"),
        office.known("ordningsverket", by="maja.modell"),
    ]
    swept(office, at("2023-04-24 17.00"))
    told, start = Counter(office.post.addresses), Barrier(3)

    def one(number: int) -> Swept:
        start.wait()
        return swept(office.next_door(), DUE - 24 * HOUR + number * timedelta(seconds=7))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, range(3)))
    swept(office, DUE - 24 * HOUR + MINUTE)
    assert max((Counter(office.post.addresses) - told).values()) == 2, "an officer of two boards has two cases"
    for case in cases:
        assert set(by_step(office, case).values()) == {1}
        steps = {step for sent in office.incident(case).reminders for step in sent.steps}
        assert any(step.endswith(" -24 h") for step in steps)


def test_an_unreachable_server_is_asked_once_and_every_case_is_tried_again(office: Office) -> None:
    office.known()
    office.known("ordningsverket", by="maja.modell")
    office.post.unreachable = True
    done = swept(office, at("2023-04-24 17.00"))
    assert {type(fault) for fault in done.faults.values()} == {TransientPostError}
    assert len(done.faults) == 2
    office.post.unreachable = False
    assert swept(office, at("2023-04-24 17.01")).faults == {}
    assert len(office.post.mails) == 6


def test_everybody_is_reminded_before_a_large_communication_goes_out(office: Office) -> None:
    case = office.ready_to_write([person(number) for number in range(30)])
    office.release(case, when="2023-05-12 11.30")
    other = office.known("ordningsverket", by="maja.modell")
    swept(office, at("2023-05-12 12.00"))
    places = [place for place, mail in enumerate(office.post.mails) if other in mail.text]
    letters = [place for place, mail in enumerate(office.post.mails) if mail.to.startswith("s00")]
    assert len(letters) == 30
    assert max(places) < min(letters)


def test_a_case_of_which_nobody_can_say_when_it_is_next_due_keeps_no_other_from_being_noted(office: Office) -> None:
    good = office.known()
    broken = office.known("ordningsverket", by="maja.modell")
    party = office.world.register.party

    def gone(party_id: str) -> Any:
        if party_id == "ordningsverket" and len(office.post.mails) >= 6:
            raise PowerCut
        return party(party_id)

    there = office.with_parts(register=Around(office.world.register, party=gone))
    done = swept(there, at("2023-04-24 17.00"))
    assert list(done.faults) == [broken]
    assert office.world.timeline.due(at("2023-04-24 17.01")) == (broken,), "it is looked at again, and the other is not"
    assert good not in done.faults
