"""The outbox: what waits to leave, who is sending it, and what became of it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from activities.address_book import Address
from activities.database import insert, reading, take_turns
from activities.group_commit import GroupCommit
from activities.mailroom import Mailroom, Outgoing, channels_of, undeliverable
from models.clock import VN
from models.cycle import Unsent
from models.tables import DispatchTable, MessageTable, NoticeTable
from rules.retries import next_attempt

# A claim that is older belongs to a worker that died between sending and marking.
CLAIM_FOR = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


class Claimant(NamedTuple):
    """Who sends. Attempts of one activity follow each other: what an earlier one had claimed is
    the next one's at once."""

    work: str
    attempt: int

    @property
    def name(self) -> str:
        return f"{self.work}#{self.attempt}"


class Sent(NamedTuple):
    """How one dispatch ended for now."""

    dispatch: str
    message: str
    at: datetime  # plan time
    answer: str
    link: str | None


class Outbox:
    """`claim_for` is how long a claim stands, in wall time."""

    def __init__(self, engine: Engine, *, claim_for: timedelta = CLAIM_FOR) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._claim_for = claim_for
        self._accepting = GroupCommit(engine, _write_accepted)

    def waiting(self, cycle: str, channel: str | None = None) -> int:
        """How many dispatches are still to leave, whenever that is."""
        query = (
            select(func.count())
            .select_from(DispatchTable)
            .where(col(DispatchTable.cycle) == cycle, col(DispatchTable.state) == "queued")
        )
        if channel is not None:
            query = query.where(col(DispatchTable.channel) == channel)
        with Session(self._reading) as session:
            return session.scalar(query) or 0

    def unsent(self, cycle: str, now: datetime) -> Unsent:
        """What is left after a delivery."""
        with Session(self._reading) as session:
            number, first = session.execute(
                select(func.count(), func.min(col(DispatchTable.not_before))).where(
                    col(DispatchTable.cycle) == cycle, col(DispatchTable.state) == "queued"
                )
            ).one()
        return Unsent(number=number, again_at=first if first is not None and first > now else None)

    def claim(
        self,
        mailroom: Mailroom,
        cycle: str,
        channel: str,
        claimant: Claimant,
        *,
        now: datetime,
        most: int,
        per_minute: int,
    ) -> list[Outgoing] | None:
        """Takes up to `most` dispatches that may leave, made ready in the same transaction; an
        empty list when there are none. None when the channel's rate allows none at this moment."""
        while True:
            wall = datetime.now(UTC)
            with Session(self._engine, expire_on_commit=False) as session:
                allowed = most
                if per_minute:
                    allowed = min(most, per_minute - _tried_lately(session, channel, wall))
                    if allowed <= 0:
                        return None
                waiting = and_(
                    col(DispatchTable.cycle) == cycle,
                    col(DispatchTable.channel) == channel,
                    col(DispatchTable.state) == "queued",
                    col(DispatchTable.not_before) <= now,
                    self._free(claimant, wall),
                )
                dispatches = _take(session, waiting, allowed)
                for dispatch in dispatches:
                    dispatch.claimed_at = dispatch.tried_at = wall
                    dispatch.claimed_by = claimant.name
                day = now.astimezone(VN).date()
                ready = mailroom.make_ready(session, dispatches, day=day)
                session.commit()
            # All of these may have been old news; there may be more behind them.
            if ready or not dispatches:
                return ready

    def accepted(self, outgoing: Outgoing, answer: str, *, at: datetime) -> None:
        """Several senders' marks are one transaction."""
        dispatch = outgoing.dispatch
        self._accepting.run(Sent(dispatch.id, dispatch.message, at, answer, outgoing.link))

    def later(self, outgoing: Outgoing, answer: str, *, at: datetime, coordinator: str) -> None:
        """Another attempt after a pause; after days of attempts it is given up."""
        with Session(self._engine) as session:
            dispatch = session.get_one(DispatchTable, outgoing.dispatch.id)
            dispatch.attempts += 1
            dispatch.first_tried = dispatch.first_tried or at
            again = next_attempt(dispatch.attempts, first=dispatch.first_tried, now=at)
            if again is None:
                _bury(session, dispatch, answer, at=at, coordinator=coordinator)
            else:
                _release(dispatch, answer)
                dispatch.not_before = again
                dispatch.sent_at = at
            session.commit()

    def dead(self, outgoing: Outgoing, answer: str, *, at: datetime, coordinator: str) -> None:
        """Nobody tries again until a person asks for it; the officer is told."""
        with Session(self._engine) as session:
            dispatch = session.get_one(DispatchTable, outgoing.dispatch.id)
            dispatch.attempts += 1
            dispatch.first_tried = dispatch.first_tried or at
            _bury(session, dispatch, answer, at=at, coordinator=coordinator)
            session.commit()

    def release(self, some: Sequence[Outgoing], why: str = "") -> None:
        """Gives back what was claimed and not tried."""
        with Session(self._engine) as session:
            for outgoing in some:
                dispatch = session.get_one(DispatchTable, outgoing.dispatch.id)
                _release(dispatch, why or dispatch.answer)
            session.commit()

    def _free(self, claimant: Claimant, wall: datetime) -> ColumnElement[bool]:
        mine_before = and_(
            col(DispatchTable.claimed_by).startswith(f"{claimant.work}#", autoescape=True),
            col(DispatchTable.claimed_by) != claimant.name,
        )
        return or_(
            col(DispatchTable.claimed_at).is_(None),
            col(DispatchTable.claimed_at) < wall - self._claim_for,
            mine_before,
        )


def queue(session: Session, message: MessageTable, address: Address) -> None:
    """Puts a message into the outbox, once for each way its recipient is written to."""
    for channel, target in channels_of(address):
        session.add(
            DispatchTable(
                id=_dispatch_id(message.id, channel, target),
                message=message.id,
                cycle=message.cycle,
                recipient=message.recipient,
                channel=channel,
                target=target,
                state="queued",
                queued_at=message.created_at,
                not_before=message.created_at,
            )
        )


def _dispatch_id(message: str, channel: str, target: str) -> str:
    if not target:
        return f"{message}|{channel}"
    return f"{message}|{channel}|{hashlib.sha256(target.encode()).hexdigest()[:12]}"


def _take(session: Session, which: ColumnElement[bool], most: int) -> Sequence[DispatchTable]:
    return session.scalars(
        select(DispatchTable)
        .where(which)
        .order_by(col(DispatchTable.queued_at), col(DispatchTable.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def _tried_lately(session: Session, channel: str, wall: datetime) -> int:
    """How many left through a channel within the last minute, whoever sent them. Those who count
    take turns, so that two of them never take the same allowance."""
    take_turns(session.connection(), [channel])
    return (
        session.scalar(
            select(func.count())
            .select_from(DispatchTable)
            .where(
                col(DispatchTable.channel) == channel,
                col(DispatchTable.tried_at) > wall - MINUTE,
            )
        )
        or 0
    )


def _release(dispatch: DispatchTable, answer: str) -> None:
    dispatch.claimed_at = dispatch.claimed_by = None
    dispatch.answer = answer


def _bury(
    session: Session, dispatch: DispatchTable, answer: str, *, at: datetime, coordinator: str
) -> None:
    _release(dispatch, answer)
    dispatch.state = "dead"
    dispatch.sent_at = at
    # What cannot reach the coordinator is seen in `dondoc notices dead` and by `dondoc doctor`.
    if dispatch.recipient.partition(":")[0] == coordinator:
        return
    task = session.scalars(
        select(col(NoticeTable.task)).where(col(NoticeTable.message) == dispatch.message).limit(1)
    ).first()
    if task is not None:
        notice = undeliverable(dispatch, task, coordinator, now=at)
        session.execute(
            insert(session.connection(), NoticeTable).on_conflict_do_nothing(),
            [notice.model_dump()],
        )


_ACCEPTED = (
    update(DispatchTable)
    .where(col(DispatchTable.id) == bindparam("of_dispatch"))
    .values(
        state="accepted",
        sent_at=bindparam("at"),
        accepted_at=bindparam("at"),
        first_tried=func.coalesce(col(DispatchTable.first_tried), bindparam("at")),
        attempts=col(DispatchTable.attempts) + 1,
        answer=bindparam("said"),
        link=bindparam("by_link"),
        claimed_at=None,
        claimed_by=None,
    )
)
_SENT = (
    update(MessageTable)
    .where(col(MessageTable.id) == bindparam("of_message"), col(MessageTable.sent_at).is_(None))
    .values(sent_at=bindparam("at"), answer=bindparam("said"))
)


def _write_accepted(connection: Connection, group: Sequence[Sent]) -> list[None]:
    connection.execute(
        _ACCEPTED,
        [
            {"of_dispatch": sent.dispatch, "at": sent.at, "said": sent.answer, "by_link": sent.link}
            for sent in group
        ],
    )
    connection.execute(
        _SENT,
        [{"of_message": sent.message, "at": sent.at, "said": sent.answer} for sent in group],
    )
    return [None] * len(group)
