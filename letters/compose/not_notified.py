"""The decision to the file that nothing is notified, and why (Article 33(5))."""

from letters.compose.known import aware_at, paragraphs, require
from letters.language import clock_time, day
from letters.render import render
from letters.senders import full_name
from models.breach_events import Risk, RiskDecided
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Register

NOT_NOTIFIED = "decision_not_to_notify"


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
