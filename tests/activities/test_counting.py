"""What is owed all year, and what only has no date yet, in every count."""

from sqlalchemy import Engine

from activities.statistics import Statistics
from activities.views import Views, Which
from models.commands import Allocate, Cancel, Member
from models.identifiers import task_id
from models.mark import Mark
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
