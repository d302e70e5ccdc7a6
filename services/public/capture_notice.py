"""Keep the notice as it stands on the web, byte by byte, and say what of the approved text the page does not show."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from letters.seen import unseen
from models.base import ActorId, IncidentId
from models.incident import Incident
from models.publication import PublicNoticeCaptured
from services.ports.world import World
from services.public.publish_notice import FOLDER, published_text
from services.public.withdraw_notice import require_published
from services.record import read, write_down
from services.roles import PREPARES, require_role


class Captured(NamedTuple):
    """The case after a capture, and the lines of the published version that the page lacks."""

    incident: Incident
    lacking: tuple[str, ...]


def capture_notice(
    incident_id: IncidentId,
    *,
    address: str,
    content: bytes | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Captured:
    """Fetch the page at ``address`` (or take ``content`` that somebody saved), keep it, and record its hash.

    Raises StepOutOfOrder if no notice stands, and TransientPostError if the page cannot be fetched.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_published(case.incident)
    page = world.web.page(address) if content is None else content
    published = case.incident.notices[-1]
    lacking = unseen(published_text(case.incident, published, world), page.decode("utf-8", errors="replace"))
    digest = hashlib.sha256(page).hexdigest()
    world.archive.keep(incident_id, f"{FOLDER}/avbild-{published.version}-{digest[:12]}.html", page)
    event = PublicNoticeCaptured(
        version=published.version,
        address=address,
        sha256=digest,
        lacking=len(lacking),
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return Captured(write_down(case, event, world=world), lacking)
