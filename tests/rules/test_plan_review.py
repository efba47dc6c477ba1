"""What a plan keeps of its officer's decisions when a newer document replaces its own."""

from datetime import date

import pytest

from models.imported import ImportedPlan
from models.plan import Officer, Plan, PlanDocument, PlanTask, ReportDuty, Target, Undated
from models.plan_review import Corrections, PlanSettings
from rules.plan_review import changes, plan_of, short_title

OWN = ReportDuty(
    code="IV.2", text="Lập dự toán.", reporters=("Văn phòng Sở",), to="Sở", timing=Undated(text="")
)
OFFICER = Officer(
    plan="ke-hoach",
    short_title="Kế hoạch",
    coordinator="VP",
    leadership="LDS",
    allocation={"V.1": ("PCM1",), "V.2": ("PCM2",), "IV.2": ("VP",)},
    dates={"V.1.H1": date(2026, 6, 30), "V.2.H1": date(2026, 7, 31)},
    targets={"II.1": ("Văn phòng Sở",), "II.2": ("các trường",)},
    duties=(OWN,),
)


def a_document(tasks: dict[str, str], targets: dict[str, str], *, moved: int = 0) -> PlanDocument:
    """Of texts by code, each on lines of its own."""
    return PlanDocument(
        title="Kế hoạch",
        issuer="Sở",
        tasks=tuple(
            PlanTask(code=code, text=text, timing=Undated(text=""), lines=(n + moved, n + moved))
            for n, (code, text) in enumerate(tasks.items())
        ),
        targets=tuple(Target(code=code, year=2026, text=text) for code, text in targets.items()),
    )


LOADED = Plan(
    document=a_document({"V.1": "Tập huấn.", "V.2": "Kiểm tra."}, {"II.1": "Một.", "II.2": "Hai."}),
    officer=OFFICER,
)


def replaced_by(document: PlanDocument) -> Plan:
    corrections = Corrections(
        settings=PlanSettings.model_validate(
            OFFICER.model_dump(include={"plan", "short_title", "coordinator", "leadership"})
        )
    )
    imported = ImportedPlan(document=document, year=2026)
    return plan_of(imported, corrections, LOADED, replaces=True)


def test_decisions_stay_with_what_says_the_same_on_other_lines():
    tasks = {"V.1": "Tập huấn.", "V.2": "Kiểm tra."}
    new = replaced_by(a_document(tasks, {"II.1": "Một.", "II.2": "Hai."}, moved=5))

    assert new.officer.allocation == OFFICER.allocation
    assert new.officer.dates == OFFICER.dates
    assert new.officer.targets == OFFICER.targets
    assert changes(LOADED, new) == []


def test_decisions_do_not_go_to_another_task_that_has_got_the_code():
    tasks = {"V.1": "Việc mới.", "V.2": "Kiểm tra.", "V.3": "Tập huấn."}
    new = replaced_by(a_document(tasks, {"II.1": "Một.", "II.2": "Khác."}))

    assert new.officer.allocation == {"V.2": ("PCM2",), "IV.2": ("VP",)}
    assert new.officer.dates == {"V.2.H1": date(2026, 7, 31)}
    assert new.officer.targets == {"II.1": ("Văn phòng Sở",)}
    assert [(each.code, each.what, each.before) for each in changes(LOADED, new)][:3] == [
        ("V.1", "phân công của cán bộ", "PCM1"),
        ("V.1", "hạn cán bộ ấn định (H1)", "30/06/2026"),
        ("II.2", "đơn vị của chỉ tiêu", "các trường"),
    ]


@pytest.mark.parametrize("date_", ["ngày 10/02/2026", "ngày 10 tháng 02 năm 2026", "số 12/NQ-TW"])
def test_long_title_is_cut_before_a_date_or_number(date_: str):
    title = "Kế hoạch " + "triển khai " * 16

    for length in range(8):
        cut = short_title(f"{title}{'x' * length} {date_} của Ủy ban nhân dân tỉnh Lâm Đồng")
        kept = cut.removeprefix(title.strip()).removesuffix("…").strip()
        assert len(cut) <= 200
        assert kept.startswith("x" * length)
        assert kept.removeprefix("x" * length).strip() in {"", date_}


def test_short_title_stays_as_it_is():
    assert short_title("Kế hoạch  năm\n2026") == "Kế hoạch năm 2026"
