"""What a letter says, and how."""

from datetime import date

import pytest

from letters.letter import Letter, Line
from letters.writing import MOST_PER_SECTION, SECTIONS, WORDS, write
from models.deadline import RungKind

LINK = "https://dondoc.example/don-vi/X1"
PLAN = "Kế hoạch truyền thông thực hiện Nghị quyết 57-NQ/TW"


def a_line(kind: str = RungKind.REMINDER, **fields: object) -> Line:
    given: dict[str, object] = {
        "kind": kind,
        "level": 0,
        "unit": "X1",
        "unit_name": "UBND xã Mẫu",
        "own": True,
        "code": "III.1.d",
        "occurrence": "han",
        "title": "III.1.d. Xây dựng kênh truyền thông.",
        "last_day": date(2026, 2, 28),
        "why": "nhắc trước 7 ngày: 13/02/2026, lùi từ 20/02 vì nghỉ Tết Nguyên đán",
        "text": None,
    }
    return Line(**{**given, **fields})  # type: ignore[arg-type]


def written(*lines: Line, on_behalf: str | None = None):
    return write(Letter(PLAN, "UBND xã Mẫu", lines, date(2026, 2, 13), LINK, on_behalf))


def test_a_letter_reads_as_an_official_writes_it():
    assert written(a_line()).text == (
        "Kính gửi: UBND xã Mẫu\n"
        "\n"
        "Thực hiện Kế hoạch truyền thông thực hiện Nghị quyết 57-NQ/TW, trân trọng thông báo và đề"
        " nghị quý đơn vị quan tâm:\n"
        "\n"
        "Sắp đến hạn (1):\n"
        "  - III.1.d. Xây dựng kênh truyền thông: hạn cuối hết ngày 28/02/2026, thứ Bảy (nhắc trước"
        " 7 ngày: 13/02/2026, lùi từ 20/02 vì nghỉ Tết Nguyên đán).\n"
        "\n"
        "Chi tiết và nơi trả lời: https://dondoc.example/don-vi/X1\n"
        "\n"
        "Trân trọng.\n"
    )


def test_the_most_pressing_comes_first_and_the_subject_counts():
    lines = [a_line("assigned"), a_line(), a_line(RungKind.ESCALATION), a_line("returned")]

    result = written(*lines)

    assert result.subject == (
        "Đôn đốc nhiệm vụ – bị trả lại, cần nộp lại: 1; đã quá hạn: 1; sắp đến hạn: 1; …"
    )
    places = [result.text.index(h) for h in ("Bị trả lại", "Đã quá hạn", "Sắp đến", "Mới được")]
    assert places == sorted(places)


def test_a_letter_to_somebody_else_says_why_before_anything_else():
    sentence = "Thư này dành cho Trường A, đơn vị chưa có địa chỉ liên hệ trong danh bạ."

    assert written(a_line(), on_behalf=sentence).text.splitlines()[2] == sentence


def test_one_cause_that_concerns_many_units_is_one_paragraph_naming_the_first_few():
    lines = [
        a_line(RungKind.ESCALATION, own=False, unit=f"X{n}", unit_name=f"Xã {n}")
        for n in range(1, 8)
    ]

    body = written(*lines).text

    assert "Đã quá hạn (7):" in body
    assert "7 đơn vị: Xã 1, Xã 2, Xã 3, Xã 4, Xã 5 và 2 đơn vị khác" in body
    assert body.count("  - ") == 1


def test_the_units_own_part_does_not_repeat_its_name():
    body = written(a_line()).text

    assert body.count("UBND xã Mẫu") == 1


def test_a_long_section_says_how_much_it_leaves_out():
    lines = [a_line(code=f"III.{n}", title="") for n in range(MOST_PER_SECTION + 3)]

    body = written(*lines).text

    assert "… và 3 việc khác" in body
    assert body.count("  - ") == MOST_PER_SECTION


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            a_line("returned", text="thiếu số liệu", why=""),
            "hạn cuối hết ngày 28/02/2026, thứ Bảy; nội dung: “thiếu số liệu”.",
            id="words a person wrote are quoted",
        ),
        pytest.param(
            a_line("cancelled"),
            "  - III.1.d. Xây dựng kênh truyền thông: không tiếp tục thực hiện.",
            id="no date where nothing is owed",
        ),
        pytest.param(
            a_line("ask-date", unit="", own=False, last_day=None, why="theo quy định"),
            "kênh truyền thông: chưa có hạn, cần ấn định; theo quy định.",
            id="a question to the officer with the document's words",
        ),
        pytest.param(
            a_line("assigned", last_day=None, why=""),
            "  - III.1.d. Xây dựng kênh truyền thông.",
            id="an ongoing task has no date",
        ),
        pytest.param(
            a_line("submitted", own=False, unit_name="Trường A"),
            "  - III.1.d. Xây dựng kênh truyền thông: Trường A; đã nộp báo cáo.",
            id="a report that waits for review",
        ),
        pytest.param(
            a_line(code="V.1", title="Báo cáo kỳ 25/6"),
            "  - V.1. Báo cáo kỳ 25/6: hạn cuối",
            id="a title without its code gets it",
        ),
    ],
)
def test_a_paragraph_says_what_is_owed_until_when_and_why(line, expected):
    assert expected in written(line).text


def test_a_kind_without_a_section_of_its_own_is_not_left_out():
    body = written(a_line("điều chưa biết")).text

    assert "Trả lời và thay đổi (1):" in body


def test_every_kind_stands_in_one_section_only():
    kinds = [kind for section in SECTIONS for kind in section.kinds]

    assert len(kinds) == len(set(kinds))


def test_no_word_ends_in_a_full_stop_of_its_own():
    assert not [words for words in WORDS.values() if words.endswith(".")]
