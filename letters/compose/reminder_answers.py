"""What somebody who answered a reminder is told: that it counts and until when, that it went on, or that it was unclear."""

from datetime import datetime
from typing import Literal

from letters.compose.reminders import hours_in_words
from letters.language import on_the
from letters.render import render
from models.base import IncidentId
from models.letter import Letter

Outcome = Literal["taken", "passed_on", "unclear", "settled"]


def answer_received(*, incident: IncidentId, outcome: Outcome, until: datetime | None, hours: int) -> Letter:
    """Return the message. ``until`` is when people are reminded again, ``hours`` how long an answer usually holds."""
    context = {
        "reference": incident,
        "kind": outcome,
        "until": until and on_the(until),
        "hours": hours_in_words(hours),
    }
    return render("answer_received", context)
