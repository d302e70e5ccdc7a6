"""The two ends of a finding that most checks know: it is well, or it is an alarm with a remedy."""

from letters.language import say
from models.health import Check, Finding, State


def well(check: Check, said: str) -> Finding:
    """Return the finding that ``check`` is well, with what is ``said`` of it."""
    return Finding(check=check, state=State.WELL, said=said)


def alarm(check: Check, said: str, remedy: str) -> Finding:
    """Return the finding that something may keep people from being told. ``remedy`` is a key of the catalogue."""
    return Finding(check=check, state=State.ALARM, said=said, remedy=say(remedy))
