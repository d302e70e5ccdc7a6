"""Write to everyone a released letter is for: each in one way, nobody twice, and the sum must come out."""

from collections.abc import Iterator
from datetime import datetime

from letters.compose import letterhead
from letters.senders import full_name
from models.base import ENGINE, IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.events import CommunicationCompleted, CommunicationStarted
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Role
from models.recipient import Channel, DeliveryState, Dispatch, Recipient
from services.drafts import COMMUNICATION
from services.issue import approved, issue
from services.ports import Outbox, World
from services.post import Outgoing, deliver, mail_of
from services.record import read_open, write_down

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
    letter = approved(COMMUNICATION, incident=case.incident, world=world)
    controller = world.register.controller(case.incident.party)
    specimen = letterhead(controller, recipient=(), date=started.occurred_at, reference=incident_id, kind="")
    issue(letter, specimen, name="till-registrerade/brev", incident=case.incident, world=world)

    await deliver(_mails(letter, started, controller, world, now), now=now, world=world)
    unprintable = _all_on_paper(letter, started, controller, world)
    if unprintable:
        raise unprintable[0]

    event = _reconcile(started, world.outbox, now)
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
    mail = mail_of(
        letter,
        to="",
        sender_name=full_name(controller),
        reply_to=world.register.person(controller.roles[Role.OFFICER]).email,
        incident=_incident(started),
        now=now,
        world=world,
    )
    for person in world.recipients.read(started.communication):
        if person.channel is Channel.EMAIL:
            dispatch = Dispatch(communication=started.communication, recipient=person.id, letter_sha256=started.sha256)
            yield Outgoing(dispatch, mail.model_copy(update={"to": person.email}))


def _all_on_paper(
    letter: Letter, started: CommunicationStarted, controller: Controller, world: World
) -> list[MissingParticular]:
    """Print every letter that does not go by e-mail, and return what was raised for those that cannot be printed."""
    refused = world.outbox.refused(started.communication)
    faults = []
    for person in world.recipients.read(started.communication):
        if person.channel is not Channel.EMAIL or person.id in refused:
            try:
                _on_paper(person, letter, started, controller, world)
            except MissingParticular as fault:
                faults.append(fault)
    return faults


def _on_paper(
    person: Recipient, letter: Letter, started: CommunicationStarted, controller: Controller, world: World
) -> None:
    """Print first, settle after: printing again gives the same bytes, so nothing is lost and nothing is doubled."""
    channel = _paper_channel(person)
    if channel is not Channel.NONE:
        window = () if channel is Channel.SEALED else _window(person)
        folder = "skyddade" if channel is Channel.SEALED else "papper"
        head = letterhead(controller, recipient=window, date=started.occurred_at, reference=_incident(started), kind="")
        world.archive.keep(
            _incident(started), f"till-registrerade/{folder}/{person.id}.pdf", world.printer.pdf(letter, head)
        )
    dispatch = Dispatch(
        communication=f"{started.communication}/{POST}", recipient=person.id, letter_sha256=started.sha256
    )
    world.outbox.claim(dispatch, channel=channel, now=started.occurred_at)
    state = DeliveryState.REFUSED if channel is Channel.NONE else DeliveryState.SENT
    world.outbox.settle(dispatch, state=state, now=started.occurred_at)


def _paper_channel(person: Recipient) -> Channel:
    if person.channel is Channel.SEALED:
        return Channel.SEALED
    return Channel.PAPER if person.address is not None else Channel.NONE


def _incident(started: CommunicationStarted) -> IncidentId:
    return started.communication.partition("/")[0]


def _window(person: Recipient) -> tuple[str, ...]:
    address = person.address
    if address is None:
        return (person.name,)
    return (person.name, address.street, f"{address.postcode[:3]} {address.postcode[3:]}  {address.city.upper()}")


def _reconcile(started: CommunicationStarted, outbox: Outbox, now: datetime) -> CommunicationCompleted | None:
    """Return the closing counts, or None while a message waits for another try. The event refuses a wrong sum."""
    mails, paper = outbox.counts(started.communication), outbox.counts(f"{started.communication}/{POST}")
    if mails.get((Channel.EMAIL, DeliveryState.DEFERRED)):
        return None
    return CommunicationCompleted(
        communication=started.communication,
        recipients=started.recipients,
        emailed=mails.get((Channel.EMAIL, DeliveryState.SENT), 0),
        on_paper=paper.get((Channel.PAPER, DeliveryState.SENT), 0),
        sealed=paper.get((Channel.SEALED, DeliveryState.SENT), 0),
        unreachable=paper.get((Channel.NONE, DeliveryState.REFUSED), 0),
        uncertain=sum(
            mails.get((Channel.EMAIL, state), 0) for state in (DeliveryState.UNCERTAIN, DeliveryState.CLAIMED)
        ),
        occurred_at=now,
        recorded_at=now,
        recorded_by=ENGINE,
    )
