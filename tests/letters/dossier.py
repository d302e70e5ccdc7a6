"""The case file of the case of the spring of 2023, with a correction, a late filing and an anchor in it."""

from datetime import date

from law.statute_book import StatuteBook
from letters.dossier import Document, LeftOut, Matter
from models.breach_events import DutiesDetermined, FactCorrected, Risk, RiskAssessed, StatedDuty, StatedReason
from models.duty import DutyStatus
from models.events import Event
from models.facts import Facts, Quantity
from models.filing_events import LetterApproved, NotificationAcknowledged
from models.instants import parse_local
from models.parties import Person, Register
from models.record_events import ChainAnchored, ChainStamped, IncidentClosed, KeptDocument, ReminderSent
from models.replay import replay
from services.due.deadlines import deadlines_of
from tests.letters.case import DUE, decided, filed, history, recorded, told

STATEMENT = KeptDocument(name="forankring/9-aaaaaaaaaaaa.txt", sha256="a" * 64)
STAMP = KeptDocument(name="forankring/9-aaaaaaaaaaaa.tsr", sha256="b" * 64)
DOCUMENTS = (
    Document("handlingar/anmalan/1-initial.html", 9000, "c" * 64),
    Document("handlingar/anmalan/1-initial.pdf", 41000, "d" * 64),
    Document("handlingar/anmalan/1-initial.txt", 4000, "0" * 64),
    Document("handlingar/anmalan/1-kvittens.html", 7000, "e" * 64),
    Document("handlingar/till-registrerade/brev.pdf", 39000, "f" * 64),
)


def events() -> tuple[Event, ...]:
    advice = RiskAssessed(
        level=Risk.HIGH,
        because=(
            StatedReason(
                text="It is not known whether the data left our control.", citation="Guidelines 9/2022, section IV.B"
            ),
        ),
        unknown=("exfiltration", "protected_identities"),
        **recorded("2023-04-25 09.00", by="timglas"),
    )
    duty = StatedDuty(provision="gdpr.33.1", status=DutyStatus.OWED, due_at=DUE)
    stated = DutiesDetermined(law_of=date(2023, 4, 24), duties=(duty,), **recorded("2023-04-25 09.00", by="timglas"))
    corrected = FactCorrected(
        supersedes=3,
        because="Leverantören räknade också testkonton.",
        facts=Facts(n_subjects=Quantity(at_least=240, at_most=240)),
        **recorded("2023-05-10 09.00"),
    )
    reminded = ReminderSent(
        provision="gdpr.33.1",
        steps=("gdpr.33.1 2023-04-27T14:10Z -24 h",),
        to=("dso", "hr-chef"),
        **recorded("2023-04-26 16.10", by="timglas"),
    )
    sheet = LetterApproved(
        letter="supervisory_authority_notification", sha256="0" * 64, **recorded("2023-04-26 14.00", by="hr-chef")
    )
    number = NotificationAcknowledged(diary_number="IMY-2023-4711", **recorded("2023-04-28 10.00"))
    decision = decided(
        Risk.HIGH,
        officer_advice="Anmäl, och berätta för de sökande.",
        could_change="Om loggarna visar att inget lämnade miljön.",
    )
    anchored = ChainAnchored(
        length=9, head="9" * 64, statement=STATEMENT, to="registrator", **recorded("2023-04-27 18.25", by="timglas")
    )
    stamped = ChainStamped(
        length=9, head="9" * 64, statement=STATEMENT, stamp=STAMP, **recorded("2023-04-27 18.26", by="timglas")
    )
    sent = told_events()
    closed = IncidentClosed(
        reasoning="Allt är gjort.", lessons="Gallra tidigare.", **recorded("2023-05-24 09.00", by="hr-chef")
    )
    return (
        *history(),
        advice,
        stated,
        decision,
        sheet,
        reminded,
        filed(at="2023-04-27 18.20"),
        anchored,
        stamped,
        number,
        corrected,
        *sent,
        closed,
    )


def told_events() -> tuple[Event, ...]:
    case = told(Facts(told_news="Nytt."))
    assert case.started is not None
    return (*case.releases, *case.told)


def matter(register: Register) -> Matter:
    registrar = Person(
        id="registrator", name="Registraturen", title="registratorn", email="registrator@exempelkommun.example"
    )
    with_registrar = register.model_copy(update={"people": (*register.people, registrar)})
    incident = replay(events())
    return Matter(
        incident=incident,
        history=events(),
        deadlines=deadlines_of(incident, StatuteBook.load()),
        latest={"gdpr.33.1": parse_local("2023-04-27 17.00")},
        uncertain={"se.imy": date(2026, 11, 21)},
        documents=DOCUMENTS,
        left_out=LeftOut(drafts=3, letters_to_persons=30, named=("okant/fil.bin",)),
        register=with_registrar,
        head="7" * 64,
        at=parse_local("2024-05-24 10.00"),
    )
