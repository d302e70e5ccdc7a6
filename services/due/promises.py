"""What a processor owes its controllers besides the law: contract windows, promised updates, answers awaited. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from models.duty import Duty, DutyStatus
from models.incident import Incident
from models.supply_events import ControllerInformed

CONTRACT, UPDATE, ANSWER = "contract_notice", "promised_update", "awaited_answer"
"""The names of these deadlines, in the policy and in the catalogue."""


def contract_windows(incident: Incident) -> Iterator[Duty]:
    """Yield each window that contracts set for the notice, once for all controllers that share it.

    It runs from the processor's awareness; of a suspicion, from the report. The law has no number (Article 33(2)).
    """
    since = incident.aware_at or (incident.report.occurred_at if incident.report else None)
    if since is None:
        return
    windows = incident.supply.windows
    concerned = sorted((one for one in incident.concerned if one in windows), key=lambda one: windows[one].elapsed)
    for length, group in groupby(concerned, key=lambda one: windows[one].elapsed):
        told = [incident.supply.first_told.get(one) for one in group]
        yield _deadline(CONTRACT, since, since + length, told, incident)


def promised_updates(incident: Incident) -> Iterator[Duty]:
    """Yield each instant by which controllers are to hear more. Whatever is sent to them next keeps the promise."""
    for due_at, promises in _by(incident.supply.informed, "next_update_at"):
        since = max(one.occurred_at for one in promises)
        yield _deadline(UPDATE, since, due_at, [_next(one, incident) for one in promises], incident)


def awaited_answers(incident: Incident) -> Iterator[Duty]:
    """Yield each instant by which controllers are to have confirmed; an answer to a later notice will do."""
    for due_at, asked in _by(incident.supply.informed, "answer_by"):
        since = max(one.occurred_at for one in asked)
        yield _deadline(ANSWER, since, due_at, [_answer(one, incident) for one in asked], incident)


def _by(informed: Iterable[ControllerInformed], field: str) -> Iterator[tuple[datetime, list[ControllerInformed]]]:
    stated = sorted((one for one in informed if getattr(one, field)), key=lambda one: getattr(one, field))
    return ((at, [*group]) for at, group in groupby(stated, key=lambda one: getattr(one, field)))


def _next(promise: ControllerInformed, incident: Incident) -> datetime | None:
    later = (
        one.occurred_at
        for one in incident.supply.informed
        if one.controller == promise.controller and one.version > promise.version
    )
    return next(later, None)


def _answer(asked: ControllerInformed, incident: Incident) -> datetime | None:
    answers = (one for one in incident.supply.answers if one.controller == asked.controller)
    return min((one.occurred_at for one in answers if one.version >= asked.version), default=None)


def _deadline(name: str, since: datetime, due_at: datetime, done: list[datetime | None], incident: Incident) -> Duty:
    """Return the deadline; it is met once the last of them is, and nobody waits for it any more in a closed case."""
    met = [at for at in done if at is not None]
    everyone = len(met) == len(done)
    open_still = DutyStatus.NOT_REQUIRED if incident.closed else DutyStatus.OWED
    return Duty(
        provision=name,
        owed_to="controller",
        status=DutyStatus.FULFILLED if everyone else open_still,
        about=due_at.isoformat(),
        since=since,
        due_at=due_at,
        operate_at=due_at,
        fulfilled_at=max(met) if everyone else None,
    )
