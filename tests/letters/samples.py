"""One letter of each kind, and its variants, from the case of the spring of 2023 with invented bodies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from law.form_book import IMY, form_on
from letters import compose
from letters.compose import Around, Matter
from letters.compose.diary_entry import DiaryEntry, Mark
from letters.compose.reminder_answers import Outcome
from letters.compose.sheet import Sheet
from letters.compose.supplement import Change
from letters.dossier import case_dossier
from models.breach_events import FactsEstablished, Risk
from models.confirmation import Act, Subject
from models.duty import Duty, DutyStatus, Ground
from models.facts import AvailabilityLoss, BreachType, Cause, Exfiltration, Facts, Quantity, Trigger
from models.filing_events import DelayExplained, FilingAttempted, MissingItem, NotificationsBundled, Phase
from models.health import Check, Finding, State
from models.incident import Incident
from models.instants import parse_local
from models.letter import Audience, Letter
from models.notice import FACTS as NOTICE_FACTS
from models.notice import Notice
from models.overview import OpenDeadline
from models.parties import Register
from models.publication import PublicStatusNoted
from models.record_events import KeptDocument
from models.replay import replay
from models.supply_events import Milestone, NoticeKind, Tier
from proof.anchors import Anchor
from tests.letters.case import AWARE, DUE, FACTS, decided, history, noticed, notified, recorded, told
from tests.letters.dossier import matter
from tests.letters.samples_counted import register_of_breaches, report_of_nothing, report_of_the_year, report_so_far

LOW = Facts(
    breach_types=(BreachType.CONFIDENTIALITY,),
    what_happened=(
        "En handläggare skickade ett mejl till fel kollega i samma förvaltning. Mejlet innehöll namn och ärendenummer "
        "för tre personer. Kollegan har tystnadsplikt och raderade mejlet efter en kvart."
    ),
    consequences_described="Kollegan kan ha läst tre namn. Vi ser inga andra följder.",
    measures_taken=("Kollegan har skriftligen bekräftat att mejlet är raderat.",),
    measures_proposed=("Vi stänger av adressförslag från andra enheter i e-postprogrammet.",),
)
LOST = FACTS.learn(
    Facts(
        breach_types=(BreachType.AVAILABILITY,),
        availability_loss=AvailabilityLoss.PERMANENT,
        exfiltration=Exfiltration.NOT_APPLICABLE,
        children=True,
        protected_identities=False,
        consequences_described="Vi kan inte läsa din ansökan. Du kan behöva skicka den igen.",
    )
)
UNDECIDED = replay(history())
REOPENED = replay(
    (
        *history(),
        decided(Risk.UNLIKELY),
        FactsEstablished(
            facts=Facts(threat_to_publish=True),
            source="Leverantören.",
            trigger=Trigger.THREAT_TO_PUBLISH,
            **recorded("2023-05-09 11.00"),
        ),
    )
)
NOTIFY = Duty(
    provision="gdpr.33.1",
    owed_to="supervisory_authority",
    status=DutyStatus.OWED,
    since=AWARE,
    due_at=DUE,
    operate_at=DUE,
)
SUPPLEMENT = NOTIFY.model_copy(
    update={
        "provision": "gdpr.33.4",
        "since": notified().filings[0].occurred_at,
        "due_at": parse_local("2023-05-24 23.59"),
    }
)
COMMUNICATE = Duty(provision="gdpr.34.1", owed_to="data_subject", status=DutyStatus.OWED, since=AWARE)
AROUND = Around(
    waiting=(("Bedöm risk", "hr-chef"),),
    missing=("records", "likely_consequences"),
    next_in_line="stf",
    calls_at=DUE - timedelta(hours=22),
    answer_hours=4,
    link="https://timglas.exempelkommun.example/artifacts/key/inc-2023-0042",
)


def about(register: Register, duty: Duty, *, now: datetime, **around: object) -> Matter:
    incident = UNDECIDED if duty is NOTIFY else notified()
    return Matter(incident, duty, register.controllers[0], register, now, replace(AROUND, **around))


def reminder(register: Register, *, hours_left: int, duty: Duty = NOTIFY, **around: object) -> Letter:
    assert duty.due_at is not None
    now = duty.due_at - timedelta(hours=hours_left) + timedelta(seconds=40)
    return compose.deadline_reminder(about(register, duty, now=now, **around))


def overdue(
    register: Register, *, duty: Duty = NOTIFY, late: timedelta = timedelta(hours=1), **around: object
) -> Letter:
    assert duty.due_at is not None
    return compose.deadline_passed(
        about(register, duty, now=duty.due_at + late, next_in_line=None, calls_at=None, **around)
    )


def started(register: Register, *, duty: Duty = NOTIFY, moved_from: datetime | None = None) -> Letter:
    return compose.deadline_started(
        about(register, duty, now=duty.since + timedelta(minutes=25)), moved_from=moved_from
    )


def settled(register: Register) -> Letter:
    filed = {"status": DutyStatus.FULFILLED, "fulfilled_at": DUE + timedelta(hours=72, minutes=40)}
    ground = Ground(provision="gdpr.33.1", because="Anmälan är återkallad.", by="hr-chef")
    lifted = {"status": DutyStatus.NOT_REQUIRED, "ground": ground}
    duties = (NOTIFY.model_copy(update=filed), SUPPLEMENT.model_copy(update=lifted))
    return compose.deadline_settled(
        incident=notified(), duties=duties, controller=register.controllers[0], register=register
    )


def answered(outcome: Outcome) -> Letter:
    until = DUE - timedelta(hours=20) if outcome == "taken" else None
    return compose.answer_received(incident="INC-2023-0042", outcome=outcome, until=until, hours=4)


def alarm(register: Register) -> Letter:
    silent = Finding(
        check=Check.SWEEP,
        state=State.ALARM,
        said="Inget svep har blivit klart på 12 timmar.",
        remedy="Starta Timglas, eller titta i loggen. Kör timglas sweep med några minuters mellanrum så länge.",
    )
    full = Finding(
        check=Check.DISK, state=State.ALARM, said="Bara 12 megabyte är lediga.", remedy="Gör plats på disken."
    )
    return compose.watch_alarm(
        findings=(silent, full),
        since=AWARE,
        repeat=timedelta(hours=4),
        machine="timglas.exempelkommun.example",
        nearest=compose.limits_in_words(
            [
                OpenDeadline(incident="INC-2023-0042", party=register.controllers[0].id, duty=duty)
                for duty in (NOTIFY, SUPPLEMENT, COMMUNICATE)
            ],
            register,
        ),
    )


def waiting(register: Register, duty: Duty) -> Letter:
    undecided, processor = duty.status is DutyStatus.UNDECIDED, duty.provision == "gdpr.33.2"
    return compose.decision_reminder(
        Matter(
            incident=REOPENED if undecided else notified(),
            duty=duty,
            party=register.processors[0] if processor else register.controllers[0],
            register=register,
            now=duty.since + timedelta(hours=24),
            around=replace(AROUND, waiting=(), missing=(), answer_hours=None, link=""),
        )
    )


def sheet_of(register: Register, incident: Incident, *, at: str, phase: Phase, lacks: tuple[MissingItem, ...]) -> Sheet:
    return Sheet(
        incident=incident,
        controller=register.controllers[0],
        register=register,
        phase=phase,
        at=parse_local(at),
        due_at=DUE,
        supplement_by=parse_local("2023-05-24 23.59"),
        authority="Integritetsskyddsmyndigheten",
        e_service="e-tjanster.imy.se/sv/anmalan",
        lacks=lacks,
        secrecy=("Säkerhetsåtgärder före incidenten: kan omfattas av sekretess enligt 18 kap. 8 § 3 OSL.",),
    )


def lacking(key: str = "records", *, day: date | None = date(2023, 5, 24)) -> tuple[MissingItem, ...]:
    return (MissingItem(key=key, because="Leverantören håller på att räkna.", follows_on=day),)


def bundle(lead: Incident, others: tuple[Incident, ...]) -> NotificationsBundled:
    return NotificationsBundled(
        lead=lead.id,
        incidents=(lead.id, *(other.id for other in others)),
        because="Samma fel i samma system under samma natt.",
        occurred_at=AWARE,
        recorded_at=AWARE,
        recorded_by="officer",
    )


def sheet(
    register: Register, *, at: str, facts: Facts = FACTS, lacks: tuple[MissingItem, ...] | None = None, beside: int = 0
) -> Letter:
    incident = replay((*history(facts), decided(Risk.HIGH)))
    held = sheet_of(register, incident, at=at, phase=Phase.INITIAL, lacks=lacking() if lacks is None else lacks)
    others = tuple(incident.model_copy(update={"id": f"INC-2023-005{place}"}) for place in range(beside))
    if others:
        held = held._replace(incident=incident.model_copy(update={"bundle": bundle(incident, others)}))
    form = form_on(IMY, date(2023, 4, 26))
    return compose.supervisory_authority_notification(sheet=held._replace(beside=others), form=form)


def late_sheet(register: Register) -> Letter:
    reasons = "Vi fick veta det den 24 april. Leverantören svarade först den 27 april."
    late = DelayExplained(reasons=reasons, **recorded("2023-04-27 17.00"))
    incident = replay((*history(), decided(Risk.HIGH), late))
    held = sheet_of(register, incident, at="2023-04-28 09.00", phase=Phase.INITIAL, lacks=lacking())
    return compose.supervisory_authority_notification(sheet=held, form=form_on(IMY, date(2023, 4, 26)))


def supplement(register: Register, *, phase: Phase = Phase.SUPPLEMENT, because: str | None = None) -> Letter:
    known_now = Facts(
        exfiltration=Exfiltration.CONFIRMED,
        n_subjects=Quantity(at_least=8412, at_most=8412),
        ended_at=parse_local("2023-05-02 08.00"),
    )
    later = FactsEstablished(facts=known_now, source="Leverantören.", **recorded("2023-05-11 17.30"))
    filed = notified()
    incident = filed.model_copy(update={"facts": filed.facts.learn(later.facts)})
    lacks = () if phase is Phase.FINAL else lacking()
    return compose.supervisory_authority_supplement(
        sheet=sheet_of(register, incident, at="2023-05-12 09.30", phase=phase, lacks=lacks),
        changes=tuple(
            Change(name=name, since="11 maj 2023 kl. 17.30", because=because)
            for name in ("n_subjects", "exfiltration", "ended_at")
        ),
    )


def withdrawal(register: Register) -> Letter:
    unlikely = decided(Risk.UNLIKELY, reasoning="Loggarna visar att ingen har kommit åt uppgifterna.")
    incident = notified().model_copy(update={"decisions": (unlikely,)})
    return compose.supervisory_authority_withdrawal(
        sheet=sheet_of(register, incident, at="2023-05-12 09.30", phase=Phase.WITHDRAWAL, lacks=())
    )


def cover(register: Register) -> Letter:
    attempt = FilingAttempted(
        what_happened="Sidan svarade inte, och IMY:s växel bekräftade felet.",
        documents=(),
        **recorded("2023-04-27 14.10"),
    )
    incident = replay((*history(), decided(Risk.HIGH)))
    return compose.supervisory_authority_cover_letter(
        sheet=sheet_of(register, incident, at="2023-04-27 14.20", phase=Phase.INITIAL, lacks=lacking()),
        attempt=attempt,
        issued="27 april 2023 kl. 11.30",
    )


def to_person(register: Register, facts: Facts = FACTS) -> Letter:
    return compose.data_subject_communication(
        incident=notified(facts),
        controller=register.controllers[0],
        register=register,
        at=parse_local("2023-05-12 10.00"),
    )


def update(register: Register) -> Letter:
    return compose.data_subject_communication(
        incident=told(Facts(told_news="Angriparen har publicerat uppgifter på nätet. Dina uppgifter finns inte där.")),
        controller=register.controllers[0],
        register=register,
        at=parse_local("2023-05-22 10.00"),
    )


def correction(register: Register) -> Letter:
    news = "Utredningen är klar. Ingen har kommit åt systemet för jobbansökningar."
    return compose.data_subject_correction(
        incident=told(Facts(told_news=news), Risk.UNLIKELY),
        controller=register.controllers[0],
        register=register,
        at=parse_local("2023-05-22 10.00"),
    )


def to_public(register: Register) -> Letter:
    return compose.public_communication(
        incident=noticed(),
        controller=register.controllers[0],
        register=register,
        published_at=parse_local("2023-05-12 15.04"),
        changed_at=parse_local("2023-05-16 09.20"),
    )


def to_controller(register: Register) -> Letter:
    told = Facts.model_validate(
        {
            **FACTS.known(),
            "cause": None,
            "what_happened": "Vår driftleverantör upptäckte ett angrepp på sin miljö. Rekryteringssystemet är avstängt.",
            "measures_taken": ("Miljön är avstängd.", "Utomstående experter säkrar loggar."),
            "measures_proposed": None,
            "data_described": None,
        }
    )
    stated = told.learn(Facts(), tuple(name for name in told.known() if name not in NOTICE_FACTS))
    return compose.controller_notice_from_processor(notice(register, facts=stated))


def notice(register: Register, **said: object) -> Notice:
    processor, controller = register.processors[0], register.controllers[0]
    own = {"name", "organisation_number", "email", "phone"}
    times = (
        ("2023-04-23 00.00", "2023-04-24 23.59", "Driftbolagets talesperson"),
        ("2023-04-24 09.10", "2023-04-24 09.10", "Driftbolagets säkerhetschef"),
    )
    return Notice.model_validate(
        {
            "reference": "INC-2023-0042",
            "version": 1,
            "kind": NoticeKind.FIRST,
            "sent_at": parse_local("2023-04-24 16.10"),
            "sender": {
                **processor.model_dump(include=own),
                "contact": "Jouren",
                "answer_to": "timglas@rekryteringssystem.example",
            },
            "addressee": {
                **controller.model_dump(include={"name", "organisation", "organisation_number"}),
                "customer_number": "K-1001",
            },
            "products": ("rekryteringssystemet",),
            "sub_processors": ("Driftbolaget AB",),
            "aware_at": parse_local("2023-04-24 13.20"),
            "times": [
                {
                    "tier": Tier.SUB_PROCESSOR,
                    "organisation": "Driftbolaget AB",
                    "milestone": Milestone.DETECTED,
                    "not_before": parse_local(first),
                    "not_after": parse_local(last),
                    "source": source,
                }
                for first, last, source in times
            ],
            "answer_by": parse_local("2023-04-24 20.10"),
            "reply_code": "7F3K-9Q2D",
            "next_update_at": parse_local("2023-04-25 12.00"),
            **said,
        }
    )


def taken_back(register: Register) -> Letter:
    return compose.controller_notice_from_processor(
        notice(
            register,
            version=3,
            kind=NoticeKind.WITHDRAWN,
            sent_at=parse_local("2023-05-11 14.00"),
            answer_by=parse_local("2023-05-11 18.00"),
            next_update_at=None,
            facts=Facts(what_happened="Vår driftleverantör upptäckte ett angrepp på sin miljö."),
            basis="Vi har gått igenom hela den publicerade filen. Inget i den kommer från er.",
        )
    )


def widened(register: Register) -> Letter:
    facts = Facts(
        what_happened="Angriparna har publicerat en del av det som de tog.",
        exfiltration=Exfiltration.CONFIRMED,
        n_subjects=Quantity(at_least=9100, at_most=9100),
        data_categories=("basic_identity", "national_id_number"),
        cause=Cause.ADVERSARIAL_ATTACK,
    )
    basis = "Loggarna visar att en äldre säkerhetskopia också var åtkomlig."
    return compose.controller_notice_from_processor(
        notice(register, version=2, kind=NoticeKind.WIDENED, facts=facts, basis=basis, times=())
    )


def unanswered(register: Register) -> Letter:
    first = notice(register, facts=Facts(what_happened="Systemet ligger nere efter ett angrepp."))
    return compose.controller_notice_unanswered(first, compose.controller_notice_from_processor(first))


def not_notified(register: Register) -> Letter:
    decision = decided(
        Risk.UNLIKELY,
        reasoning="Mottagaren är känd och har tystnadsplikt, uppgifterna är inte känsliga och mejlet är raderat.",
        officer_advice="Jag delar bedömningen.",
        could_change="Om det visar sig att mejlet har skickats vidare gör vi en ny bedömning.",
    )
    return compose.decision_not_to_notify(
        incident=replay((*history(LOW), decision)), controller=register.controllers[0], register=register
    )


def anchored(register: Register) -> Letter:
    anchor = Anchor("INC-2023-0042", 41, "ab" * 32, {"handlingar/anmalan/1-initial.pdf": "cd" * 32})
    return compose.chain_anchor(
        reference=anchor.incident,
        party=register.controllers[0],
        lines=anchor.lines,
        head=anchor.head,
        documents=len(anchor.documents),
        told=anchor.told,
    )


def to_be_entered(register: Register) -> Letter:
    marked = Mark("measures_before", ("18 kap. 8 § 3",), parse_local("2023-04-26 15.21"))
    filed = tuple(KeptDocument(name=f"anmalan/1-initial.{kind}", sha256="ab" * 32) for kind in ("pdf", "json"))
    controller = register.controllers[0]
    said = {"kind": "initial", "at": parse_local("2023-04-26 15.20"), "recipient": "Integritetsskyddsmyndigheten"}
    entry = DiaryEntry(
        "INC-2023-0042", 12, controller=controller, their_number=None, marks=(marked,), documents=filed, **said
    )
    return compose.diary_entry(entry)


def confirmed(register: Register) -> Letter:
    return compose.notice_confirmation(
        notice=notice(register, facts=Facts(what_happened="Ett angrepp.")),
        incident=UNDECIDED,
        controller=register.controllers[0],
        register=register,
        arrived_at=AWARE,
    )


def logged(register: Register) -> Letter:
    lines = (("2023-05-10 11.25", "Leverantören utreder hotet."), ("2023-05-12 09.00", "Vi har anmält till IMY."))
    noted = tuple(PublicStatusNoted(text=text, **recorded(when)) for when, text in lines)
    return compose.public_communication(
        incident=noticed().model_copy(update={"statuses": noted}),
        controller=register.controllers[0],
        register=register,
        published_at=parse_local("2023-05-12 15.04"),
        changed_at=parse_local("2023-05-13 10.00"),
    )


SAMPLES: dict[str, Callable[[Register], Letter]] = {
    "data_subject_communication": to_person,
    "guardian_communication": lambda register: to_person(register).to(Audience.GUARDIAN),
    "protected_communication": lambda register: to_person(register).to(Audience.PROTECTED),
    "data_subject_correction": correction,
    "public_communication": to_public,
    "sealed_forwarding": lambda register: compose.sealed_forwarding(
        incident=notified(), controller=register.controllers[0], register=register, letters=12
    ),
    "deadline_reminder": lambda register: reminder(register, hours_left=48),
    "deadline_passed": overdue,
    "deadline_started": started,
    "deadline_settled": settled,
    "answer_received": lambda _: answered("taken"),
    "watch_alarm": alarm,
    "watch_all_clear": lambda _: compose.watch_all_clear(since=AWARE, now=DUE, machine="timglas.exempelkommun.example"),
    "decision_reminder": lambda register: waiting(
        register, COMMUNICATE.model_copy(update={"status": DutyStatus.UNDECIDED})
    ),
    "controller_notice_from_processor": to_controller,
    "controller_notice_unanswered": unanswered,
    "notice_confirmation": confirmed,
    "notice_passed_on": lambda register: compose.notice_passed_on(
        incident="INC-2023-0042", controller=register.controllers[0], opened=True, arrived_at=AWARE
    ),
    "notice_refused": lambda _: compose.notice_refused(
        why="Underrättelsen INC-2023-0001 från rekryteringssystem har ingen signatur som stämmer.",
        key="3fa9c07d21be",
        arrived_at=AWARE,
    ),
    "notice_whose": lambda register: compose.notice_whose(controllers=register.controllers, arrived_at=AWARE),
    "supervisory_authority_notification": lambda register: sheet(register, at="2023-04-26 15.20"),
    "supervisory_authority_supplement": supplement,
    "supervisory_authority_withdrawal": withdrawal,
    "supervisory_authority_cover_letter": cover,
    "decision_not_to_notify": not_notified,
    "chain_anchor": anchored,
    "diary_entry": to_be_entered,
    "case_dossier": lambda register: case_dossier(matter(register)),
    "confirmation_code": lambda _: compose.confirmation_code(
        subject=Subject(
            act=Act.APPROVE_LETTER,
            incident_id="INC-2023-0042",
            actor="hanna.exempel",
            content="ab" * 32,
            said="anmälan till IMY",
        ),
        code="048213",
    ),
    "breach_register": register_of_breaches,
    "yearly_report": report_of_the_year,
}
"""One sample of each letter; its text is kept in ``approved/sv``."""


def suspected(register: Register) -> Letter:
    duty = NOTIFY.model_copy(update={"status": DutyStatus.UNDECIDED})
    told = replay(history()[:1])
    return compose.decision_reminder(
        Matter(told, duty, register.controllers[0], register, duty.since + timedelta(hours=24))
    )


VARIANTS: dict[str, Callable[[Register], Letter]] = {
    "suspected": suspected,
    "confirmed": lambda register: to_person(register, FACTS.learn(Facts(exfiltration=Exfiltration.CONFIRMED))),
    "notice_taken_back": taken_back,
    "notice_with_log": logged,
    "notice_widened": widened,
    "lost": lambda register: to_person(register, LOST),
    "health": lambda register: to_person(register, FACTS.learn(Facts(data_categories=("name", "health")))),
    "update": update,
    "correction to guardian": lambda register: correction(register).to(Audience.GUARDIAN),
    "correction to protected": lambda register: correction(register).to(Audience.PROTECTED),
    "24 hours": lambda register: reminder(register, hours_left=24),
    "6 hours": lambda register: reminder(register, hours_left=6),
    "24 hours called": lambda register: reminder(
        register,
        hours_left=24,
        called=True,
        silent_since=DUE - timedelta(hours=48),
        also=(COMMUNICATE, SUPPLEMENT),
        answered=compose.Answered("dso", DUE - timedelta(hours=30), took=True),
    ),
    "6 hours instead of another": lambda register: reminder(
        register, hours_left=6, instead_of="dso", answer_hours=None
    ),
    "72 hours 40 minutes late": lambda register: overdue(register, late=timedelta(hours=72, minutes=40)),
    "passed on": lambda _: answered("passed_on"),
    "unclear answer": lambda _: answered("unclear"),
    "nothing to answer": lambda _: answered("settled"),
    "moved": lambda register: started(register, moved_from=DUE + timedelta(hours=3)),
    "approval": lambda register: waiting(
        register,
        COMMUNICATE.model_copy(update={"provision": "decision", "about": "supervisory_authority_notification"}),
    ),
    "supplement in two days": lambda register: reminder(register, hours_left=48, duty=SUPPLEMENT),
    "supplement overdue": lambda register: overdue(register, duty=SUPPLEMENT),
    "communicate": lambda register: waiting(register, COMMUNICATE),
    "inform controllers": lambda register: waiting(register, COMMUNICATE.model_copy(update={"provision": "gdpr.33.2"})),
    "document": lambda register: waiting(register, COMMUNICATE.model_copy(update={"provision": "gdpr.33.5"})),
    "other duty": lambda register: waiting(register, COMMUNICATE.model_copy(update={"provision": "se.lek.8.5"})),
    "late sheet": late_sheet,
    "whole sheet": lambda register: sheet(register, at="2023-04-26 15.20", lacks=lacking(day=None)),
    "bundled sheet": lambda register: sheet(register, at="2023-04-26 15.20", beside=2),
    "final supplement": lambda register: supplement(register, phase=Phase.FINAL),
    "correction": lambda register: supplement(
        register, phase=Phase.CORRECTION, because="Leverantören hade räknat samma personer två gånger."
    ),
    "year so far": report_so_far,
    "year of nothing": report_of_nothing,
}
"""The other ways these letters can read."""
