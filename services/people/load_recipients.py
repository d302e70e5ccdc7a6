"""Take in the people a communication is for: those in the rows that can be read, or nobody if one of them cannot."""

from datetime import date, datetime
from typing import NamedTuple

from letters.language import counted, number, say
from letters.language import listed as in_words
from models.base import ActorId, IncidentId
from models.communication_events import RecipientsLoaded
from models.errors import N_, StepOutOfOrder, UnreadableFile
from models.incident import Incident
from models.instants import local
from models.people_list import Fault, ListReport
from models.record_events import PersonalDataErased
from services.documents.draft_names import preview_name
from services.people.communication import communication_of
from services.people.found_later import found, laid_aside, lay_aside
from services.people.known_people import as_known
from services.people.print_again import to_write_again
from services.people.returned import reopen_returned
from services.ports.world import Listed, World
from services.record import Case, read_open, write_down
from services.roles import PREPARES, require_role


class Loaded(NamedTuple):
    """What was taken in: how many the list now holds, and what was said of it.

    ``later``: letters are out, so it waits for a release of its own; so many on it were ``written_to`` already. It says of
    somebody in the batches ``to_write_again``, which nobody has posted, that the letter may not go that way any more.
    """

    recipients: int
    report: ListReport
    later: bool = False
    written_to: int = 0
    to_write_again: tuple[int, ...] = ()


def load_recipients(
    incident_id: IncidentId,
    *,
    listed: Listed,
    checked_on: date | None = None,
    all_or_nothing: bool = False,
    replace: bool = False,
    by: ActorId,
    now: datetime,
    world: World,
) -> Loaded:
    """Store the people of a list sealed. Who is there already is updated by it, so to load a list again adds nobody.

    Once letters are released, they are laid aside for the next release. ``replace``: those who were taken in for the same
    release are erased first, and so they are where the list was erased before any letter. ``checked_on`` is the day on
    which somebody compared the list with the population register; it is put on record.

    Raises StepOutOfOrder while letters are on their way, if ``checked_on`` has not come or a later list has been taken in;
    UnreadableFile if ``all_or_nothing`` and a row cannot be taken, if one of a protected person cannot, or if ``as_known``
    refuses the list.
    """
    require_past(checked_on, now)
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    _require_last(case, now)
    _require_quiet(reopen_returned(incident_id, now=now, world=world))
    report = _judged(listed, all_or_nothing=all_or_nothing)
    waiting = case.incident.started is None
    communication = communication_of(incident_id) if waiting else laid_aside(case.incident)
    if replace or (waiting and world.recipients.is_erased(communication)):
        if not waiting:
            as_known(listed, [communication_of(incident_id)], world)  # a list that is refused erases nobody
        _empty(case, communication, by=by, now=now, world=world)
        case = read_open(incident_id, world.timeline)
    count = _keep(communication, listed, world) if waiting else lay_aside(case.incident, listed, world)
    written_to = _written_to(case.incident, world)
    counts = {"rows": report.rows, "refused": report.refused, "recipients": count, "written_to": written_to}
    recorded = {"occurred_at": now, "recorded_at": now, "recorded_by": by}
    event = RecipientsLoaded(communication=communication, **counts, checked_on=checked_on, **recorded)
    write_down(case, event, world=world)
    again = to_write_again(case.incident, world)
    return Loaded(count, report, case.incident.started is not None, written_to, again)


def told(loaded: Loaded) -> str:
    """Say what was taken in, what was not and why, and what to do now."""
    report, waiting = loaded.report, N_("{people} on the list wait for the release of the letter to them.")
    had = N_("{had} of them have it already, and get no other.")
    refused = N_(
        "Nobody in {refused} of the {rows} rows was taken in: they cannot be read. The command timglas recipients check "
        "says what is wrong with each."
    )
    sealed = N_(
        "No column says who has protected personal data. Unless the day is stated on which the list was checked, everyone "
        "is treated as protected, and nobody is written to by e-mail or in the open."
    )
    said = (
        say(waiting if loaded.later else N_("The list holds {people} people."), people=number(loaded.recipients)),
        say(had, had=number(loaded.written_to)) if loaded.written_to else "",
        say(refused, refused=number(report.refused), rows=number(report.rows)) if report.refused else "",
        "" if report.tells_protection else say(sealed),
        to_do(loaded),
    )
    return " ".join(filter(None, said))


def to_do(loaded: Loaded) -> str:
    """Say which print files must be written again because of what the list says; nothing if none must."""
    batches = loaded.to_write_again
    if not batches:
        return ""
    said = counted(
        "Do not post batch {batches}: it holds letters to people who, by this list, have become protected or have died. "
        "Remove its file and have it written again; those letters are left out then.",
        "Do not post the batches {batches}: they hold letters to people who, by this list, have become protected or have "
        "died. Remove their files and have them written again; those letters are left out then.",
        len(batches),
    )
    return said.format(batches=in_words(map(str, batches)))


def _keep(communication: str, listed: Listed, world: World) -> int:
    if not world.recipients.count(communication):
        return world.recipients.keep(communication, listed.people(world.recipients.namer(communication)))
    return world.recipients.keep(communication, as_known(listed, [communication], world))


def _judged(listed: Listed, *, all_or_nothing: bool) -> ListReport:
    report = listed.check()
    if all_or_nothing and report.refused:
        raise _incomplete(report)
    if Fault.PROTECTED in report.counts:
        raise _uncertain(report)
    return report


def require_past(checked_on: date | None, now: datetime) -> None:
    """Refuse a check of the population register that nobody can have made yet. Raises StepOutOfOrder."""
    if checked_on is not None and checked_on > local(now).date():
        raise StepOutOfOrder(
            N_("The list cannot have been checked on {day}."),
            why=N_("That day has not come. What the check says decides who is written to in the open."),
            remedy=N_("State the day on which somebody compared the list with the population register, or no day."),
            day=checked_on,
        )


def _empty(case: Case, communication: str, *, by: ActorId, now: datetime, world: World) -> None:
    """Erase those who wait for a release, with what was shown of them, and make room for others."""
    count = world.recipients.count(communication)
    world.print_room.clear(preview_name(case.incident.id))
    if count and not world.recipients.is_erased(communication):
        world.recipients.erase(communication)
        event = PersonalDataErased(
            communication=communication, recipients=count, occurred_at=now, recorded_at=now, recorded_by=by
        )
        write_down(case, event, world=world)
    world.recipients.clear(communication)


def _written_to(incident: Incident, world: World) -> int:
    if incident.started is None:
        return 0
    waiting = found(incident, incident.started.sha256, world)
    return waiting.people - waiting.unwritten


def _require_last(case: Case, now: datetime) -> None:
    """Refuse a list that is tried again after a later one: it would take its place. Raises StepOutOfOrder."""
    if any(isinstance(event, RecipientsLoaded) and event.recorded_at > now for event in case.history):
        raise StepOutOfOrder(
            N_("A later list has been taken in for {incident}."),
            why=N_("What this one says would take the place of what the later one says."),
            remedy=N_("Load this one anew if it is the one that is right."),
            incident=case.incident.id,
        )


def _require_quiet(incident: Incident) -> None:
    """Refuse a list while letters are on their way. Raises StepOutOfOrder."""
    if incident.started is not None and incident.completed is None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are on their way."),
            why=N_("Nobody may be added to a list while it is written to: the count would not hold."),
            remedy=N_("Wait until everyone on it has found their end, and load those who were found later then."),
            incident=incident.id,
        )


def _uncertain(report: ListReport) -> UnreadableFile:
    return UnreadableFile(
        N_("{rows} rows of people with protected personal data cannot be read, so nobody was taken in."),
        why=N_("Nobody could tell which children of their families must not be written to in the open."),
        remedy=N_("Mend the rows (timglas recipients check says what is wrong with each), and load the list again."),
        rows=report.counts[Fault.PROTECTED],
    )


def _incomplete(report: ListReport) -> UnreadableFile:
    return UnreadableFile(
        N_("{refused} of {rows} rows cannot be read, so nobody was taken in."),
        why=N_("You asked for all or nothing."),
        remedy=N_("Mend the rows (timglas recipients check says what is wrong with each), or take in the others."),
        refused=report.refused,
        rows=report.rows,
    )
