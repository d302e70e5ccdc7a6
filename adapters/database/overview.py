"""The open deadlines of every case by urgency, and which cases Prefect does not show as they stand. Rebuildable."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from adapters.database.engine import writing
from models.base import IncidentId
from models.duty import Duty
from models.overview import OpenDeadline
from models.tables import DeadlineViewRow, IncidentViewRow

_due_at, _incident = col(DeadlineViewRow.due_at), col(DeadlineViewRow.incident_id)
_deadline = col(DeadlineViewRow.deadline)
_COLUMNS = (_incident, col(DeadlineViewRow.party), col(DeadlineViewRow.duty), col(DeadlineViewRow.version))
_shown, _length, _id = col(IncidentViewRow.shown), col(IncidentViewRow.length), col(IncidentViewRow.incident_id)


class SqlOverview:
    """A projection beside that of the timeline: a sweep writes what it found, whoever shows it need not read the cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, cases: Iterable[tuple[IncidentId, tuple[OpenDeadline, ...]]]) -> None:
        """Write the open deadlines of ``cases`` anew, all in one transaction.

        On PostgreSQL another sweep may be writing the same ones: what it has just written stands. Both go by the number
        of the case, so that neither waits for the other for ever.
        """
        with writing(self._engine) as connection:
            rivals = connection.dialect.name == "postgresql"
            new = postgresql.insert(DeadlineViewRow).on_conflict_do_nothing() if rivals else insert(DeadlineViewRow)
            for incident_id, deadlines in sorted(cases, key=lambda case: case[0]):
                connection.execute(delete(DeadlineViewRow).where(_incident == incident_id))
                if deadlines:
                    connection.execute(new, [_row(one) for one in deadlines])

    def urgent(self, limit: int, party: str | None = None) -> tuple[OpenDeadline, ...]:
        """Return the most urgent open deadlines, those without a number last; of one ``party`` if it is named."""
        found = self.limits(limit, party)
        if len(found) == limit:
            return found
        query = select(*_COLUMNS).where(*_of(party), _due_at.is_(None)).order_by(_incident, _deadline)
        return (*found, *self._read(query.limit(limit - len(found))))

    def limits(self, limit: int, party: str | None = None) -> tuple[OpenDeadline, ...]:
        """Return those that have a number, the first to run out first.

        The index gives them in that order, however many are open; of several at the same instant any may be the last.
        """
        query = select(*_COLUMNS).where(*_of(party), _due_at.is_not(None)).order_by(_due_at).limit(limit)
        return tuple(sorted(self._read(query), key=lambda one: (one.duty.due_at, one.incident, one.duty.key)))

    def count(self, *, due_by: datetime | None = None) -> int:
        """Return how many deadlines are open; with ``due_by``, how many of them have run out by then."""
        run_out = () if due_by is None else (_due_at < due_by,)
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(DeadlineViewRow).where(*run_out)) or 0

    def unshown(self, limit: int) -> tuple[IncidentId, ...]:
        """Return cases that Prefect does not show as they stand, those written to longest ago first."""
        query = select(_id).where(_shown != _length).order_by(_id).limit(limit)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query))

    def shown(self, cases: Iterable[tuple[IncidentId, int]]) -> None:
        """Note that Prefect shows ``cases`` as they stood after so many events."""
        with writing(self._engine) as connection:
            for incident_id, length in cases:
                connection.execute(update(IncidentViewRow).where(_id == incident_id).values(shown=length))

    def show_again(self) -> None:
        """Have every case shown again: Prefect has forgotten."""
        with writing(self._engine) as connection:
            connection.execute(update(IncidentViewRow).values(shown=0))

    def _read(self, query: Select[Any]) -> list[OpenDeadline]:
        with self._engine.connect() as connection:
            return [
                OpenDeadline(incident=row[0], party=row[1], duty=Duty.model_validate_json(row[2]), version=row[3])
                for row in connection.execute(query)
            ]


def _of(party: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if party is None else (col(DeadlineViewRow.party) == party,)


def _row(deadline: OpenDeadline) -> dict[str, object]:
    return {
        "incident_id": deadline.incident,
        "deadline": deadline.duty.key,
        "party": deadline.party,
        "due_at": deadline.duty.due_at,
        "version": deadline.version,
        "duty": deadline.duty.model_dump_json(exclude_none=True),
    }
