"""Our answers to whatever a form of the authority asks, by the names that the files in ``law/forms`` use."""

from collections.abc import Iterator
from datetime import date, datetime

from letters.compose.answers_told import told
from letters.compose.bundle import in_all, late_together, together
from letters.compose.known import aware_at, holds_secrets
from letters.compose.sheet import Sheet, why_later
from letters.senders import contact_point, full_name, postal_address, signature
from letters.voice import Voice
from models.errors import N_
from models.facts import AvailabilityLoss, Cause, Exfiltration, Facts, Quantity
from models.filing_events import Phase
from models.incident import Incident
from models.instants import local

Answer = str | tuple[str, ...] | datetime | date | Quantity | None
"""A text, our word or words for a choice, an instant, a day or a number; None is "nobody knows"."""

PARTICULARS = {
    "what_happened": "nature",
    "breach_types": "nature",
    "incident_type": "nature",
    "incident_kind": "nature",
    "groups": "data_subject_categories",
    "groups_described": "data_subject_categories",
    "n_subjects": "data_subjects",
    "n_subjects_known": "data_subjects",
    "data": "data_categories",
    "data_described": "data_categories",
    "n_records": "records",
    "n_records_known": "records",
    "consequences": "likely_consequences",
    "consequences_described": "likely_consequences",
    "consequences_open": "likely_consequences",
    "measures_taken": "measures",
    "measures_all": "measures",
}
"""Which particular of Article 33(3) an answer belongs to."""


def answers(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    """Return every answer we have, in the language of ``voice``. Raises MissingParticular before awareness."""
    return {
        **_notification(sheet, voice),
        **_organisation(sheet, voice),
        **_timeline(sheet, voice),
        **_nature(sheet, voice),
        **_extent(sheet, voice),
        **_effects(sheet.incident, voice),
        **told(sheet.incident, voice),
        **_elsewhere(sheet),
    }


def _notification(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    incident, later = sheet.incident, why_later(sheet.incident)
    explained = incident.delay.reasons if sheet.is_late and incident.delay else None
    waited = late_together(incident, sheet.late_beside, voice)
    reasons = " ".join(filter(None, (later, explained, waited))) or None
    withdrawn = sheet.phase is Phase.WITHDRAWAL
    decided = incident.decision.reasoning if incident.decision else None
    yes = N_("Yes, on {day} at the latest.")
    return {
        "type": "new" if sheet.phase is Phase.INITIAL else "follow_up",
        "completeness": "withdraw" if withdrawn else "incomplete" if sheet.follows else "complete",
        "withdrawal_reasons": voice.own(incident, "risk_reasons", decided) if withdrawn else None,
        "earlier_id": _earlier(incident, voice),
        "reference": incident.id,
        "late": yes_or_no(sheet.is_late or later is not None or waited is not None),
        "delay_reasons": voice.own(incident, "delay_reasons", reasons),
        "more_to_come": voice.say(yes, day=sheet.next_on) if sheet.follows else voice.say(N_("No.")),
        "remarks": " ".join(_remarks(sheet, voice)) or voice.say(N_("No.")),
    }


def _earlier(incident: Incident, voice: Voice) -> str | None:
    if not incident.filings:
        return None
    return incident.diary_number or voice.say(N_("Filed on {day}"), day=local(incident.filings[0].occurred_at).date())


def _remarks(sheet: Sheet, voice: Voice) -> Iterator[str]:
    if sheet.incident.facts.reported_to_police:
        yield voice.say(N_("The incident is reported to the police."))
    yield from sheet.secrecy


def _organisation(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    controller, place = sheet.controller, voice.place(postal_address(sheet.controller))
    officer, signer = contact_point(controller, sheet.register), signature(controller, sheet.register)
    signer["signer_phone"] = voice.phone(signer["signer_phone"])
    reachable = f"{voice.phone(officer['officer_phone'])}, {officer['officer_email']}"
    return {
        "controller": full_name(controller),
        "organisation_number": controller.organisation_number,
        "identifier_type": "organisation_number",
        "postal_address": place,
        "controller_contact": f"{place}, {voice.phone(controller.phone)}, {controller.email}",
        "sector": voice.words((controller.sector,)) if voice.abroad and controller.sector else controller.sector,
        "sector_kind": controller.sector,
        "contact": ", ".join(signer[part] for part in ("signer", "signer_title", "signer_phone", "signer_email")),
        "reporter": signer["signer"],
        "reporter_contact": f"{signer['signer_phone']}, {signer['signer_email']}",
        "reporter_function": "representative",
        "reporter_title": signer["signer_title"],
        "officer_designated": "yes",
        "officer": officer["officer"],
        "officer_contact": reachable,
        "officer_whole": f"{officer['officer']}, {reachable}",
        "ask": "officer",
        "eea": "yes",
        "outside_eea": "no",
    }


def _timeline(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    facts, report = sheet.incident.facts, sheet.incident.report
    return {
        "aware_at": aware_at(sheet.incident, letter="supervisory_authority_notification"),
        "began_at": facts.began_at,
        "detected_at": facts.detected_at,
        "ended_at": facts.ended_at or (voice.say(N_("It goes on.")) if facts.ongoing else None),
        "when": _when(facts),
        "discovered_by": facts.discovered_by and facts.discovered_by.value,
        "how_discovered": voice.text(sheet.incident, "how_discovered"),
        "told_on": local(report.occurred_at).date() if report else None,
    }


def _when(facts: Facts) -> str | None:
    if facts.began_at is None:
        return None
    if facts.ended_at is None:
        return "ongoing" if facts.ongoing else None
    return "day" if local(facts.began_at).date() == local(facts.ended_at).date() else "period"


def _nature(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    incident, facts = sheet.incident, sheet.incident.facts
    types = tuple(kind.value for kind in facts.breach_types) if facts.breach_types else None
    others = [part for part in (facts.processor, facts.sub_processor) if part]
    return {
        "what_happened": together(incident, sheet.beside, voice),
        "systems_involved": voice.text(incident, "systems_involved"),
        "breach_types": types,
        "incident_type": facts.incident_type,
        "incident_kind": (*filter(None, (facts.incident_type,)), *(types or ())) or None,
        "cause": facts.cause and facts.cause.value,
        "origin": _origin(facts),
        "exfiltration": None if facts.exfiltration is Exfiltration.UNKNOWN else facts.exfiltration,
        "unintelligible": _unintelligible(facts),
        "availability": _availability(facts),
        "processor": facts.processor,
        "sub_processor": facts.sub_processor,
        "others_involved": "yes" if others else None,
        "others_as": voice.say(N_("Processor and sub-processor") if len(others) > 1 else N_("Processor")),
        "others": ", ".join(others) or None,
    }


def _origin(facts: Facts) -> str | None:
    if facts.cause is Cause.ADVERSARIAL_ATTACK or facts.malicious:
        return "internal_malicious" if facts.incident_type == "insider_copy" else "external_malicious"
    return "internal_non_malicious" if facts.cause in (Cause.HUMAN_FACTOR, Cause.ORGANISATIONAL) else None


def _unintelligible(facts: Facts) -> str | None:
    if not facts.encrypted:
        return None if facts.encrypted is None else "no"
    return {True: "intact", False: "subvertible", None: None}[facts.key_safe]


def _availability(facts: Facts) -> str | None:
    if facts.availability_loss is AvailabilityLoss.PERMANENT or facts.permanent:
        return "permanent"
    temporary = (AvailabilityLoss.TEMPORARY_MINOR, AvailabilityLoss.TEMPORARY_SERIOUS)
    return "temporary" if facts.availability_loss in temporary else None


def _extent(sheet: Sheet, voice: Voice) -> dict[str, Answer]:
    incident, facts = sheet.incident, sheet.incident.facts
    subjects, records = (in_all(name, incident, sheet.beside) for name in ("n_subjects", "n_records"))
    people = _with(facts.data_subject_categories, facts, ("children", "vulnerable_subjects", "protected_identities"))
    kinds = _with(facts.data_categories, facts, ("national_id_number",))
    return {
        "n_subjects": subjects or facts.n_subjects_text,
        "n_subjects_known": _exactness(subjects),
        "n_records": records,
        "n_records_known": _exactness(records),
        "groups": people,
        "groups_described": voice.words(people) if people else None,
        "data": (*kinds, "secret") if kinds and holds_secrets(incident) else kinds,
        "data_described": voice.text(incident, "data_described") or (voice.words(kinds) if kinds else None),
        "measures_before": voice.text(incident, "measures_before"),
        "measures_before_kind": ("described",) if facts.measures_before else None,
    }


def _with(labels: tuple[str, ...] | None, facts: Facts, flags: tuple[str, ...]) -> tuple[str, ...] | None:
    raised = [flag for flag in flags if getattr(facts, flag) is True]
    return tuple(dict.fromkeys((*(labels or ()), *raised))) or None


def _exactness(count: Quantity | None) -> str | None:
    if count is None:
        return None
    return "exact" if count.at_least == count.at_most and not count.about else "about"


def _effects(incident: Incident, voice: Voice) -> dict[str, Answer]:
    facts, decision = incident.facts, incident.decision
    taken, proposed = (voice.text(incident, name) for name in ("measures_taken", "measures_proposed"))
    planned = voice.say(N_("Planned: {measures}"), measures=proposed) if proposed else None
    return {
        "consequences": tuple(harm.value for harm in facts.consequences) if facts.consequences else None,
        "consequences_described": voice.text(incident, "consequences_described"),
        "consequences_open": ("described",) if facts.consequences_described else None,
        "severity": facts.severity and facts.severity.value,
        "risk": decision.level.value if decision else None,
        "risk_reasons": voice.own(incident, "risk_reasons", decision.reasoning if decision else None),
        "measures_taken": taken,
        "measures_proposed": proposed,
        "measures_proposed_kind": ("described",) if facts.measures_proposed else None,
        "measures_all": " ".join(filter(None, (taken, planned))) or None,
    }


def _elsewhere(sheet: Sheet) -> dict[str, Answer]:
    facts, reports = sheet.incident.facts, sheet.incident.reports
    return {
        "police": yes_or_no(facts.reported_to_police),
        "other_authorities": "yes" if reports else None,
        "other_authorities_described": ", ".join(f"{key}: {made.receipt}" for key, made in reports.items()) or None,
        "other_countries": yes_or_no(facts.other_countries),
        "cross_border": yes_or_no(facts.cross_border),
        "lead_authority": f"{sheet.authority} (SE)",
        "countries": ", ".join(facts.countries) if facts.countries else None,
    }


def yes_or_no(known: bool | None) -> str | None:  # noqa: FBT001 - the fact itself
    """Return a truth as forms answer it."""
    return None if known is None else "yes" if known else "no"
