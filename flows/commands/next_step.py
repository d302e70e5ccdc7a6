"""What comes next in a case, and the command that does it. A suggestion: the services decide what may be done."""

from collections.abc import Iterable

from letters.vocabulary import COMMITMENTS
from models.breach_events import Risk
from models.duty import Duty, DutyStatus, Untold
from models.incident import Incident
from services.documents.drafts import (
    COMMUNICATION,
    CORRECTION,
    NOT_NOTIFIED,
    NOTICE,
    NOTIFICATION,
    SUPPLEMENT,
    WITHDRAWAL,
)

_TYPED = {
    NOTIFICATION: "anmälan",
    SUPPLEMENT: "komplettering",
    COMMUNICATION: "registrerade",
    CORRECTION: "rättelse",
    NOTICE: "allmänheten",
    NOT_NOTIFIED: "beslut",
    WITHDRAWAL: "återkallelse",
}
"""How each letter is typed after ``draft`` and ``approve``."""


def next_step(incident: Incident, duties: Iterable[Duty]) -> str:
    """Return one sentence for the most urgent thing to do; ``duties`` come in the order of urgency."""
    case = incident.id
    if incident.is_classified:
        return "Kontakta säkerhetsskyddschefen. Anteckna inget mer i det här ärendet."
    if incident.closed is not None:
        return "Inget. Ärendet är arkiverat." if incident.archived else f"Arkivera ärendet: timglas archive {case}"
    if incident.aware_at is None and incident.ruled_out is None:
        return f"Fastställ när ni fick kännedom: timglas aware {case}"
    if incident.reopened_by is not None:
        return f"Nya uppgifter har kommit. Bedöm risken på nytt: timglas decide {case}"
    elsewhere = ("gdpr.33.5", *COMMITMENTS)
    waiting = next((duty for duty in duties if duty.is_open and duty.provision not in elsewhere), None)
    return _towards(waiting, incident) if waiting else _towards_the_end(incident)


def _towards(duty: Duty, incident: Incident) -> str:  # noqa: PLR0911 - one line a duty
    case = incident.id
    if duty.provision == "gdpr.33.2":
        return _notices(incident)
    if duty.status is DutyStatus.UNDECIDED or (duty.provision == "gdpr.33.1" and incident.decision is None):
        return f"Bedöm risken: timglas decide {case}"
    match duty.provision:
        case "gdpr.33.1":
            return _letter(NOTIFICATION, f"Anmäl i IMY:s e-tjänst och registrera det: timglas filed {case}", incident)
        case "gdpr.33.4":
            return _letter(SUPPLEMENT, f"Komplettera hos IMY och registrera det: timglas filed {case}", incident)
        case "gdpr.34.1" if duty.untold is not None and duty.untold.waits:
            return _until_all_are_told(duty.untold, incident)
        case "gdpr.34.1" if any(relied.provision == "gdpr.34.3.c" for relied in incident.exceptions):
            return _letter(NOTICE, f"Publicera och registrera det: timglas publish {case}", incident)
        case "gdpr.34.1":
            return _letter(COMMUNICATION, f"Läs in mottagarna och skicka: timglas send {case}", incident)
    return f"Rapportera enligt {duty.provision} och registrera det: timglas reported {case} {duty.provision}"


def _until_all_are_told(untold: Untold, incident: Incident) -> str:
    """Letters are posted first: their people are known, and wait."""
    if untold.unposted:
        return _post(incident)
    return f"Skicka på annat sätt det som kom tillbaka: timglas send {incident.id}"


def _post(incident: Incident) -> str:
    return f"Ta ut och posta breven: timglas letters print {incident.id}, sedan timglas letters posted"


def _notices(incident: Incident) -> str:
    """Slices, notices, and somebody else's release, in that order."""
    supply = incident.supply
    if supply.is_waiting:
        return f"Låt någon annan släppa underrättelserna: timglas inform send {incident.id}"
    if not set(incident.concerned) <= set(supply.slices):
        return f"Läs in vad som gäller varje kund: timglas inform slices {incident.id}"
    return f"Underrätta de personuppgiftsansvariga: timglas inform prepare {incident.id}"


def _towards_the_end(incident: Incident) -> str:
    """Letters on paper are posted, who was found later is written to, and a decision not to notify is written out and approved, before the case is closed."""
    if incident.unposted:
        return _post(incident)
    if incident.found is not None:
        return f"Släpp brevet till dem som hittats senare: timglas send {incident.id}"
    close = f"Avsluta ärendet: timglas close {incident.id}"
    unlikely = incident.decision is not None and incident.decision.level is Risk.UNLIKELY
    return _letter(NOT_NOTIFIED, close, incident) if unlikely and not incident.filings else close


def _letter(name: str, then: str, incident: Incident) -> str:
    """A letter is drafted, approved and used, in that order; one that is used already is drafted anew."""
    draft, approval = incident.drafts.get(name), incident.approvals.get(name)
    used = {one.sha256 for one in incident.filings} | {one.sha256 for one in incident.notices}
    used |= {one.sha256 for one in incident.releases}
    if draft is None or draft.sha256 in used:
        return f"Ta fram texten: timglas draft {incident.id} {_TYPED[name]}"
    if approval is None or approval.sha256 != draft.sha256:
        return f"Låt någon annan godkänna texten: timglas approve {incident.id} {_TYPED[name]}"
    return then
