"""Prepare a letter for approval and keep the draft apart from what is issued."""

import json
from datetime import datetime

from law.bundling import may_be_bundled
from law.obligations import is_late
from letters.language import say
from letters.plain import sha256
from models.base import ActorId, IncidentId
from models.breach_events import Risk
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.filing_events import LetterDrafted
from models.incident import Incident
from services.documents.draft_names import ENGLISH, FORM, draft_name
from services.documents.drafts import compose_letter, english_letter, form_document
from services.documents.sheets import NOTIFICATION, SHEETS, WITHDRAWAL
from services.ports.world import World
from services.record import Case, law_for, read, read_open, write_down
from services.roles import PREPARES, require_role


def draft_letter(
    incident_id: IncidentId,
    *,
    letter: str,
    issue_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> str:
    """Compose ``letter`` as it will read at ``issue_at``, keep it, and return the SHA-256 an approval must name.

    Raises MissingParticular for a first notification that will be late and says no reasons, StepOutOfOrder for a sheet
    of an incident that another one's sheet tells of.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    if letter in SHEETS:
        require_own_sheet(case.incident)
    if letter == NOTIFICATION and (bundled := case.incident.told_with):
        require_alike([case.incident, *(read(other, world.timeline).incident for other in bundled)], world)
    if letter == NOTIFICATION:
        require_delay_explained(case.incident, at=issue_at, world=world)
    if letter == WITHDRAWAL:
        require_withdrawable(case.incident)
    composed = compose_letter(letter, case, at=issue_at, world=world)
    digest = sha256(composed)
    world.archive.keep(incident_id, draft_name(letter, digest), composed.model_dump_json(indent=1).encode())
    if letter in SHEETS:
        _keep_beside(letter, digest, case, at=issue_at, world=world)
    event = LetterDrafted(letter=letter, sha256=digest, occurred_at=now, recorded_at=now, recorded_by=by)
    write_down(case, event, world=world)
    return digest


def require_delay_explained(incident: Incident, *, at: datetime, world: World) -> None:
    """Refuse a first notification issued at ``at``, after the time limit, before its reasons are on record."""
    late = is_late(incident, law_for(incident, world.book), at=at)
    if late and incident.delay is None and not incident.filings:
        raise MissingParticular(
            N_("The sheet of {incident} would be late, and no reasons for the delay are on record."),
            why=N_("A notification later than the time limit states the reasons for the delay (Article 33(1))."),
            remedy=N_(
                "Explain the delay first: when you became aware, what you did, and what took time. Then draft it."
            ),
            incident=incident.id,
        )


def require_alike(incidents: list[Incident], world: World) -> None:
    """Refuse one notification of several that are not alike and close in time. Raises StepOutOfOrder."""
    found = may_be_bundled(incidents, law_for(incidents[0], world.book))
    if len(incidents) < 2 or not found.allowed:
        raise StepOutOfOrder(
            N_("These incidents cannot be notified together: {incidents}."),
            why=N_("{reasons} Strictly, each breach is notified by itself (Guidelines 9/2022, II.B.3)."),
            remedy=N_("Notify them one by one, or establish the facts that show that they are alike."),
            incidents=tuple(incident.id for incident in incidents),
            reasons=" ".join(say(reason.text) for reason in found.reasons) if len(incidents) > 1 else "",
        )


def require_own_sheet(incident: Incident) -> None:
    """Refuse a sheet of its own to an incident that is told of in another one's. Raises StepOutOfOrder."""
    bundle = incident.bundle
    if bundle is not None and bundle.lead != incident.id and not incident.filings:
        raise StepOutOfOrder(
            N_("{incident} is notified together with {lead}."),
            why=N_("One sheet tells of them all, and it is drafted, approved and filed in that case."),
            remedy=N_("Go on in {lead}."),
            incident=incident.id,
            lead=bundle.lead,
        )


def _keep_beside(letter: str, digest: str, case: Case, *, at: datetime, world: World) -> None:
    form = form_document(letter, case, at=at, world=world)
    if form is not None:
        content = json.dumps(form, ensure_ascii=False, indent=1) + "\n"
        world.archive.keep(case.incident.id, draft_name(letter, digest, FORM), content.encode())
    english = english_letter(letter, case, at=at, world=world)
    if english is not None:
        text = english.model_dump_json(indent=1)
        world.archive.keep(case.incident.id, draft_name(letter, digest, ENGLISH), text.encode())


def require_withdrawable(incident: Incident) -> None:
    """Refuse the withdrawal of what is not filed, or of what is still owed. Raises StepOutOfOrder."""
    if not incident.filings or incident.withdrawn is not None:
        raise StepOutOfOrder(
            N_("There is no notification to withdraw in {incident}."),
            why=N_("Only what has been filed, and not withdrawn already, can be taken back."),
            remedy=N_("Look the filings up in the timeline."),
            incident=incident.id,
        )
    if incident.decision is None or incident.decision.level is not Risk.UNLIKELY:
        raise StepOutOfOrder(
            N_("The notification of {incident} cannot be withdrawn."),
            why=N_("It is not decided that a risk is unlikely, so the breach must stay notified."),
            remedy=N_("Decide the risk first, with reasons; supplement the notification if the risk remains."),
            incident=incident.id,
        )
