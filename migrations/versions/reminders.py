"""The ledger of reminders, the heartbeats of what must be awake, and the open deadlines by urgency."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and let the projection say which version of a case was shown."""
    key = sa.String(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.String()
    op.create_table(
        "reminders",
        sa.Column("incident_id", key, primary_key=True),
        sa.Column("deadline", sa.String, primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("step_at", _MOMENT, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False, index=True),
        sa.Column("ended_at", _MOMENT),
        sa.Column("detail", sa.String, nullable=False),
    )
    unsettled = sa.text("state IN ('claimed', 'uncertain', 'deferred')")
    op.create_index(
        "ix_reminders_unsettled", "reminders", ["state"], sqlite_where=unsettled, postgresql_where=unsettled
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("clock_back_at", _MOMENT),
    )
    op.create_table(
        "deadline_view",
        sa.Column("incident_id", key, primary_key=True),
        sa.Column("deadline", sa.String, primary_key=True),
        sa.Column("party", sa.String, nullable=False),
        sa.Column("due_at", _MOMENT, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("duty", sa.String, nullable=False),
    )
    op.create_index("ix_deadline_view_party", "deadline_view", ["party", "due_at"])
    op.add_column("incident_view", sa.Column("shown", sa.Integer, nullable=False, server_default="0"))
    unshown = sa.text("shown <> length")
    op.create_index(
        "ix_incident_view_unshown", "incident_view", ["incident_id"], sqlite_where=unshown, postgresql_where=unshown
    )
