"""What leaves the house: the notification, the letters, the public notice."""

from datetime import datetime
from functools import partial
from typing import Annotated, get_args

from prefect.client.schemas.objects import State

from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms import (
    Code,
    DiaryNumber,
    MaybeDay,
    MaybeText,
    OtherLaw,
    Text,
    When,
    Who,
    YesOrNo,
    choice,
    maybe_named,
)
from flows.steps import act, clock, step
from models.base import IncidentId
from models.events import ExceptionProvision, Phase
from services.communicate import communicate as send_letters
from services.publish_notice import publish_notice as publish
from services.receive_order import receive_order as receive
from services.record_acknowledgement import record_acknowledgement as acknowledge
from services.settle_parallel_duty import submit_parallel_report as report_beside
from services.start_communication import start_communication as release
from services.submit_notification import submit_notification as submit
from services.withdraw_notification import withdraw_notification as withdraw


@at_the_desk("Registrera anmälan")
async def file_notification(
    incident_id: IncidentId,
    phase: Annotated[Phase, choice(Phase)],
    filed_at: When,
    complete: YesOrNo,
    by: Who,
    delay_reasons: MaybeText = None,
    now: datetime | None = None,
) -> None:
    """Register that a person filed the approved sheet with the authority."""
    await step(
        "Registrera anmälan",
        partial(
            submit,
            incident_id,
            phase=phase,
            filed_at=filed_at,
            complete=complete,
            delay_reasons=delay_reasons,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Registrera diarienummer")
async def register_diary_number(
    incident_id: IncidentId,
    diary_number: DiaryNumber,
    received_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register the number the authority gave the file."""
    await step(
        "Registrera diarienummer",
        partial(
            acknowledge,
            incident_id,
            diary_number=diary_number,
            received_at=received_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Återkalla anmälan")
async def withdraw_notification(
    incident_id: IncidentId,
    reasons: Text,
    withdrawn_at: When,
    by: Who,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Register that the notification was taken back, and why, with a code that the first try mails."""
    world, at = wire(), clock(now)
    taken_back = partial(withdraw, incident_id, reasons=reasons, withdrawn_at=withdrawn_at, code=code)
    return await act("Återkalla anmälan", partial(taken_back, by=by, now=at, world=world), now=at, world=world)


@at_the_desk("Registrera föreläggande")
async def receive_order(
    incident_id: IncidentId,
    reference: Text,
    received_at: When,
    by: Who,
    communicate_by: MaybeDay = None,
    condition_met: Annotated[ExceptionProvision | None, maybe_named("provision", get_args(ExceptionProvision))] = None,
    now: datetime | None = None,
) -> None:
    """Register what the authority decided about informing the people concerned."""
    await step(
        "Registrera föreläggande",
        partial(
            receive,
            incident_id,
            reference=reference,
            received_at=received_at,
            communicate_by=communicate_by,
            condition_met=condition_met,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


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
    incident_id: IncidentId, by: Who, code: Code = None, now: datetime | None = None
) -> State[None] | None:
    """Release the approved letter, with a code that the first try mails, and send it to everyone it is for."""
    world, at = wire(), clock(now)
    released = partial(release, incident_id, code=code, by=by, now=at, world=world)
    waiting = await act("Släpp utskicket", released, now=at, world=world)
    if waiting is None:
        await step("Skicka", partial(send_letters, incident_id, now=at, world=world))
    return waiting


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
