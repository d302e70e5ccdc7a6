"""One database, SQLite or PostgreSQL: the engine, its transactions, its schema."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import SQLModel

T = TypeVar("T")

_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_PATIENCE = 30
"""How many seconds a writer waits for another before SQLite says that the database is locked."""
_PATIENCE_WITH_A_DATABASE = 180
"""How many seconds to wait for one that is gone; a restart takes less."""
_ONE_MIGRATION_AT_A_TIME = 0x71_6D_67_6C_61_73


def engine(url: str) -> Engine:
    """Return the engine for ``url``: ``sqlite:///…`` or ``postgresql+psycopg://…``. Errors never show the values."""
    made = create_engine(url, hide_parameters=True, pool_pre_ping=url.startswith("postgresql"))
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_sqlite)
    return made


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Open a transaction that will write. On SQLite it takes its turn at once, so that what it reads stays true."""
    return engine.execution_options(begin="BEGIN IMMEDIATE").begin()


def patiently(action: Callable[[], T]) -> T:
    """Do ``action``, again and again while the database is away or its disk is full, for some minutes at the most.

    For what has happened in the world already and must not be forgotten. Raises the database's last error.
    """
    until = time.monotonic() + _PATIENCE_WITH_A_DATABASE
    while True:
        try:
            return action()
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(1)


def migrate(engine: Engine) -> None:
    """Bring the schema to its newest revision. Whoever starts at the same time waits, and finds it done."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_MIGRATION_AT_A_TIME})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def insert(connection: Connection, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what to do ON CONFLICT; both databases can, each in its own class."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_new(
    connection: Connection, table: type[SQLModel], columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert those of ``rows`` whose keys are not there yet, as fast as the driver can."""
    if not rows:
        return
    name, listed = table.__tablename__, ", ".join(columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT OR IGNORE INTO {name} ({listed}) VALUES ({places})", list(map(tuple, rows)))  # noqa: S608 - our own names
        return
    raw: Any = connection.connection  # psycopg's own, under SQLAlchemy's proxy
    with raw.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS new_{name} (LIKE {name} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS"
        )
        with cursor.copy(f"COPY new_{name} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {name} ({listed}) SELECT {listed} FROM new_{name} ON CONFLICT DO NOTHING")  # noqa: S608 - our own names
        cursor.execute(f"TRUNCATE new_{name}")


def shred(engine: Engine, table: type[SQLModel]) -> None:
    """Overwrite what was deleted from ``table`` and still lies in the database's files.

    SQLite zeroes deleted rows (``secure_delete``), but older pages stay in the log until it is emptied; PostgreSQL
    keeps dead rows until the table is written anew. Its own log and your backups are outside our reach.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
            alone.execute(text(f"VACUUM FULL {table.__tablename__}"))


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Give BEGIN to us (the driver would begin late, and never before reading), and set what a file forgets."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {_PATIENCE * 1000}", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection, until=time.monotonic() + _PATIENCE)


def _write_ahead(connection: Any, *, until: float) -> None:
    """Let readers and the writer work side by side.

    Of processes that switch a new file at the same moment SQLite serves one and tells the others at once that it is
    locked, whatever the ``busy_timeout``; so the patience is ours.
    """
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
