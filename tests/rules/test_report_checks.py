"""What a form may say, field by field."""

import pytest

from models.assignment import Stage
from models.plan import TargetNumber
from models.report import (
    Attachment,
    Draft,
    EstimateDraft,
    FigureDraft,
    FormLine,
    FormTarget,
    LineDraft,
    ReportForm,
)
from rules.report_checks import LONGEST_TEXT, check_report
from rules.report_drafts import draft_of
from rules.whole_numbers import whole_number

SHARE = FormTarget(
    code="T", year=2026, text="100%", number=TargetNumber(op="=", value=100, unit="%")
)
COUNT = FormTarget(
    code="C",
    year=2027,
    text="≥ 1",
    required=False,
    number=TargetNumber(op=">=", value=1, unit="chương trình"),
)
WORDS = FormTarget(code="W", year=2026, text="Tham gia mạng lưới")
PROOF = Attachment(sha256="0" * 64, name="a.pdf", media_type="application/pdf", size=1)


def a_form(**fields: object) -> ReportForm:
    return ReportForm.model_validate(
        {
            "assignment": "p/2026/V.1/H1/X",
            "unit": "X",
            "unit_name": "Xã X",
            "title": "V.1",
            "plan_title": "Kế hoạch",
            "period": "",
            "stage": Stage.ASSIGNED,
            "lines": (FormLine(code="A", text="", timing="", ongoing=True),),
            "targets": (SHARE, COUNT, WORDS),
        }
        | fields
    )


GOOD = Draft(
    lines={"A": LineDraft(status="đang thực hiện", result="Đã làm", links="https://a.vn/1")},
    figures={
        "T": FigureDraft(numerator="1.250", denominator="2500"),
        "W": FigureDraft(statement="Đã tham gia"),
    },
)


def with_figure(code: str, **typed: str) -> Draft:
    return GOOD.model_copy(update={"figures": GOOD.figures | {code: FigureDraft(**typed)}})


def with_line(**typed: str) -> Draft:
    line = GOOD.lines["A"].model_copy(update=typed)
    return GOOD.model_copy(update={"lines": {"A": line}})


def test_a_good_form_becomes_numbers() -> None:
    content, findings = check_report(a_form(), GOOD)

    assert findings == []
    assert content is not None
    assert [(f.target, f.numerator, f.denominator) for f in content.figures] == [
        ("T", 1250, 2500),
        ("W", None, None),
    ]
    assert content.lines[0].links == ("https://a.vn/1",)


def test_a_report_can_be_filled_in_again() -> None:
    content, _ = check_report(a_form(), GOOD)
    assert content is not None

    again, findings = check_report(a_form(), draft_of(content))

    assert findings == []
    assert again == content


@pytest.mark.parametrize(
    ("draft", "field", "said"),
    [
        pytest.param(with_line(status=""), "lines.A.status", "Chưa ghi", id="no status"),
        pytest.param(with_line(status="xong"), "lines.A.status", "Không hiểu", id="odd status"),
        pytest.param(with_line(result=" "), "lines.A.result", "Chưa nêu", id="no result"),
        pytest.param(
            with_line(links="www.a.vn"), "lines.A.links", "không phải địa chỉ", id="no address"
        ),
        pytest.param(
            with_line(result="x" * (LONGEST_TEXT + 1)), "lines.A.result", "Dài", id="too long"
        ),
        pytest.param(
            with_figure("T", numerator="5", denominator="4"),
            "figures.T.numerator",
            "lớn hơn tổng số",
            id="more than all",
        ),
        pytest.param(
            with_figure("T", numerator="-1", denominator="4"),
            "figures.T.numerator",
            "số âm",
            id="negative",
        ),
        pytest.param(
            with_figure("T", numerator="năm", denominator="4"),
            "figures.T.numerator",
            "không phải là số nguyên",
            id="text for a number",
        ),
        pytest.param(
            with_figure("T", numerator="5"),
            "figures.T.denominator",
            "Chưa có tổng số",
            id="no total",
        ),
        pytest.param(with_figure("W"), "figures.W.statement", "bằng lời", id="no statement"),
        pytest.param(
            with_figure("Z", numerator="1"), "figures.Z", "không thuộc", id="unasked target"
        ),
        pytest.param(
            GOOD.model_copy(update={"lines": GOOD.lines | {"B": LineDraft(result="x")}}),
            "lines.B",
            "không có trong báo cáo",
            id="unasked task",
        ),
    ],
)
def test_what_is_wrong_is_named(draft: Draft, field: str, said: str) -> None:
    content, findings = check_report(a_form(), draft)

    assert content is None
    assert [(each.field, said in each.message) for each in findings] == [(field, True)]


def test_a_task_with_a_deadline_is_handed_in_done_and_with_evidence() -> None:
    form = a_form(evidence_needed=True, targets=())
    done = LineDraft(status="done", result="Đã lập kênh")
    bare, unfinished = (
        Draft(lines={"A": done}),
        Draft(lines={"A": done.model_copy(update={"status": "ongoing"})}, attachments=(PROOF,)),
    )

    assert [each.field for each in check_report(form, bare).findings] == ["lines.A.links"]
    assert [each.field for each in check_report(form, unfinished).findings] == ["lines.A.status"]
    assert check_report(form, Draft(lines={"A": done}, attachments=(PROOF,))).content is not None


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        pytest.param(EstimateDraft(content="In", quantity="2", price="1.000"), [], id="good"),
        pytest.param(
            EstimateDraft(content="In", quantity="2", price="5", amount="11"),
            ["estimates.1.amount"],
            id="amount is not the product",
        ),
        pytest.param(
            EstimateDraft(quantity="2,5"),
            ["estimates.1.content", "estimates.1.quantity", "estimates.1.price"],
            id="everything wrong",
        ),
    ],
)
def test_budget_rows(row: EstimateDraft, fields: list[str]) -> None:
    form = a_form(estimating=True, lines=(), targets=())

    content, findings = check_report(form, Draft(estimates=(row,)))

    assert [each.field for each in findings] == fields
    if content is not None:
        assert content.estimates[0].amount == 2000


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        (" 1250 ", 1250),
        ("1.250", 1250),
        ("1 250 000", 1_250_000),
        ("12.345.678", 12_345_678),
    ],
)
def test_whole_numbers_as_people_type_them(typed: str, number: int) -> None:
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "1,5", "1.25", "12.34.567", "-3", "−3", "1e3", "٣", "9" * 16]
)
def test_what_is_no_whole_number(typed: str) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        whole_number(typed)
