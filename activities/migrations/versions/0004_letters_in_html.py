"""Letters have an HTML part."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("message", sa.Column("html", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
