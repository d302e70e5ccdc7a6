"""Prefect's SQLite, written to in turn, and with no cursor left behind that may stop the server.

Prefect begins most of its transactions as readers. One that then writes, after another has written, is refused at once
("database is locked"), however long it would have waited: SQLite cannot show it both what it read and what is there now.

Whatever is refused leaves an open cursor behind, which Python's garbage collector closes whenever it comes by, in
whichever thread. If the cursor's connection waits for the database just then, so does the collector; and if the
transaction that holds the database is served by that same thread, both wait until SQLite gives up. The whole server
stood still for a minute, and what was refused then left the next open cursors.
"""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.server.database.dependencies import MODELS_DEPENDENCIES
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, AsyncSessionTransaction


class Closing(sqlite3.Cursor):
    """A cursor that is closed, in the thread it works in, when its statement is refused."""

    def execute(self, *statement: Any) -> "Closing":
        """Execute the statement, or close."""
        try:
            return super().execute(*statement)
        except sqlite3.Error:
            self.close()
            raise

    def executemany(self, *statement: Any) -> "Closing":
        """Execute the statement for each of its parameters, or close."""
        try:
            return super().executemany(*statement)
        except sqlite3.Error:
            self.close()
            raise


class Connection(sqlite3.Connection):
    """A connection whose cursors are not left open."""

    def cursor(self, factory: Any = Closing) -> Any:
        """Return a cursor."""
        return super().cursor(factory)


class InTurn(AioSqliteConfiguration):
    """Prefect's own configuration for SQLite, but for how a transaction begins and a refused statement ends."""

    async def engine(self) -> AsyncEngine:
        """Return the engine."""
        engine = await super().engine()
        if not event.contains(engine.sync_engine, "do_connect", _leave_none_open):
            event.listen(engine.sync_engine, "do_connect", _leave_none_open)
        return engine

    @asynccontextmanager
    async def begin_transaction(
        self, session: AsyncSession, with_for_update: bool = False
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """Begin with the right to write, and wait for it if somebody else has it."""
        del with_for_update
        async with super().begin_transaction(session, with_for_update=True) as transaction:
            yield transaction


def _leave_none_open(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
    options["factory"] = Connection


def take_turns() -> None:
    """Have the server of this process write in turn, if its database is SQLite."""
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if url and url.startswith("sqlite"):
        MODELS_DEPENDENCIES["database_config"] = InTurn(connection_url=url)
