"""What keeps a case open: the one rule of when a file may be closed. Pure."""

from law.particulars import missing
from law.statute_book import StatuteBook
from models.incident import Incident
from services.record import duties_of, law_for

DOCUMENTATION = "gdpr.33.5"


def unsettled(incident: Incident, book: StatuteBook) -> tuple[str, ...]:
    """Return the provisions under which something is owed, undecided or undocumented; with none, the file may be closed.

    The documentation is open until the file is closed, so that only its holes count. Facts that re-opened the decision on
    the risk leave what was told resting on the old ones: somebody must say that it still will do.
    """
    duties = duties_of(incident, book)
    open_ones = [duty.provision for duty in duties if duty.is_open]
    found = [provision for provision in open_ones if provision != DOCUMENTATION]
    if DOCUMENTATION in open_ones and missing(DOCUMENTATION, incident.facts, law_for(incident, book)):
        found.append(DOCUMENTATION)
    if incident.reopened_by is not None and not incident.is_classified:
        found.append("gdpr.34.1")
    return tuple(dict.fromkeys(found))
