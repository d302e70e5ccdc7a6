"""A flow that is tried again takes the same step at the same instant: it must write nothing and send nothing more."""

from collections.abc import Callable, Iterator

from models.breach_events import Risk
from models.facts import Facts, Quantity, Trigger
from services.documents.drafts import NOT_NOTIFIED
from services.people.post_batch import post_batch
from services.people.print_batch import print_batch
from services.supply.state_slices import Slice
from tests.services.office import (
    AGENCY,
    AWARE,
    BOARD,
    COMMUNICATION,
    DUE,
    FACTS,
    NOTICE,
    NOTIFICATION,
    PROCESSOR,
    SUPPLEMENT,
    THREAT,
    Office,
    at,
    person,
)

Step = Callable[[], object]


def controllers_life(office: Office, case: str) -> Iterator[Step]:
    yield lambda: office.aware(case)
    yield lambda: office.facts(case)
    yield lambda: office.facts(case, FACTS, when="2023-04-24 17.00")
    yield lambda: office.correct_awareness(case, at("2023-04-24 16.05"), when="2023-04-24 18.00")
    line = office.words(case).index("facts_established") + 1
    yield lambda: office.correct_facts(case, line, Facts(malicious=True), when="2023-04-24 18.10")
    yield lambda: office.decide(case, Risk.UNLIKELY, when="2023-04-25 09.00")
    yield lambda: office.draft(case, NOT_NOTIFIED, when="2023-04-25 10.00")
    yield lambda: office.approve(case, NOT_NOTIFIED, when="2023-04-25 10.30")
    yield lambda: office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    yield lambda: office.sweep(case, at("2023-05-10 11.00"))
    yield lambda: office.decide(case, Risk.HIGH, when="2023-05-10 14.00")
    yield lambda: office.draft(case, NOTIFICATION, when="2023-05-10 15.00")
    yield lambda: office.approve(case, NOTIFICATION, when="2023-05-11 09.30")
    late = "2023-05-12 12.00"
    yield lambda: office.file(case, filed_at="2023-05-12 11.30", when=late, delay_reasons="Vi väntade på leverantören.")
    yield lambda: office.copy(case, when="2023-05-12 12.10")
    yield lambda: office.acknowledged(case, "IMY-2023-99003", when="2023-05-12 12.30")
    yield lambda: office.facts(case, Facts(n_records=Quantity(at_least=410)), when="2023-05-12 13.00")
    yield lambda: office.draft(case, SUPPLEMENT, when="2023-05-12 13.10")
    yield lambda: office.approve(case, SUPPLEMENT, when="2023-05-12 13.20")
    yield lambda: office.file(case, when="2023-05-12 13.30")
    yield lambda: office.copy(case, when="2023-05-12 13.40")
    yield lambda: office.excepted(case, "gdpr.34.3.c", when="2023-05-12 14.00")
    yield lambda: office.draft(case, NOTICE, when="2023-05-12 14.10")
    yield lambda: office.approve(case, NOTICE, when="2023-05-12 14.20")
    yield lambda: office.publish(case, when="2023-05-12 15.04")
    yield lambda: office.draft(case, COMMUNICATION, when="2023-05-15 09.00")
    yield lambda: office.approve(case, COMMUNICATION, when="2023-05-15 09.10")
    yield lambda: office.load(case, [person(1), person(2, email=False)])
    yield lambda: office.release(case, when="2023-05-15 10.00")
    yield lambda: office.send(case, when="2023-05-15 10.00")
    by, posted_at = office.officer(case), at("2023-05-15 16.00")
    yield lambda: print_batch(case, by=by, now=at("2023-05-15 11.00"), world=office.world)
    yield lambda: post_batch(case, batch=1, posted_at=posted_at, by=by, now=posted_at, world=office.world)
    yield lambda: office.close(case, when="2023-05-24 09.10")
    yield lambda: office.archive(case, when="2023-05-24 10.00")


def processors_life(office: Office, case: str) -> Iterator[Step]:
    yield lambda: office.aware(case, AWARE)
    yield lambda: office.facts(case)
    yield lambda: office.slices(case, Slice(BOARD, Facts(n_records=Quantity(at_least=410))), when="2023-04-24 17.00")
    yield lambda: office.prepare(case, BOARD, when="2023-04-24 17.10")
    yield lambda: office.release_notices(case, when="2023-04-24 17.15")
    yield lambda: office.send_notices(case, when="2023-04-24 17.15")
    yield lambda: office.sweep(case, DUE)
    yield lambda: office.answered(case, BOARD, when="2023-04-27 17.00")
    yield lambda: office.prepare(case, AGENCY, when="2023-04-27 17.05")
    yield lambda: office.release_notices(case, when="2023-04-27 17.15")
    yield lambda: office.send_notices(case, when="2023-04-27 17.15")
    yield lambda: office.close(case, when="2023-05-24 09.10")
    yield lambda: office.archive(case, when="2023-05-24 10.00")


def state(office: Office, case: str) -> object:
    return office.world.timeline.rows(case), office.documents(case), [mail.message_id for mail in office.post.mails]


def take_each_twice(office: Office, case: str, life: Iterator[Step]) -> list[str]:
    for place, step in enumerate(life, start=1):
        step()
        before = state(office, case)
        step()
        assert state(office, case) == before, f"step {place} left something more the second time"
    return office.words(case)


def test_every_step_of_a_controller_taken_twice_is_taken_once(office: Office) -> None:
    case = office.report()
    assert office.report() == case
    words = take_each_twice(office, case, controllers_life(office, case))
    assert words[-1] == "incident_archived"
    for once in ("awareness_corrected", "delay_explained", "public_notice_published", "communication_completed"):
        assert words.count(once) == 1
    assert words.count("notification_submitted") == 2
    assert words.count("risk_decided") == 2


def test_every_step_of_a_processor_taken_twice_is_taken_once(office: Office) -> None:
    case = office.report(PROCESSOR, by="ida.pahitt", concerned=(BOARD, AGENCY))
    words = take_each_twice(office, case, processors_life(office, case))
    assert words.count("controller_informed") == 2
