"""New sign-in links that were asked for, until their letters have left."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "linkletter",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
    )
    op.create_index("ix_linkletter_ref", "linkletter", ["kind", "ref", "asked_at"])
    op.create_index("ix_linkletter_state", "linkletter", ["state", "not_before"])


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
