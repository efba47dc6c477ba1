"""Notices are counted by task, whose counts hold until its ledger goes on or one is dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.drop_index("ix_notice_task", "notice")
    op.create_index("ix_notice_task", "notice", ["task", "kind", "scheduled", "level", "dropped"])
    op.drop_index("ix_notice_day", "notice")
    op.create_index("ix_notice_day", "notice", ["cycle", "kind", "scheduled"])
    op.create_index(
        "ix_notice_dropped",
        "notice",
        ["cycle", "task", "dropped"],
        sqlite_where=sa.text("dropped IS 1"),
        postgresql_where=sa.text("dropped IS true"),
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
