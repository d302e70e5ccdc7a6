"""Replace an earlier statement with what is right, and say why."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import FactCorrected, FactsEstablished
from models.errors import N_, UnknownReference
from models.facts import Facts
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import PREPARES, require_role


def correct_facts(
    incident_id: IncidentId,
    *,
    supersedes: int,
    because: str,
    facts: Facts,
    withdrawn: tuple[str, ...] = (),
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Lay ``facts`` over the statement at place ``supersedes`` and make the ``withdrawn`` fields unknown again.

    Raises UnknownReference if that place holds no statement of facts.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    if not 1 <= supersedes <= len(case.history) or not isinstance(
        case.history[supersedes - 1], FactsEstablished | FactCorrected
    ):
        raise UnknownReference(
            N_("Line {line} of the timeline of {incident} states no facts."),
            why=N_("A correction names the statement it replaces."),
            remedy=N_("Look the line number up in the timeline."),
            line=supersedes,
            incident=incident_id,
        )
    event = FactCorrected(
        supersedes=supersedes,
        because=because,
        facts=facts,
        withdrawn=withdrawn,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
