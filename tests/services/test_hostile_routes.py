"""What would lose somebody, write to them twice, or tell the wrong one, when things change on the way."""

import asyncio

from sqlalchemy import delete

from adapters.database.engine import engine, writing
from models.breach_events import Risk
from models.delivery import End
from models.health import Check, State
from models.recipient import DeliveryState, Dispatch, Guardian, Protection, Recipient
from models.tables import RecipientRow
from services.people.communicate import line_up, send_some
from services.people.erase_recipients import erase_recipients
from services.sweep.sweep import sweep
from services.watch.health import health
from tests.services.office import AGENCY, BOARD, COMMUNICATION, Office, at, person

RELEASED, SENT, LATER = "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-16 09.00"
ADULT = "197010632391"
BOUNCED = End(DeliveryState.REFUSED, "5.1.1")


def child(number: int, *guardians: Guardian) -> Recipient:
    return person(number).model_copy(update={"number": "201503157811", "guardians": guardians})


def guardian(**given: object) -> Guardian:
    return Guardian.model_validate(
        {"name": "Vera Vård", "email": "vera@post.example", "protection": Protection.NONE, **given}
    )


def ready(office: Office, party: str) -> str:
    """A case of ``party`` with an approved letter and the same person in its list."""
    case = office.known(party)
    office.decide(case, Risk.HIGH, when="2023-04-26 10.15")
    office.drafted(case, COMMUNICATION, when="2023-05-12 11.00")
    office.load(case, [person(1)])
    return case


def bounce(office: Office, case: str, key: str, *, when: str = LATER) -> None:
    release = office.incident(case).releases[0]
    dispatch = Dispatch(communication=release.communication, recipient=key, letter_sha256=release.sha256)
    office.world.outbox.settle([(dispatch, BOUNCED)], now=at(when))


def test_a_guardian_in_line_gets_no_mail_once_somebody_in_the_family_turns_out_to_be_protected(office: Office) -> None:
    case = office.ready_to_write([child(1, guardian(number=ADULT)), person(2)])
    office.release(case, when=RELEASED)
    line_up(case, world=office.world)
    sibling = child(3, guardian(number=ADULT)).model_copy(
        update={"number": "201701012397", "protection": Protection.SECRECY_MARKED}
    )
    office.world.recipients.keep(f"{case}/gdpr.34.1", [sibling])
    asyncio.run(send_some(case, now=at(SENT), world=office.world))
    assert office.post.addresses == ["s0002@post.example"]


def test_whom_a_later_list_protects_gets_no_mail_although_they_stood_in_line(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2)])
    office.release(case, when=RELEASED)
    line_up(case, world=office.world)
    office.world.recipients.keep(f"{case}/gdpr.34.1", [person(1, protection=Protection.SECRECY_MARKED)])
    completed = office.send(case, when=SENT).completed
    assert office.post.addresses == ["s0002@post.example"]
    assert completed is not None
    assert (completed.emailed, completed.sealed) == (1, 1)


def test_the_same_person_with_two_controllers_gets_a_letter_from_each_and_is_erased_by_each(office: Office) -> None:
    cases = [ready(office, BOARD), ready(office, AGENCY)]
    for case in cases:
        office.release(case, when=RELEASED)
        office.send(case, when=SENT)
    assert office.post.addresses == ["s0001@post.example"] * 2
    assert len({mail.message_id for mail in office.post.mails if mail.to == "s0001@post.example"}) == 2
    erase_recipients(cases[0], by=office.delegate(cases[0]), now=at(LATER), world=office.world)
    assert [one.name for one in office.world.recipients.read(f"{cases[1]}/gdpr.34.1")] == [person(1).name]


def test_a_bounce_after_the_list_was_erased_stops_no_sweep(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    erase_recipients(case, by=office.delegate(case), now=at("2023-05-15 12.00"), world=office.world)
    bounce(office, case, "s0001")
    office.sweep(case, at(LATER))
    assert office.incident(case).completed is not None
    assert "deliveries_returned" not in office.words(case)


def test_a_bounce_that_comes_twice_and_late_moves_the_person_once(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2, paper=False)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    for when in (LATER, "2023-06-16 09.00"):
        bounce(office, case, "s0001", when=when)
        bounce(office, case, "s0002", when=when)
        office.sweep(case, at(when))
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper, completed.unreachable) == (0, 1, 1)
    assert office.words(case).count("deliveries_returned") == 1


def test_when_fewer_come_out_than_went_in_nothing_is_called_done_and_it_is_an_alarm(office: Office) -> None:
    case = office.ready_to_write([person(number) for number in range(1, 6)])
    office.release(case, when=RELEASED)
    with writing(engine(f"sqlite:///{office.folder / 'timglas.sqlite'}")) as connection:
        connection.execute(delete(RecipientRow).where(RecipientRow.recipient_id == "s0003"))  # type: ignore[arg-type]
    swept = asyncio.run(sweep(now=at(SENT), world=office.world))
    assert "5 recipients went in but 4 came out" in str(swept.faults[case])
    assert office.incident(case).completed is None
    found = {one.check: one for one in asyncio.run(health(now=at(SENT), world=office.world))}
    assert found[Check.SWEEP].state is State.ALARM
