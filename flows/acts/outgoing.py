"""What leaves the house: the notification, the letters, the public notice."""

from datetime import datetime
from functools import partial
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.acts.sending import start_sending
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Code, OtherLaw, Text, When, Who, named_choice
from flows.steps import act, clock, step
from letters.language import say
from models.base import IncidentId
from models.errors import N_
from models.publication import WebAddress
from services.case.settle_parallel_duty import submit_parallel_report as report_beside
from services.documents.drafts import COMMUNICATION, CORRECTION
from services.people.start_communication import start_communication as release
from services.public.capture_notice import Captured
from services.public.capture_notice import capture_notice as capture
from services.public.note_status import note_status as note
from services.public.publish_notice import publish_notice as publish
from services.public.withdraw_notice import withdraw_notice as take_down


@at_the_desk("Registrera rapport enligt annan lag")
async def submit_parallel_report(
    incident_id: IncidentId,
    provision: OtherLaw,
    filed_at: When,
    receipt: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register that a person filed what another law demands with its own recipient."""
    await step(
        "Registrera rapport enligt annan lag",
        partial(
            report_beside,
            incident_id,
            provision=provision,
            filed_at=filed_at,
            receipt=receipt,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Informera registrerade")
async def communicate(
    incident_id: IncidentId,
    by: Who,
    letter: Annotated[str, named_choice("letter", (COMMUNICATION, CORRECTION))] = COMMUNICATION,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Release the approved letter, with a code that the first try mails, and have it sent to everyone it is for."""
    world, at = wire(), clock(now)
    released = partial(release, incident_id, letter=letter, code=code, by=by, now=at, world=world)
    waiting = await act("Släpp utskicket", released, now=at, world=world)
    if waiting is None:
        await step("Starta utskicket", partial(start_sending, incident_id, now=at, world=world))
    return waiting


@at_the_desk("Skriv i meddelandets logg")
async def note_status(
    incident_id: IncidentId, status: Text, happened_at: When, by: Who, now: datetime | None = None
) -> None:
    """Add a dated line to the log of the public notice; it is out with the next version."""
    noted = partial(note, incident_id, text=status, happened_at=happened_at, by=by, now=clock(now), world=wire())
    await step("Skriv i meddelandets logg", noted)


@at_the_desk("Spara avbild av meddelandet")
async def capture_notice(
    incident_id: IncidentId, address: WebAddress, by: Who, now: datetime | None = None
) -> State[None]:
    """Keep the notice as it stands on the web, and say what of the approved text the page does not show."""
    captured: Captured = await step(
        "Spara avbild", partial(capture, incident_id, address=address, by=by, now=clock(now), world=wire())
    )
    lacking = N_("Kept. The page lacks {count} lines of the approved text; the first is: {line}")
    if captured.lacking:
        return Completed(
            name="Sparad, men sidan visar inte allt",
            message=say(lacking, count=len(captured.lacking), line=captured.lacking[0]),
        )
    return Completed(message=say(N_("Kept. The page shows all of the approved text.")))


@at_the_desk("Ta ned meddelandet")
async def withdraw_notice(
    incident_id: IncidentId, reasons: Text, withdrawn_at: When, by: Who, now: datetime | None = None
) -> None:
    """Record that the public notice was taken down, and let its page say so."""
    down = partial(take_down, incident_id, reasons=reasons, withdrawn_at=withdrawn_at)
    await step("Ta ned meddelandet", partial(down, by=by, now=clock(now), world=wire()))


@at_the_desk("Informera allmänheten")
async def publish_notice(
    incident_id: IncidentId,
    channels: list[Text],
    published_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register that the approved notice was published."""
    await step(
        "Informera allmänheten",
        partial(
            publish,
            incident_id,
            channels=tuple(channels),
            published_at=published_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )
