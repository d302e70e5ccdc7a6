"""The end of the chain goes to the registrar's mailbox at each filing and once a day, and nothing goes twice."""

import pytest

from adapters.files import read_register
from adapters.settings import Settings
from adapters.tsa import Rfc3161Stamper, read_roots, stamp_fault
from models.breach_events import Risk
from models.errors import RefusedPostError, TransientPostError
from models.mail import Mail
from proof.anchors import anchors_told
from proof.check import check
from proof.contents import Contents
from services.evidence.compile_file import compile_file
from tests.fakes import cut_before_settling, refused
from tests.services.office import Office, at
from tests.timestamping import authority


@pytest.fixture
def office(office: Office) -> Office:
    return office.with_parts(register=read_register(Settings().parties))


@pytest.fixture
def registrar(office: Office) -> str:
    actor = office.world.register.party("kommunstyrelsen").roles
    return office.world.register.person(next(who for role, who in actor.items() if role == "registrar")).email


def anchors(office: Office, registrar: str) -> list[Mail]:
    return [mail for mail in office.post.mails if mail.to == registrar and "Kontrollsumma" in mail.subject]


def test_a_filing_is_anchored_at_once(office: Office, registrar: str) -> None:
    case = office.notified(when="2023-04-26 15.20")
    length = len(office.history(case))
    incident = office.sweep(case, at("2023-04-26 15.21"))
    (mail,) = anchors(office, registrar)
    (told,) = anchors_told(mail.text)
    (anchored,) = incident.anchored
    assert (told.incident, told.head, told.seal) == (case, anchored.head, anchored.statement.sha256)
    assert anchored.length == told.lines >= length
    assert (
        mail.attachments[0].content.decode().count("anmalan/1-initial") == 4
    )  # as text, web page, PDF and the answers as JSON


def test_what_else_is_written_goes_once_a_day_at_the_hour(office: Office, registrar: str) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    assert anchors(office, registrar) == []
    for when in ("2023-04-25 16.00", "2023-04-25 16.01", "2023-04-25 18.00"):
        office.sweep(case, at(when))
    assert len(anchors(office, registrar)) == 1


def test_a_case_that_says_nothing_new_is_anchored_no_more(office: Office, registrar: str) -> None:
    case = office.notified()
    office.close(case, when="2023-04-26 15.30")
    for day in range(26, 31):
        office.sweep(case, at(f"2023-04-{day} 16.30"))
    sent = len(anchors(office, registrar))
    office.sweep(case, at("2023-05-20 16.30"))
    assert len(anchors(office, registrar)) == sent


def test_after_a_power_cut_the_same_anchor_does_not_go_again(office: Office, registrar: str) -> None:
    case = office.notified(when="2023-04-26 15.20")
    broken = office.with_parts(outbox=cut_before_settling(office.world.outbox, 1), register=office.world.register)
    with pytest.raises(RuntimeError):
        broken.sweep(case, at("2023-04-26 15.21"))
    for minute in (22, 40, 55):
        office.sweep(case, at(f"2023-04-26 15.{minute}"))
    assert len(anchors(office, registrar)) == 1


def test_a_mailbox_that_refuses_is_told_of_once(office: Office, registrar: str) -> None:
    case = office.notified(when="2023-04-26 15.20")
    office.post.answers[registrar] = refused()
    with pytest.raises(RefusedPostError, match="registrar"):
        office.sweep(case, at("2023-04-26 15.21"))
    assert office.sweep(case, at("2023-04-26 15.22")).anchored == ()


def test_the_mail_proves_the_file_and_finds_it_out_when_it_was_rewritten(office: Office, registrar: str) -> None:
    case = office.notified(when="2023-04-26 15.20")
    office.sweep(case, at("2023-04-26 15.21"))
    told = anchors_told(anchors(office, registrar)[0].text)
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    files = compile_file(case, at=at("2024-05-24 10.00"), world=office.world)
    report = check(Contents(files, []), told)
    assert (report.faults, report.compared) == ([], 1)
    assert report.anchored == told[0].lines
    other = [told[0]._replace(head="ab" * 32)]
    assert check(Contents(files, []), other).faults
    assert "mejlad till" in files["index.html"].decode()


def test_a_party_without_a_registrar_is_told_so_in_its_file(office: Office) -> None:
    case = office.known("rekryteringssystem", by="ida.pahitt", concerned=("kommunstyrelsen",))
    files = compile_file(case, at=at("2024-05-24 10.00"), world=office.world)
    assert "inte förankrat utanför Timglas" in files["index.html"].decode()


def test_where_there_is_a_time_stamping_authority_the_file_holds_its_stamp(office: Office) -> None:
    with authority() as tsa:
        roots = read_roots(tsa.roots)
        stamping = office.with_parts(stamper=Rfc3161Stamper(tsa.url, roots), register=office.world.register)
        case = stamping.notified(when="2023-04-26 15.20")
        for minute in (21, 22, 40):
            incident = stamping.sweep(case, at(f"2023-04-26 15.{minute}"))
    (stamped,) = incident.stamped
    files = compile_file(case, at=at("2024-05-24 10.00"), world=stamping.world)
    assert stamp_fault(files[stamped.stamp.name], files[stamped.statement.name], roots) is None
    report = check(Contents(files, []))
    assert (report.faults, [name for name, _ in report.stamps]) == ([], [stamped.stamp.name])
    changed = bytearray(files[stamped.stamp.name])
    changed[-1] ^= 1
    assert check(Contents({**files, stamped.stamp.name: bytes(changed)}, [])).faults


def test_an_authority_that_is_silent_holds_up_neither_mail_nor_reminders(office: Office, registrar: str) -> None:
    with authority() as tsa:
        tsa.answers["status"] = 503
        stamping = office.with_parts(
            stamper=Rfc3161Stamper(tsa.url, read_roots(tsa.roots)), register=office.world.register
        )
        case = stamping.notified(when="2023-04-26 15.20")
        with pytest.raises(TransientPostError):
            stamping.sweep(case, at("2023-04-26 15.21"))
        assert len(anchors(stamping, registrar)) == 1
        tsa.answers["status"] = 200
        assert len(stamping.sweep(case, at("2023-04-26 15.22")).stamped) == 1
        assert len(anchors(stamping, registrar)) == 1
