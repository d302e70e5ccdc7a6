"""Prepare a letter for approval and keep the draft apart from what is issued."""

from datetime import datetime

from letters.plain import sha256
from models.base import ActorId, IncidentId
from models.events import LetterDrafted
from services.drafts import compose_letter
from services.ports import World
from services.record import read_open, write_down
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
    """Compose ``letter`` as it will read at ``issue_at``, keep it, and return the SHA-256 an approval must name."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    composed = compose_letter(letter, case.incident, at=issue_at, world=world)
    digest = sha256(composed)
    world.archive.keep(incident_id, draft_name(letter, digest), composed.model_dump_json(indent=1).encode())
    event = LetterDrafted(letter=letter, sha256=digest, occurred_at=now, recorded_at=now, recorded_by=by)
    write_down(case, event, world=world)
    return digest


def draft_name(letter: str, digest: str) -> str:
    """Return where a draft lies in the archive."""
    return f"utkast/{letter}-{digest[:12]}.json"
