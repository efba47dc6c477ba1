"""Indexes that find a unit's entries in their order, and answer what came late by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.drop_index("ix_ledger_unit", "ledger")
    op.create_index("ix_ledger_unit", "ledger", ["task", "unit", "seq"])
    op.create_index(
        "ix_assignment_late",
        "assignment",
        ["cycle", "last_day", "received_at", "breach", "stage"],
        sqlite_where=sa.text("late IS 1"),
        postgresql_where=sa.text("late"),
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
