"""What Alembic runs: ``adapters.database.engine.migrate`` hands over a connection inside its own transaction."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - puts the tables into the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
