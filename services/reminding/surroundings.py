"""What stands around a deadline in a reminder: what it waits for, who is called next, how to answer, where to read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from law.particulars import missing
from letters.compose import Answered, Around
from letters.senders import case_address
from models.base import ENGINE, ActorId
from models.duty import Duty
from models.incident import Incident
from models.record_events import ReminderAcknowledged
from services.due.question import Kind
from services.due.questions import questions
from services.ports.world import World
from services.record import law_for
from services.reminding.line import DueStep, next_call
from services.reminding.plan import Running

_PUNCTUAL = timedelta(minutes=30)
"""A reminder that comes later than this after its step says that none could be sent."""

_CONTENT_OF = {"gdpr.33.1": "gdpr.33.3", "gdpr.33.4": "gdpr.33.3"}
"""Where it stands what the text that a duty asks for must contain."""


def surroundings(  # noqa: PLR0917 - read once, by the scribe
    due: Sequence[DueStep],
    also: tuple[Duty, ...],
    told: set[tuple[str, str]],
    incident: Incident,
    now: datetime,
    world: World,
) -> Around:
    """Return what stands around the deadline of ``due``, all of one and for one person.

    ``also`` is what else goes in the same message, ``told`` each (deadline, step) that was sent to anybody.
    """
    run, to = due[0].run, due[0].to
    call = next_call(run, world.register.party(incident.party), world.register, now)
    return Around(
        waiting=_waiting(run.duty, incident, world),
        missing=_missing(run.duty, incident, world),
        also=also,
        called=to.called is not None,
        instead_of=to.instead_of,
        silent_since=_silent_since(due, told, now),
        answered=_answered(run),
        next_in_line=call[0] if call else None,
        calls_at=call[1] if call else None,
        answer_hours=world.policy.acknowledgement.hours if world.reply_to else None,
        link=case_address(world.ui, incident.id),
    )


def _answered(run: Running) -> Answered | None:
    """Return who answered last of what the deadline reminds of; what a machine passed on is nobody's answer."""
    given = [one for one in run.answers if one.recorded_by != ENGINE]
    if not given:
        return None
    last = max(given, key=lambda one: one.occurred_at)
    return Answered(last.recorded_by, last.occurred_at, isinstance(last, ReminderAcknowledged))


def _waiting(duty: Duty, incident: Incident, world: World) -> tuple[tuple[str, ActorId | None], ...]:
    """Return the decisions that the notification waits for, each with whose it is."""
    if duty.provision not in _CONTENT_OF:
        return ()
    party = world.register.party(incident.party)
    asked = (one for one in questions(incident, book=world.book) if one.kind in (Kind.RISK, Kind.APPROVAL))
    return tuple((one.what, next(iter(one.whose(party)), None)) for one in asked)


def _missing(duty: Duty, incident: Incident, world: World) -> tuple[str, ...]:
    asked = _CONTENT_OF.get(duty.provision)
    law = law_for(incident, world.book)
    return tuple(item.key for item in missing(asked, incident.facts, law)) if asked else ()


def _silent_since(due: Sequence[DueStep], told: set[tuple[str, str]], now: datetime) -> datetime | None:
    """Return the first step, since the deadline was planned, that came and went without a word to anybody."""
    silent = (
        one.step.at
        for one in due
        if one.run.planned.at < one.step.at < now - _PUNCTUAL and (one.run.duty.key, one.step.name) not in told
    )
    return min(silent, default=None)
