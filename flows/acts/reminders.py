"""Answer a reminder from the desk, as by a reply to its mail."""

from datetime import datetime
from functools import partial
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Asked, Who
from flows.steps import clock, step
from letters.compose.reminders import hours_in_words
from letters.language import on_the, say
from models.base import IncidentId
from models.errors import N_
from models.record_events import ReminderAcknowledged
from services.reminding.acknowledge import acknowledge, pass_on

_HOURS = (1, 2, 4, 8, 12)
_ANSWERS: dict[str, int | None] = {
    **{say(N_("I have it in hand, remind us again in {time}"), time=hours_in_words(hours)): hours for hours in _HOURS},
    say(N_("I cannot, pass it on")): None,
}

WhatISay = Annotated[
    int | None, Asked({"type": "string", "enum": list(_ANSWERS)}, lambda given: _ANSWERS.get(given, given))
]
"""For how many hours somebody has it in hand; None if they cannot."""


@at_the_desk("Kvittera påminnelse")
async def answer_reminder(
    incident_id: IncidentId, answer: WhatISay, by: Who, now: datetime | None = None
) -> State[None]:
    """Take what is open in the case in hand for some hours, or pass it on to the next in line."""
    world, at = wire(), clock(now)
    if answer is None:
        await step("Skicka vidare", partial(pass_on, incident_id, by=by, now=at, world=world))
        return Completed(message=say(N_("The next in line is reminded now.")))
    taken = partial(acknowledge, incident_id, hours=answer, by=by, now=at, world=world)
    given: ReminderAcknowledged = await step("Kvittera", taken)
    return Completed(message=say(N_("Nobody is reminded before {when}."), when=on_the(given.until)))
