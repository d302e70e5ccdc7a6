"""Publish the approved notice to the public as static files, with its earlier versions, and record where it stands."""

from datetime import datetime

from letters.compose import letterhead
from letters.public_site import Version, public_site
from models.base import ActorId, IncidentId
from models.communication_events import PublicNoticePublished
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.letter import Letter
from services.documents.draft_names import draft_name
from services.documents.drafts import NOTICE
from services.documents.issue import approved, issue
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role

FOLDER = "till-allmanheten"
_BOARD = "anslagstavla"


def publish_notice(
    incident_id: IncidentId,
    *,
    channels: tuple[str, ...],
    published_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Keep the notice on paper, as text and as pages for a web server, and write down where it was published.

    Raises NotApproved, and StepOutOfOrder for the official notice board, which is for something else.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(published_at, now)
    _require_no_board(channels)
    notice = approved(NOTICE, incident=case.incident, world=world)
    digest = case.incident.approvals[NOTICE].sha256
    if any(published.sha256 == digest for published in case.incident.notices):
        return case.incident
    version = len(case.incident.notices) + 1
    head = letterhead(
        world.register.controller(case.incident.party), recipient=(), date=published_at, reference=incident_id, kind=""
    )
    issue(notice, head, name=f"{FOLDER}/meddelande-{version}", incident=case.incident, world=world)
    event = PublicNoticePublished(
        version=version,
        sha256=digest,
        channels=channels,
        occurred_at=published_at,
        recorded_at=now,
        recorded_by=by,
    )
    incident = write_down(case, event, world=world)
    put_site(incident, world)
    return incident


def put_site(incident: Incident, world: World) -> None:
    """Write the published copy anew from the record, and keep it as evidence beside the version it shows."""
    taken_down = incident.notice_withdrawn
    site = public_site(
        published_versions(incident, world),
        organisation=world.register.controller(incident.party).organisation,
        withdrawn_at=taken_down.occurred_at if taken_down else None,
    )
    state = f"{len(incident.notices)}-nedtaget" if taken_down else str(len(incident.notices))
    for name, content in site.items():
        world.archive.keep(incident.id, f"{FOLDER}/webb-{state}/{name}", content)
    world.site.put(incident.id, site)


def published_versions(incident: Incident, world: World) -> tuple[Version, ...]:
    """Return every version that was published, oldest first, as it was approved."""
    return tuple(
        Version(
            number=published.version,
            letter=published_text(incident, published, world),
            pdf=world.archive.read(incident.id, f"{FOLDER}/meddelande-{published.version}.pdf"),
            published_at=published.occurred_at,
        )
        for published in incident.notices
    )


def published_text(incident: Incident, published: PublicNoticePublished, world: World) -> Letter:
    """Return the text of one published version."""
    return Letter.model_validate_json(world.archive.read(incident.id, draft_name(NOTICE, published.sha256)))


def _require_no_board(channels: tuple[str, ...]) -> None:
    if any(_BOARD in channel.casefold() for channel in channels):
        raise StepOutOfOrder(
            N_("The official notice board is not the place for this notice."),
            why=N_(
                "Chapter 8, section 11 of the Local Government Act (2017:725) says what it may hold, and this is none of it."
            ),
            remedy=N_("Publish it as news on the website, in local media and where those concerned are."),
        )
