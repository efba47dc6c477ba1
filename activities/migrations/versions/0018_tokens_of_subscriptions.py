"""Which token asked for a subscription: revoking it ends what it asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("subscription", sa.Column("token", sa.String(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
