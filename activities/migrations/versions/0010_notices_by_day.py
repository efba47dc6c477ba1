"""Notices are counted by day."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_notice_day", "notice", ["cycle", "kind", "scheduled", "level", "dropped"])


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
