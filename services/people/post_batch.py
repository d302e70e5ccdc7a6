"""Register that a person has posted the letters of a batch. Its print file has done its work then, and is destroyed."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.communication_events import LettersPosted
from models.incident import Incident
from services.people.batches import batch_of, file_name, require_letters
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import FILES, require_role


def post_batch(
    incident_id: IncidentId, *, batch: int, posted_at: datetime, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record when the batch was posted; the first time that is said holds.

    Raises UnknownReference for no such batch, StepOutOfOrder for one of which every letter was left out.
    """
    with world.print_room.alone():
        case = read_open(incident_id, world.timeline)
        require_role(case.incident, by=by, among=FILES, register=world.register)
        release, made = batch_of(case.incident, batch, world)
        require_letters(case.incident, made)
        incident = case.incident
        if batch not in incident.posted:
            stamp = {"occurred_at": posted_at, "recorded_at": now, "recorded_by": by}
            own = {"communication": release.communication, "batch": batch, "channel": made.channel.value}
            counts = {"letters": made.letters, "pages": made.pages, "sha256": made.sha256}
            incident = write_down(case, LettersPosted.model_validate({**stamp, **own, **counts}), world=world)
        world.printed.post(release.communication, release.sha256, batch, at=incident.posted[batch].occurred_at)
        world.print_room.clear(file_name(incident_id, batch))
        return incident
