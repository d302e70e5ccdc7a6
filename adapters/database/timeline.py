"""The append-only record in SQL, with its projection kept in the same transaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, exists, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col

from adapters.database.engine import insert, writing
from models.base import IncidentId
from models.breach_events import BreachReported
from models.chain import GENESIS, link
from models.communication_events import CommunicationStarted, DeliveriesReturned
from models.errors import N_, TimelineConflict, UnknownReference
from models.events import Event, from_json, to_json
from models.overview import Look
from models.record_events import IncidentClosed
from models.tables import IncidentViewRow, TimelineRow

_timeline = SQLModel.metadata.tables["timeline"]
_id = col(IncidentViewRow.incident_id)
_OLDEST_FIRST = (func.substr(_id, 1, len("INC-0000")), func.length(_id), _id)
"""By year, then by number: INC-2026-10000 comes after INC-2026-9999."""
_LETTERS_GO = [word.model_fields["type"].default for word in (CommunicationStarted, DeliveriesReturned)]
_CLOSED = IncidentClosed.model_fields["type"].default
AT_A_TIME = 100
"""How many timelines are read at once: enough to be quick, few enough for the memory."""


class SqlTimeline:
    """Every incident's events, each row holding the hash of the one before. Errors of the database pass through."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def next_id(self, year: int) -> IncidentId:
        """Return the first unused case reference of ``year``."""
        of_year = (_id >= f"INC-{year}-0") & (_id < f"INC-{year}-:")  # the colon comes after the nine
        newest = select(_id).where(of_year).order_by(func.length(_id).desc(), _id.desc()).limit(1)
        with self._engine.connect() as connection:
            last = connection.scalar(newest) or "INC-0000-0000"
        return f"INC-{year}-{int(last.rpartition('-')[2]) + 1:04}"

    def find(self, family: str, party: str) -> IncidentId | None:
        """Return the incident of ``party`` in ``family``, if there is one."""
        query = select(_id).where(col(IncidentViewRow.family) == family, col(IncidentViewRow.party) == party)
        with self._engine.connect() as connection:
            return connection.scalar(query)

    def read(self, incident_id: IncidentId) -> tuple[Event, ...]:
        """Return the whole timeline. Raises UnknownReference."""
        rows = self.rows(incident_id)
        if not rows:
            raise _unknown(incident_id)
        return tuple(from_json(payload) for _, _, payload, _ in rows)

    def histories(self) -> Iterator[tuple[Event, ...]]:
        """Yield every timeline, oldest incident first; only a few are in memory at a time."""
        ids = self.incidents()
        own, sequence = col(TimelineRow.incident_id), col(TimelineRow.sequence)
        for start in range(0, len(ids), AT_A_TIME):
            some: dict[str, list[Event]] = {incident_id: [] for incident_id in ids[start : start + AT_A_TIME]}
            query = select(own, col(TimelineRow.payload)).where(own.in_(some)).order_by(own, sequence)
            with self._engine.connect() as connection:
                for incident_id, payload in connection.execute(query):
                    some[incident_id].append(from_json(payload))
            yield from map(tuple, some.values())

    def append(self, incident_id: IncidentId, *, expected: int, events: Sequence[Event]) -> None:
        """Write ``events`` after the first ``expected`` ones, all or none.

        Raises TimelineConflict if the timeline is not that long (any more), or if another incident of the same party
        and family was opened first; UnknownReference if a timeline would begin with anything but its own report.
        """
        if not events:
            return
        if expected == 0 and not (isinstance(events[0], BreachReported) and events[0].incident_id == incident_id):
            raise _unknown(incident_id)
        try:
            with writing(self._engine) as connection:
                length, head = _end(connection, incident_id)
                if length != expected:
                    raise _conflict(incident_id)
                connection.execute(plain_insert(TimelineRow), list(_chained(incident_id, length, head, events)))
                if not (expected and _grown(connection, incident_id, length + len(events), events[-1].recorded_at)):
                    _project(connection, incident_id)
        except IntegrityError as error:
            raise _conflict(incident_id) from error

    def family(self, family: str) -> tuple[IncidentId, ...]:
        """Return the incidents of ``family``, oldest first."""
        with self._engine.connect() as connection:
            query = select(_id).where(col(IncidentViewRow.family) == family).order_by(*_OLDEST_FIRST)
            return tuple(connection.scalars(query))

    def of_party(self, party: str) -> tuple[IncidentId, ...]:
        """Return the incidents of ``party``, oldest first."""
        with self._engine.connect() as connection:
            query = select(_id).where(col(IncidentViewRow.party) == party).order_by(*_OLDEST_FIRST)
            return tuple(connection.scalars(query))

    def incidents(self) -> tuple[IncidentId, ...]:
        """Return every incident, oldest first."""
        with self._engine.connect() as connection:
            return tuple(connection.scalars(select(_id).order_by(*_OLDEST_FIRST)))

    def released(self) -> tuple[IncidentId, ...]:
        """Return the incidents of which letters to people were released, and that were not closed since; oldest first."""
        own, sequence, kind = (col(TimelineRow.incident_id), col(TimelineRow.sequence), col(TimelineRow.type))
        out = select(own, func.max(sequence).label("last")).where(kind.in_(_LETTERS_GO)).group_by(own).subquery()
        since = (own == out.c.incident_id) & (kind == _CLOSED) & (sequence > out.c.last)
        query = select(_id).where(_id == out.c.incident_id, ~exists().where(since))
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query.order_by(*_OLDEST_FIRST)))

    def due(self, now: datetime) -> tuple[IncidentId, ...]:
        """Return the incidents written to since a sweep last looked, and those with a step due by ``now``."""
        next_at = col(IncidentViewRow.next_at)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(select(_id).where(next_at <= now).order_by(next_at, _id)))

    def next_at(self) -> datetime | None:
        """Return the earliest instant at which any incident is due."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.min(col(IncidentViewRow.next_at))))

    def look_again(self, looks: Iterable[Look]) -> None:
        """Set when each incident is next due, unless somebody wrote to it after the ``length`` events that were read."""
        with writing(self._engine) as connection:
            in_order = sorted(looks, key=lambda look: look.incident)  # as every sweep does: no deadlock
            for incident_id, length, at in in_order:
                unchanged = (_id == incident_id) & (col(IncidentViewRow.length) == length)
                connection.execute(update(IncidentViewRow).where(unchanged).values(next_at=at))

    def look_at_all(self, now: datetime) -> None:
        """Make everything due that would have been later: a clock that ran ahead said when."""
        with writing(self._engine) as connection:
            connection.execute(update(IncidentViewRow).where(col(IncidentViewRow.next_at) > now).values(next_at=now))

    def rows(self, incident_id: IncidentId) -> list[tuple[str, int, str, str]]:
        """Return (incident, sequence, payload, hash) of each row, as stored."""
        columns = (TimelineRow.incident_id, TimelineRow.sequence, TimelineRow.payload, TimelineRow.hash)
        stored = select(*map(col, columns)).where(col(TimelineRow.incident_id) == incident_id)
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(stored.order_by(col(TimelineRow.sequence)))]

    def rebuild_views(self) -> None:
        """Forget the projection and draw it from the timelines alone; every incident is due for a sweep afterwards."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":  # a writer waits its turn instead of meeting us half-way
                connection.exec_driver_sql("LOCK TABLE incident_view IN EXCLUSIVE MODE")
            connection.execute(delete(IncidentViewRow))
            _project(connection)


def _end(connection: Connection, incident_id: IncidentId) -> tuple[int, str]:
    """Return the length of the timeline and its last hash."""
    own = col(TimelineRow.incident_id) == incident_id
    last = select(col(TimelineRow.sequence), col(TimelineRow.hash)).where(own)
    row = connection.execute(last.order_by(col(TimelineRow.sequence).desc()).limit(1)).first()
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _chained(incident_id: IncidentId, length: int, head: str, events: Sequence[Event]) -> Iterator[dict[str, object]]:
    for sequence, event in enumerate(events, start=length + 1):
        payload = to_json(event)
        previous, head = head, link(head, incident_id, sequence, payload)
        yield {
            "incident_id": incident_id,
            "sequence": sequence,
            "type": event.type,
            "payload": payload,
            "occurred_at": event.occurred_at,
            "recorded_at": event.recorded_at,
            "recorded_by": event.recorded_by,
            "previous_hash": previous,
            "hash": head,
        }


def _grown(connection: Connection, incident_id: IncidentId, length: int, recorded_at: datetime) -> bool:
    """Note in the projection how long the timeline is now; False where the projection does not know it."""
    mine = update(IncidentViewRow).where(_id == incident_id)
    return bool(connection.execute(mine.values(length=length, next_at=recorded_at)).rowcount)


def _project(connection: Connection, incident_id: IncidentId | None = None) -> None:
    """Write the projection of one timeline, or of all, from its first event and its last."""
    first, last = _timeline.alias(), _timeline.alias()
    length = (
        select(func.max(_timeline.c.sequence)).where(_timeline.c.incident_id == first.c.incident_id).scalar_subquery()
    )
    ends = (last.c.incident_id == first.c.incident_id) & (last.c.sequence == length)
    query = (
        select(first.c.payload, last.c.sequence, last.c.recorded_at)
        .join_from(first, last, ends)
        .where(first.c.sequence == 1)
    )
    if incident_id is not None:
        query = query.where(first.c.incident_id == incident_id)
    views = [_view(*row) for row in connection.execute(query)]
    if views:
        statement = insert(connection, IncidentViewRow)
        new = {"length": statement.excluded.length, "next_at": statement.excluded.next_at}
        connection.execute(statement.on_conflict_do_update(index_elements=[_id], set_=new), views)


def _view(payload: str, length: int, recorded_at: datetime) -> dict[str, object]:
    report = BreachReported.model_validate_json(payload)
    return {**report.model_dump(include={"incident_id", "family", "party"}), "length": length, "next_at": recorded_at}


def _unknown(incident_id: IncidentId) -> UnknownReference:
    return UnknownReference(
        N_("There is no incident {incident}."),
        why=N_("Every timeline begins with the report of its own breach, and no such report is recorded."),
        remedy=N_("Check the case reference, or open the incident first."),
        incident=incident_id,
    )


def _conflict(incident_id: IncidentId) -> TimelineConflict:
    return TimelineConflict(
        N_("Somebody else wrote to {incident} first."),
        why=N_("A decision must rest on everything that is recorded, so nothing of yours was kept."),
        remedy=N_("Read again and try again."),
        incident=incident_id,
    )
