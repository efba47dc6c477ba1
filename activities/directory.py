"""Plans and units as they are loaded, and how units are reached today."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Engine, func, or_, select, update
from sqlmodel import Session, col

from activities.database import database_errors, insert, reading
from models.assignment import OPEN
from models.calendar import WorkingCalendar
from models.directory import Directory, Unit, UnitKind
from models.finding import Finding
from models.plan import Plan
from models.tables import AssignmentTable, CycleTable, PlanTable, SnapshotTable, UnitTable
from rules.bare_text import bare
from rules.directory_changes import loading, needed_units

# SQLite takes 32,766 values in one statement; a unit has fifteen.
UNITS_AT_ONCE = 1000
ENDED = ("closed", "voided")


class Registry:
    """The loaded plans and the live directory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def load_plan(self, plan: Plan, units: Iterable[Unit], *, at: datetime) -> list[Finding]:
        """Keeps a plan, replacing what was loaded of it before, and the units listed beside it.
        Running cycles keep their own snapshot.

        New units are added. Of a unit that is known the list renews what it says of it: name, kind,
        hub, aliases, groups. But officers keep contacts up to date, so one that is not empty stays.
        A removed unit stays removed, unless the plan names it or a listed unit reports through it.
        So does the plan's number or day that an officer has entered while it names none itself.
        The findings tell what was not taken from the list.
        """
        with database_errors(), Session(self._engine) as session:
            # Locked: what one officer enters is not lost to what another loads.
            row = session.get(PlanTable, plan.id, with_for_update=True)
            if row is not None:
                plan = plan.issued_as(read_plan(session, row.snapshot))
            keep_plan(session, plan, at)
            findings = _load_units(session, units, needed_units([plan]))
            session.commit()
            return findings

    def load_units(self, units: Iterable[Unit]) -> None:
        """Keeps listed units that no plan names, by the rule of `load_plan`."""
        with database_errors(), Session(self._engine) as session:
            _load_units(session, units, ())
            session.commit()

    def set_issued(self, plan_id: str, number: str | None, day: date | None) -> bool:
        """Keeps the number and day a loaded plan was issued under. False for a plan that is not
        loaded. Running cycles keep their own snapshot."""
        with database_errors(), Session(self._engine) as session:
            row = session.get(PlanTable, plan_id, with_for_update=True)
            if row is None:
                return False
            plan = read_plan(session, row.snapshot).issued(number, day)
            keep_plan(session, plan, row.loaded_at)
            session.commit()
            return True

    def plan(self, plan_id: str) -> Plan | None:
        with Session(self._reading) as session:
            return loaded_plan(session, plan_id)

    def plans(self) -> list[PlanTable]:
        with Session(self._reading) as session:
            return list(session.scalars(select(PlanTable).order_by(col(PlanTable.id))))

    def directory(self) -> Directory:
        """The units that plans may assign: not those that were removed."""
        with Session(self._reading) as session:
            return _directory(session)

    def of_kinds(self, kinds: Collection[UnitKind]) -> list[Unit]:
        """The units of some kinds that plans may assign."""
        query = (
            select(UnitTable)
            .where(col(UnitTable.removed).is_(False), col(UnitTable.kind).in_(kinds))
            .order_by(col(UnitTable.sample), col(UnitTable.code))
        )
        with database_errors(), Session(self._reading) as session:
            return [unit_of(row) for row in session.scalars(query)]

    def assignable(self, code: str) -> Unit | None:
        """The unit with this code, unless it was removed."""
        with Session(self._reading) as session:
            row = session.get(UnitTable, code)
            return None if row is None or row.removed else unit_of(row)

    def all_assignable(self, codes: Collection[str]) -> dict[str, Unit]:
        """Those of the units with these codes that were not removed, by code."""
        query = select(UnitTable).where(
            col(UnitTable.removed).is_(False), col(UnitTable.code).in_(codes)
        )
        with database_errors(), Session(self._reading) as session:
            return {row.code: unit_of(row) for row in session.scalars(query)}

    def by_name(self) -> dict[str, list[str]]:
        """The codes of the units that plans may assign, by each code and each name as bare text:
        of letters other than ASCII databases do not know which are the same."""
        codes: dict[str, list[str]] = {}
        for code, name in self._names():
            for said in {bare(code), bare(name)} - {""}:
                codes.setdefault(said, []).append(code)
        return codes

    def named_like(self, part: str) -> list[str]:
        """The codes of the units that plans may assign with this code or with this in their name,
        in whatever letters; none where it holds no letter."""
        wanted = bare(part)
        return [
            code
            for code, name in self._names()
            if wanted and (wanted == bare(code) or wanted in bare(name))
        ]

    def _names(self) -> list[tuple[str, str]]:
        query = select(col(UnitTable.code), col(UnitTable.name)).where(
            col(UnitTable.removed).is_(False)
        )
        with database_errors(), Session(self._reading) as session:
            rows = session.execute(query.order_by(col(UnitTable.code)))
            return [(code, name) for code, name in rows]

    def listed(
        self,
        *,
        limit: int,
        kind: UnitKind | None = None,
        hub: str | None = None,
        of: str | None = None,
        below: bool = False,
        after: str = "",
    ) -> tuple[list[Unit], int]:
        """Units of the directory by code, those after `after`, and how many there are in all. `of`
        one unit, with those `below` it whose hub it is."""
        wanted: list[ColumnElement[bool]] = [col(UnitTable.removed).is_(False)]
        if kind is not None:
            wanted.append(col(UnitTable.kind) == kind)
        if hub is not None:
            wanted.append(col(UnitTable.hub) == hub)
        if of is not None:
            itself = col(UnitTable.code) == of
            wanted.append(or_(itself, col(UnitTable.hub) == of) if below else itself)
        count = select(func.count()).select_from(UnitTable).where(*wanted)
        rows = (
            select(UnitTable)
            .where(*wanted, col(UnitTable.code) > after)
            .order_by(col(UnitTable.code))
            .limit(limit)
        )
        with database_errors(), Session(self._reading) as session:
            total = session.scalar(count) or 0
            return [unit_of(row) for row in session.scalars(rows)], total

    def keep_units(self, units: Iterable[Unit]) -> None:
        """Keeps units as they are given; one that was removed is in the directory again."""
        with Session(self._engine) as session:
            _write_units(session, list(units))
            session.commit()

    def set_caller(self, code: str, *, focal_person: str, phone: str) -> bool:
        """Whom to call in a unit, and where; nothing else of it changes. False when there is no
        such unit."""
        change = update(UnitTable).where(col(UnitTable.code) == code)
        with database_errors(), Session(self._engine) as session:
            found = session.execute(change.values(focal_person=focal_person, phone=phone))
            session.commit()
            return bool(found.rowcount)  # type: ignore[attr-defined]

    def change_units(
        self,
        kept: Sequence[Unit],
        removed: Collection[str],
        *,
        seen: Directory,
        written: Callable[[int], None] = lambda _: None,
    ) -> bool:
        """Keeps some units and removes others, in one transaction.

        False, and nothing is written, when the directory is no longer the one that was `seen`, or
        a unit to be removed has been given work since.
        """
        with database_errors(), Session(self._engine) as session:
            if _directory(session) != seen or _open_parts(session).keys() & set(removed):
                return False
            _write_units(session, kept, written)
            for code in removed:
                session.execute(
                    update(UnitTable).where(col(UnitTable.code) == code).values(removed=True)
                )
            session.commit()
            return True

    def open_parts(self) -> dict[str, int]:
        """How many open assignments each unit has in the running cycles."""
        with Session(self._reading) as session:
            return _open_parts(session)

    def removed(self) -> set[str]:
        """The codes of the units that were removed from the directory."""
        with Session(self._reading) as session:
            removed = col(UnitTable.removed).is_(True)
            return set(session.scalars(select(col(UnitTable.code)).where(removed)))

    def unit(self, code: str) -> Unit | None:
        with Session(self._reading) as session:
            row = session.get(UnitTable, code)
            return None if row is None else unit_of(row)


def keep_snapshot(session: Session, kind: str, content: str) -> str:
    """The id of a snapshot: the same content is kept once."""
    identifier = hashlib.sha256(content.encode()).hexdigest()
    if session.get(SnapshotTable, identifier) is None:
        session.add(SnapshotTable(id=identifier, kind=kind, content=content))
    return identifier


def read_plan(session: Session, snapshot: str) -> Plan:
    return Plan.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def read_directory(session: Session, snapshot: str) -> Directory:
    return Directory.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def read_calendar(session: Session, snapshot: str) -> WorkingCalendar:
    return WorkingCalendar.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def loaded_plan(session: Session, plan_id: str) -> Plan | None:
    row = session.get(PlanTable, plan_id)
    return None if row is None else read_plan(session, row.snapshot)


def keep_plan(session: Session, plan: Plan, at: datetime) -> None:
    """From now on the loaded plan of its id. The caller commits."""
    snapshot = keep_snapshot(session, "plan", plan.model_dump_json())
    session.flush()
    session.merge(
        PlanTable(
            id=plan.id,
            short_title=plan.officer.short_title,
            snapshot=snapshot,
            loaded_at=at,
        )
    )


def _load_units(session: Session, units: Iterable[Unit], needed: Collection[str]) -> list[Finding]:
    # Locked, so that a contact entered meanwhile is not overwritten.
    rows = list(session.scalars(select(UnitTable).order_by(col(UnitTable.code)).with_for_update()))
    loaded = loading(
        {unit.code: unit for unit in units},
        {row.code: unit_of(row) for row in rows},
        removed={row.code for row in rows if row.removed},
        needed=needed,
    )
    _write_units(session, loaded.written)
    return list(loaded.findings)


def _write_units(
    session: Session, units: Sequence[Unit], written: Callable[[int], None] = lambda _: None
) -> None:
    """Adds or replaces units; they are in the directory again if they were removed."""
    connection = session.connection()
    statement = insert(connection, UnitTable)
    columns = [name for name in UnitTable.model_fields if name != "code"]
    statement = statement.on_conflict_do_update(
        index_elements=["code"], set_={name: statement.excluded[name] for name in columns}
    )
    for start in range(0, len(units), UNITS_AT_ONCE):
        some = units[start : start + UNITS_AT_ONCE]
        connection.execute(statement, [_row(unit).model_dump() for unit in some])
        written(start + len(some))


def _directory(session: Session) -> Directory:
    # Plain rows: objects of the session for 1,750 units take longer than all the rest.
    names = list(Unit.model_fields)
    rows = session.execute(
        select(*(col(getattr(UnitTable, name)) for name in names))
        .where(col(UnitTable.removed).is_(False))
        .order_by(col(UnitTable.sample), col(UnitTable.code))
    )
    units = (Unit.model_validate(dict(zip(names, row, strict=True))) for row in rows)
    return Directory(units={unit.code: unit for unit in units})


def _open_parts(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(col(AssignmentTable.unit), func.count().label("parts"))
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .where(col(CycleTable.stage).not_in(ENDED), col(AssignmentTable.stage).in_(sorted(OPEN)))
        .group_by(col(AssignmentTable.unit))
    )
    return {row.unit: row.parts for row in rows}


def _row(unit: Unit) -> UnitTable:
    values = unit.model_dump(mode="json")
    return UnitTable(**values)


def unit_of(row: UnitTable) -> Unit:
    return Unit.model_validate(row.model_dump(exclude={"removed"}))
