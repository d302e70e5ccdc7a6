"""How each deadline was reckoned, line by line: from when, how long, until when, and what became of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from letters.dossier.matter import Matter
from letters.duty_stands import left_to_tell
from letters.language import capital, clock_time, duration, label, moment, named, period, place, say
from letters.senders import deadline_name
from models.breach_events import DutiesDetermined
from models.duty import Counted, Duty, DutyStatus
from models.errors import N_

Reckoned = tuple[str, tuple[str, ...]]
"""What is due, and the lines that show it."""


def deadlines(matter: Matter) -> tuple[Reckoned, ...]:
    """Return every deadline of the case with its reckoning."""
    return tuple((deadline_name(duty, matter.register), tuple(_lines(duty, matter))) for duty in matter.deadlines)


def _lines(duty: Duty, matter: Matter) -> Iterator[str]:
    yield from _start(duty, matter)
    yield from _reckoning(duty) if duty.counted else _without_reckoning(duty)
    if duty.counted and duty.counted.provision in matter.uncertain:
        looked_on = matter.uncertain[duty.counted.provision]
        yield say(
            N_(
                "The number was not read in the official text. It was last looked at on {day}; a jurist should check it."
            ),
            day=looked_on,
        )
    yield from _moves(duty, matter)
    yield _outcome(duty, matter)
    if left := left_to_tell(duty.untold):
        yield f"{capital(left)}."
    if duty.late_by and duty.key in matter.latest:
        yield say(
            N_(
                "Regulation 1182/71, Article 3(1), does not count the hour in which the event falls. Read so, the time limit was {latest}."
            ),
            latest=matter.latest[duty.key],
        )


def _start(duty: Duty, matter: Matter) -> Iterator[str]:
    start = duty.counted.start if duty.counted else duty.since
    yield say(
        N_("The clock started on {start}, that is {utc} UTC. {why}"),
        start=start,
        utc=_utc(start),
        why=_why(start, matter),
    )


def _why(start: datetime, matter: Matter) -> str:
    incident = matter.incident
    if start == incident.clock_moved_to:
        return say(N_("Then facts became known that overtook the decision that a risk was unlikely."))
    if start == incident.aware_at:
        return say(N_("Then the organisation became aware of the breach."))
    if incident.filings and start == incident.filings[0].occurred_at:
        return say(N_("Then the first notification was filed."))
    if incident.report and start == incident.report.occurred_at:
        return say(N_("Then the incident was reported; awareness is not established."))
    return ""


def _reckoning(duty: Duty) -> Iterator[str]:
    counted = duty.counted
    if counted is None or duty.due_at is None:
        return
    yield _given(counted)
    if counted.period.unit == "hours":
        sums = {"start": _utc(counted.start), "period": period(counted.period), "due": _utc(duty.due_at)}
        yield say(
            N_(
                "{start} UTC plus {period} is {due} UTC. Hours are counted as they pass: neither holidays nor summer time change them."
            ),
            **sums,
        )
    else:
        yield say(N_("A period in days, weeks or months ends with the day on which it runs out."))
    yield say(N_("Time limit, in Swedish time: {due}."), due=duty.due_at)
    if duty.operate_at is not None and duty.operate_at < duty.due_at and counted.period.unit == "hours":
        yield say(
            N_("The clocks were changed meanwhile. To be on the safe side Timglas aimed at {operate}."),
            operate=duty.operate_at,
        )


def _given(counted: Counted) -> str:
    if counted.provision == "se.imy":
        return say(
            N_("The authority decides on what it has after {period}: its practice, not law."),
            period=period(counted.period),
        )
    return say(N_("The law gives {period} ({place})."), period=period(counted.period), place=place(counted.provision))


def _without_reckoning(duty: Duty) -> Iterator[str]:
    if duty.due_at is None:
        yield say(N_("The law sets no number: without undue delay."))
    else:
        yield say(N_("The day was set for this case: {due} at the latest."), due=duty.due_at)


def _moves(duty: Duty, matter: Matter) -> Iterator[str]:
    """Yield the other time limits that this duty has had, and when each was determined."""
    stated: list[tuple[datetime, datetime]] = []
    for event in matter.history:
        if isinstance(event, DutiesDetermined):
            stated += [
                (one.due_at, event.recorded_at)
                for one in event.duties
                if one.provision == duty.provision and one.due_at
            ]
    changes = [one for place, one in enumerate(stated) if place == 0 or one[0] != stated[place - 1][0]]
    if len(changes) > 1:
        for due_at, at in changes:
            yield say(N_("As determined on {at}: {due}."), at=clock_time(at), due=moment(due_at))


def _outcome(duty: Duty, matter: Matter) -> str:
    if duty.fulfilled_at is not None:
        return _fulfilled(duty, duty.fulfilled_at)
    if duty.ground is not None:
        said = {
            "status": label(duty.status),
            "because": duty.ground.because,
            "provision": named("provision", duty.ground.provision),
        }
        return say(N_("{status}: {because} ({provision})"), **said)
    if duty.due_at is None or duty.status is DutyStatus.UNDECIDED:
        return say(N_("{status} when this file was made."), status=label(duty.status))
    if duty.is_overdue(matter.at):
        return say(
            N_("Not fulfilled when this file was made, {late} after the time limit."), late=matter.at - duty.due_at
        )
    return say(N_("Not fulfilled when this file was made; {left} were left."), left=duty.due_at - matter.at)


def _fulfilled(duty: Duty, at: datetime) -> str:
    took = at - (duty.counted.start if duty.counted else duty.since)
    if duty.due_at is None:
        return say(N_("Fulfilled on {at}, {took} after the clock started."), at=at, took=duration(took))
    said = {"at": at, "took": duration(took), "margin": duration(abs(duty.due_at - at))}
    if at > duty.due_at:
        return say(N_("Fulfilled on {at}, {took} after the clock started and {margin} after the time limit."), **said)
    return say(N_("Fulfilled on {at}, {took} after the clock started and {margin} before the time limit."), **said)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H.%M}"
