"""The versions of the register of parties: kept whole, so that one sees who was reached where at any time."""

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from adapters.database.engine import insert, writing
from models.errors import N_, TimelineConflict
from models.parties import LoadedRegister, Register
from models.tables import RegisterRow

_columns = (
    col(RegisterRow.version),
    col(RegisterRow.content),
    col(RegisterRow.loaded_at),
    col(RegisterRow.loaded_by),
    col(RegisterRow.source),
)


class SqlRegisters:
    """The registers of one installation. What was read last is not read again while it is the newest."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._newest: LoadedRegister | None = None

    def current(self) -> Register | None:
        """Return the newest register; None before the first is taken in."""
        with self._engine.connect() as connection:
            version = connection.scalar(select(func.max(col(RegisterRow.version))))
            if version is None:
                return None
            if self._newest is None or self._newest.version != version:
                newest = select(*_columns).where(col(RegisterRow.version) == version)
                self._newest = _loaded(*connection.execute(newest).one())
        return self._newest.content

    def versions(self) -> tuple[LoadedRegister, ...]:
        """Return every version, oldest first."""
        with self._engine.connect() as connection:
            return tuple(_loaded(*row) for row in connection.execute(select(*_columns).order_by(_columns[0])))

    def keep(self, loaded: LoadedRegister) -> None:
        """Keep ``loaded``. Raises TimelineConflict if its version is there already: somebody else loaded meanwhile."""
        stamp = loaded.model_dump(exclude={"content"})
        try:
            with writing(self._engine) as connection:
                row = {**stamp, "content": loaded.content.model_dump_json(exclude_defaults=True)}
                connection.execute(insert(connection, RegisterRow), row)
        except IntegrityError as taken:
            raise TimelineConflict(
                N_("Somebody else changed the register of parties first."),
                why=N_("The differences you saw were against an older register, so nothing of yours was kept."),
                remedy=N_("Look at the differences again, and load the file again."),
            ) from taken


def _loaded(version: int, content: str, *stamp: object) -> LoadedRegister:
    loaded_at, loaded_by, source = stamp
    register = Register.model_validate_json(content)
    return LoadedRegister.model_validate(
        {"version": version, "content": register, "loaded_at": loaded_at, "loaded_by": loaded_by, "source": source}
    )
