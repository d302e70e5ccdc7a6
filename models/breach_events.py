"""The words for what happened and what it obliges: reported, aware, known, assessed, decided."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import PositiveInt, model_validator

from models.base import IncidentId, Instant, PlainText, Value
from models.duty import DutyStatus, Period
from models.facts import Facts, Trigger
from models.parties import PartyId
from models.recorded import Recorded
from models.regime import Answers, Regime


class Risk(StrEnum):
    """The legal level of risk to people's rights and freedoms; a person decides it (Articles 33(1), 34(1))."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class StatedReason(Value):
    """A reason for the engine's advice: the sentence (a message id of the catalogue) and where it is published."""

    text: str
    citation: str


ExceptionProvision = Literal["gdpr.34.3.a", "gdpr.34.3.b", "gdpr.34.3.c"]
"""The three exceptions from the communication."""


class StatedDuty(Value):
    """A duty as it stood when the engine determined it."""

    provision: str
    status: DutyStatus
    due_at: Instant | None = None


class BreachReported(Recorded):
    """Somebody told of a possible breach. The first event of every timeline; it starts nothing but the file.

    ``concerned`` are the controllers a processor must tell, ``windows`` how soon its contracts say so.
    """

    type: Literal["breach_reported.v1"] = "breach_reported.v1"
    incident_id: IncidentId
    party: PartyId
    owed_as: Literal["controller", "processor"]
    family: str
    summary: PlainText
    source: PlainText
    concerned: tuple[PartyId, ...] = ()
    windows: dict[PartyId, Period] = {}


class BreachRuledOut(Recorded):
    """A delegate found, before awareness, that no personal data breach has happened (Article 4(12)); it stays on file."""

    type: Literal["breach_ruled_out.v1"] = "breach_ruled_out.v1"
    reasoning: PlainText


class AwarenessEstablished(Recorded):
    """The organisation had a reasonable degree of certainty (Guidelines 9/2022, para 31). This starts the clock.

    ``gap_reason`` says why more than a day lay between detection and awareness; ``long_gap`` marks more than two.
    """

    type: Literal["awareness_established.v1"] = "awareness_established.v1"
    aware_at: Instant
    evidence: PlainText
    reasoning: PlainText
    detected_at: Instant | None = None
    gap_reason: PlainText | None = None
    long_gap: bool = False


class AwarenessCorrected(Recorded):
    """The instant was wrong. Open time limits move; the old value stays on record."""

    type: Literal["awareness_corrected.v1"] = "awareness_corrected.v1"
    aware_at: Instant
    supersedes: PositiveInt
    because: PlainText
    evidence: PlainText


class RegimeDetermined(Recorded):
    """Somebody answered what decides which laws apply; ``regimes`` is what followed, several at once are normal.

    ``classified_at`` is when a financial entity classified the incident as major (DORA counts its four hours from it).
    """

    type: Literal["regime_determined.v1"] = "regime_determined.v1"
    answers: Answers
    regimes: tuple[Regime, ...]
    reasoning: PlainText
    classified_at: Instant | None = None


class FactsEstablished(Recorded):
    """Facts became known. With a ``trigger``, the risk must be decided anew even if nothing seems to change."""

    type: Literal["facts_established.v1"] = "facts_established.v1"
    facts: Facts
    source: PlainText
    for_family: bool = False
    trigger: Trigger | None = None


class FactCorrected(Recorded):
    """An earlier statement was wrong: new values replace it, fields in ``withdrawn`` are unknown again."""

    type: Literal["fact_corrected.v1"] = "fact_corrected.v1"
    supersedes: PositiveInt
    because: PlainText
    facts: Facts = Facts()
    withdrawn: tuple[str, ...] = ()


class RiskAssessed(Recorded):
    """The engine's advice and what carried it. Advice only."""

    type: Literal["risk_assessed.v1"] = "risk_assessed.v1"
    level: Risk
    because: tuple[StatedReason, ...]
    unknown: tuple[str, ...] = ()


class RiskDecided(Recorded):
    """A named delegate decided the level of risk, with reasons and with the officer's advice beside it."""

    type: Literal["risk_decided.v1"] = "risk_decided.v1"
    level: Risk
    reasoning: PlainText
    officer_advice: PlainText | None = None
    could_change: PlainText | None = None


class DutiesDetermined(Recorded):
    """What the engine concluded from the facts, and under the law of which day: it shows its work."""

    type: Literal["duties_determined.v1"] = "duties_determined.v1"
    law_of: date
    duties: tuple[StatedDuty, ...]


class ExceptionInvoked(Recorded):
    """A delegate relied on an exception of Article 34(3). ``evidence`` shows that the later measures of (b) hold."""

    type: Literal["exception_invoked.v1"] = "exception_invoked.v1"
    provision: ExceptionProvision
    reasoning: PlainText
    evidence: PlainText | None = None


class AuthorityOrderReceived(Recorded):
    """The authority required the communication by a day, or decided that a condition is met (Article 34(4)).

    ``occurred_at`` is the instant of receipt; a later order takes the place of an earlier one.
    """

    type: Literal["authority_order_received.v1"] = "authority_order_received.v1"
    reference: PlainText
    communicate_by: date | None = None
    condition_met: ExceptionProvision | None = None

    @model_validator(mode="after")
    def _orders_one_thing(self) -> "AuthorityOrderReceived":
        if (self.communicate_by is None) == (self.condition_met is None):
            raise ValueError("an order sets a day for the communication or finds a condition met: exactly one of them")
        return self
