"""The law cases: YAML sentences that a jurist can read, turned into breaches and duties."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from law.clock import Readings, readings
from law.duties import duties
from law.obligations import obligations
from law.parallel import parallel_duties
from law.regimes import Route, route
from law.statute_book import LawInForce, StatuteBook
from models.breach import PersonalDataBreach
from models.duty import Duty, Ground, Period
from models.events import EVENT, Event
from models.incident import Incident
from models.instants import local, parse_local
from models.regime import Answers
from models.replay import replay

HERE = Path(__file__).parent
BOOK = StatuteBook.load()

Case = dict[str, Any]

USUAL: Mapping[str, dict[str, Any]] = {
    "breach_reported": {
        "incident_id": "INC-2026-0001",
        "party": "socialnamnden",
        "owed_as": "controller",
        "family": "family-1",
        "summary": "Something happened.",
        "source": "A telephone call.",
    },
    "awareness_established": {"evidence": "A message.", "reasoning": "A reasonable degree of certainty."},
    "awareness_corrected": {"supersedes": 2, "because": "The log says so.", "evidence": "The log."},
    "breach_ruled_out": {"reasoning": "No personal data were concerned."},
    "regime_determined": {"regimes": [], "reasoning": "The purpose of the processing."},
    "facts_established": {"source": "The supplier."},
    "fact_corrected": {},
    "risk_decided": {"reasoning": "As the case says."},
    "exception_invoked": {"reasoning": "As the case says."},
    "authority_order_received": {"reference": "IMY-2026-7801"},
    "notification_acknowledged": {},
    "notification_withdrawn": {"reasons": "No personal data were concerned after all."},
    "parallel_report_submitted": {"receipt": "Receipt 1."},
    "parallel_duty_lifted": {"reasoning": "As the case says."},
    "notification_submitted": {"phase": "initial", "sha256": "0" * 64, "stated": {}, "complete": False},
    "controller_informed": {"sha256": "0" * 64},
    "communication_started": {"sha256": "0" * 64},
    "communication_completed": {"on_paper": 0, "emailed": 0, "sealed": 0, "unreachable": 0, "uncertain": 0},
    "deliveries_returned": {},
    "letters_left_out": {},
    "letters_posted": {"batch": 1, "channel": "paper", "pages": 0, "sha256": "0" * 64},
    "public_notice_published": {"version": 1, "sha256": "0" * 64, "channels": ["Web"]},
    "delay_explained": {},
    "incident_closed": {"reasoning": "All is done.", "lessons": "A new routine."},
    "incident_reopened": {"reasoning": "The list has been found on the web."},
}
"""What an event says when the case does not care."""


def cases(*folders: str) -> list[Any]:
    """Return every case below ``folders``, each as one parameter whose id is its sentence."""
    files = [file for folder in folders for file in sorted((HERE / folder).rglob("*.yaml"))]
    return [pytest.param(case, id=case["name"]) for file in files for case in read(file)]


def read(file: Path) -> list[Case]:
    found = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [dict(case) for case in found]


def instant(text: str) -> datetime:
    """Read an instant with its offset, or a Swedish local time."""
    return datetime.fromisoformat(text) if "T" in text else parse_local(text)


def said(moment: datetime | None) -> str | None:
    """Say an instant so that a difference can be read."""
    return None if moment is None else local(moment).isoformat()


def breach_of(given: Case) -> PersonalDataBreach | None:
    if "timeline" in given:
        return replay(event_of(entry) for entry in given["timeline"]).breach
    fields = with_instants(given)
    risk_ground = Ground(provision="gdpr.33.1", because="As the case says.", by="delegate") if "risk" in given else None
    exceptions = [Ground(provision=p, because="As the case says.", by="delegate") for p in given.get("exceptions", ())]
    usual = {"owed_as": "controller", "clock_at": fields["aware_at"], "risk_ground": risk_ground}
    return PersonalDataBreach.model_validate({**usual, **fields, "exceptions": exceptions})


def event_of(entry: Case) -> Event:
    at = instant(entry["at"])
    ((name, fields),) = ((name, fields) for name, fields in entry.items() if name != "at")
    recorded = {"type": f"{name}.v1", "occurred_at": at, "recorded_at": at, "recorded_by": "delegate"}
    return EVENT.validate_python({**recorded, **USUAL[name], **with_instants(fields or {})})


def with_instants(fields: Case) -> Case:
    return {name: _instants(name, value) for name, value in fields.items()}


def _instants(name: str, value: Any) -> Any:
    if name in ("communicated", "published"):
        return tuple(map(instant, value))
    return instant(value) if name.endswith("_at") else value


def answer(case: Case) -> dict[str, Any]:
    """Return what the engine says to the questions the case's ``expect`` asks."""
    found = {duty.provision: duty for duty in duties_of(case)}
    return {
        asked: BESIDE[asked](case) if asked in BESIDE else stated(found.get(asked), expected, case)
        for asked, expected in case["expect"].items()
    }


def duties_of(case: Case) -> tuple[Duty, ...]:
    """A timeline owes what every law asks of it; a breach given by its fields owes what the GDPR asks."""
    if "timeline" in case["given"]:
        incident = incident_of(case)
        known_at = incident.aware_at or (incident.report and incident.report.occurred_at)
        return obligations(incident, BOOK.on(local(known_at).date())) if known_at else ()
    breach = breach_of(core(case))
    return duties(breach, law_of(breach)) if breach else ()


def incident_of(case: Case) -> Incident:
    return replay(event_of(entry) for entry in case["given"]["timeline"])


def expected(case: Case) -> dict[str, Any]:
    """Return the case's ``expect`` with every instant said in one way."""
    return {asked: _normal(value) for asked, value in case["expect"].items()}


def core(case: Case) -> Case:
    """Return what is given about the breach itself."""
    return {name: value for name, value in case["given"].items() if name not in ("answers", "happened", "asked_at")}


def law_of(breach: PersonalDataBreach | None) -> LawInForce:
    """Return the law of the day of awareness."""
    assert breach is not None, "this case has no awareness, so no law of the day"
    return BOOK.on(local(breach.aware_at).date())


def stated(duty: Duty | None, expected: Any, case: Case) -> Any:
    """Return of ``duty`` what the case asks about: one word for its status, or the named fields."""
    if duty is None or isinstance(expected, str):
        return "no such duty" if duty is None else str(duty.status)
    return {name: FIELDS[name](duty, case) for name in expected}


FIELDS: Mapping[str, Callable[[Duty, Case], str | None]] = {
    "status": lambda duty, case: str(duty.status),
    "since": lambda duty, case: said(duty.since),
    "due_at": lambda duty, case: said(duty.due_at),
    "operate_at": lambda duty, case: said(duty.operate_at),
    "wall_at": lambda duty, case: said(_readings(duty).wall),
    "latest_defensible_at": lambda duty, case: said(_readings(duty).regulation_1182_71),
    "fulfilled_at": lambda duty, case: said(duty.fulfilled_at),
    "untold": lambda duty, case: _untold(duty),
    "late_by": lambda duty, case: str(duty.late_by),
    "overdue": lambda duty, case: str(duty.is_overdue(instant(case["given"]["asked_at"]))).lower(),
    "ground": lambda duty, case: None if duty.ground is None else duty.ground.provision,
    "by": lambda duty, case: None if duty.ground is None else duty.ground.by,
    "owed_to": lambda duty, case: duty.owed_to,
    "secrecy": lambda duty, case: duty.secrecy and duty.secrecy.partition(":")[0],
}


def _untold(duty: Duty) -> dict[str, str] | None:
    """Return who is left to tell, without what is none."""
    return duty.untold and {name: str(count) for name, count in duty.untold.model_dump().items() if count}


def _readings(duty: Duty) -> Readings:
    return readings(duty.since, Period(amount=72, unit="hours"))


def routed(case: Case) -> Route:
    """Return which laws apply by the case's answers."""
    return route(Answers.model_validate(case["given"]["answers"]), law_of(breach_of(core(case))))


def set_aside(case: Case) -> dict[str, list[str]]:
    """Return the laws that give way, each with the provisions that say so."""
    return {finding.regime: list(finding.cited) for finding in routed(case).findings if not finding.applies}


def parallel(case: Case) -> dict[str, str]:
    """Return the duties beside the GDPR with their time limits."""
    breach = breach_of(core(case))
    assert breach is not None
    reported = {name: instant(at) for name, at in case["given"].get("happened", {}).items()}
    happened = {"awareness": breach.aware_at, **reported}
    arisen = parallel_duties(routed(case).duties, law_of(breach), happened)
    return {duty.provision: said(duty.due_at) or "without a number" for duty in arisen}


def closed(case: Case) -> str:
    """Tell whether the file is closed, and stays so."""
    return "true" if incident_of(case).closed else "false"


BESIDE: Mapping[str, Callable[[Case], Any]] = {
    "regimes": lambda case: list(routed(case).regimes),
    "set_aside": set_aside,
    "ask": lambda case: [question.answers for question in routed(case).ask],
    "content_may_be_kept": lambda case: str(routed(case).content_may_be_kept).lower(),
    "parallel": parallel,
    "closed": closed,
    "sending": lambda case: str(incident_of(case).is_sending).lower(),
}


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _normal(text) for name, text in value.items()}
    if isinstance(value, str) and value.startswith("20"):
        return said(instant(value))
    return None if value == "none" else value
