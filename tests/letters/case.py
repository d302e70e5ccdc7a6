"""The case of the spring of 2023, with invented bodies and people."""

from datetime import UTC, date, datetime

from models.breach_events import (
    AwarenessEstablished,
    BreachReported,
    ExceptionInvoked,
    FactsEstablished,
    Risk,
    RiskDecided,
)
from models.communication_events import CommunicationCompleted, CommunicationStarted, LettersPosted
from models.events import Event
from models.facts import BreachType, Cause, Consequence, Exfiltration, Facts, Quantity, Trigger
from models.filing_events import NotificationAcknowledged, NotificationSubmitted, Phase
from models.incident import Incident
from models.instants import parse_local
from models.parties import Controller, Person, PostalAddress, Processor, Product, Register, Role
from models.replay import replay

AWARE = datetime(2023, 4, 24, 14, 10, tzinfo=UTC)
DUE = datetime(2023, 4, 27, 14, 10, tzinfo=UTC)
NO_BREAK = "\u00a0"

FACTS = Facts(
    breach_types=(BreachType.CONFIDENTIALITY, BreachType.AVAILABILITY),
    data_categories=("name", "address", "phone", "cv", "cover_letter", "recruiter_notes"),
    data_subject_categories=("job_applicants", "referees"),
    national_id_number=False,
    financial_data=False,
    credentials="none",
    n_subjects=Quantity(at_least=8400, at_most=8400, about=True),
    exfiltration=Exfiltration.UNKNOWN,
    malicious=True,
    window_from=date(2020, 12, 1),
    window_until=date(2023, 4, 24),
    detected_at=datetime(2023, 4, 23, 22, 0, tzinfo=UTC),
    cause=Cause.ADVERSARIAL_ATTACK,
    processor="Rekryteringssystem AB",
    sub_processor="Driftbolaget AB",
    what_happened=(
        "Ett företag som driver vårt system för jobbansökningar har utsatts för en it-attack. Systemet stängdes av när "
        "attacken upptäcktes.\n\nAngriparen kan ha kommit åt uppgifter om personer som har sökt jobb hos oss."
    ),
    how_discovered="Leverantören av systemet ringde och mejlade vårt dataskyddsombud.",
    data_described=(
        "Det gäller det som du skrev i din ansökan, till exempel namn, adress, telefonnummer, cv och personligt brev. "
        "Det kan också gälla anteckningar som vi har gjort när vi har läst din ansökan."
    ),
    consequences=(Consequence.LOSS_OF_CONTROL, Consequence.FRAUD, Consequence.IDENTITY_THEFT),
    consequences_described=(
        "Någon kan försöka lura dig eller låtsas vara du. Uppgifterna kan också spridas vidare på nätet."
    ),
    measures_taken=(
        "Systemet är avstängt, och leverantören säkrar spår efter angriparen.",
        "Vi har krävt att leverantören visar att systemet är säkert innan vi använder det igen.",
    ),
    measures_proposed=("Vi kontrollerar varje dag vad leverantören har kommit fram till.",),
    reported_to_police=True,
)


def recorded(at: str, by: str = "dso") -> dict[str, object]:
    instant = parse_local(at)
    return {"occurred_at": instant, "recorded_at": instant, "recorded_by": by}


def history(facts: Facts = FACTS) -> tuple[Event, ...]:
    return (
        BreachReported(
            incident_id="INC-2023-0042",
            party="kommunstyrelsen",
            owed_as="controller",
            family="it-attacken-2023",
            summary="Leverantören har stängt rekryteringssystemet efter en it-attack.",
            source="Mejl från leverantören.",
            **recorded("2023-04-24 16.10"),
        ),
        AwarenessEstablished(
            aware_at=AWARE, evidence="Mejlet.", reasoning="Uppgifterna finns där.", **recorded("2023-04-24 16.30")
        ),
        FactsEstablished(facts=facts, source="Leverantören.", **recorded("2023-04-25 09.00")),
    )


def decided(level: Risk, **more: object) -> RiskDecided:
    return RiskDecided.model_validate(
        {"level": level, "reasoning": "Skälen står här.", **more, **recorded("2023-04-26 11.00", by="hr-chef")}
    )


def filed(facts: Facts = FACTS, at: str = "2023-04-26 15.20") -> NotificationSubmitted:
    return NotificationSubmitted(
        phase=Phase.INITIAL, sha256="0" * 64, stated=facts, complete=False, **recorded(at, by="hr-chef")
    )


def notified(facts: Facts = FACTS) -> Incident:
    acknowledged = NotificationAcknowledged(diary_number="IMY-2023-4711", **recorded("2023-04-28 10.00"))
    return replay((*history(facts), decided(Risk.HIGH), filed(facts), acknowledged))


def told(news: Facts, level: Risk = Risk.HIGH) -> Incident:
    """The letters have gone out, and then there was news."""
    release = CommunicationStarted(
        communication="INC-2023-0042/gdpr.34.1", recipients=240, sha256="1" * 64, **recorded("2023-05-12 11.00")
    )
    ends = {"emailed": 210, "on_paper": 30, "sealed": 0, "unreachable": 0, "uncertain": 0}
    done = CommunicationCompleted.model_validate(
        {"communication": release.communication, "recipients": 240, **ends, **recorded("2023-05-12 12.00")}
    )
    posted = LettersPosted.model_validate(
        {"communication": release.communication, "batch": 1, "channel": "paper", "letters": 30, "pages": 60}
        | {"sha256": "2" * 64, **recorded("2023-05-12 15.00")}
    )
    later = FactsEstablished(facts=news, source="Leverantören.", **recorded("2023-05-20 09.00"))
    return replay((*history(), decided(Risk.HIGH), filed(), release, done, posted, later, decided(level)))


def noticed() -> Incident:
    exception = ExceptionInvoked(
        provision="gdpr.34.3.c", reasoning="Många adresser är gamla.", **recorded("2023-05-12 09.00", by="hr-chef")
    )
    threat = FactsEstablished(
        facts=Facts(threat_to_publish=True),
        source="Leverantören.",
        trigger=Trigger.THREAT_TO_PUBLISH,
        **recorded("2023-05-09 11.00"),
    )
    return replay((*history(), decided(Risk.HIGH), filed(), threat, decided(Risk.HIGH), exception))


def register() -> Register:
    address = PostalAddress(street="Storgatan 1", postcode="99999", city="Exempelstad")
    return Register(
        controllers=(
            Controller(
                id="kommunstyrelsen",
                name="Kommunstyrelsen",
                organisation="Exempelkommun",
                organisation_number="212000-0000",
                address=address,
                phone="031-390 06 00",
                email="kommunen@exempelkommun.example",
                website="www.exempelkommun.example",
                roles={Role.OFFICER: "dso", Role.DELEGATE: "hr-chef", Role.STAND_IN: "stf"},
                diary_prefix="KS",
                sector="municipality",
            ),
        ),
        processors=(
            Processor(
                id="rekryteringssystem",
                name="Rekryteringssystem AB",
                organisation="Rekryteringssystem AB",
                organisation_number="556000-0000",
                address=address,
                phone="08-465 004 00",
                email="incident@rekryteringssystem.example",
                website="www.rekryteringssystem.example",
                roles={Role.INCIDENT_MANAGER: "incident"},
                products=(Product(name="rekryteringssystemet", sub_processors=("Driftbolaget AB",)),),
            ),
        ),
        people=(
            Person(
                id="dso",
                name="Disa Ombudsson",
                title="dataskyddsombud",
                email="dataskyddsombud@exempelkommun.example",
                phone="031-390 06 10",
            ),
            Person(
                id="hr-chef",
                name="Hanna Exempel",
                title="HR-direktör",
                email="hanna.exempel@exempelkommun.example",
                phone="031-390 06 20",
            ),
            Person(id="stf", name="Stefan Exempel", title="HR-chef", email="stefan.exempel@exempelkommun.example"),
            Person(
                id="incident",
                name="Inga Exempel",
                title="incidentansvarig",
                email="incident@rekryteringssystem.example",
                phone="08-465 004 10",
            ),
        ),
    )
