"""Who is told of the ledger's entries, and how far each has been told."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("account", sa.String()),
        sa.Column("unit", sa.String()),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("cycle", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("claimed_by", sa.String()),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account"], ["account.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_subscription_account", "subscription", ["account"])
    op.create_index("ix_subscription_unit", "subscription", ["unit"])
    op.create_table(
        "told",
        sa.Column("subscription", sa.String(), primary_key=True),
        sa.Column("task", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(["task"], ["task.id"], deferrable=True, initially="DEFERRED"),
    )


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
