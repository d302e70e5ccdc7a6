"""Write to everyone a released letter is for: each in one way, nobody twice, and the sum must come out."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from letters.compose import letterhead
from letters.personal import letter_to, window
from letters.senders import full_name
from models.base import ENGINE, IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.events import CommunicationCompleted, CommunicationStarted
from models.incident import Incident
from models.instants import local
from models.letter import Letter
from models.parties import Controller, Role
from models.recipient import Channel, DeliveryState, Dispatch
from models.route import Envelope, Route, Way
from services.issue import issue, released
from services.ports import World
from services.post import Outgoing, deliver, mail_of
from services.reconcile import Pending, ends
from services.record import read_open, write_down
from services.route import ways

POST = "post"
"""What is added to a communication's id for its letters on paper, so that a refused e-mail leaves room for one."""


async def communicate(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Send what is not sent yet of the released communication, and record its end once everyone has one.

    Safe to run again at any point: what was claimed is not sent again. Raises StepOutOfOrder before the release,
    TransientPostError if the mail server cannot be reached, and MissingParticular, once everyone else has their letter,
    if one of them cannot be printed.
    """
    case = read_open(incident_id, world.timeline)
    started = _released(case.incident)
    if case.incident.completed is not None:
        return case.incident
    letter = released(started, incident=case.incident, world=world)
    controller = world.register.controller(case.incident.party)
    specimen = letterhead(controller, recipient=(), date=started.occurred_at, reference=incident_id, kind="")
    turn = len(case.incident.told) + 1
    name = "till-registrerade/brev" if turn == 1 else f"till-registrerade/brev-{turn}"
    issue(letter, specimen, name=name, incident=case.incident, world=world)

    await deliver(_mails(letter, started, controller, world, now), now=now, world=world)
    unprintable = _all_on_paper(letter, started, controller, world)
    if unprintable:
        raise unprintable[0]

    event = _reconcile(started, now, world)
    return write_down(case, event, world=world) if event else case.incident


def _released(incident: Incident) -> CommunicationStarted:
    if incident.started is None:
        raise StepOutOfOrder(
            N_("The letters of {incident} have not been released."),
            why=N_("A delegate releases them after approving the text."),
            remedy=N_("Release the communication first."),
            incident=incident.id,
        )
    return incident.started


def _mails(
    letter: Letter, started: CommunicationStarted, controller: Controller, world: World, now: datetime
) -> Iterator[Outgoing]:
    for way in routes(started, world):
        for envelope in way.envelopes:
            if envelope.channel is Channel.EMAIL:
                dispatch = Dispatch(
                    communication=started.communication, recipient=envelope.key, letter_sha256=started.sha256
                )
                mail = mail_of(
                    letter_to(envelope, letter),
                    to=envelope.email or "",
                    sender_name=full_name(controller),
                    reply_to=world.register.person(controller.roles[Role.OFFICER]).email,
                    incident=_incident(started),
                    now=now,
                    world=world,
                )
                yield Outgoing(dispatch, mail)


def _all_on_paper(
    letter: Letter, started: CommunicationStarted, controller: Controller, world: World
) -> list[MissingParticular]:
    """Print every letter that does not go by e-mail, and return what was raised for those that cannot be printed."""
    faults = []
    for way in routes(started, world):
        for envelope in way.envelopes:
            if envelope.channel is not Channel.EMAIL:
                try:
                    _on_paper(envelope, letter, started, controller, world)
                except MissingParticular as fault:
                    faults.append(fault)
    return faults


def routes(started: CommunicationStarted, world: World) -> Iterator[Route]:
    """Return the way to each person of the released communication, as far as the tries until now have shown."""
    people = partial(world.recipients.read, started.communication)
    failed = frozenset((key, Channel.EMAIL) for key in world.outbox.refused(started.communication))
    return ways(people, on=local(started.occurred_at).date(), failed=failed)


def _on_paper(
    envelope: Envelope, letter: Letter, started: CommunicationStarted, controller: Controller, world: World
) -> None:
    """Print first, settle after: printing again gives the same bytes, so nothing is lost and nothing is doubled."""
    folder = "skyddade" if envelope.channel is Channel.SEALED else "papper"
    head = letterhead(
        controller, recipient=window(envelope), date=started.occurred_at, reference=_incident(started), kind=""
    )
    world.archive.keep(
        _incident(started),
        f"till-registrerade/{folder}/{envelope.key}.pdf",
        world.printer.pdf(letter_to(envelope, letter), head),
    )
    dispatch = Dispatch(
        communication=f"{started.communication}/{POST}", recipient=envelope.key, letter_sha256=started.sha256
    )
    world.outbox.claim(dispatch, channel=envelope.channel, now=started.occurred_at)
    world.outbox.settle(dispatch, state=DeliveryState.SENT, now=started.occurred_at)


def _incident(started: CommunicationStarted) -> IncidentId:
    return started.communication.partition("/")[0]


def _reconcile(started: CommunicationStarted, now: datetime, world: World) -> CommunicationCompleted | None:
    """Return the closing counts, or None while a message waits for another try. The event refuses a wrong sum."""
    paper = f"{started.communication}/{POST}"
    states = {
        **world.outbox.states(started.communication, started.sha256),
        **world.outbox.states(paper, started.sha256),
    }
    counted = ends(routes(started, world), states)
    if counted[Pending.WAITING]:
        return None
    return CommunicationCompleted(
        communication=started.communication,
        recipients=started.recipients,
        emailed=counted[Way.EMAIL],
        by_mailbox=counted[Way.MAILBOX],
        on_paper=counted[Way.PAPER],
        sealed=counted[Way.SEALED],
        by_guardians=counted[Way.GUARDIANS],
        deceased=counted[Way.DECEASED],
        by_notice=counted[Way.PUBLIC],
        unreachable=counted[Way.UNREACHABLE],
        uncertain=counted[Pending.UNCERTAIN],
        occurred_at=now,
        recorded_at=now,
        recorded_by=ENGINE,
    )
