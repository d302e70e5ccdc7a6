"""Letters that were released and lie: the watch tells of them, with the case, how many and since when, and of nobody."""

import asyncio
from datetime import datetime, timedelta

import pytest

from adapters.database.outbox import SqlOutbox
from models.delivery import End
from models.duty import Untold
from models.errors import TransientPostError
from models.health import Check, Finding, State
from models.recipient import Channel, DeliveryState, Protection, Recipient
from services.people.communicate import line_up, send_some
from services.people.post_batch import post_batch
from services.people.print_again import print_again
from services.people.print_batch import print_batch
from services.watch.health import health
from tests.fakes import later, uncertain
from tests.services.office import Office, at, person

RELEASED = "2023-05-12 11.45"
MINUTE = timedelta(minutes=1)


def finding(office: Office, check: Check, now: datetime | str) -> Finding:
    when = at(now) if isinstance(now, str) else now
    return next(one for one in asyncio.run(health(now=when, world=office.world)) if one.check is check)


def lies(office: Office, now: datetime | str, check: Check = Check.LINE) -> bool:
    found = finding(office, check, now)
    assert found.state in {State.WELL, State.ALARM}
    assert bool(found.remedy) is (found.state is State.ALARM)
    return found.state is State.ALARM


def released(office: Office, *people: Recipient) -> str:
    case = office.ready_to_write(people or [person(1), person(2)])
    office.release(case, when=RELEASED)
    return case


def after(minutes: int) -> datetime:
    return at(RELEASED) + minutes * MINUTE


def letters(office: Office) -> list[str]:
    return [address for address in office.post.addresses if address.endswith("@post.example")]


# in line


def test_released_letters_that_no_run_ever_took_up_are_told_of_after_half_an_hour(office: Office) -> None:
    case = released(office)
    assert not lies(office, after(29))
    assert lies(office, after(30))
    said = finding(office, Check.LINE, after(31)).said
    assert said == (
        f"Brev är släppta men ingen skickar dem: {case} (utskicket är inte klart, inget har hänt sedan "
        "12 maj 2023 kl. 11.45)."
    )


def test_letters_in_line_that_nobody_sends_are_told_of_with_their_number_and_no_name(office: Office) -> None:
    case = released(office)
    office.post.unreachable = True
    with pytest.raises(TransientPostError):
        office.send(case, when="2023-05-12 11.46")
    assert not lies(office, after(29))
    told = finding(office, Check.LINE, after(45))
    assert told.said == f"Brev är släppta men ingen skickar dem: {case} (2 brev, sedan 12 maj 2023 kl. 11.45)."
    assert "Skicka brev" in told.remedy
    assert "timglas remind" in told.remedy
    office.post.unreachable = False
    office.sweep(case, after(46))
    assert not lies(office, after(200)), "everybody has the letter"


def test_a_sending_that_stopped_half_way_is_told_of_since_its_last_message(office: Office) -> None:
    case = released(office, *(person(number) for number in range(1, 6)))
    moments = iter([True, True, False])
    line_up(case, world=office.world)
    asyncio.run(send_some(case, now=after(20), world=office.world, go_on=lambda: next(moments)))
    assert len(letters(office)) == 2
    assert not lies(office, after(49)), "a message went twenty-nine minutes ago"
    assert lies(office, after(50))
    assert f"{case} (3 brev, sedan 12 maj 2023 kl. 12.05)." in finding(office, Check.LINE, after(50)).said


def test_bounces_that_come_in_do_not_hide_that_nobody_sends(office: Office) -> None:
    case = released(office, *(person(number) for number in range(1, 6)))
    line_up(case, world=office.world)
    moments = iter([True, False])
    asyncio.run(send_some(case, now=after(1), world=office.world, go_on=lambda: next(moments)))
    token = office.post.mails[0].message_id.strip("<>").partition("@")[0]
    dispatch = office.world.outbox.find(token)
    assert dispatch is not None
    office.world.outbox.settle([(dispatch, End(DeliveryState.REFUSED, "5.1.1"))], now=after(55))
    assert lies(office, after(56))


def test_letters_that_somebody_halted_lie_because_they_should(office: Office) -> None:
    case = released(office)
    office.halt(case, when="2023-05-12 11.50")
    assert not lies(office, after(300))
    office.resume(case, when="2023-05-12 17.00")
    assert not lies(office, "2023-05-12 17.29"), "half an hour from when they might go again"
    assert lies(office, "2023-05-12 17.30")


def test_a_letter_that_its_server_put_off_is_no_fault_before_its_time(office: Office) -> None:
    case = released(office)
    office.post.answers = {"s0001@post.example": later()}
    for minute in (1, 7, 18, 40):
        office.sweep(case, after(minute))
    # the fourth try was put off by forty minutes
    assert not lies(office, after(40 + 40 + 29))
    assert lies(office, after(40 + 40 + 30)), "and half an hour after that nobody has tried"


def test_the_limit_of_the_provider_is_no_fault_until_it_has_let_go(office: Office) -> None:
    hourly = office.with_parts(outbox=_limited(office, 1))
    case = released(hourly)
    hourly.sweep(case, after(1))
    assert len(letters(hourly)) == 1
    assert not lies(hourly, after(61 + 29))
    assert lies(hourly, after(61 + 30))


def _limited(office: Office, hourly: int) -> SqlOutbox:
    real = office.world.outbox
    return SqlOutbox(real._engine, "timglas.example", b"k" * 32, limits=((timedelta(hours=1), hourly),))  # type: ignore[attr-defined]


def test_letters_of_which_a_person_must_say_whether_they_arrived_are_not_in_line(office: Office) -> None:
    case = released(office, person(1))
    office.post.answers = {"s0001@post.example": uncertain()}
    office.sweep(case, after(1))
    assert office.incident(case).uncertain == 1
    assert not lies(office, after(300))


def test_a_letter_that_cannot_be_printed_lies_nowhere(office: Office) -> None:
    nameless = person(3, email=False).model_copy(update={"name": "Sökande 張"})
    case = released(office, person(1), nameless)
    office.sweep(case, after(1))
    assert letters(office) == ["s0001@post.example"]
    assert not lies(office, after(31))
    assert not lies(office, "2023-06-12 11.45", Check.UNPOSTED)
    assert office.duty(case, "gdpr.34.1").untold == Untold(unreachable=1)


def test_a_case_that_waits_for_a_decision_has_released_nothing(office: Office) -> None:
    office.ready_to_write([person(1)])
    assert not lies(office, "2023-06-12 11.45")
    assert not lies(office, "2023-06-12 11.45", Check.UNPOSTED)


# on paper

PAPER = [person(7, email=False), person(8, email=False), person(1)]


def on_paper(office: Office, *people: Recipient) -> str:
    """Released and written on Friday 12 May, before the post leaves."""
    case = released(office, *(people or PAPER))
    office.sweep(case, after(1))
    return case


@pytest.mark.parametrize(
    "now, late", [("2023-05-15 16.00", False), ("2023-05-16 15.00", False), ("2023-05-16 15.01", True)]
)
def test_written_letters_are_to_be_posted_on_the_second_working_day_at_the_latest(
    office: Office, now: str, *, late: bool
) -> None:
    case = on_paper(office)
    assert lies(office, now, Check.UNPOSTED) is late
    if late:
        told = finding(office, Check.UNPOSTED, now)
        assert told.said == (
            "Brev är skrivna men ingen har registrerat att de är postade: "
            f"{case} (2 brev, sedan 12 maj 2023 kl. 11.46)."
        )
        assert "Registrera postade brev" in told.remedy


def test_a_print_file_that_nobody_posts_is_told_of_until_it_is_registered(office: Office) -> None:
    case = on_paper(office)
    out(office, case, when="2023-05-15 09.00")
    assert not lies(office, "2023-05-17 15.00", Check.UNPOSTED)
    assert "2 brev, sedan 15 maj 2023 kl. 09.00)." in finding(office, Check.UNPOSTED, "2023-05-17 15.01").said
    posted(office, case, 1, when="2023-05-17 15.05")
    assert not lies(office, "2023-06-17 15.05", Check.UNPOSTED)


def test_sealed_letters_are_told_of_though_the_others_are_posted(office: Office) -> None:
    protected = person(9, email=False, protection=Protection.SECRECY_MARKED)
    case = on_paper(office, *PAPER, protected)
    out(office, case, when="2023-05-12 13.00")
    posted(office, case, 1, when="2023-05-12 14.00")
    assert "1 brev, sedan 12 maj 2023 kl. 11.46)." in finding(office, Check.UNPOSTED, "2023-05-17 09.00").said


def test_letters_of_an_erased_list_can_be_taken_out_by_nobody_and_are_not_told_of(office: Office) -> None:
    case = on_paper(office)
    office.world.recipients.erase(f"{case}/gdpr.34.1")
    assert not lies(office, "2023-05-17 09.00", Check.UNPOSTED)


def out(office: Office, case: str, *, when: str) -> int:
    return print_batch(
        case, channel=Channel.PAPER, code=None, by=office.officer(case), now=at(when), world=office.world
    ).number


def posted(office: Office, case: str, batch: int, *, when: str) -> None:
    post_batch(case, batch=batch, posted_at=at(when), by=office.officer(case), now=at(when), world=office.world)


def test_a_file_with_a_letter_that_a_later_list_forbids_is_told_of_until_it_is_written_again(office: Office) -> None:
    case = released(office, person(7, email=False), person(8, email=False))
    office.send(case, when="2023-05-12 11.50")
    by = office.officer(case)
    print_batch(case, by=by, now=at("2023-05-12 12.00"), world=office.world)
    assert not lies(office, "2023-05-12 13.00", Check.FORBIDDEN)
    office.load(case, [person(7, email=False, protection=Protection.SECRECY_MARKED)], when="2023-05-12 13.05")
    told = finding(office, Check.FORBIDDEN, "2023-05-12 13.06")
    assert told.state is State.ALARM
    assert f"avlidit: {case} (omgång 1)." in told.said
    assert "Sökande" not in told.said
    for file in (office.folder / "utskrift").iterdir():
        file.unlink()
    print_again(case, batch=1, reasoning="Ny lista.", by=by, now=at("2023-05-12 13.10"), world=office.world)
    assert not lies(office, "2023-05-12 13.11", Check.FORBIDDEN)


def test_a_posted_letter_is_no_longer_one_not_to_be_posted(office: Office) -> None:
    case = released(office, person(7, email=False))
    office.send(case, when="2023-05-12 11.50")
    by = office.officer(case)
    print_batch(case, by=by, now=at("2023-05-12 12.00"), world=office.world)
    posted = at("2023-05-12 12.30")
    post_batch(case, batch=1, posted_at=posted, by=by, now=posted, world=office.world)
    office.load(case, [person(7, email=False, protection=Protection.SECRECY_MARKED)], when="2023-05-12 13.05")
    assert not lies(office, "2023-05-12 13.06", Check.FORBIDDEN)


def test_it_is_told_of_also_once_the_later_list_is_released(office: Office) -> None:
    case = released(office, person(7, email=False), person(8, email=False))
    office.send(case, when="2023-05-12 11.50")
    by = office.officer(case)
    print_batch(case, by=by, now=at("2023-05-12 12.00"), world=office.world)
    office.load(
        case, [person(7, email=False, protection=Protection.SECRECY_MARKED), person(9)], when="2023-05-12 13.05"
    )
    office.release(case, when="2023-05-12 13.10")
    office.send(case, when="2023-05-12 13.15")
    assert lies(office, "2023-05-12 13.20", Check.FORBIDDEN)
    for file in (office.folder / "utskrift").iterdir():
        file.unlink()
    print_again(case, batch=1, reasoning="Ny lista.", by=by, now=at("2023-05-12 13.30"), world=office.world)
    assert not lies(office, "2023-05-12 13.31", Check.FORBIDDEN)


def test_a_letter_to_who_has_only_moved_is_no_such_letter(office: Office) -> None:
    case = released(office, person(7, email=False), person(8, email=False))
    office.send(case, when="2023-05-12 11.50")
    print_batch(case, by=office.officer(case), now=at("2023-05-12 12.00"), world=office.world)
    moved = person(7, email=False).model_copy(update={"address": person(77).address})
    office.load(case, [moved, person(9)], when="2023-05-12 13.05")
    office.release(case, when="2023-05-12 13.10")
    office.send(case, when="2023-05-12 13.15")
    assert not lies(office, "2023-05-12 13.20", Check.FORBIDDEN)
