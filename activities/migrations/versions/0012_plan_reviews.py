"""Documents that officers review in the browser before they are plans."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "planreview",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("replaces", sa.String()),
        sa.Column("conventions", sa.String()),
        sa.Column("imported", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
    )
    op.create_index("ix_planreview_state", "planreview", ["state", "created_at"])
    op.create_index("ix_planreview_replaces", "planreview", ["replaces", "state"])
    op.create_table(
        "plantext",
        sa.Column("review", sa.String(), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review"], ["planreview.id"], deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_plantext_lines", "plantext", ["review", "first", "last"])


def downgrade() -> None:
    raise RuntimeError("a ledger is never taken back: restore a backup instead")
