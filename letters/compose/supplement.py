"""What is new to the authority since the last filing: each field as it was told and as it is, and why where it was wrong."""

from collections.abc import Iterator
from typing import NamedTuple

from letters.chronicle import when_it_follows
from letters.compose.sheet import Sheet
from letters.duty_stands import left_to_tell
from letters.language import capital, clock_time, day, fact, facts_label, label, named, people, say
from models.errors import N_
from models.facts import Quantity
from models.incident import Incident
from models.told import letters_left_at

Row = tuple[str, str, str, str]
"""The field, what was told, what holds now, and since when or why."""


class Change(NamedTuple):
    """One fact that differs from what was filed; ``because`` if an earlier statement was corrected."""

    name: str
    since: str
    because: str | None = None


def rows(sheet: Sheet, changes: tuple[Change, ...]) -> tuple[Row, ...]:
    """Return what the supplement tells: what was decided and done since, the facts, and what is promised otherwise."""
    incident = sheet.incident
    return (*_decided_since(incident), *(_row(change, incident) for change in changes), *_promised_anew(sheet))


def _row(change: Change, incident: Incident) -> Row:
    stated, unstated = incident.filings[-1].stated, say(N_("Not stated"))
    why = N_("Corrected: {because}") if change.because else N_("Known since {since}.")
    return (
        facts_label(change.name),
        fact(change.name, stated) or unstated,
        fact(change.name, incident.facts) or unstated,
        say(why, because=change.because or "", since=change.since),
    )


def _promised_anew(sheet: Sheet) -> Iterator[Row]:
    """Yield what the last filing promised for another day, or did not say of what is missing."""
    told = {item.key: item for item in sheet.incident.filings[-1].promised}
    for item in sheet.lacks:
        before = told.get(item.key)
        moved = before.follows_on != item.follows_on if before else item.follows_on is not None
        if item.key in sheet.incident.explained and moved:
            was = when_it_follows(before) if before else say(N_("Not stated"))
            yield capital(named("particular", item.key)), was, when_it_follows(item), item.because


def _decided_since(incident: Incident) -> tuple[Row, ...]:
    """Return what the last filing said of the risk and of informing people, where it is no longer so."""
    filed_at, found = incident.filings[-1].occurred_at, []
    before = [made for made in incident.decisions if made.recorded_at <= filed_at]
    was = label(before[-1].level) if before else say(N_("Not stated"))
    now = incident.decision
    if now is not None and label(now.level) != was:
        since = say(N_("Decided {since}."), since=clock_time(now.occurred_at))
        found.append((say(N_("Decided risk")), was, label(now.level), since))
    told = _told_since(incident)
    if told:
        found.append((say(N_("Information to the people concerned")), say(N_("Not informed")), *told))
    return tuple(found)


def _told_since(incident: Incident) -> tuple[str, str] | None:
    filed_at = incident.filings[-1].occurred_at
    if letters_left_at(incident) and incident.told[-1].occurred_at > filed_at:
        done = incident.told[-1]
        on = day(done.occurred_at)
        left = left_to_tell(incident.untold_people)
        how = " ".join(filter(None, (say(N_("By letter or e-mail.")), left and f"{capital(left)}.")))
        told = people(Quantity(at_least=done.reached, at_most=done.reached))
        return say(N_("Informed on {day}: {people}"), day=on, people=told), how
    if incident.notices and incident.notices[0].occurred_at > filed_at:
        notice = incident.notices[0]
        said = say(N_("The public was informed on {day}"), day=day(notice.occurred_at))
        return said, say(N_("Through {channels}."), channels=notice.channels)
    return None
