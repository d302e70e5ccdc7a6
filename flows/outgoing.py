"""What leaves the house: the notification, the letters, the public notice, the processor's notices."""

from datetime import datetime
from functools import partial

from prefect import flow

from flows.bootstrap import wire
from flows.steps import clock, step
from models.base import ActorId, IncidentId, PlainText
from models.events import Phase
from models.facts import Facts
from models.parties import PartyId
from services.communicate import communicate as send_letters
from services.inform_controller import inform_controller as inform
from services.publish_notice import publish_notice as publish
from services.record_acknowledgement import record_acknowledgement as acknowledge
from services.start_communication import start_communication as release
from services.submit_notification import submit_notification as submit


@flow(name="Registrera anmälan", flow_run_name="Registrera anmälan · {incident_id}", persist_result=False)
async def file_notification(
    incident_id: IncidentId,
    phase: Phase,
    filed_at: datetime,
    complete: bool,
    by: ActorId,
    delay_reasons: PlainText | None = None,
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


@flow(name="Registrera diarienummer", flow_run_name="Registrera diarienummer · {incident_id}", persist_result=False)
async def register_diary_number(
    incident_id: IncidentId,
    diary_number: str,
    received_at: datetime,
    by: ActorId,
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


@flow(name="Informera registrerade", flow_run_name="Informera registrerade · {incident_id}", persist_result=False)
async def communicate(incident_id: IncidentId, by: ActorId, now: datetime | None = None) -> None:
    """Release the approved letter and send it to everyone it is for."""
    world, at = wire(), clock(now)
    await step("Släpp utskicket", partial(release, incident_id, by=by, now=at, world=world))
    await step("Skicka", partial(send_letters, incident_id, now=at, world=world))


@flow(name="Informera allmänheten", flow_run_name="Informera allmänheten · {incident_id}", persist_result=False)
async def publish_notice(
    incident_id: IncidentId,
    channels: list[PlainText],
    published_at: datetime,
    by: ActorId,
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


@flow(
    name="Underrätta personuppgiftsansvarig",
    flow_run_name="Underrätta personuppgiftsansvarig · {incident_id}",
    persist_result=False,
)
async def inform_controller(
    incident_id: IncidentId,
    controller: PartyId,
    facts: Facts,
    version: int,
    next_update_at: datetime,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Send one controller the notice of its own data."""
    await step(
        "Underrätta personuppgiftsansvarig",
        partial(
            inform,
            incident_id,
            controller=controller,
            facts=facts,
            version=version,
            next_update_at=next_update_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )
