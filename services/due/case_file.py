"""Lay out a case for its pages: its duties and what its notification still lacks."""

from law.particulars import missing
from letters.case_page import CaseFile
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import Case, law_for


def case_file(case: Case, world: World) -> CaseFile:
    """Return ``case`` as its page shows it; what is missing counts only while something more may be filed."""
    incident = case.incident
    told = incident.complete_at is not None and not incident.untold
    wanted = incident.owed_as == "controller" and incident.closed is None and not told
    lacking = missing("gdpr.33.3", incident.facts, law_for(incident, world.book)) if wanted else ()
    return CaseFile(
        incident=incident,
        history=case.history,
        duties=deadlines_of(incident, world.book),
        missing=tuple(item.key for item in lacking),
        register=world.register,
    )
