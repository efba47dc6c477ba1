"""The shipped plan and its units, read once in a process: reading takes longer than most tests."""

from functools import cache
from pathlib import Path

from activities.cycle_store import Snapshots
from intake.plan_folder import read_directory, read_plan
from intake.vietnam_calendar import vietnam_calendar
from models.directory import Directory
from models.plan import Plan

SHIPPED = Path(__file__).parents[1] / "plans" / "lam-dong-nq57"
PLAN = "lam-dong-nq57"


@cache
def shipped_plan() -> Plan:
    return read_plan(SHIPPED)


@cache
def shipped_directory(schools: int = 60) -> Directory:
    """The listed units, and so many sample schools."""
    return read_directory(SHIPPED, schools)


@cache
def shipped_snapshots(schools: int) -> Snapshots:
    """What a launch of 2026 keeps."""
    return Snapshots(
        shipped_plan(), shipped_directory(schools), vietnam_calendar(range(2025, 2029))
    )
