"""How a case stands, in plain Swedish and as data: what is known and since when, what is owed, decided, and next."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flows.commands.next_step import next_step
from letters.chain_times import chain_times
from letters.chronicle import who
from letters.citations import cited
from letters.language import clock_time, fact, facts_label, label, listed, moment, on_the, say, spoken
from letters.senders import full_name
from models.breach_events import FactCorrected, FactsEstablished
from models.events import Event
from models.facts import Facts
from models.incident import Incident
from services.due.board import Row, board
from services.ports.world import World
from services.record import Case


def rows_of(incident: Incident, world: World, now: datetime) -> tuple[Row, ...]:
    """Return the duties of the case at ``now``, the most urgent first."""
    return board([incident], book=world.book, register=world.register, now=now)


def limits(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a sentence for each open time limit, and where to aim if that is earlier than the limit itself."""
    for row in rows:
        due, operate = row.duty.due_at, row.duty.operate_at
        if row.duty.is_open and due is not None:
            yield f"{row.what}: senast {on_the(due)}. {row.left}."
            if operate is not None and operate < due:
                yield f"Sikta på {on_the(operate)}."


def known_since(history: Iterable[Event]) -> dict[str, datetime]:
    """Return, by the name of each known fact, when what is now known of it became known."""
    facts, since = Facts(), dict[str, datetime]()
    for event in history:
        if isinstance(event, FactsEstablished | FactCorrected):
            withdrawn = event.withdrawn if isinstance(event, FactCorrected) else ()
            before, facts = facts, facts.learn(event.facts, withdrawn)
            since.update(dict.fromkeys(before.differing(facts), event.occurred_at))
    return {name: since[name] for name in facts.known()}


_APART = {True: " Källorna säger olika.", False: ""}


def told(case: Case, world: World, now: datetime) -> Iterator[str]:
    """Yield the lines that tell how the case stands at ``now``; a line that ends in a colon is a heading."""
    incident, rows = case.incident, rows_of(case.incident, world, now)
    yield f"{incident.id} · {full_name(world.register.party(incident.party))}"
    yield from _where_it_stands(incident)
    if rows:
        yield from ("", "Skyldigheter:", *(f"- {row.what}: {_stands(row)}." for row in rows))
    yield from _known(case)
    if chain := chain_times(incident.supply):
        yield from (
            "",
            "Tider i leverantörskedjan:",
            *(f"- {one.what}: {one.said}.{_APART[one.disagree]}" for one in chain),
        )
    if incident.advice is not None:
        yield from ("", f"Råd från Timglas: {label(incident.advice.level).lower()}. En människa beslutar.")
        yield from (f"- {say(reason.text)} ({cited(reason.citation)})" for reason in incident.advice.because)
        if incident.advice.unknown:
            yield f"Okänt som kan ändra rådet: {listed(facts_label(name).lower() for name in incident.advice.unknown)}."
    yield from _decided(incident, world)
    yield from ("", f"Näst på tur: {next_step(incident, [row.duty for row in rows])}")


def data(case: Case, world: World, now: datetime) -> dict[str, Any]:
    """Return the same as ``told``, for programs; instants stand as datetimes."""
    incident, rows = case.incident, rows_of(case.incident, world, now)
    stated, since = incident.facts.model_dump(mode="json"), known_since(case.history)
    return {
        "incident": incident.id,
        "party": incident.party,
        "owed_as": incident.owed_as,
        "family": incident.family,
        "at": now,
        "reported_at": incident.report.occurred_at if incident.report else None,
        "aware_at": incident.aware_at,
        "diary_number": incident.diary_number,
        "duties": [row_data(row, now) for row in rows],
        "chain": [one._asdict() for one in chain_times(incident.supply)],
        "facts": {name: {"value": stated[name], "since": at} for name, at in since.items()},
        "advice": incident.advice and {"level": incident.advice.level, "unknown": incident.advice.unknown},
        "decisions": [
            {"at": made.occurred_at, "by": made.recorded_by, "level": made.level, "reasoning": made.reasoning}
            for made in incident.decisions
        ],
        "decision_stands": incident.decision is not None,
        "closed_at": incident.closed.occurred_at if incident.closed else None,
        "archived_at": incident.archived.occurred_at if incident.archived else None,
        "next": next_step(incident, [row.duty for row in rows]),
    }


def row_data(row: Row, now: datetime) -> dict[str, Any]:
    """Return a duty of the board for programs. ``seconds_left`` is negative once the time limit has run out."""
    duty = row.duty
    left = (duty.due_at - now).total_seconds() if duty.is_open and duty.due_at else None
    return {
        "incident": row.incident.id,
        "party": row.incident.party,
        "provision": duty.provision,
        "status": duty.status,
        "due_at": duty.due_at,
        "fulfilled_at": duty.fulfilled_at,
        "untold": duty.untold and duty.untold.model_dump(),
        "seconds_left": left,
        "overdue": row.overdue,
    }


def _known(case: Case) -> Iterator[str]:
    """Yield what is known, together with what became known at the same time."""
    since = known_since(case.history)
    if since:
        yield from ("", "Vad vi vet:")
    for at in sorted(set(since.values())):
        yield f"Sedan {clock_time(at)}"
        names = [name for name, known_at in since.items() if known_at == at]
        yield from (f"- {facts_label(name)}: {fact(name, case.incident.facts)}" for name in names)


def _decided(incident: Incident, world: World) -> Iterator[str]:
    if incident.decisions:
        yield from ("", "Beslut:")
    for made in incident.decisions:
        by = who(made, world.register)
        yield f"- {clock_time(made.occurred_at)}, {by}: {label(made.level).lower()}. {made.reasoning}"
        if made.officer_advice is not None:
            yield f"  Dataskyddsombudets råd: {made.officer_advice}"


def _stands(row: Row) -> str:
    duty, status = row.duty, row.status.lower()
    if not duty.is_open:
        because = f", eftersom: {duty.ground.because.rstrip('.')}" if duty.ground else ""
        return f"{status} {moment(duty.fulfilled_at)}" if duty.fulfilled_at else f"{status}{because}"
    if duty.due_at is None:
        return f"{status}, {row.due.lower()} ({row.left.lower()})"
    return f"{'FÖRSENAD, ' if row.overdue else ''}{status}, senast {row.due} ({row.left.lower()})"


def _where_it_stands(incident: Incident) -> Iterator[str]:
    if incident.report is not None:
        yield f"Rapporterat {moment(incident.report.occurred_at)}: {spoken(incident.report.summary)}"
    if incident.aware_at is not None:
        yield f"Kännedom {moment(incident.aware_at)}."
    elif incident.ruled_out is not None:
        yield f"Ingen personuppgiftsincident, {moment(incident.ruled_out.occurred_at)}: {incident.ruled_out.reasoning}"
    if incident.diary_number is not None:
        yield f"Diarienummer hos IMY: {incident.diary_number}."
    if incident.closed is not None:
        yield f"Avslutat {moment(incident.closed.occurred_at)}."
