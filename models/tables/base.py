"""What every table has in common."""

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel


def reference(column: str, target: str) -> ForeignKeyConstraint:
    # Checked at commit, so that the order of inserts in a transaction does not matter.
    return ForeignKeyConstraint([column], [target], deferrable=True, initially="DEFERRED")


class Table(SQLModel):
    """`TaskTable` is stored as `task`."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return cls.__name__.removesuffix("Table").lower()
