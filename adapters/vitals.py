"""What the machine itself must give: a database that can be written, room on the disk, mail that does not lie still."""

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, exists, false, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from adapters.database.engine import writing
from models.recipient import DeliveryState
from models.tables import DispatchRow, HaltRow, HeartbeatRow

_OFTEN = 5
"""Tries that a server answered with "later": after five minutes, then twice as long each time, so more than an hour."""


class MachineVitals:
    """The machine and the database of one installation."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self._engine, self._home = engine, home

    def database_fault(self) -> str | None:
        """Return what keeps the database from being read and written, by the name of its fault; None if nothing does."""
        try:
            with writing(self._engine) as connection:
                connection.execute(select(func.count()).select_from(HeartbeatRow))
                connection.rollback()
        except SQLAlchemyError as fault:
            return type(fault.__cause__ or fault).__name__
        return None

    def free_megabytes(self) -> int:
        """Return how much room is left where the database and the documents lie."""
        return shutil.disk_usage(self._home).free // 2**20

    def mail_lying_since(self, before: datetime, *, but: Collection[str] = ()) -> int:
        """Return how many messages of the outbox a person must see to.

        Uncertain, claimed since ``before`` with no end, or put off so often that the server means it; not what is halted,
        nor what is uncertain of the kinds that end with ``but``: others tell of these, if it still matters.
        """
        died = (col(DispatchRow.state) == DeliveryState.CLAIMED) & (col(DispatchRow.claimed_at) < before)
        often = (col(DispatchRow.state) == DeliveryState.DEFERRED) & (col(DispatchRow.tries) >= _OFTEN)
        put_off = often & ~exists().where(col(HaltRow.communication) == col(DispatchRow.communication))
        told = or_(false(), *(col(DispatchRow.communication).endswith(f"/{kind}", autoescape=True) for kind in but))
        lying = put_off | (~told & (died | (col(DispatchRow.state) == DeliveryState.UNCERTAIN)))
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(DispatchRow).where(lying)) or 0
