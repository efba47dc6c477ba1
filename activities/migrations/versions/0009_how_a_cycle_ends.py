"""The order to close or void a cycle is kept with it until it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cycle", sa.Column("ending", sa.String()))


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
