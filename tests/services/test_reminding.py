from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from models.errors import TimelineConflict, TransientPostError
from models.events import ReminderSent, Risk
from models.facts import Trigger
from tests.fakes import Around, PowerCut, cut_before_settling, interrupted, later, refused, uncertain
from tests.services.office import DUE, FACTS, NOTIFICATION, PROCESSOR, THREAT, Office, at

HOUR = timedelta(hours=1)
TEAM = ("sara.exempel", "anna.exempel", "omar.exempel")


def reminders(office: Office, case: str, provision: str = "gdpr.33.1") -> list[ReminderSent]:
    return [sent for sent in office.incident(case).reminders if sent.provision == provision]


def steps(office: Office, case: str, provision: str = "gdpr.33.1") -> list[str]:
    """The steps reminded of, as hours from the time limit, in the order they were recorded."""
    names = [name for sent in reminders(office, case, provision) for name in sent.steps]
    return [name.split(" ", 2)[2] for name in names]


def sweep_until(office: Office, case: str, end: datetime) -> list[datetime]:
    """Sweep whenever something is due, as the clock of a replay does."""
    swept: list[datetime] = []
    while (due := office.world.timeline.next_at()) is not None and due <= end:
        office.sweep(case, due)
        swept.append(due)
        assert len(swept) < 100, "the sweep never comes to rest"
    return swept


def test_every_step_comes_exactly_once_at_its_hour(office: Office) -> None:
    case = office.known()
    sweep_until(office, case, DUE + 54 * HOUR)
    assert steps(office, case) == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h", "+6 h", "+30 h", "+54 h"]
    hours = [(sent.recorded_at - DUE) / HOUR for sent in reminders(office, case)]
    assert hours == [-48, -24, -12, -6, -2, 0, 6, 30, 54]
    assert all(sent.to == TEAM for sent in reminders(office, case))


def test_each_of_those_who_can_act_gets_one_message_a_step(office: Office) -> None:
    case = office.known()
    sweep_until(office, case, DUE)
    about_the_limit = [mail for mail in office.post.mails if case in mail.text]
    assert len(about_the_limit) == len(TEAM) * 6
    assert Counter(mail.to for mail in about_the_limit) == {
        "dataskyddsombud@exempelkommun.example": 6,
        "anna.exempel@exempelkommun.example": 6,
        "omar.exempel@exempelkommun.example": 6,
    }
    assert len({mail.message_id for mail in office.post.mails}) == len(office.post.mails)


def test_at_the_stroke_of_the_time_limit_the_message_is_still_a_sentence(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE)
    mail = office.post.mails[0]
    assert "0 minuter" not in mail.text
    assert "16.10" in mail.text


def test_between_the_steps_a_sweep_says_nothing_and_knows_when_to_come_back(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    assert office.post.mails == []
    assert office.world.timeline.next_at() == DUE - 48 * HOUR
    office.sweep(case, DUE - 48 * HOUR)
    before = office.history(case)
    office.sweep(case, DUE - 47 * HOUR)
    assert office.history(case) == before
    assert office.world.timeline.next_at() == DUE - 24 * HOUR


def test_after_an_outage_of_three_days_everything_missed_is_one_message_a_duty(office: Office) -> None:
    case = office.known()
    office.decide(case, Risk.HIGH, when="2023-04-24 17.00")
    office.sweep(case, DUE + HOUR)
    assert steps(office, case) == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]
    assert len(reminders(office, case)) == 1
    assert len(reminders(office, case, "gdpr.34.1")) == 1
    assert len(office.post.mails) == 2 * len(TEAM)


def test_after_the_outage_the_chain_goes_on_where_it_should_be(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE + HOUR)
    sweep_until(office, case, DUE + 7 * HOUR)
    assert steps(office, case)[-1] == "+6 h"
    assert len(reminders(office, case)) == 2


def test_a_sweep_at_the_same_instant_again_sends_nothing_more(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE - 24 * HOUR)
    before = office.history(case), list(office.post.mails)
    office.next_door().sweep(case, DUE - 24 * HOUR)
    assert (office.history(case), office.post.mails) == before


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=70)])
def test_two_sweeps_at_once_send_one_message_to_each(office: Office, apart: timedelta) -> None:
    case = office.known()
    start = Barrier(2)

    def sweep(one: Office, now: datetime) -> None:
        start.wait()
        try:
            one.sweep(case, now)
        except TimelineConflict:
            one.sweep(case, now)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sweep, office.next_door(), DUE - 24 * HOUR)
        second = pool.submit(sweep, office.next_door(), DUE - 24 * HOUR + apart)
        first.result()
        second.result()
    assert len(office.post.mails) == len(TEAM)
    assert steps(office, case) == ["-48 h", "-24 h"]


def test_a_sweep_whose_record_came_second_starts_over_and_sends_nothing_again(office: Office) -> None:
    case = office.known()
    rival = office.next_door()
    here = office.with_parts(
        timeline=interrupted(office.world.timeline, lambda: rival.facts(case, FACTS, when="2023-04-26 16.10"))
    )
    with pytest.raises(TimelineConflict):
        here.sweep(case, DUE - 24 * HOUR)
    here.sweep(case, DUE - 24 * HOUR + timedelta(seconds=90))
    assert len(office.post.mails) == len(TEAM)
    assert steps(office, case) == ["-48 h", "-24 h"]


def test_after_a_crash_nobody_is_reminded_twice_of_the_same_step(office: Office) -> None:
    case = office.known()
    here = office.with_parts(outbox=cut_before_settling(office.world.outbox, 1))
    with pytest.raises(PowerCut):
        here.sweep(case, DUE - 24 * HOUR)
    office.sweep(case, DUE - 23 * HOUR)
    assert max(Counter(office.post.addresses).values()) == 1
    assert len(office.post.mails) == len(TEAM)
    assert steps(office, case) == ["-48 h", "-24 h"]


def test_once_the_duty_is_fulfilled_nobody_is_reminded_of_it(office: Office) -> None:
    case = office.notified(when="2023-04-26 15.20")
    sweep_until(office, case, DUE + 54 * HOUR)
    assert all(sent.recorded_at < at("2023-04-26 15.20") for sent in reminders(office, case))
    before = len(reminders(office, case))
    office.sweep(case, DUE + 100 * HOUR)
    assert len(reminders(office, case)) == before


def test_once_the_case_is_closed_nothing_is_ever_due_again(office: Office) -> None:
    case = office.notified()
    office.close(case, when="2023-04-28 09.00")
    office.sweep(case, at("2023-04-28 09.01"))
    assert office.world.timeline.next_at() is None


def test_a_moved_time_limit_starts_a_chain_of_its_own(office: Office) -> None:
    case = office.known()
    sweep_until(office, case, DUE - 24 * HOUR)
    moved = at("2023-04-25 16.10")
    office.correct_awareness(case, moved, when="2023-04-26 18.00")
    sweep_until(office, case, moved + 72 * HOUR)
    assert steps(office, case) == ["-48 h", "-24 h", "-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]
    hours = [(sent.recorded_at - (moved + 72 * HOUR)) / HOUR for sent in reminders(office, case)[2:]]
    assert hours[1:] == [-24, -12, -6, -2, 0]


def test_new_facts_after_an_unlikely_risk_remind_of_the_new_time_limit(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    sweep_until(office, case, at("2023-05-09 10.00"))
    before = len(reminders(office, case))
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    sweep_until(office, case, at("2023-05-12 11.00"))
    assert steps(office, case)[-6:] == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]
    assert len(reminders(office, case)) == before + 6


def test_a_waiting_decision_is_reminded_of_by_the_time_limit_and_not_beside_it(office: Office) -> None:
    case = office.known()
    sweep_until(office, case, DUE)
    assert {sent.provision for sent in office.incident(case).reminders} <= {"gdpr.33.1", "gdpr.33.5"}
    assert "Beslut om risken" in office.post.mails[0].text


def test_a_decision_that_waits_after_the_filing_is_reminded_of_by_itself(office: Office) -> None:
    case = office.notified()
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    sweep_until(office, case, at("2023-05-11 11.00"))
    assert steps(office, case, "gdpr.34.1") == ["+4 h", "+24 h", "+48 h"]


def test_a_processor_is_reminded_to_tell_its_controllers_until_all_are_told(office: Office) -> None:
    case = office.known(PROCESSOR, by="ida.pahitt", concerned=("kommunstyrelsen",))
    sweep_until(office, case, at("2023-04-25 17.00"))
    assert steps(office, case, "gdpr.33.2") == ["+4 h", "+24 h"]
    assert reminders(office, case, "gdpr.33.2")[0].to == ("leo.pahitt", "ida.pahitt")
    office.inform(case, "kommunstyrelsen", when="2023-04-25 17.10")
    sweep_until(office, case, at("2023-05-25 17.00"))
    assert steps(office, case, "gdpr.33.2") == ["+4 h", "+24 h"]


def test_a_supplement_has_a_chain_over_its_four_weeks(office: Office) -> None:
    case = office.notified(complete=False)
    sweep_until(office, case, at("2023-05-24 23.59"))
    assert steps(office, case, "gdpr.33.4") == ["-336 h", "-168 h", "-72 h", "-24 h", "-6 h", "+0 h"]


def test_a_reminder_put_off_is_not_recorded_until_it_has_gone(office: Office) -> None:
    case = office.known()
    office.post.answers["anna.exempel@exempelkommun.example"] = later()
    office.sweep(case, DUE - 48 * HOUR)
    assert reminders(office, case) == []
    assert office.world.timeline.next_at() == DUE - 48 * HOUR + timedelta(minutes=15)
    office.post.answers.clear()
    office.sweep(case, DUE - 48 * HOUR + timedelta(minutes=15))
    assert steps(office, case) == ["-48 h"]
    assert max(Counter(office.post.addresses).values()) == 1
    assert reminders(office, case)[0].to == TEAM
    assert office.world.timeline.next_at() == DUE - 24 * HOUR


def test_one_who_cannot_be_reminded_does_not_keep_the_next_step_from_coming(office: Office) -> None:
    case = office.known()
    office.post.answers["anna.exempel@exempelkommun.example"] = later()
    sweep_until(office, case, DUE - 47 * HOUR)
    office.sweep(case, DUE - 24 * HOUR)
    assert Counter(office.post.addresses)["dataskyddsombud@exempelkommun.example"] == 2


def test_who_was_refused_is_not_said_to_have_been_reminded(office: Office) -> None:
    case = office.known()
    office.post.answers["omar.exempel@exempelkommun.example"] = refused()
    office.sweep(case, DUE - 48 * HOUR)
    assert reminders(office, case)[0].to == ("sara.exempel", "anna.exempel")


def test_an_uncertain_reminder_is_recorded_and_not_repeated(office: Office) -> None:
    case = office.known()
    office.post.answers["omar.exempel@exempelkommun.example"] = uncertain()
    office.sweep(case, DUE - 48 * HOUR)
    office.post.answers.clear()
    office.sweep(case, DUE - 47 * HOUR)
    assert "omar.exempel@exempelkommun.example" not in office.post.addresses
    assert steps(office, case) == ["-48 h"]


def test_an_unreachable_server_fails_the_sweep_loudly_and_the_next_one_reminds(office: Office) -> None:
    case = office.known()
    office.post.unreachable = True
    with pytest.raises(TransientPostError):
        office.sweep(case, DUE - 48 * HOUR)
    assert reminders(office, case) == []
    assert office.world.timeline.next_at() <= DUE - 48 * HOUR  # type: ignore[operator]
    office.post.unreachable = False
    office.sweep(case, DUE - 48 * HOUR + timedelta(minutes=1))
    assert steps(office, case) == ["-48 h"]


def test_what_somebody_writes_during_a_sweep_is_looked_at_in_the_next(office: Office) -> None:
    case = office.known()
    rival, timeline = office.next_door(), office.world.timeline

    def look_again(incident_id: str, *, length: int, at: datetime | None) -> None:
        rival.decide(case, Risk.RISK, when="2023-04-24 18.00")
        timeline.look_again(incident_id, length=length, at=at)

    written = datetime.fromisoformat("2023-04-24T18:00+02:00")
    office.with_parts(timeline=Around(timeline, look_again=look_again)).sweep(case, written)
    assert timeline.due(written) == (case,)


def test_a_view_drawn_anew_from_the_timelines_is_the_same_after_a_sweep(office: Office) -> None:
    first = office.known()
    second = office.known("ordningsverket", by="maja.modell")
    office.decide(first, Risk.RISK, when="2023-04-25 09.00")
    office.drafted(first, NOTIFICATION, when="2023-04-25 10.00")
    office.file(first, when="2023-04-25 11.00")
    now = at("2023-04-26 12.00")

    def view() -> list[tuple[object, ...]]:
        with office.world.timeline._engine.connect() as connection:  # type: ignore[attr-defined]
            return list(connection.exec_driver_sql("SELECT * FROM incident_view ORDER BY incident_id"))

    def sweep_both() -> None:
        for case in office.world.timeline.due(now):
            office.sweep(case, now)

    sweep_both()
    before, sent = view(), len(office.post.mails)
    office.world.timeline.rebuild_views()  # type: ignore[attr-defined]
    assert view() != before
    assert set(office.world.timeline.due(now)) == {first, second}
    sweep_both()
    assert view() == before
    assert len(office.post.mails) == sent, "to look again is not to remind again"
