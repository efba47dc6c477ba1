"""Which tasks are owed all year, as the first entry of their ledgers says."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_task = sa.table("task", sa.column("id", sa.String), sa.column("ongoing", sa.Boolean))
_ledger = sa.table("ledger", *(sa.column(name, sa.String) for name in ("task", "kind", "payload")))


def upgrade() -> None:
    op.add_column(
        "task", sa.Column("ongoing", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection = op.get_bind()
    opened = sa.select(_ledger.c.task, _ledger.c.payload).where(_ledger.c.kind == "task_opened")
    for task, payload in connection.execute(opened).all():
        if json.loads(payload)["facts"].get("ongoing"):
            connection.execute(sa.update(_task).where(_task.c.id == task).values(ongoing=True))


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
