"""Messages wait in line, are held for a while, and can be halted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Give messages a place in line. A claim made before has run out: nobody knows whether its message went."""
    with op.batch_alter_table("dispatches") as table:
        table.alter_column("claimed_at", existing_type=_MOMENT, nullable=True)
        table.add_column(sa.Column("held_until", _MOMENT))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        table.drop_index("ix_dispatches_state")
        table.create_index("ix_dispatches_queue", ["communication", "state", "recipient"])
        table.create_index("ix_dispatches_claimed_at", ["claimed_at"])
    with op.batch_alter_table("dispatches") as table:
        table.alter_column("tries", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.execute("UPDATE dispatches SET held_until = claimed_at WHERE state IN ('claimed', 'deferred')")
    op.create_table("halts", sa.Column("communication", sa.String(), primary_key=True))
