"""The file of a closed case, and the list of people a letter is for."""

from datetime import datetime
from functools import partial

from adapters.recipient_file import read_recipients
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms import FileName, Who
from flows.steps import clock, step
from models.base import IncidentId
from services.archive_incident import archive_incident as archive
from services.load_recipients import load_recipients as load


@at_the_desk("Läs in mottagare")
async def load_recipients(incident_id: IncidentId, file: FileName, by: Who) -> None:
    """Take in the people a communication is for, from a file on this machine."""
    await step("Läs in mottagare", partial(load, incident_id, people=read_recipients(file), by=by, world=wire()))


@at_the_desk("Arkivera ärende")
async def archive_incident(incident_id: IncidentId, by: Who, now: datetime | None = None) -> None:
    """Write the file of a closed case."""
    await step("Arkivera ärende", partial(archive, incident_id, by=by, now=clock(now), world=wire()))
