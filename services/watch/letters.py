"""What the watch finds of released letters: any in line with nobody sending them, unposted, or not to be posted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from letters.language import clock_time, counted, listed, number, say
from models.base import IncidentId
from models.errors import N_
from models.health import Check, Finding
from services.people.lying import Lying, in_line, unposted
from services.people.print_again import to_write_again
from services.ports.world import World
from services.record import read
from services.watch.findings import alarm, well


def letters_that_lie(now: datetime, world: World) -> Iterator[Finding]:
    """Yield what was found of letters in line, to be posted, and not to be posted, in the cases that are not closed."""
    cases = [read(incident, world.timeline) for incident in world.timeline.released()]
    yield _in_line([one for case in cases if (one := in_line(case, now=now, world=world))])
    yield _unposted([one for case in cases if (one := unposted(case, now=now, world=world))])
    yield _forbidden({case.incident.id: batches for case in cases if (batches := to_write_again(case.incident, world))})


def _in_line(lying: list[Lying]) -> Finding:
    if not lying:
        return well(Check.LINE, say(N_("No released letter stands in line with nobody sending it.")))
    said = say(N_("Letters are released, and nobody sends them: {cases}."), cases=_told(lying))
    remedy = N_(
        "Open Runs in the desk: the last runs of Skicka brev say what is wrong. "
        "timglas remind with the case sends what waits, or says what is in the way."
    )
    return alarm(Check.LINE, said, remedy)


def _unposted(lying: list[Lying]) -> Finding:
    if not lying:
        return well(Check.UNPOSTED, say(N_("No written letter has waited too long to be posted.")))
    said = say(N_("Letters are written, and nobody has said that they are posted: {cases}."), cases=_told(lying))
    remedy = N_(
        "Take them out, post them and register it, by the forms Ta ut brev på papper and Registrera postade brev or with "
        "timglas letters. Until then the people they are for know nothing."
    )
    return alarm(Check.UNPOSTED, said, remedy)


def _forbidden(batches: Mapping[IncidentId, Collection[int]]) -> Finding:
    if not batches:
        return well(Check.FORBIDDEN, say(N_("No print file holds a letter that a later list forbids.")))
    told = N_("{case} (batch {batches})")
    cases = (say(told, case=case, batches=listed(map(str, numbers))) for case, numbers in batches.items())
    said = N_("Print files hold letters to people who, by a later list, have become protected or have died: {cases}.")
    remedy = N_(
        "Do not post them. Remove the file and have it written again, by the form Skriv utskriftsfilen igen or with "
        "timglas letters again: those letters are left out then. Are they posted already, look into it at once."
    )
    return alarm(Check.FORBIDDEN, say(said, cases=", ".join(cases)), remedy)


def _told(lying: Iterable[Lying]) -> str:
    return ", ".join(map(_told_of, lying))


def _told_of(one: Lying) -> str:
    since = clock_time(one.since)
    if not one.letters:
        return say(N_("{case} (it has not come to its end; nothing since {since})"), case=one.incident, since=since)
    said = counted("{case} ({number} letter, since {since})", "{case} ({number} letters, since {since})", one.letters)
    return said.format(case=one.incident, number=number(one.letters), since=since)
