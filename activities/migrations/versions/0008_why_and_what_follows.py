"""A notice knows why its date is what it is, and who is told next if nothing comes; a message
whether it has the list of a week's beginning."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("notice", sa.Column("phrase", sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("rule", sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("next_day", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("next_to", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "message", sa.Column("weekly", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
