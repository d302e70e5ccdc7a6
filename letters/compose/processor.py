"""What a processor tells each of its controllers (Article 33(2))."""

from datetime import datetime

from letters.compose.known import aware_at, paragraphs, require
from letters.language import category_label, clock_time, day, listed, people, word
from letters.render import render
from letters.senders import full_name, role_bearer
from models.facts import Cause, Exfiltration, Facts
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Processor, Register, Role

NOTICE = "controller_notice_from_processor"


def controller_notice_from_processor(
    *,
    incident: Incident,
    processor: Processor,
    controller: Controller,
    register: Register,
    facts: Facts,
    version: int,
    sent_at: datetime,
    next_update_at: datetime,
) -> Letter:
    """Return the notice to ``controller``, with ``facts`` about that controller's data and nobody else's.

    What is not known is said to be unknown; only what happened must be told. Raises MissingParticular.
    """
    require(facts, "what_happened", letter=NOTICE, provision="gdpr.33.2")
    manager = role_bearer(processor, Role.INCIDENT_MANAGER, register)
    context = {
        "controller": full_name(controller),
        "processor": full_name(processor),
        "processor_number": processor.organisation_number,
        "product": listed(product.name for product in processor.products),
        "sub_processor": facts.sub_processor
        or listed(processor.stand_behind(product.name for product in processor.products)),
        "reference": incident.id,
        "version": str(version),
        "sent": clock_time(sent_at),
        "aware": clock_time(aware_at(incident, letter=NOTICE)),
        "next_update": clock_time(next_update_at),
        "what_happened": paragraphs(facts.what_happened),
        "measures": facts.measures_taken or (),
        "planned": facts.measures_proposed or (),
        "manager": manager.name,
        "manager_phone": manager.phone or processor.phone,
        "manager_email": manager.email,
        **_known(facts),
    }
    return render(NOTICE, context)


def _known(facts: Facts) -> dict[str, object]:
    """Return each item in words, or None where the notice says that we do not know."""
    taken = facts.exfiltration or Exfiltration.UNKNOWN
    return {
        "exfiltration": None if taken is Exfiltration.UNKNOWN else taken.value,
        "began": facts.began_at and clock_time(facts.began_at),
        "ended": facts.ended_at and clock_time(facts.ended_at),
        "window_from": facts.window_from and day(facts.window_from),
        "window_until": facts.window_until and day(facts.window_until),
        "subjects": _words(facts.data_subject_categories),
        "categories": _words(facts.data_categories),
        "count": people(facts.n_subjects) if facts.n_subjects else facts.n_subjects_text,
        "cause": word(facts.cause) if facts.cause not in (None, Cause.UNDER_INVESTIGATION) else None,
    }


def _words(categories: tuple[str, ...] | None) -> str | None:
    return listed(category_label(category) for category in categories) if categories else None
