"""Whether a new sign-in link was asked for by somebody who held one."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column(
        "linkletter", sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
