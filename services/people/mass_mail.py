"""The released letter as a message to each of many people, written as they are claimed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from letters.personal import audience_of, letter_to
from letters.senders import full_name
from models.communication_events import CommunicationStarted
from models.delivery import Claim
from models.instants import local
from models.letter import Audience, Letter
from models.mail import Mail
from models.parties import Controller, Role
from models.recipient import Channel, Recipient
from models.route import Envelope, Known, Route, whose
from services.people.communication import failed_of
from services.people.family import Kin, protected_kin
from services.people.route import route
from services.ports.world import World
from services.post.hand_over import Mails
from services.post.post import mail_of


def mails_of(
    letter: Letter, started: CommunicationStarted, controller: Controller, *, now: datetime, world: World
) -> Mails:
    """Return what writes the messages that were claimed. Their addresses are read then, and kept nowhere.

    Each person is routed anew: whoever should not get a message after all, gets none. So it is with a child of whose
    family somebody turned out to be protected since the message was put in line.
    """
    way_to = _router(started, world)
    equal: dict[Audience, Mail] = {}

    def mail_in(envelope: Envelope) -> Mail:
        audience = audience_of(envelope)
        if envelope.for_child is None and audience in equal:
            return equal[audience].model_copy(update={"to": envelope.email})
        mail = mail_of(
            letter_to(envelope, letter),
            to=envelope.email or "",
            sender_name=full_name(controller),
            reply_to=world.register.person(controller.roles[Role.OFFICER]).email,
            incident=started.communication.partition("/")[0],
            now=now,
            world=world,
        )
        if envelope.for_child is None:
            equal[audience] = mail
        return mail

    def written(claims: Sequence[Claim]) -> list[Mail | None]:
        ids = {whose(claim.dispatch.recipient) for claim in claims}
        routes = map(way_to, world.recipients.some(started.communication, ids))
        found = {one.key: one for way in routes for one in way.envelopes if one.channel is Channel.EMAIL}
        envelopes = [found.get(claim.dispatch.recipient) for claim in claims]
        mails = [None if envelope is None else mail_in(envelope) for envelope in envelopes]
        return [
            mail and mail.model_copy(update={"message_id": claim.message_id})
            for claim, mail in zip(claims, mails, strict=True)
        ]

    return written


def _router(started: CommunicationStarted, world: World) -> Callable[[Recipient], Route]:
    """Return what tells the way to a person as things stand now."""
    on, failed = local(started.occurred_at).date(), failed_of(started.communication, world)

    @cache
    def kin() -> Kin:  # everybody is read for it, so only once a child's turn has come
        return protected_kin(world.recipients.read(started.communication))

    def way_to(person: Recipient) -> Route:
        known = Known(failed=failed)
        if person.is_minor(on):
            known = known._replace(family_protected=kin().holds(person), dead=kin().dead)
        return route(person, on=on, known=known)

    return way_to
