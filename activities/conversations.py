"""Which conversation a mail belongs to, and what its recipient got in it before.

Mail programs show one parent for each mail, so a digest about several tasks stands in the
conversation of the one it is mostly about.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from letters.grouping import leading
from letters.letter import Line
from models.tables import DispatchTable, MessageTable
from rules.channels import EMAIL

# A list of whoever is overdue is about no task in particular.
ABOUT_NONE = "*"
# The header that names them has to stay of bounded length.
MOST_NAMED = 10

Earlier = Mapping[tuple[str, str], tuple[str, ...]]


def conversation_of(lines: Sequence[Line], *, day: date) -> str:
    line = leading(lines, day=day)
    return ABOUT_NONE if line is None else f"{line.code}/{line.occurrence}"


def key_of(dispatch: str, resent: int) -> str:
    """What a parcel is known by: what a person asked for again is another one."""
    return f"{dispatch}#{resent}" if resent else dispatch


def earlier_mails(session: Session, cycle: str, recipients: set[str]) -> Earlier:
    """The keys of the mails that left, by recipient and conversation: the first, then the last."""
    rows = session.execute(
        select(
            col(DispatchTable.recipient),
            col(DispatchTable.thread),
            col(DispatchTable.id),
            col(DispatchTable.resent),
        )
        .join(MessageTable, col(MessageTable.id) == col(DispatchTable.message))
        .where(
            col(MessageTable.cycle) == cycle,
            col(MessageTable.recipient).in_(sorted(recipients)),
            col(DispatchTable.channel) == EMAIL,
            col(DispatchTable.state) == "accepted",
        )
        .order_by(col(DispatchTable.accepted_at), col(DispatchTable.id))
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row.recipient, row.thread), []).append(key_of(row.id, row.resent))
    return {
        whose: tuple(keys if len(keys) <= MOST_NAMED else [keys[0], *keys[1 - MOST_NAMED :]])
        for whose, keys in found.items()
    }
