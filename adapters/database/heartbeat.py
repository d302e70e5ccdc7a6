"""When what must be awake last ran, so that somebody else can tell when it has gone silent."""

from sqlalchemy import Engine, select
from sqlmodel import SQLModel, col

from adapters.database.engine import insert, writing
from models.health import Beat
from models.tables import HeartbeatRow

_table = SQLModel.metadata.tables["heartbeats"]
_name = col(HeartbeatRow.name)


class SqlHeartbeat:
    """The heartbeats of one installation, one row for each thing that beats."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def beat(self, beat: Beat) -> None:
        """Write down the newest beat. When the clock was set back stays known until it is again."""
        row = beat.model_dump()
        kept = {key: value for key, value in row.items() if key != "name" and (key != "clock_back_at" or value)}
        with writing(self._engine) as connection:
            new = insert(connection, HeartbeatRow).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=[_name], set_=kept))

    def last(self, name: str) -> Beat | None:
        """Return the newest beat of ``name``; None if there never was one."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_table).where(_name == name)).mappings().first()
        return Beat.model_validate(dict(row)) if row else None
