"""Units know their groups and deputies, and may be removed without losing their history."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("unit", sa.Column("groups", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("unit", sa.Column("deputy", sa.String(), nullable=False, server_default=""))
    op.add_column("unit", sa.Column("deputy_email", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "unit", sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
