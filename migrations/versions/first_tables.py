"""The first tables, and the triggers that make the timeline append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)

_SQLITE = (
    *(
        f"CREATE TRIGGER timeline_refuses_{verb} BEFORE {verb} ON timeline "
        "BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes the old row without asking the DELETE trigger.
    """
    CREATE TRIGGER timeline_refuses_replace BEFORE INSERT ON timeline
    WHEN EXISTS (SELECT 1 FROM timeline WHERE incident_id = NEW.incident_id AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER timeline_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_append_only()
    """,
)


def upgrade() -> None:
    """Create every table, then close the timeline to change."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    key = sa.String(collation="C") if postgresql else sa.String()
    op.create_table(
        "timeline",
        sa.Column("incident_id", key, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("type", sa.String, nullable=False, index=True),
        sa.Column("payload", sa.String, nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "incident_view",
        sa.Column("incident_id", key, primary_key=True),
        sa.Column("family", sa.String, nullable=False),
        sa.Column("party", sa.String, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT, index=True),
        sa.UniqueConstraint("family", "party"),
    )
    op.create_table(
        "communication_keys",
        sa.Column("communication", sa.String, primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "recipients",
        sa.Column("communication", sa.String, primary_key=True),
        sa.Column("recipient_id", key, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "dispatches",
        sa.Column("communication", sa.String, primary_key=True),
        sa.Column("recipient", sa.String, primary_key=True),
        sa.Column("letter_sha256", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("message_id", sa.String, nullable=False, index=True),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("detail", sa.String, nullable=False),
    )
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        op.execute(statement)
