"""The cycles of an installation: what was launched, on which snapshots."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from activities.asked import Key, claim_with
from activities.carrying import take
from activities.database import database_errors, reading
from activities.directory import keep_snapshot, read_calendar, read_directory, read_plan
from models.calendar import WorkingCalendar
from models.cycle import CycleEnd, LaunchOrder
from models.directory import Directory
from models.identifiers import cycle_id
from models.plan import Plan
from models.tables import AssignmentTable, CycleTable, TaskTable

ENDING = {"close": "closing", "void": "voiding"}
# A word on what stays open can only be given once it is open; a mistake is undone at any time.
ENDS_FROM = {"close": ("open",), "void": ("opening", "open")}
ENDED = ("closed", "voided")


Cycle = CycleTable  # the name others know a row by


class Launch(NamedTuple):
    """A kept cycle, and whether it was kept just now."""

    cycle: CycleTable
    new: bool


class KeptEnd(NamedTuple):
    """The order to end a cycle that stands, and whether it was kept just now."""

    order: CycleEnd
    new: bool


class Snapshots(NamedTuple):
    """What a cycle was launched on."""

    plan: Plan
    directory: Directory
    calendar: WorkingCalendar


class Behind(NamedTuple):
    """A task that is late itself; a halted one waits for people."""

    task: str
    halted: bool


class CycleStore:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def keep(
        self,
        order: LaunchOrder,
        snapshots: Snapshots,
        *,
        at: datetime,
        expected: tuple[int, int],
        key: Key | None = None,
    ) -> Launch:
        """Keeps a launch with its snapshots, what earlier cycles have carried and the `key` it was
        asked for under, in one transaction; a cycle of that plan and year that is not voided, or
        that the key led to before, is found again instead. Raises KeyReused.

        `expected` are the numbers of tasks and assignments the launch leads to.
        """
        with Session(self._engine, expire_on_commit=False) as session:
            attempts = session.scalars(
                select(CycleTable)
                .where(col(CycleTable.plan) == order.plan, col(CycleTable.year) == order.year)
                .order_by(col(CycleTable.launched_at), col(CycleTable.id))
            ).all()
            standing = [cycle for cycle in attempts if cycle.stage != "voided"]
            if standing:
                return Launch(standing[-1], new=False)
            name = str(order.year) if not attempts else f"{order.year}-{len(attempts) + 1}"
            cycle = CycleTable(
                id=cycle_id(order.plan, name),
                plan=order.plan,
                cycle=name,
                year=order.year,
                stage="opening",
                plan_snapshot=keep_snapshot(session, "plan", snapshots.plan.model_dump_json()),
                directory_snapshot=keep_snapshot(
                    session, "directory", snapshots.directory.model_dump_json()
                ),
                calendar_snapshot=keep_snapshot(
                    session, "calendar", snapshots.calendar.model_dump_json()
                ),
                dates={key: day.isoformat() for key, day in order.dates.items()},
                allocation={code: list(units) for code, units in order.allocation.items()},
                launched_at=at,
                launched_by=order.actor.model_dump_json(),
                expected_tasks=expected[0],
                expected_assignments=expected[1],
            )
            session.add(cycle)
            try:
                session.flush()
                if (found := _led_to(session, key, cycle.id)) != cycle.id:
                    session.rollback()
                    return Launch(session.get_one(CycleTable, found), new=False)
                take(session.connection(), order.plan, order.year, cycle.id)
                session.commit()
            except IntegrityError:  # another launch was faster by a moment
                session.rollback()
                return self.keep(order, snapshots, at=at, expected=expected, key=key)
            return Launch(cycle, new=True)

    def find(self, plan: str, year: int) -> CycleTable | None:
        """The latest launch of a plan in a year, voided ones only when there is no other."""
        with Session(self._reading, expire_on_commit=False) as session:
            cycles = session.scalars(
                select(CycleTable)
                .where(col(CycleTable.plan) == plan, col(CycleTable.year) == year)
                .order_by(col(CycleTable.stage) == "voided", col(CycleTable.launched_at).desc())
            ).all()
        return cycles[0] if cycles else None

    def all(self, *, running: bool = False) -> list[CycleTable]:
        query = select(CycleTable).order_by(
            col(CycleTable.year), col(CycleTable.plan), col(CycleTable.id)
        )
        if running:
            query = query.where(col(CycleTable.stage).not_in(ENDED))
        with Session(self._reading, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def get(self, cycle: str) -> CycleTable:
        with Session(self._reading, expire_on_commit=False) as session:
            return session.get_one(CycleTable, cycle)

    def snapshots(self, cycle: CycleTable) -> Snapshots:
        with Session(self._reading) as session:
            return Snapshots(
                plan=read_plan(session, cycle.plan_snapshot),
                directory=read_directory(session, cycle.directory_snapshot),
                calendar=read_calendar(session, cycle.calendar_snapshot),
            )

    def set_stage(self, cycle: str, stage: str) -> None:
        with Session(self._engine) as session:
            row = session.get_one(CycleTable, cycle)
            row.stage = stage
            session.add(row)
            session.commit()

    def pause(self, cycle: str, why: str, *, at: datetime) -> None:
        """Nothing of the cycle is sent until it is resumed; whoever paused first has paused."""
        with Session(self._engine) as session:
            row = session.get_one(CycleTable, cycle)
            row.paused_at, row.paused_why = row.paused_at or at, why or row.paused_why
            session.commit()

    def resume(self, cycle: str) -> None:
        with Session(self._engine) as session:
            row = session.get_one(CycleTable, cycle)
            row.paused_at, row.paused_why = None, ""
            session.commit()

    def set_open(self, cycle: str) -> None:
        """Its tasks are open; one that is to end meanwhile stays on its way."""
        with Session(self._engine) as session:
            opening = (col(CycleTable.id) == cycle, col(CycleTable.stage) == "opening")
            session.execute(update(CycleTable).where(*opening).values(stage="open"))
            session.commit()

    def keep_ending(self, end: CycleEnd, *, key: Key | None = None) -> KeptEnd | None:
        """Keeps the order to end a cycle with the `key` it was asked for under, in one
        transaction, so that it is followed to its end whatever is lost meanwhile. The order that
        was kept before is found again instead; None when there is none and the cycle cannot be
        ended so. Raises KeyReused."""
        may_end = (col(CycleTable.id) == end.cycle, col(CycleTable.stage).in_(ENDS_FROM[end.verb]))
        kept = {"stage": ENDING[end.verb], "ending": end.model_dump_json()}
        with database_errors(), Session(self._engine) as session:
            begun = update(CycleTable).where(*may_end).values(**kept).returning(col(CycleTable.id))
            if session.execute(begun).first() is not None:
                if key is not None:
                    claim_with(session.connection(), key, [end.cycle])
                session.commit()
                return KeptEnd(end, new=True)
            standing = session.get_one(CycleTable, end.cycle).ending
        return None if standing is None else KeptEnd(CycleEnd.model_validate_json(standing), False)

    def ending(self) -> list[CycleTable]:
        """The cycles whose order to end is kept and not carried out."""
        return [cycle for cycle in self.all(running=True) if cycle.stage in ENDING.values()]

    def opened(self, cycle: str) -> tuple[int, int]:
        """How many tasks and assignments are recorded so far."""
        with Session(self._reading) as session:
            tasks = session.scalar(
                select(func.count()).select_from(TaskTable).where(col(TaskTable.cycle) == cycle)
            )
            assignments = session.scalar(
                select(func.count())
                .select_from(AssignmentTable)
                .where(col(AssignmentTable.cycle) == cycle)
            )
        return tasks or 0, assignments or 0

    def open_tasks(self, cycle: str) -> list[TaskTable]:
        """The tasks whose workflows should be running."""
        with Session(self._reading, expire_on_commit=False) as session:
            return list(
                session.scalars(
                    select(TaskTable)
                    .where(col(TaskTable.cycle) == cycle, col(TaskTable.stage) == "open")
                    .order_by(col(TaskTable.id))
                )
            )

    def behind(self, cycle: str, at: datetime) -> list[Behind]:
        """The open tasks that have not recorded what was due by `at`."""
        query = (
            select(col(TaskTable.id), col(TaskTable.halted))
            .where(
                col(TaskTable.cycle) == cycle,
                col(TaskTable.stage) == "open",
                col(TaskTable.next_instant) <= at,
            )
            .order_by(col(TaskTable.id))
        )
        with Session(self._reading) as session:
            return [Behind(row.id, row.halted is not None) for row in session.execute(query)]


def _led_to(session: Session, key: Key | None, cycle: str) -> str:
    """The cycle that `key` stands for: this one, unless it was used before."""
    return cycle if key is None else claim_with(session.connection(), key, [cycle]).commands[0]
