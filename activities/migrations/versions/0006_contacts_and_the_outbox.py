"""Contacts with their days, absences, and an outbox row for each channel of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("cycle", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cycle", sa.Column("paused_why", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
    )
    op.create_index("ix_contact_unit", "contact", ["unit"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_absence_unit", "absence", ["unit"])
    op.create_table(
        "dispatch",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *_instants("queued_at", "not_before", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_instants("first_tried", "sent_at", "accepted_at", "tried_at", "claimed_at"),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("on_behalf", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("resent", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["message.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_dispatch_outbox", "dispatch", ["cycle", "channel", "state", "not_before"])
    op.create_index("ix_dispatch_message", "dispatch", ["message"])
    op.create_index("ix_dispatch_rate", "dispatch", ["channel", "tried_at"])
    op.execute(
        """
        INSERT INTO dispatch (id, message, cycle, recipient, channel, target, state, queued_at,
            not_before, attempts, first_tried, sent_at, accepted_at, address, addressee, on_behalf,
            answer, resent)
        SELECT id || '|email', id, cycle, recipient, 'email', '',
            CASE WHEN sent_at IS NULL THEN 'queued' ELSE 'accepted' END, created_at,
            not_before, attempts, sent_at, sent_at, sent_at, to_address, '', fallback, answer, 0
        FROM message
        """
    )
    op.drop_index("ix_message_outbox", "message")
    for gone in ("not_before", "attempts", "claimed_at"):
        op.drop_column("message", gone)
    op.add_column(
        "message", sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def _instants(*names: str, nullable: bool = True) -> list["sa.Column[object]"]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
