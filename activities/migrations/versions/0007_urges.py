"""Written reminders are kept as they were drafted, with their number once they are signed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "urge",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("number", sa.String()),
        sa.Column("day", sa.Date()),
        sa.Column("signed_by", sa.String()),
        sa.ForeignKeyConstraint(["cycle"], ["cycle.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_urge_cycle", "urge", ["cycle", "id"])


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
