"""Letters on paper on their way to the post: the print file taken out, and the letters registered as posted."""

from datetime import datetime
from functools import partial

from prefect.client.schemas.objects import State
from prefect.states import Completed

from adapters.settings import Settings
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms import Code, When, Who, YesOrNo
from flows.steps import act, clock, step
from letters.language import say
from models.base import IncidentId
from models.errors import N_
from services.batches import batches_of, file_name
from services.post_batch import post_batch
from services.print_batch import print_batch
from services.record import read


@at_the_desk("Ta ut brev på papper")
async def take_out_letters(
    incident_id: IncidentId, by: Who, sealed: YesOrNo = False, code: Code = None, now: datetime | None = None
) -> State[None] | None:
    """Write the print file of the letters that wait, and say where it lies. Sealed ones take a code."""
    world, at = wire(), clock(now)
    printing = partial(print_batch, incident_id, sealed=sealed, code=code, by=by, now=at, world=world)
    waiting = await act("Skriv utskriftsfilen", printing, now=at, world=world)
    if waiting is not None:
        return waiting
    made = batches_of(read(incident_id, world.timeline).incident, world)[-1].batch
    file = Settings().print_folder / f"{file_name(incident_id, made.number)}.pdf"
    said = N_(
        "{letters} letters on {pages} pages lie in {file}, on the machine where Timglas runs. Post them, and say so."
    )
    return Completed(message=say(said, letters=made.letters, pages=made.pages, file=str(file)))


@at_the_desk("Registrera postade brev")
async def post_letters(
    incident_id: IncidentId, batch: int, posted_at: When, by: Who, now: datetime | None = None
) -> None:
    """Register that the letters of a batch are posted; its print file is destroyed."""
    posted = partial(post_batch, incident_id, batch=batch, posted_at=posted_at, by=by, now=clock(now), world=wire())
    await step("Registrera postade brev", posted)
