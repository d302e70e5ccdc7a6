"""What the supervisory authority gets, or may ask for: the sheet to file, what changed since, and why nothing was filed."""

from datetime import datetime

from letters.compose.known import aware_at, paragraphs, require
from letters.language import (
    capital,
    category_label,
    clock_time,
    day,
    duration,
    fact,
    facts_label,
    label,
    named,
    number,
    quantity,
    say,
    stamp,
)
from letters.render import render
from letters.senders import contact_point, full_name, postal_address, signature
from models.errors import N_, StepOutOfOrder
from models.events import Risk, RiskDecided
from models.facts import Facts
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Register

NOTIFICATION = "supervisory_authority_notification"
SUPPLEMENT = "supervisory_authority_supplement"
NOT_NOTIFIED = "decision_not_to_notify"

_ASKED_FOR = (
    "what_happened",
    "how_discovered",
    "began_at",
    "detected_at",
    "ended_at",
    "breach_types",
    "cause",
    "other_countries",
    "measures_before",
    "data_subject_categories",
    "data_categories",
    "data_described",
    "consequences",
    "consequences_described",
    "measures_taken",
    "measures_proposed",
    "n_subjects",
    "n_records",
    "processor",
    "sub_processor",
    "reported_to_police",
)


def supervisory_authority_notification(
    *,
    incident: Incident,
    controller: Controller,
    register: Register,
    missing: tuple[str, ...],
    at: datetime,
    due_at: datetime,
    supplement_by: datetime,
) -> Letter:
    """Return the sheet in the order of the authority's form; the unknown is said to be investigated.

    ``missing`` are the keys of particulars (Article 33(3)) not known yet, ``at`` the instant of the sheet, ``due_at``
    the time limit of Article 33(1) and ``supplement_by`` the day by which the rest follows. Raises MissingParticular
    before awareness.
    """
    aware = aware_at(incident, letter=NOTIFICATION)
    facts = incident.facts
    promised = say(N_("Under investigation; a supplement follows on {day} at the latest."), day=day(supplement_by))
    unknown = say(N_("Not known when this was filed."))
    open_item = promised if missing else unknown
    known = {name: fact(name, facts) or open_item for name in _ASKED_FOR}
    context = {
        **known,
        **_party(controller, register),
        "n_subjects": _subjects(facts) or known["n_subjects"],
        "sector": capital(category_label(controller.sector)),
        "reference": incident.id,
        "complete": not missing,
        "missing": tuple(capital(named("particular", key)) for key in missing),
        "supplement_by": day(supplement_by),
        "aware": stamp(aware),
        "due": stamp(due_at),
        "prepared": stamp(at),
        "elapsed": duration(at - aware),
        "late": at > due_at,
        "delay_reasons": incident.delay.reasons if incident.delay else None,
        "reopened": _why_later(incident),
        "risk": label(incident.decision.level) if incident.decision else open_item,
        "open_item": open_item,
        "secrecy": " ".join(facts.secrecy or ()),
        **_informed(incident),
    }
    return render(NOTIFICATION, context)


def supervisory_authority_supplement(
    *, incident: Incident, controller: Controller, register: Register, changes: tuple[str, ...], at: datetime
) -> Letter:
    """Return what changed since the last filing and nothing else: each field in ``changes``, as it was and as it is.

    Raises StepOutOfOrder if nothing is filed yet or nothing has changed.
    """
    beside = _decided_since(incident) if incident.filings else ()
    if not incident.filings or not (changes or beside):
        raise StepOutOfOrder(
            N_("There is nothing to supplement in {incident}."),
            why=N_("A supplement holds what has changed since the last filing, and only that."),
            remedy=N_("File the notification first, or establish the new facts."),
            incident=incident.id,
        )
    stated, unstated = incident.filings[-1].stated, say(N_("Not stated"))
    rows = tuple(
        (facts_label(name), fact(name, stated) or unstated, fact(name, incident.facts) or unstated) for name in changes
    )
    context = {
        **_party(controller, register),
        "reference": incident.id,
        "authority_reference": incident.diary_number,
        "filed": stamp(incident.filings[0].occurred_at),
        "prepared": stamp(at),
        "rows": (*beside, *rows),
    }
    return render(SUPPLEMENT, context)


def _why_later(incident: Incident) -> str | None:
    """Return why the notification comes more than 72 hours after awareness where new facts overtook a decision."""
    overtaken = [made for made in incident.decisions if made.level is Risk.UNLIKELY]
    if incident.clock_moved_to is None or not overtaken:
        return None
    said = N_("On {decided} it was decided that a risk was unlikely: {reasons} On {moved} new facts changed that.")
    decided = overtaken[-1]
    return say(said, decided=day(decided.occurred_at), reasons=decided.reasoning, moved=day(incident.clock_moved_to))


def _decided_since(incident: Incident) -> tuple[tuple[str, str, str], ...]:
    """Return what the last filing said of the risk and of informing people, where it is no longer so."""
    filed_at, rows = incident.filings[-1].occurred_at, []
    before = [made for made in incident.decisions if made.recorded_at <= filed_at]
    was = label(before[-1].level) if before else say(N_("Not stated"))
    if incident.decision is not None and label(incident.decision.level) != was:
        rows.append((say(N_("Decided risk")), was, label(incident.decision.level)))
    told = _told_since(incident, filed_at)
    if told:
        rows.append((say(N_("Information to the people concerned")), say(N_("Not informed")), told))
    return tuple(rows)


def _told_since(incident: Incident, filed_at: datetime) -> str | None:
    if incident.told and incident.told[-1].occurred_at > filed_at:
        done = incident.told[-1]
        return say(N_("Informed on {day}: {count} people"), day=day(done.occurred_at), count=done.reached)
    if incident.notices and incident.notices[0].occurred_at > filed_at:
        return say(N_("The public was informed on {day}"), day=day(incident.notices[0].occurred_at))
    return None


def decision_not_to_notify(*, incident: Incident, controller: Controller, register: Register) -> Letter:
    """Return the decision to the file (Article 33(5)), in the form of section 31 of the Swedish Administrative Procedure Act.

    Raises StepOutOfOrder unless the risk was decided to be unlikely, MissingParticular if the documentation has holes.
    """
    decision = _unlikely(incident)
    facts, aware = incident.facts, aware_at(incident, letter=NOT_NOTIFIED)
    require(
        facts, "what_happened", "consequences_described", "measures_taken", letter=NOT_NOTIFIED, provision="gdpr.33.5"
    )
    decider = register.person(decision.recorded_by)
    context = {
        "sender": full_name(controller),
        "reference": incident.id,
        "decided_on": day(decision.occurred_at),
        "decider": decider.name,
        "decider_title": decider.title,
        "officer_advice": decision.officer_advice,
        "what_happened": paragraphs(facts.what_happened),
        "aware": clock_time(aware),
        "reasoning": paragraphs(decision.reasoning),
        "consequences": paragraphs(facts.consequences_described),
        "could_change": paragraphs(decision.could_change),
        "measures": facts.measures_taken,
        "planned": facts.measures_proposed or (),
    }
    return render(NOT_NOTIFIED, context)


def _unlikely(incident: Incident) -> RiskDecided:
    if incident.decision is None or incident.decision.level is not Risk.UNLIKELY:
        raise StepOutOfOrder(
            N_("There is no decision in {incident} that a risk is unlikely."),
            why=N_("Only then may a breach stay without a notification to the authority."),
            remedy=N_("Decide the risk first, or notify the authority."),
            incident=incident.id,
        )
    return incident.decision


def _party(controller: Controller, register: Register) -> dict[str, object]:
    return {
        **contact_point(controller, register),
        **signature(controller, register),
        "organisation_number": controller.organisation_number,
        "postal_address": postal_address(controller),
    }


def _subjects(facts: Facts) -> str | None:
    return capital(quantity(facts.n_subjects)) if facts.n_subjects else facts.n_subjects_text


def _informed(incident: Incident) -> dict[str, object]:
    """Return what the form asks of the communication: done, by notice, planned, not at all and why, or not decided."""
    lifted = [invoked for invoked in incident.exceptions if invoked.provision != "gdpr.34.3.c"]
    answer: dict[str, object] = {
        "informed": "undecided",
        "informed_on": None,
        "informed_count": None,
        "not_informed": None,
    }
    if incident.told:
        told, count = incident.told[0].occurred_at, number(incident.told[0].reached)
        return answer | {"informed": "letters", "informed_on": day(told), "informed_count": count}
    if incident.notices:
        return answer | {"informed": "notice", "informed_on": day(incident.notices[0].occurred_at)}
    if lifted:
        return answer | {"informed": "not", "not_informed": lifted[-1].reasoning}
    if incident.decision is None:
        return answer
    if incident.decision.level is Risk.HIGH:
        return answer | {"informed": "planned"}
    below_high = say(N_("The risk is not assessed as high."))
    return answer | {"informed": "not", "not_informed": f"{below_high} {incident.decision.reasoning}"}
