"""A mail belongs to the conversation about the task it is mostly about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("dispatch", sa.Column("thread", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
