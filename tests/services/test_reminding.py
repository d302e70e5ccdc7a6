from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from models.base import ENGINE
from models.breach_events import Risk
from models.errors import TransientPostError
from models.facts import Trigger
from models.overview import Look
from models.recipient import DeliveryState
from models.record_events import ReminderPassedOn, ReminderSent
from services.reminding.acknowledge import acknowledge
from tests.fakes import Around, PowerCut, cut_before_settling_reminders, interrupted, later, refused, uncertain
from tests.services.office import DUE, FACTS, NOTIFICATION, PROCESSOR, THREAT, Office, at

SARA, BO, ULLA, ON_CALL = (
    "dataskyddsombud@exempelkommun.example",
    "bo.exempel@exempelkommun.example",
    "ulla.exempel@exempelkommun.example",
    "beredskap@exempelkommun.example",
)
HOUR = timedelta(hours=1)
TEAM = ("anna.exempel", "omar.exempel", "sara.exempel")
CALLED = {
    "bo.exempel": "-22 h stand_in",
    "ulla.exempel": "-11 h head_of_administration kväll",
    "beredskap.exempelkommun": "-5 h on_call",
}


def reminders(office: Office, case: str, provision: str = "gdpr.33.1") -> list[ReminderSent]:
    return [sent for sent in office.incident(case).reminders if sent.provision == provision]


def steps(office: Office, case: str, provision: str = "gdpr.33.1", *, to: str = "sara.exempel") -> list[str]:
    """The steps somebody was reminded of, as hours from the time limit, in the order they were recorded.

    Without those that only the night and the days off add.
    """
    sent = (one for one in reminders(office, case, provision) if to in one.to)
    names = [name.split(" ", 2)[2] for one in sent for name in one.steps]
    return [name for name in names if not name.endswith(("kväll", "arbetstid", "frist"))]


def swept_until(office: Office, case: str, end: datetime) -> list[datetime]:
    """Sweep whenever something is due, as the clock of a replay does."""
    swept: list[datetime] = []
    while (due := office.world.timeline.next_at()) is not None and due <= end:
        office.sweep(case, due)
        swept.append(due)
        assert len(swept) < 200, "the sweep never comes to rest"
    return swept


def test_every_step_comes_exactly_once_at_its_hour(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE + 54 * HOUR)
    assert steps(office, case) == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h", "+6 h", "+30 h", "+54 h"]
    for sent in reminders(office, case):
        for name in sent.steps:
            if name.endswith(" h"):
                assert (sent.recorded_at - DUE) / HOUR == int(name.split()[2])


def test_the_night_is_told_in_the_evening_too(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE)
    evening = [sent for sent in reminders(office, case) if any(name.endswith("-12 h kväll") for name in sent.steps)]
    assert {sent.recorded_at for sent in evening} == {at("2023-04-26 21.00")}
    assert {to for sent in evening for to in sent.to} == {*TEAM, "bo.exempel", "ulla.exempel"}


def test_each_of_those_who_can_act_gets_one_message_a_step(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE)
    assert (
        Counter(mail.to for mail in office.post.mails)
        == {
            "dataskyddsombud@exempelkommun.example": 8,  # the start, five before the limit, one evening, and the limit itself
            "anna.exempel@exempelkommun.example": 8,
            "omar.exempel@exempelkommun.example": 8,
            "bo.exempel@exempelkommun.example": 6,  # called with 22 hours left
            "ulla.exempel@exempelkommun.example": 6,  # called with eleven, and the evening before because that is at night
            "beredskap@exempelkommun.example": 3,
        }
    )
    assert len({mail.message_id for mail in office.post.mails}) == len(office.post.mails)


def test_when_nobody_answers_the_next_in_line_is_called_and_told_why(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE)
    for actor, step in CALLED.items():
        first = next(sent for sent in reminders(office, case) if actor in sent.to)
        assert any(name.endswith(step) for name in first.steps)
    first = next(mail for mail in office.post.mails if mail.to.startswith("bo.exempel"))
    assert "ingen har svarat" in first.text
    assert "Svarar ingen påminner vi också Ulla Exempel, kommundirektör" in first.text


def test_at_the_stroke_of_the_time_limit_the_message_is_still_a_sentence(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE)
    mail = office.post.mails[0]
    assert "0 minuter" not in mail.text
    assert "16.10" in mail.text


def test_between_the_steps_a_sweep_says_nothing_and_knows_when_to_come_back(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told = len(office.post.mails)
    assert office.world.timeline.next_at() == DUE - 48 * HOUR
    office.sweep(case, DUE - 48 * HOUR)
    assert len(office.post.mails) == told + 3
    before = office.history(case)
    office.sweep(case, DUE - 47 * HOUR)
    assert office.history(case) == before
    assert office.world.timeline.next_at() == DUE - 24 * HOUR


def test_after_an_outage_of_three_days_everything_missed_is_one_message_to_each(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told = len(office.post.mails)
    office.decide(case, Risk.HIGH, when="2023-04-24 17.00")
    office.sweep(case, DUE + HOUR)
    assert steps(office, case) == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]
    assert Counter(mail.to for mail in office.post.mails[told:]) == {
        "dataskyddsombud@exempelkommun.example": 1,
        "anna.exempel@exempelkommun.example": 1,
        "omar.exempel@exempelkommun.example": 1,
        "bo.exempel@exempelkommun.example": 1,
        "ulla.exempel@exempelkommun.example": 1,
        "beredskap@exempelkommun.example": 1,
    }
    mail = office.post.mails[told]
    assert "inte kunnat påminna sedan tisdagen den 25 april 2023 kl. 16.10" in mail.text
    assert "Information till de registrerade" in mail.text, "what else has waited stands in the same message"


def test_after_the_outage_the_chain_goes_on_where_it_should_be(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE + HOUR)
    swept_until(office, case, DUE + 7 * HOUR)
    assert steps(office, case)[-1] == "+6 h"
    assert "inte kunnat påminna" not in office.post.mails[-1].text


def test_a_sweep_at_the_same_instant_again_sends_nothing_more(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE - 24 * HOUR)
    before = office.history(case), list(office.post.mails)
    office.next_door().sweep(case, DUE - 24 * HOUR)
    assert (office.history(case), office.post.mails) == before


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=70)])
def test_two_sweeps_at_once_send_one_message_to_each(office: Office, apart: timedelta) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told, start = len(office.post.mails), Barrier(2)

    def sweep(one: Office, now: datetime) -> None:
        start.wait()
        one.sweep(case, now)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sweep, office.next_door(), DUE - 24 * HOUR)
        second = pool.submit(sweep, office.next_door(), DUE - 24 * HOUR + apart)
        first.result()
        second.result()
    assert len(office.post.mails) - told == len(TEAM)
    assert steps(office, case) == ["-48 h", "-24 h"]


def test_a_sweep_whose_record_came_second_takes_the_case_once_more_and_sends_nothing_again(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told, rival = len(office.post.mails), office.next_door()
    here = office.with_parts(
        timeline=interrupted(office.world.timeline, lambda: rival.facts(case, FACTS, when="2023-04-26 16.10"))
    )
    here.sweep(case, DUE - 24 * HOUR)
    assert len(office.post.mails) - told == len(TEAM)
    assert steps(office, case) == ["-48 h", "-24 h"]


def test_a_sweep_that_dies_between_sending_and_settling_leaves_it_uncertain_and_sends_nothing_again(
    office: Office,
) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told = len(office.post.mails)
    here = office.with_parts(ledger=cut_before_settling_reminders(office.world.ledger))
    with pytest.raises(PowerCut):
        here.sweep(case, DUE - 24 * HOUR)
    assert len(office.post.mails) - told == len(TEAM)
    office.sweep(case, DUE - 23 * HOUR)
    assert len(office.post.mails) - told == len(TEAM)
    in_doubt = {row.entry.step.split(" ", 2)[2] for row in office.world.ledger.unsettled()}
    assert in_doubt == {"-48 h", "-24 h"}
    office.sweep(case, DUE - 6 * HOUR)
    assert steps(office, case) == ["-12 h", "-6 h"], "the chain goes on"


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_when_handing_over_fails_as_nobody_foresaw_what_was_claimed_is_uncertain_and_the_chain_goes_on(
    office: Office, nth: int
) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    told = len(office.post.mails)
    office.post.cut_at = told + nth
    with pytest.raises(PowerCut):
        office.sweep(case, DUE - 24 * HOUR)
    assert len(office.post.mails) - told == nth
    assert {row.entry.person for row in office.world.ledger.unsettled()} == set(TEAM)
    office.sweep(case, DUE - 23 * HOUR)
    assert len(office.post.mails) - told == nth, "nothing goes twice"
    office.sweep(case, DUE - 6 * HOUR)
    assert steps(office, case) == ["-12 h", "-6 h"]


def test_what_a_person_found_out_of_an_uncertain_reminder_ends_it_or_sends_it_again(office: Office) -> None:
    case = office.known()
    here = office.with_parts(ledger=cut_before_settling_reminders(office.world.ledger))
    with pytest.raises(PowerCut):
        here.sweep(case, at("2023-04-24 17.00"))
    rows = office.world.ledger.unsettled()
    mine = {who: [row.entry for row in rows if row.entry.person == who] for who in TEAM}
    now = at("2023-04-24 18.00")
    assert office.world.ledger.settle_uncertain(mine["anna.exempel"], arrived=True, now=now) == 1
    assert office.world.ledger.settle_uncertain(mine["omar.exempel"], arrived=False, now=now) == 1
    office.sweep(case, at("2023-04-24 18.10"))
    assert Counter(office.post.addresses)["omar.exempel@exempelkommun.example"] == 2
    assert Counter(office.post.addresses)["anna.exempel@exempelkommun.example"] == 1
    assert {to for sent in reminders(office, case) for to in sent.to} == {"anna.exempel", "omar.exempel"}
    assert [row.entry.person for row in office.world.ledger.unsettled()] == ["sara.exempel"]


def test_once_the_duty_is_fulfilled_everybody_is_told_once_and_reminded_no_more(office: Office) -> None:
    case = office.known()
    swept_until(office, case, at("2023-04-26 09.00"))
    office.decide(case, Risk.RISK, when="2023-04-26 10.15")
    office.explain(case, "records", when="2023-04-26 13.00")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.copy(case, when="2023-04-26 15.20")
    swept_until(office, case, DUE + 54 * HOUR)
    done = [mail for mail in office.post.mails if mail.subject.startswith("Klart: Anmälan till IMY")]
    assert Counter(mail.to for mail in done) == {
        "dataskyddsombud@exempelkommun.example": 1,
        "anna.exempel@exempelkommun.example": 1,
        "omar.exempel@exempelkommun.example": 1,
    }
    assert "klart onsdag 26 april 2023 kl. 15.20" in done[0].text
    assert b"METHOD:CANCEL" in done[0].attachments[0].content
    after = office.post.mails[office.post.mails.index(done[0]) :]
    assert all("anmälan till IMY är inte skickad" not in mail.subject for mail in after)
    before = len(reminders(office, case))
    office.sweep(case, DUE + 100 * HOUR)
    assert len(reminders(office, case)) == before


def test_once_the_case_is_closed_nothing_is_ever_due_again(office: Office) -> None:
    case = office.notified()
    office.close(case, when="2023-04-28 09.00")
    office.sweep(case, at("2023-04-28 09.01"))
    assert office.world.timeline.next_at() is None


def test_a_moved_time_limit_is_told_at_once_and_starts_a_chain_of_its_own(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE - 24 * HOUR)
    moved = at("2023-04-25 16.10")
    office.correct_awareness(case, moved, when="2023-04-26 18.00")
    told = len(office.post.mails)
    swept_until(office, case, moved + 72 * HOUR)
    mail = office.post.mails[told]
    assert mail.subject == f"Fristen har flyttats: 46 timmar kvar till anmälan till IMY ({case})"
    assert "Tidigare gick den ut torsdagen den 27 april 2023 kl. 16.10." in mail.text
    assert b"SEQUENCE:1" in mail.attachments[0].content
    assert steps(office, case) == ["-48 h", "-24 h", "-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]


def test_new_facts_after_an_unlikely_risk_remind_of_the_new_time_limit(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    swept_until(office, case, at("2023-05-09 10.00"))
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    swept_until(office, case, at("2023-05-12 11.00"))
    assert steps(office, case)[-6:] == ["-48 h", "-24 h", "-12 h", "-6 h", "-2 h", "+0 h"]
    started = [mail for mail in office.post.mails if mail.subject.startswith("Ny frist")]
    assert len(started) == len(TEAM), "the limit that was lifted had not started; the new one has"


def test_a_waiting_decision_is_reminded_of_by_the_time_limit_and_not_beside_it(office: Office) -> None:
    case = office.known()
    swept_until(office, case, DUE)
    assert {sent.provision for sent in office.incident(case).reminders} <= {"gdpr.33.1", "gdpr.33.5"}
    assert "Väntar på beslut\n- Bedöm risk: Anna Exempel, HR-direktör" in office.post.mails[0].text


def test_a_decision_that_waits_after_the_filing_is_reminded_of_by_itself(office: Office) -> None:
    case = office.notified()
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    swept_until(office, case, at("2023-05-11 11.00"))
    assert steps(office, case, "gdpr.34.1") == ["+4 h", "+24 h", "+48 h"]
    assert steps(office, case, "gdpr.34.1", to="bo.exempel") == ["+26 h stand_in", "+48 h"]


def test_a_text_that_waits_for_approval_is_told_to_whoever_may_approve_it(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-26 11.00")
    swept_until(office, case, at("2023-04-26 15.30"))
    key = "decision/supervisory_authority_notification"
    assert steps(office, case, key, to="anna.exempel") == ["+1 h", "+4 h"]
    assert steps(office, case, key, to="sara.exempel") == [], (
        "the author cannot approve, and the officer does not decide"
    )
    office.approve(case, NOTIFICATION, when="2023-04-26 15.40")
    swept_until(office, case, at("2023-04-28 15.30"))
    assert steps(office, case, key, to="anna.exempel") == ["+1 h", "+4 h"]


def test_a_processor_is_reminded_to_tell_its_controllers_until_all_are_told(office: Office) -> None:
    case = office.known(PROCESSOR, by="ida.pahitt", concerned=("kommunstyrelsen",))
    swept_until(office, case, at("2023-04-25 17.00"))
    assert steps(office, case, "gdpr.33.2", to="ida.pahitt") == ["+4 h", "+24 h"]
    assert steps(office, case, "gdpr.33.2", to="leo.pahitt") == ["+4 h", "+24 h"]
    office.inform(case, "kommunstyrelsen", when="2023-04-25 17.10")
    swept_until(office, case, at("2023-05-25 17.00"))
    assert steps(office, case, "gdpr.33.2", to="ida.pahitt") == ["+4 h", "+24 h"]


def test_a_supplement_has_a_chain_over_its_four_weeks(office: Office) -> None:
    case = office.notified(complete=False)
    swept_until(office, case, at("2023-05-24 23.59"))
    assert steps(office, case, "gdpr.33.4") == ["-336 h", "-168 h", "-72 h", "-24 h", "-6 h", "+0 h"]


def test_a_reminder_put_off_is_recorded_for_the_others_and_tried_again_for_that_one(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    office.post.answers["anna.exempel@exempelkommun.example"] = later()
    office.sweep(case, DUE - 48 * HOUR)
    assert steps(office, case, to="anna.exempel") == []
    assert steps(office, case, to="sara.exempel") == ["-48 h"]
    assert office.world.timeline.next_at() == DUE - 48 * HOUR + timedelta(minutes=5)
    office.post.answers.clear()
    office.sweep(case, DUE - 48 * HOUR + timedelta(minutes=5))
    assert steps(office, case, to="anna.exempel") == ["-48 h"]
    assert max(Counter(office.post.addresses).values()) == 2
    assert office.world.timeline.next_at() == DUE - 24 * HOUR


def test_one_who_cannot_be_reminded_does_not_keep_the_next_step_from_coming(office: Office) -> None:
    case = office.known()
    office.post.answers["anna.exempel@exempelkommun.example"] = later()
    office.sweep(case, DUE - 48 * HOUR)
    office.sweep(case, DUE - 24 * HOUR)
    assert Counter(office.post.addresses)["dataskyddsombud@exempelkommun.example"] == 2


def test_who_was_refused_is_not_said_to_have_been_reminded(office: Office) -> None:
    case = office.known()
    office.post.answers["omar.exempel@exempelkommun.example"] = refused()
    office.sweep(case, DUE - 48 * HOUR)
    assert reminders(office, case)[0].to == ("anna.exempel", "sara.exempel")


def test_an_uncertain_reminder_is_recorded_shown_and_not_repeated(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    office.post.answers["omar.exempel@exempelkommun.example"] = uncertain()
    office.sweep(case, DUE - 48 * HOUR)
    office.post.answers.clear()
    office.sweep(case, DUE - 47 * HOUR)
    assert Counter(office.post.addresses)["omar.exempel@exempelkommun.example"] == 1
    assert steps(office, case, to="omar.exempel") == ["-48 h"]
    assert [row.state for row in office.world.ledger.unsettled()] == [DeliveryState.UNCERTAIN]


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

    def look_again(looks: Any) -> None:
        rival.decide(case, Risk.RISK, when="2023-04-24 18.00")
        timeline.look_again([Look(*look) for look in looks])

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

    def views() -> list[tuple[object, ...]]:
        with office.world.timeline._engine.connect() as connection:  # type: ignore[attr-defined]
            cases = list(connection.exec_driver_sql("SELECT * FROM incident_view ORDER BY incident_id"))
            deadlines = connection.exec_driver_sql("SELECT * FROM deadline_view ORDER BY incident_id, deadline")
            return [*cases, *deadlines]

    def sweep_both() -> None:
        for case in office.world.timeline.due(now):
            office.sweep(case, now)

    sweep_both()
    before, sent = views(), len(office.post.mails)
    office.world.timeline.rebuild_views()  # type: ignore[attr-defined]
    assert views() != before
    assert set(office.world.timeline.due(now)) == {first, second}
    sweep_both()
    assert views() == before
    assert len(office.post.mails) == sent, "to look again is not to remind again"


def test_at_the_very_minute_of_the_time_limit_people_are_told_that_it_has_run_out(office: Office) -> None:
    case = office.known()
    office.sweep(case, DUE - 2 * HOUR)
    office.post.mails.clear()
    office.sweep(case, DUE)
    assert {mail.subject.partition(":")[0] for mail in office.post.mails} == {"Fristen har gått ut"}
    assert "Läge: mindre än en minut för sent" in office.post.mails[0].text
    office.post.mails.clear()
    office.sweep(case, DUE + timedelta(minutes=1))
    assert office.post.mails == [], "and once"


def test_a_reminder_says_who_answered_the_last_one(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    acknowledge(case, hours=4, by="anna.exempel", now=DUE - 25 * HOUR, world=office.world)
    office.post.mails.clear()
    office.sweep(case, DUE - 21 * HOUR)
    answer = "Senaste svar: Anna Exempel, HR-direktör, tog hand om det onsdagen den 26 april 2023 kl. 15.10"
    assert office.post.mails
    assert all(answer in mail.text for mail in office.post.mails)


def test_a_mailbox_that_refuses_a_reminder_has_the_next_in_line_called_in_the_same_sweep(office: Office) -> None:
    case = office.known()
    office.post.answers[SARA] = refused()
    office.sweep(case, at("2023-04-24 17.00"))
    assert office.post.addresses.count(BO) == 1
    passed_on = [event for event in office.history(case) if isinstance(event, ReminderPassedOn)]
    assert [(event.recorded_by, event.deadlines) for event in passed_on] == [(ENGINE, ("gdpr.33.1",))]
    office.sweep(case, at("2023-04-24 17.01"))
    office.sweep(case, DUE - 48 * HOUR)
    office.sweep(case, DUE - 24 * HOUR)
    assert office.words(case).count("reminder_passed_on") == 1, "the same mailbox is no news"
    assert ULLA not in office.post.addresses


def test_where_every_mailbox_refuses_the_whole_line_is_called_and_nobody_twice(office: Office) -> None:
    case = office.known()
    for person in office.world.register.people:
        office.post.answers[person.email] = refused()
    for minute in range(5):
        office.sweep(case, at("2023-04-24 17.00") + timedelta(minutes=minute))
    rows = office.world.ledger.rows(case)
    tried = {office.world.register.person(row.entry.person).email for row in rows}
    assert {SARA, BO, ULLA, ON_CALL} <= tried
    assert {row.state for row in rows} == {DeliveryState.REFUSED}
    assert office.words(case).count("reminder_passed_on") <= 4, "each round calls somebody new, and then it is over"
    assert office.world.timeline.next_at() > at("2023-04-24 17.04")  # type: ignore[operator]


def test_a_sweep_that_dies_after_a_refusal_leaves_the_call_to_the_next(office: Office) -> None:
    case = office.known()
    office.post.answers[SARA] = refused()
    timeline = office.world.timeline

    def append(incident_id: str, *, expected: int, events: Any) -> None:
        if any(isinstance(event, ReminderSent) for event in events):
            raise PowerCut
        timeline.append(incident_id, expected=expected, events=events)

    with pytest.raises(PowerCut):
        office.with_parts(timeline=Around(timeline, append=append), post=office.post).sweep(
            case, at("2023-04-24 17.00")
        )
    assert BO not in office.post.addresses
    office.sweep(case, at("2023-04-24 17.01"))
    assert office.post.addresses.count(BO) == 1
