"""The register of breaches and the year's report, of a few cases and of a made-up year."""

from law.statute_book import StatuteBook
from letters import compose
from models.breach_events import BreachRuledOut, Risk
from models.breach_register import Selection, Standing
from models.duty import Period
from models.facts import Cause, Facts
from models.filing_events import DelayExplained, NotificationSubmitted, Phase
from models.incident import Incident
from models.instants import parse_local
from models.letter import Letter
from models.parties import Register
from models.replay import replay
from models.yearly_report import OpenAction, PartyYear, Year, YearlyReport
from services.evidence.register_entry import entry_of
from tests.letters.case import FACTS, decided, history, noticed, recorded, told

BOOK = StatuteBook.load()
AT = parse_local("2023-06-01 09.00")


def late() -> Incident:
    """Notified two hours after the time limit, with reasons."""
    filed = recorded("2023-04-27 18.10")
    return replay(
        (
            *history(),
            decided(Risk.RISK),
            DelayExplained(reasons="Två leverantörer lämnade olika besked om vilka som var berörda.", **filed),
            NotificationSubmitted(phase=Phase.INITIAL, sha256="0" * 64, stated=FACTS, complete=False, **filed),
        )
    )


def ruled_out() -> Incident:
    """A suspicion that was none."""
    first = history()[0]
    return replay(
        (first, BreachRuledOut(reasoning="Inga personuppgifter fanns i systemet.", **recorded("2023-04-25 10.00")))
    )


def register_of_breaches(register: Register) -> Letter:
    incidents = (told(Facts(n_records=9000)), noticed(), late(), ruled_out())
    entries = [
        entry_of(incident.model_copy(update={"id": f"INC-2023-{number:04}"}), book=BOOK, register=register, now=AT)
        for number, incident in enumerate(incidents, start=1)
    ]
    return compose.breach_register(entries, Selection(year=2023), register=register, at=AT)


THIS_YEAR = Year(
    year=2026,
    standings={Standing.OPEN: 3, Standing.CLOSED: 27, Standing.RULED_OUT: 8, Standing.SUSPECTED: 1},
    hours=(3.5, 11.2, 12, 20, 24, 26.4, 30, 31.5, 44, 47, 47.3, 52, 58, 66, 69.8, 71.9, 72, 73.5, 101),
    late=2,
    overdue=1,
    not_notified=10,
    informed=9,
    people=12_450,
    unknown_people=2,
    causes={Cause.HUMAN_FACTOR: 19, Cause.ADVERSARIAL_ATTACK: 6, Cause.TECHNICAL_FAULT: 4, None: 1},
    risks={Risk.UNLIKELY: 10, Risk.RISK: 14, Risk.HIGH: 6},
    parties={
        "kommunstyrelsen": PartyYear(name="Kommunstyrelsen i Exempelkommun", incidents=21, notified=10, late=1, open=2),
        "barn-och-utbildning": PartyYear(
            name="Barn- och utbildningsnämnden i Exempelkommun", incidents=18, notified=9, late=2, open=2
        ),
    },
)
BEFORE = Year(
    year=2025,
    standings={Standing.CLOSED: 22, Standing.RULED_OUT: 5},
    hours=(5, 18, 29, 33, 40, 61, 70, 90),
    late=1,
    not_notified=14,
    informed=4,
    people=3_100,
    causes={Cause.HUMAN_FACTOR: 17, Cause.ADVERSARIAL_ATTACK: 5},
)
OPEN = (
    OpenAction(
        incident="INC-2026-0031",
        party_name="Kommunstyrelsen i Exempelkommun",
        what="Anmälan till IMY (artikel 33.1): ska göras, försenad sedan 2026-12-29 08.00",
    ),
    OpenAction(
        incident="INC-2026-0038",
        party_name="Barn- och utbildningsnämnden i Exempelkommun",
        what="Komplettering till IMY (artikel 33.4): ska göras, senast 2027-01-20 23.59",
    ),
)
LIMIT = Period(amount=72, unit="hours")


def report_of_the_year(_register: Register) -> Letter:
    at = parse_local("2027-01-08 10.00")
    return compose.yearly_report(YearlyReport(this=THIS_YEAR, before=BEFORE, open=OPEN, limit=LIMIT, at=at))


def report_so_far(_register: Register) -> Letter:
    """The first year, while it lasts, with more open things than a board reads of."""
    at = parse_local("2026-11-26 10.00")
    return compose.yearly_report(YearlyReport(this=THIS_YEAR, before=None, open=OPEN * 10, limit=LIMIT, at=at))


def report_of_nothing(_register: Register) -> Letter:
    at = parse_local("2027-01-08 10.00")
    return compose.yearly_report(YearlyReport(this=Year(year=2026), before=BEFORE, open=(), limit=LIMIT, at=at))
