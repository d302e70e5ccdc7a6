"""What came in by mail, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table of messages that came in."""
    op.create_table(
        "incoming",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False, index=True),
        sa.Column("claimed_until", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("why", sa.String(), nullable=False),
    )
