"""Have a certain person confirm an act: a code goes to their registered mailbox, and only that code opens the act."""

from datetime import datetime

from letters import compose
from models.confirmation import Subject, Verdict
from models.errors import N_, CodeSent, NotConfirmed
from models.recipient import Dispatch
from services.ports import World
from services.post import Outgoing, deliver, mail_of, require_sent


async def confirm(subject: Subject, *, code: str | None, what: str, now: datetime, world: World) -> None:
    """Return if ``code`` confirms ``subject``; without a code, mail one to the person and raise CodeSent.

    ``what`` says in the mail what would be agreed to. Raises NotConfirmed for a wrong, used, expired or locked code.
    """
    if code is None:
        await _send(subject, what=what, now=now, world=world)
        raise CodeSent(
            N_("A code has been sent to the mailbox of {actor}."),
            why=N_("The act binds the organisation, so the person who takes it confirms it with the code."),
            remedy=N_("Do the same again within 15 minutes and enter the code. Change nothing, or the code is void."),
            actor=subject.actor,
        )
    verdict = world.codes.use(subject.digest, subject.actor, code, now)
    if verdict is not Verdict.RIGHT:
        raise NotConfirmed(
            N_("The code was not accepted."),
            why=N_("The code was {verdict}."),
            remedy=N_("Leave the code empty to get a new one, and enter that for exactly the same content."),
            verdict=verdict,
        )


async def _send(subject: Subject, *, what: str, now: datetime, world: World) -> None:
    code = world.codes.make(subject.digest, subject.actor, now)
    person = world.register.person(subject.actor)
    letter = compose.confirmation_code(
        reference=subject.incident_id, act=subject.act, what=what, code=code, content=subject.content
    )
    dispatch = Dispatch(
        communication=f"{subject.incident_id}/code/{subject.digest[:16]}/{now.isoformat()}",
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
