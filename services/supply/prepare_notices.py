"""Write one notice per controller, each from the shared facts and its own slice, and keep them for approval."""

from datetime import datetime

from letters import compose
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.events import Event
from models.incident import Incident
from models.supply_events import NoticesPrepared
from services.ports.world import World
from services.record import read_open, require_awareness, write_down
from services.roles import PREPARES, require_role
from services.supply import notice_bundle
from services.supply.notice_bundle import Prepared
from services.supply.notices import code_subject, notice_to
from services.supply.state_slices import require_processor


def prepare_notices(
    incident_id: IncidentId,
    *,
    controllers: tuple[str, ...] = (),
    issue_at: datetime,
    answer_by: datetime,
    next_update_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> tuple[Prepared, ...]:
    """Compose the notices as they will read at ``issue_at``, keep them, and return them.

    Without ``controllers`` they go to everyone concerned but those who were told last that none of theirs is in it.
    Raises UnknownReference for a controller that is not concerned, StepOutOfOrder for a promise that is broken when it
    is given, MissingParticular if nobody knows what happened.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    _require_future(issue_at, answer_by, next_update_at)
    bundle = tuple(
        _prepared(one, case.incident, issue_at, answer_by, next_update_at, world)
        for one in _addressees(case.incident, controllers)
    )
    promised = max((one.notice.next_update_at for one in bundle if one.notice.next_update_at), default=None)
    event: Event = NoticesPrepared(
        sha256=notice_bundle.keep(incident_id, bundle, world),
        notices=len(bundle),
        answer_by=answer_by,
        next_update_at=promised,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    write_down(case, event, world=world)
    return bundle


def _prepared(  # noqa: PLR0917 - private, and read once
    controller: str,
    incident: Incident,
    issue_at: datetime,
    answer_by: datetime,
    next_update_at: datetime,
    world: World,
) -> Prepared:
    newest = incident.supply.last_told.get(controller)
    subject = code_subject(incident.id, controller, newest.version + 1 if newest else 1)
    notice = notice_to(
        world.register.controller(controller),
        incident=incident,
        processor=require_processor(incident, world),
        register=world.register,
        code=world.signer.reply_code(subject),
        answer_to=world.sender,
        sent_at=issue_at,
        answer_by=answer_by,
        next_update_at=next_update_at,
    )
    return Prepared(controller=controller, notice=notice, letter=compose.controller_notice_from_processor(notice))


def _addressees(incident: Incident, chosen: tuple[str, ...]) -> tuple[str, ...]:
    strangers = [one for one in chosen if one not in incident.concerned]
    everyone = chosen or tuple(one for one in incident.concerned if not _taken_back(one, incident))
    if strangers or not everyone:
        raise UnknownReference(
            N_("{party} is not among the controllers that {incident} concerns."),
            why=N_("Only those whose data are in it are told, each of its own."),
            remedy=N_("Check which controllers the report names, or load what is known of each one's data."),
            party=strangers[0] if strangers else "–",
            incident=incident.id,
        )
    return everyone


def _taken_back(controller: str, incident: Incident) -> bool:
    """Tell whether it was told last that none of its data is in it, and nothing has changed since."""
    was, now = incident.supply.told.get(controller), incident.supply.slices.get(controller)
    return was is not None and was.unaffected and now == was


def _require_future(issue_at: datetime, *promised: datetime) -> None:
    if min(promised) <= issue_at:
        raise StepOutOfOrder(
            N_("The notices would promise or ask for something at a time that has passed when they are sent."),
            why=N_("They say by when an answer is awaited and when the next update comes."),
            remedy=N_("Choose later times."),
        )
