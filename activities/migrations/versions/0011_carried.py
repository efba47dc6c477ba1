"""What is open when a cycle closes is carried into the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "carried",
        sa.Column("assignment", sa.String(), primary_key=True),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("into", sa.String()),
        sa.ForeignKeyConstraint(["cycle"], ["cycle.id"], deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["into"], ["cycle.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_carried_cycle", "carried", ["cycle"])
    op.create_index("ix_carried_into", "carried", ["into"])


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
