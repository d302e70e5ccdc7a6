"""Have a certain person confirm an act: a code goes to their registered mailbox, and only that code opens the act."""

from datetime import datetime

from letters import compose
from models.confirmation import Subject, Verdict
from models.errors import N_, NotConfirmed
from models.recipient import Dispatch
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of, require_sent

CODE = "code"
"""How the communication of a code ends. One that may or may not have arrived is soon void; its person asks for another."""


class CodeNeeded(NotConfirmed):
    """Everything else is in order: the act waits for the code for ``subject``."""

    subject: Subject


async def send_code(subject: Subject, *, now: datetime, world: World) -> None:
    """Mail a code for ``subject`` to the person who would act; an earlier one is void. Raises a PostError if it did not go."""
    code = world.codes.make(subject.digest, subject.actor, now)
    person = world.register.person(subject.actor)
    letter = compose.confirmation_code(subject=subject, code=code)
    dispatch = Dispatch(
        communication=f"{subject.incident_id}/{subject.digest[:16]}/{now.isoformat()}/{CODE}",
        recipient=subject.actor,
        letter_sha256=subject.digest,
    )
    mail = mail_of(
        letter,
        to=person.email,
        sender_name="Timglas",
        reply_to=world.sender,
        incident=subject.incident_id,
        now=now,
        world=world,
    )
    await deliver([Outgoing(dispatch, mail)], now=now, world=world)
    require_sent(dispatch.communication, world.outbox)


def require_code(subject: Subject, code: str | None, *, now: datetime, world: World) -> None:
    """Refuse the act unless ``code`` confirms exactly ``subject``. Raises CodeNeeded without one, NotConfirmed otherwise.

    The last thing an act asks for, so that no code is mailed for what would be refused anyway.
    """
    if code is None:
        needed = CodeNeeded(
            N_("The act is not confirmed yet."),
            why=N_("It binds the organisation, so the person who takes it confirms it with a code sent by mail."),
            remedy=N_("Ask for a code and enter it for exactly the same content."),
        )
        needed.subject = subject
        raise needed
    verdict = world.codes.use(subject.digest, subject.actor, code, now)
    if verdict is not Verdict.RIGHT:
        raise NotConfirmed(
            N_("The act is not confirmed with a valid code."),
            why=N_("The code was {verdict}. It holds for one person and one content, once, for 15 minutes."),
            remedy=N_("Ask for a new code and enter it for exactly the same content."),
            verdict=verdict,
        )
