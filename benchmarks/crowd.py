"""Many open cases at once: one that was really lived through, copied straight into the tables with chains of their own."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from adapters.database.engine import engine, migrate, writing
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from models.chain import GENESIS, first_broken, link
from models.instants import parse_local
from models.tables import DeadlineViewRow, IncidentViewRow, ReminderRow, TimelineRow
from tests.services.office import Office

DUE = parse_local("2023-04-26 16.10")
"""A day is left: everybody has been reminded before, and is reminded again now."""

_AT_ONCE = 2_000


def crowd(folder: Path, port: int, *, due: int, later: int = 0) -> Office:
    """Return an office with ``due`` cases to remind of at ``DUE`` and ``later`` ones with nothing to do until then."""
    folder.mkdir()
    migrate(engine(f"sqlite:///{folder / 'timglas.sqlite'}"))
    office = Office(folder)
    lived = {
        "due": _lived(office, family="due", aware="2023-04-24 16.10"),
        "later": _lived(office, family="later", aware="2023-04-24 19.10"),
    }
    assert office.world.timeline.due(DUE) == (lived["due"],)
    database = engine(f"sqlite:///{folder / 'timglas.sqlite'}")
    with writing(database) as connection:
        for kind, count in (("due", due - 1), ("later", later - 1)):
            numbers = range(1, count + 1)
            _copy(connection, lived[kind], [f"INC-{2024 if kind == 'due' else 2025}-{one:04}" for one in numbers])
    copied = office.world.timeline.due(DUE)
    assert len(copied) == due
    assert first_broken(office.world.timeline.rows(copied[-1])) is None
    return office.with_parts(post=SmtpPost(Settings(smtp_port=port, smtp_tls="none")))


def _lived(office: Office, *, family: str, aware: str) -> str:
    """Open a case and sweep it as the minutes go by, until the minute before ``DUE``."""
    case = office.report(when=aware, family=family)
    office.aware(case, parse_local(aware), when=aware)
    office.facts(case, when=aware)
    while (at := office.world.timeline.next_at()) is not None and at < DUE:
        office.sweep(case, at)
    return case


def _copy(connection: Any, case: str, names: list[str]) -> None:
    """Write the rows of ``case`` again under each of ``names``; its events are the same, its hashes its own."""
    rows = {
        table: _rows(connection, table, case) for table in (TimelineRow, IncidentViewRow, ReminderRow, DeadlineViewRow)
    }
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        for table, own in rows.items():
            renamed = _chained if table is TimelineRow else _renamed
            connection.execute(insert(table), [row for name in some for row in renamed(own, name)])


def _rows(connection: Any, table: type[SQLModel], case: str) -> list[dict[str, Any]]:
    columns = SQLModel.metadata.tables[str(table.__tablename__)]
    order = columns.c.sequence if table is TimelineRow else columns.c.incident_id
    found = connection.execute(select(columns).where(columns.c.incident_id == case).order_by(order))
    return [dict(row) for row in found.mappings()]


def _renamed(rows: Iterable[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        own = {**row, "incident_id": name}
        yield own | ({"family": name.lower()} if "family" in row else {})


def _chained(rows: Iterable[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    head = GENESIS
    for row in rows:
        payload = row["payload"].replace(row["incident_id"], name) if row["sequence"] == 1 else row["payload"]
        previous, head = head, link(head, name, row["sequence"], payload)
        yield {**row, "incident_id": name, "payload": payload, "previous_hash": previous, "hash": head}
