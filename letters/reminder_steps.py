"""The steps of the reminder ledger in Swedish: the names it keeps them by are made for machines."""

from datetime import datetime, timedelta

from letters.language import capital, moment, named, say
from letters.senders import deadline_called
from models.errors import N_
from models.parties import Register
from models.reminder import AGAIN, AT_WORK, EVENING, SETTLED, STARTS, PlannedDeadline


def step_in_words(step: str) -> str:
    """Say one step, as in "gdpr.33.1 2023-04-28T11:05Z -48 h", in Swedish and in Swedish time, as a sentence."""
    _, anchor, kind, *rest = step.split()
    at = moment(datetime.fromisoformat(anchor))
    match kind:
        case _ if kind == STARTS:
            return say(N_("That the time limit runs out {at}."), at=at)
        case _ if kind == SETTLED:
            return say(N_("That the time limit {at} is settled."), at=at)
        case _ if kind == AGAIN:
            return say(N_("Again, when the answer ran out {at}."), at=moment(datetime.fromisoformat(rest[0])))
    if int(kind) == 0:
        return say(N_("When the time limit ran out, {at}."), at=at)
    length = timedelta(hours=abs(int(kind)))
    said = say(N_("{length} before {at}") if kind.startswith("-") else N_("{length} after {at}"), length=length, at=at)
    return f"{', '.join([capital(said), *map(_more, rest[1:])])}."


def planned_in_words(planned: PlannedDeadline, register: Register) -> str:
    """Say when a deadline that has started or moved runs out, or that it has ended, as a sentence."""
    what = deadline_called(planned.deadline, register)
    if planned.plan is None:
        return say(N_("{what}: nobody is reminded of it any more."), what=what)
    if planned.due_at is None:
        return say(N_("{what}: people are reminded until it is done."), what=what)
    return say(N_("{what}: the time limit runs out {when}."), what=what, when=planned.due_at)


def _more(word: str) -> str:
    if word == EVENING:
        return say(N_("the evening before"))
    if word == AT_WORK:
        return say(N_("in working hours"))
    return say(N_("because nobody had answered: {role}"), role=named("Role", word))
