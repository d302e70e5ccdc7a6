import asyncio
import gc
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.server.database.dependencies import MODELS_DEPENDENCIES
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from flows.host.one_writer import Connection, InTurn, take_turns
from tests.patience import PATIENCE_SECONDS


def write_after_reading(configuration: AioSqliteConfiguration, *, patience: float) -> int:
    """Read, wait so long for somebody else to write, and then write; return how many lines there are in the end."""

    async def write(session: AsyncSession) -> None:
        async with configuration.begin_transaction(session):
            await session.execute(text("INSERT INTO line VALUES ('theirs')"))

    async def work() -> int:
        engine = await configuration.engine()
        async with AsyncSession(engine) as ours, AsyncSession(engine) as theirs:
            async with configuration.begin_transaction(ours):
                await ours.execute(text("CREATE TABLE line (text TEXT)"))
            async with configuration.begin_transaction(ours):
                await ours.execute(text("SELECT * FROM line"))
                other = asyncio.create_task(write(theirs))
                await asyncio.wait({other}, timeout=patience)
                await ours.execute(text("INSERT INTO line VALUES ('ours')"))
            await other
            count = (await ours.execute(text("SELECT count(*) FROM line"))).scalar_one()
        await engine.dispose()
        return int(count)

    return asyncio.run(work())


def test_who_read_first_also_writes_first_and_the_other_waits(tmp_path: Path) -> None:
    in_turn = InTurn(connection_url=f"sqlite+aiosqlite:///{tmp_path / 'prefect.db'}")
    assert write_after_reading(in_turn, patience=2) == 2, "the other cannot write meanwhile, however long one waits"


def test_prefects_own_way_still_refuses_it_so_that_ours_is_still_needed(tmp_path: Path) -> None:
    as_it_is = AioSqliteConfiguration(connection_url=f"sqlite+aiosqlite:///{tmp_path / 'prefect.db'}")
    with pytest.raises(OperationalError, match="locked"):
        write_after_reading(as_it_is, patience=PATIENCE_SECONDS)


@pytest.fixture
def collected_by_us_alone() -> Iterator[None]:
    """Python's collector comes by when it likes, and would have taken what was left before anybody waits."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collected_by_us_alone")
@pytest.mark.parametrize(
    "factory, stands_still, gives_up_after",
    [(Connection, False, PATIENCE_SECONDS), (sqlite3.Connection, True, 3)],
    ids=["ours", "Python's own"],
)
def test_what_a_refused_statement_leaves_behind_does_not_keep_its_collector_waiting(
    tmp_path: Path, factory: type[sqlite3.Connection], gives_up_after: int, *, stands_still: bool
) -> None:
    """One thread holds the database and collects, another waits for the database on the connection that was refused.

    From the first step of its statement on, the other holds its connection: who then closes what was left there waits.
    """
    waiting, holding = (
        sqlite3.connect(tmp_path / "prefect.db", check_same_thread=False, isolation_level=None, factory=kind)
        for kind in (factory, sqlite3.Connection)
    )
    waiting.executescript("PRAGMA journal_mode = WAL; CREATE TABLE line (text UNIQUE)")
    waiting.execute(f"PRAGMA busy_timeout = {gives_up_after * 1000}")
    waiting.execute("INSERT INTO line VALUES ('once')")
    _refused(waiting)
    holding.execute("BEGIN IMMEDIATE")
    begun = threading.Event()
    waiting.set_trace_callback(lambda _statement: begun.set())
    with ThreadPoolExecutor(1) as other:
        written = other.submit(waiting.cursor().execute, "INSERT INTO line VALUES ('twice')")
        assert begun.wait(timeout=PATIENCE_SECONDS)
        gc.collect()
        holding.execute("COMMIT")
        assert (written.exception() is not None) is stands_still
    waiting.close()
    holding.close()


def _refused(connection: sqlite3.Connection) -> None:
    """Have a statement refused, and leave its cursor where only the garbage collector finds it."""
    left: list[Any] = []
    cursor = connection.cursor()
    left += [cursor, left]
    with pytest.raises(sqlite3.IntegrityError):
        cursor.execute("INSERT INTO line VALUES ('once')")


def test_the_servers_connections_are_such(tmp_path: Path) -> None:
    async def kind() -> type[Any]:
        engine = await InTurn(connection_url=f"sqlite+aiosqlite:///{tmp_path / 'prefect.db'}").engine()
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            found = type(raw.driver_connection._conn)  # type: ignore[union-attr]
        await engine.dispose()
        return found

    assert asyncio.run(kind()) is Connection


@pytest.mark.parametrize(
    "url, expected",
    [("sqlite+aiosqlite:////tmp/prefect.db", InTurn), ("postgresql+asyncpg://db/prefect", None)],
    ids=["SQLite", "PostgreSQL"],
)
def test_the_server_takes_turns_on_sqlite_and_leaves_postgresql_alone(
    url: str, expected: type | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings

    monkeypatch.setitem(MODELS_DEPENDENCIES, "database_config", None)
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: url}):
        take_turns()
    found = MODELS_DEPENDENCIES["database_config"]
    assert (type(found) if found else None) is expected
