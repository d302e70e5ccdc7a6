"""Letters shown before they are approved, and those on paper on their way to the post: taken out, and posted."""

from datetime import datetime
from functools import partial
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.states import Completed

from adapters.settings import Settings
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Asked, Code, LetterChoice, Text, When, Who, YesOrNo, choice, named_choice
from flows.steps import act, clock, step
from letters.language import say
from models.base import IncidentId
from models.delivery import ReturnReason
from models.errors import N_
from models.recipient import Channel
from models.sheet import Batch
from services.people.batches import batch_of, batches_of, whole_name
from services.people.forecast import told
from services.people.leave_out import told as left_out_of
from services.people.post_batch import post_batch
from services.people.preview import Specimen, expected, preview
from services.people.print_again import print_again
from services.people.print_again import told as left_out_again
from services.people.print_batch import print_batch
from services.people.return_letters import MARKS, return_letters
from services.people.return_letters import told as came_of_it
from services.people.send_specimens import send_specimens
from services.record import read

Marks = Annotated[str, Asked({"type": "string", "pattern": MARKS, "examples": ["2-000117", "2-000117 2-000342"]}, str)]
"""The marks at the foot of letters that came back; a form takes nothing else there, so no name."""

Printable = Annotated[str, named_choice("Channel", ("paper", "sealed", "mailbox"))]
"""Which letters are taken out."""


@at_the_desk("Förhandsgranska brev")
async def preview_letters(
    incident_id: IncidentId, letter: LetterChoice, specimens: YesOrNo, by: Who, now: datetime | None = None
) -> State[None]:
    """Show the letters of a draft as they will look, mail specimens to who asks, and say when all will be there."""
    world, at = wire(), clock(now)
    shown: tuple[Specimen, ...] = await step(
        "Visa breven", partial(preview, incident_id, letter=letter, now=at, world=world)
    )
    if specimens:
        mailed = partial(send_specimens, incident_id, letter=letter, by=by, now=at, world=world)
        await step("Skicka prov", mailed)
    said = N_("{count} letters to look at lie in {folder}, on the machine where Timglas runs. {forecast}")
    hoped = expected(incident_id, now=at, world=world)
    folder = str(Settings().print_folder)
    return Completed(message=say(said, count=len(shown), folder=folder, forecast=told(hoped) if hoped else ""))


@at_the_desk("Ta ut brev på papper")
async def take_out_letters(
    incident_id: IncidentId,
    by: Who,
    channel: Printable = Channel.PAPER.value,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Write the file of the letters that wait to go this way, and say where it lies. Sealed ones take a code."""
    world, at = wire(), clock(now)
    printing = partial(print_batch, incident_id, channel=Channel(channel), code=code, by=by, now=at, world=world)
    waiting = await act("Skriv utskriftsfilen", printing, now=at, world=world)
    if waiting is not None:
        return waiting
    incident = read(incident_id, world.timeline).incident
    made = batches_of(incident, world)[-1].batch
    return Completed(message=" ".join(filter(None, (_written(made, incident_id), left_out_of(incident, made.number)))))


def _written(made: Batch, incident_id: IncidentId) -> str:
    """Say where the file of a batch lies; that there is none, if no letter may go."""
    if not made.letters:
        return say(N_("No file is written: none of the letters may go this way any more."))
    file = Settings().print_folder / whole_name(incident_id, made)
    said = N_(
        "{letters} letters on {pages} pages lie in {file}, on the machine where Timglas runs. Post them, and say so."
    )
    return say(said, letters=made.letters, pages=made.pages, file=str(file))


@at_the_desk("Skriv utskriftsfilen igen")
async def write_print_file_again(
    incident_id: IncidentId,
    batch: int,
    reasoning: Text,
    by: Who,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Write a print file that was lost once more, but for letters that may not go any more. Not once they are posted."""
    world, at = wire(), clock(now)
    writing = partial(print_again, incident_id, batch=batch, reasoning=reasoning, code=code, by=by, now=at, world=world)
    waiting = await act("Skriv utskriftsfilen igen", writing, now=at, world=world)
    if waiting is not None:
        return waiting
    incident = read(incident_id, world.timeline).incident
    said = [written_again(batch_of(incident, batch, world).batch, incident_id), left_out_again(incident, batch)]
    return Completed(message=" ".join(filter(None, said)))


def written_again(made: Batch, incident_id: IncidentId) -> str:
    """Say where a file that was written again lies; that there is none, if every letter was left out."""
    if not made.letters:
        return say(N_("No file is written: no letter is left in it. Should the first file turn up, destroy it."))
    said = N_("{name} lies in {folder} again, letter for letter. Should the first file turn up, destroy it.")
    return say(said, name=whole_name(incident_id, made), folder=str(Settings().print_folder))


@at_the_desk("Registrera postade brev")
async def post_letters(
    incident_id: IncidentId, batch: int, posted_at: When, by: Who, now: datetime | None = None
) -> None:
    """Register that the letters of a batch are posted; its print file is destroyed."""
    posted = partial(post_batch, incident_id, batch=batch, posted_at=posted_at, by=by, now=clock(now), world=wire())
    await step("Registrera postade brev", posted)


@at_the_desk("Registrera brev i retur")
async def return_letters_to_sender(
    incident_id: IncidentId,
    marks: Marks,
    return_reason: Annotated[ReturnReason, choice(ReturnReason)],
    by: Who,
    now: datetime | None = None,
) -> State[None]:
    """Register that the post brought letters back, known by their marks; the people are reached by another way."""
    world = wire()
    back = partial(return_letters, incident_id, marks=marks, reason=return_reason, by=by, now=clock(now), world=world)
    incident = await step("Registrera brev i retur", back)
    return Completed(message=came_of_it(incident))
