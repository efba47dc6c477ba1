"""What the linter says of a plan that is about to be launched."""

from datetime import date, datetime
from typing import Any

import pytest

from intake.vietnam_calendar import vietnam_calendar
from models.clock import VN
from models.finding import Finding, Severity
from models.plan import (
    ByDate,
    Dormant,
    Ongoing,
    Plan,
    PlanTask,
    Recurring,
    Relation,
    Relative,
    Timing,
    Undated,
    YearlyDay,
)
from models.policy import Policy
from rules.lint import lint
from tests.shipped import shipped_directory, shipped_plan

CALENDAR = vietnam_calendar(range(2025, 2029))
NEW_YEAR = datetime(2026, 1, 5, 8, 0, tzinfo=VN)


def a_task(timing: Timing | None = None, **fields: Any) -> PlanTask:
    given: dict[str, Any] = {"code": "A.1", "text": "Làm việc A", "lead": ("Văn phòng Sở",)}
    return PlanTask(timing=timing or Ongoing(text="Thường xuyên"), **(given | fields))


def by(anchor: str) -> ByDate:
    return ByDate(text=f"xong {anchor}", relation=Relation.BY, anchor=anchor)


def linted(
    *tasks: PlanTask,
    days: tuple[YearlyDay, ...] = (),
    year: int = 2026,
    at: datetime = NEW_YEAR,
    **officer: Any,
) -> list[Finding]:
    """The findings about `tasks`, all that is said of the plan as a whole left out."""
    shipped = shipped_plan()
    document = shipped.document.model_copy(update={"tasks": tasks, "reports": (), "days": days})
    plan = Plan(document=document, officer=shipped.officer.model_copy(update=officer))
    findings = lint(plan, shipped_directory(), CALENDAR, year=year, at=at)
    whole = (plan.id, f"lịch làm việc {year}")
    return [finding for finding in findings if finding.place not in whole]


def test_shipped_plan_has_no_error_and_each_finding_a_remedy() -> None:
    findings = lint(shipped_plan(), shipped_directory(), CALENDAR, year=2026, at=NEW_YEAR)

    assert Severity.ERROR not in {finding.severity for finding in findings}
    assert {finding.place for finding in findings} >= {"V.1.H2", "V.2.H1", "III.1.d.han", "III.2.a"}
    assert [finding for finding in findings if not finding.remedy] == []


def test_worst_comes_first() -> None:
    order = list(Severity)
    findings = linted(a_task(by("2026-02-28")), a_task(lead=()))
    ranks = [order.index(finding.severity) for finding in findings]

    assert ranks == sorted(ranks)


def test_task_in_order_has_no_finding() -> None:
    assert linted(a_task(), a_task(by("2026-03-31"), code="A.2")) == []


@pytest.mark.parametrize(
    ("task", "severity", "place", "words"),
    [
        pytest.param(
            a_task(lead=()),
            Severity.WARNING,
            "A.1",
            "không nêu đơn vị thực hiện",
            id="no performer",
        ),
        pytest.param(
            a_task(lead=(), cooperating=("Văn phòng Sở",)),
            Severity.WARNING,
            "A.1",
            "không nêu đơn vị chủ trì",
            id="only cooperating units",
        ),
        pytest.param(
            a_task(lead=("các phòng thuộc Sở theo phân công",)),
            Severity.INFO,
            "A.1",
            "chưa được phân công",
            id="to be allocated",
        ),
        pytest.param(
            a_task(lead=("Tỉnh đoàn",)),
            Severity.WARNING,
            "A.1",
            "không ứng với",
            id="resolves to nobody",
        ),
        pytest.param(
            a_task(Undated(text="")),
            Severity.WARNING,
            "A.1.han",
            "văn bản không nêu",
            id="no timing",
        ),
        pytest.param(
            a_task(Relative(text="trong 10 ngày", days=10)),
            Severity.WARNING,
            "A.1.han",
            "chưa có hạn",
            id="unknown start",
        ),
        pytest.param(
            a_task(Dormant(text="sau khi có văn bản")),
            Severity.INFO,
            "A.1.han",
            "chờ văn bản",
            id="waits for a document",
        ),
        pytest.param(
            a_task(by("2026-01-02")), Severity.WARNING, "A.1.han", "đã qua", id="in the past"
        ),
        pytest.param(
            a_task(by("2025-06-30")),
            Severity.WARNING,
            "A.1.han",
            "không thuộc năm 2026 và đã qua",
            id="last year's",
        ),
        pytest.param(
            a_task(by("2027-06-30")),
            Severity.INFO,
            "A.1.han",
            "sẽ mở trong chu kỳ 2027",
            id="next year's",
        ),
        pytest.param(
            a_task(by("2026-02-28")),
            Severity.INFO,
            "A.1.han",
            "rơi vào thứ Bảy",
            id="on a Saturday",
        ),
        pytest.param(
            a_task(by("2026-04-30")),
            Severity.INFO,
            "A.1.han",
            "rơi vào ngày nghỉ",
            id="on a holiday",
        ),
        pytest.param(
            a_task(by("2026-01-20")), Severity.INFO, "A.1.han", "T-30 đã qua", id="short ladder"
        ),
        pytest.param(
            a_task(by("2026-01-05")),
            Severity.WARNING,
            "A.1.han",
            "không còn mốc nhắc nào",
            id="no ladder left",
        ),
        pytest.param(
            a_task(Recurring(text="29/02 hằng năm", relation=Relation.BY, days=("02-29",))),
            Severity.ERROR,
            "A.1",
            "không có ngày 29/02 trong năm 2026",
            id="29 February",
        ),
    ],
)
def test_what_is_likely_not_meant_is_told_with_a_remedy(
    task: PlanTask, severity: Severity, place: str, words: str
) -> None:
    findings = [each for each in linted(task) if words in each.message]

    assert [(each.severity, each.place) for each in findings] == [(severity, place)]
    assert findings[0].remedy


def test_leap_day_is_fine_in_a_leap_year() -> None:
    task = a_task(Recurring(text="29/02", relation=Relation.BY, days=("02-29",)))
    calendar = vietnam_calendar(range(2027, 2030))
    plan = shipped_plan().model_copy(
        update={
            "document": shipped_plan().document.model_copy(update={"tasks": (task,), "days": ()})
        }
    )

    findings = lint(
        plan, shipped_directory(), calendar, year=2028, at=datetime(2028, 1, 3, tzinfo=VN)
    )

    assert Severity.ERROR not in {finding.severity for finding in findings}


def test_yearly_day_that_a_year_lacks_is_an_error() -> None:
    findings = linted(a_task(), days=(YearlyDay(task="A.1", name="Ngày nhuận", date="02-29"),))

    assert [finding.severity for finding in findings] == [Severity.ERROR]


def test_two_tasks_with_one_code_are_an_error() -> None:
    findings = linted(a_task(), a_task(text="Việc khác"))

    assert (findings[0].severity, findings[0].place) == (Severity.ERROR, "A.1")
    assert "cùng mã “A.1”" in findings[0].message


def test_what_a_launch_would_refuse_is_an_error() -> None:
    findings = linted(a_task(), allocation={"A.1": ("KHONG",)}, dates={"A.9": date(2026, 5, 5)})

    assert {finding.place: finding.severity for finding in findings} == {
        "phân công A.1": Severity.ERROR,
        "hạn A.9": Severity.ERROR,
    }
    assert all("officer.yaml" in finding.remedy for finding in findings)


def test_allocation_and_dates_of_the_officer_settle_findings() -> None:
    task = a_task(Undated(text="theo quy định"), lead=("Tỉnh đoàn",))

    before = linted(task)
    after = linted(task, allocation={"A.1": ("VP",)}, dates={"A.1": date(2026, 6, 30)})

    assert any("chưa có hạn" in finding.message for finding in before)
    assert not any("chưa có hạn" in finding.message for finding in after)


def test_schools_earlier_date_is_looked_at_too() -> None:
    # 17/6, hạn của các cơ sở, đã qua; 24/6, hạn của đầu mối, thì chưa.
    at = datetime(2026, 6, 19, 8, 0, tzinfo=VN)

    findings = lint(shipped_plan(), shipped_directory(), CALENDAR, year=2026, at=at)

    messages = [f.message for f in findings if f.place == "V.1.H1" and "đã qua vào" in f.message]
    assert len(messages) == 1
    assert "của các cơ sở báo cáo qua đầu mối" in messages[0]


def test_policy_without_reminders_has_no_ladder_to_be_short_of() -> None:
    assert linted(a_task(by("2026-01-07")), policy=Policy(reminders=())) == []
