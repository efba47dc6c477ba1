"""Indexes that answer the counts of overdue work by themselves, unit by unit."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    for name, columns in (
        ("ix_assignment_unit", ["unit", "cycle", "stage", "breach"]),
        ("ix_assignment_overdue", ["cycle", "stage", "breach", "unit"]),
    ):
        op.drop_index(name, "assignment")
        op.create_index(name, "assignment", columns)
    op.create_index(
        "ix_assignment_asking",
        "assignment",
        ["cycle"],
        sqlite_where=sa.text("extension_asked IS 1"),
        postgresql_where=sa.text("extension_asked"),
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
