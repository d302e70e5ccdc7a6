"""Printed letters, sealed; the batches they were printed in, and whose each page is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOMENT = sa.DateTime(timezone=True)
_SORTED = {"postgresql": sa.String(collation="C"), "sqlite": sa.String()}


def upgrade() -> None:
    """Create the tables."""
    key = _SORTED[op.get_bind().dialect.name]
    letter = ("communication", "letter_sha256")
    op.create_table(
        "frames",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("prefix", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
    )
    op.create_table(
        "printed",
        *(sa.Column(name, sa.String(), primary_key=True) for name in letter),
        sa.Column("recipient", key, primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
    )
    op.create_table(
        "batches",
        *(sa.Column(name, sa.String(), primary_key=True) for name in letter),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("posted_at", _MOMENT),
    )
    op.create_table(
        "ledger",
        *(sa.Column(name, sa.String(), primary_key=True) for name in letter),
        sa.Column("recipient", key, primary_key=True),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
    )
