"""What the watch writes: that something may keep people from being told in time, and that it works again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from letters.language import duration, on_the
from letters.render import render
from models.health import Finding
from models.letter import Letter


def watch_alarm(*, findings: Sequence[Finding], since: datetime, repeat: timedelta, machine: str) -> Letter:
    """Return the alarm about ``findings``, at least one, on ``machine``. ``since`` is when the first of them was found."""
    context = {
        "first": findings[0].said[:1].lower() + findings[0].said[1:].rstrip("."),
        "findings": tuple((one.said, one.remedy) for one in findings),
        "machine": machine,
        "since": on_the(since),
        "repeat": duration(repeat),
    }
    return render("watch_alarm", context)


def watch_all_clear(*, since: datetime, now: datetime, machine: str) -> Letter:
    """Return the message that everything works again."""
    context = {"lasted": duration(now - since), "machine": machine, "since": on_the(since), "now": on_the(now)}
    return render("watch_all_clear", context)
