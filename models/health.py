"""Whether the watch is awake: the heartbeat of a sweep, and what was found of each thing that must work."""

from enum import StrEnum

from models.base import Instant, Value


class Beat(Value):
    """One run of something that must be awake: how much was ``due`` and how many ``faults`` there were.

    ``ended_at`` is None while it runs, or if it died. ``clock_back_at`` is when the clock was found set back.
    """

    name: str
    started_at: Instant
    ended_at: Instant | None = None
    due: int = 0
    faults: int = 0
    clock_back_at: Instant | None = None


class Check(StrEnum):
    """What is looked at to tell whether the watch is awake."""

    START = "start"
    SWEEP = "sweep"
    CLOCK = "clock"
    CASES = "cases"
    REMINDERS = "reminders"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    MAIL = "mail"
    LINE = "line"
    UNPOSTED = "unposted"
    FORBIDDEN = "forbidden"
    MAIL_SERVER = "mail_server"
    MAILBOX = "mailbox"
    REGISTRAR = "registrar"
    ANCHOR = "anchor"
    DATABASE = "database"
    DISK = "disk"
    PREFECT = "prefect"
    RUNS = "runs"
    MARKERS = "markers"
    WATCH = "watch"


class State(StrEnum):
    """How it is: well, something a person should look at, or something that may keep people from being told in time."""

    WELL = "well"
    NOTE = "note"
    ALARM = "alarm"


class Finding(Value):
    """One thing that was looked at: how it is, in words for people, and what to do about it if it is not well."""

    check: Check
    state: State
    said: str
    remedy: str = ""


class Alarmed(Value):
    """The last alarm that was raised: of what, when first, and when people were last told."""

    checks: tuple[Check, ...]
    since: Instant
    told_at: Instant
