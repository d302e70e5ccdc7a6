"""The file of a case, and the list of people a letter is for."""

from datetime import datetime
from functools import partial
from pathlib import Path

from prefect.client.schemas.objects import State
from prefect.states import Completed

from adapters.case_file import write_zip
from adapters.people_list.recipient_file import RecipientFile
from adapters.settings import Settings
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import FileName, MaybeDay, Who, YesOrNo
from flows.steps import clock, step
from letters.language import say
from models.base import IncidentId
from models.errors import N_
from models.instants import local
from services.evidence.archive_incident import archive_incident as archive
from services.evidence.compile_file import compile_file
from services.people.load_recipients import Loaded, told
from services.people.load_recipients import load_recipients as load


@at_the_desk("Läs in mottagare")
async def load_recipients(
    incident_id: IncidentId,
    file: FileName,
    by: Who,
    checked_on: MaybeDay = None,
    replace: YesOrNo = False,
    all_or_nothing: YesOrNo = False,
    now: datetime | None = None,
) -> State[None]:
    """Take in the people a communication is for, from a file on this machine, and say who could not be taken in."""
    at = clock(now)
    people = RecipientFile(file, on=local(at).date(), checked=checked_on is not None)
    taken = partial(
        load,
        incident_id,
        listed=people,
        checked_on=checked_on,
        replace=replace,
        all_or_nothing=all_or_nothing,
        by=by,
        now=at,
        world=wire(),
    )
    loaded: Loaded = await step("Läs in mottagare", taken)
    return Completed(message=told(loaded))


@at_the_desk("Arkivera ärende")
async def archive_incident(incident_id: IncidentId, by: Who, now: datetime | None = None) -> None:
    """Write the file of a closed case."""
    await step("Arkivera ärende", partial(archive, incident_id, by=by, now=clock(now), world=wire()))


@at_the_desk("Skriv akten")
async def write_file(incident_id: IncidentId, now: datetime | None = None) -> State[None]:
    """Write the case file as a ZIP on this machine, and say where it lies."""
    at = clock(now)
    target = Settings().home / "akter" / f"{incident_id}-{local(at):%Y-%m-%d-%H%M}.zip"
    await step("Skriv akten", partial(_write, incident_id, at, target))
    return Completed(message=say(N_("The case file is {file}, on the machine where Timglas runs."), file=str(target)))


def _write(incident_id: IncidentId, at: datetime, target: Path) -> None:
    write_zip(target, compile_file(incident_id, at=at, world=wire()), folder=incident_id)
