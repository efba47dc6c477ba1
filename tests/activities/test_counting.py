"""What is owed all year, and what only has no date yet, in every count."""

import re

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from activities.statistics import Statistics
from activities.views import Views, Which
from models.commands import Allocate, Cancel, Member
from models.identifiers import task_id
from models.mark import Mark
from models.tables import MessageTable
from rules.counting import four_ways
from tests.activities.sending_office import PLAN, Office
from tests.workflows.builders import moment


def test_a_task_without_a_date_does_not_become_ongoing(engine: Engine) -> None:
    office = Office(engine, at=moment("05/01", "09:00"), codes=("V.2",))
    task = task_id(PLAN, "2026", "V.2", "H1")
    office.says(Cancel, task=task, reference="12/QĐ", text="Không thực hiện")
    # The decision was taken back; nobody is asked for the date any more.
    office.says(Allocate, task=task, units=(Member(code="T1"),))

    views, at = Views(engine), office.now
    seen = views.oversight(office.cycle, at=at)
    heat = views.heat_map(office.cycle, at=at, which=Which())
    assert seen is not None
    [view] = [view for view in seen.tasks if view.id == task]
    assert views.task_counts(view, at=at)[Mark.UNDATED] == 1
    assert four_ways(seen.counts) == Statistics(engine).total(office.cycle, at=at)
    assert {cell.mark for row in heat.rows for cell in row.cells.values()} <= {
        Mark.UNDATED,
        Mark.ENDED,
    }
    assert views.assignments(at=at, marks=(Mark.ONGOING,)).total == 0
    assert [each.ongoing for cycle in views.cycles(at=at) for each in cycle.tasks] == [False, False]


def test_letters_call_ongoing_only_what_is_owed_all_year(engine: Engine) -> None:
    """III.1.d has a date, III.1.a is owed all year, and V.2 only has no date yet: nobody is even
    asked for it any more."""
    office = Office(engine, at=moment("05/01", "09:00"), codes=("III.1.d", "III.1.a", "V.2"))
    task = task_id(PLAN, "2026", "V.2", "H1")
    office.says(Cancel, task=task, reference="12/QĐ", text="Không thực hiện")
    office.says(Allocate, task=task, units=(Member(code="T1"),))
    office.until(moment("06/01", "09:00"))
    office.compose()

    with Session(engine) as session:
        mine = select(MessageTable).where(col(MessageTable.recipient) == "T1")
        body = "\n".join(message.body for message in session.scalars(mine))
    said = dict(re.findall(r"^\d\. (III\.1\.[ad]|V\.2)\. .*\n *(.*)", body, re.MULTILINE))
    assert "Nhiệm vụ thường xuyên." in said["III.1.a"]
    assert "Thời hạn sẽ được thông báo sau." in said["V.2"]
    assert "Hạn cuối: hết ngày" in said["III.1.d"]
