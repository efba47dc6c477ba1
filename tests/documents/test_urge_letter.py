"""The written reminder, opened again: its parts have their places, its list its order."""

import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.urge_letter import Sender, letter
from models.assignment import Stage
from models.clock import VN
from models.letterhead import Letterhead
from models.urge import OverdueLine, Signed, Urge

AT = datetime(2026, 3, 5, 9, 0, tzinfo=VN)
LETTERHEAD = Letterhead(
    superior="UBND tỉnh Lâm Đồng",
    agency="Sở Giáo dục và Đào tạo",
    symbol="SGDĐT",
    drafting="GDTrH",
    place="Lâm Đồng",
    recipients=("Lãnh đạo Sở (để b/c)",),
    authority="KT. Giám đốc",
    position="Phó Giám đốc",
)
TASKS = ("III.1.d. Xây dựng kênh truyền thông", "V.1. Báo cáo gửi Sở (kỳ 25/6)")


def a_line(unit: str, days_late: int, task: int = 0, stage: Stage = Stage.ASSIGNED) -> OverdueLine:
    code = TASKS[task].partition(". ")[0]
    return OverdueLine(
        assignment=f"nq57/2026/{code}/han/{unit}",
        task=f"task/nq57/2026/{code}/han/1",
        code=code,
        occurrence="han",
        title=TASKS[task],
        unit=unit,
        unit_name=f"UBND xã {unit}",
        stage=stage,
        last_day=AT.date() - timedelta(days=days_late),
        days_late=days_late,
    )


def an_urge(*lines: OverdueLine, **fields: Any) -> Urge:
    urge = Urge(cycle="c", drafted_at=AT, to=("UBND xã A",), lines=lines)
    return urge.model_copy(update=fields)


def opened(tmp_path: Path, urge: Urge, letterhead: Letterhead = LETTERHEAD) -> Any:
    sender = Sender(
        letterhead=letterhead,
        agency="Sở Giáo dục và Đào tạo",
        plan="Kế hoạch số 12/KH-SGDĐT ngày 25/12/2025 của Sở Giáo dục và Đào tạo truyền thông",
        plan_short="Kế hoạch số 12/KH-SGDĐT",
        coordinator="Phòng Giáo dục Trung học",
    )
    letter(urge, sender).save(tmp_path / "cong-van.docx")
    return docx.Document(str(tmp_path / "cong-van.docx"))


def block(word: Any, table: int, column: int) -> list[str]:
    return [p.text for p in word.tables[table].rows[0].cells[column].paragraphs if p.text]


def grid(word: Any, table: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in word.tables[table].rows]


def test_head_names_agency_and_nation(tmp_path):
    word = opened(tmp_path, an_urge(a_line("A", 5)))

    assert block(word, 0, 0) == [
        "UBND TỈNH LÂM ĐỒNG",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "Số:           /SGDĐT-GDTrH",
        "V/v đôn đốc thực hiện các nhiệm vụ đã quá hạn theo Kế hoạch số 12/KH-SGDĐT",
    ]
    assert block(word, 0, 1) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Lâm Đồng, ngày      tháng      năm          ",
    ]


def test_signed_letter_carries_its_number_and_day(tmp_path):
    signed = Signed(number="1234/SGDĐT-GDTrH", day=date(2026, 2, 3))
    word = opened(tmp_path, an_urge(a_line("A", 5), signed=signed))

    assert "Số: 1234/SGDĐT-GDTrH" in block(word, 0, 0)
    assert "Lâm Đồng, ngày 03 tháng 02 năm 2026" in block(word, 0, 1)


def test_foot_has_recipients_and_room_to_sign(tmp_path):
    word = opened(tmp_path, an_urge(a_line("A", 5)))

    assert block(word, -1, 0) == [
        "Nơi nhận:",
        "- Như trên;",
        "- Lãnh đạo Sở (để b/c);",
        "- Lưu: VT, GDTrH.",
    ]
    assert block(word, -1, 1) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]


def test_nothing_is_invented_where_nothing_is_known(tmp_path):
    word = opened(tmp_path, an_urge(a_line("A", 5)), Letterhead())

    assert "Số:           /" in block(word, 0, 0)
    assert block(word, -1, 1) == []
    assert block(word, -1, 0)[-1] == "- Lưu: VT."


def test_page_is_a4_with_numbers_in_the_top_margin_from_page_two(tmp_path):
    section = opened(tmp_path, an_urge(a_line("A", 5))).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert Mm(20) <= section.top_margin <= Mm(25)
    assert Mm(30) <= section.left_margin <= Mm(35)
    assert Mm(15) <= section.right_margin <= Mm(20)
    assert section.different_first_page_header_footer
    assert "PAGE" in "".join(t.text or "" for t in section.header._element.iter(qn("w:instrText")))
    assert not section.first_page_header.paragraphs[0].text


def test_body_is_justified_times_with_indented_first_lines(tmp_path):
    word = opened(tmp_path, an_urge(a_line("A", 5)))

    body = word.styles["Nội dung"]
    assert (body.font.name, body.font.size) == ("Times New Roman", Pt(14))
    assert body.paragraph_format.first_line_indent == Mm(12.7)
    assert any(p.style.name == "Nội dung" and "đã quá hạn" in p.text for p in word.paragraphs)


def test_few_lines_stand_in_the_text_the_worst_first(tmp_path):
    returned = a_line("C", 9, stage=Stage.RETURNED)
    word = opened(tmp_path, an_urge(a_line("A", 5), a_line("B", 12, task=1), returned))

    assert grid(word, 1) == [
        ["TT", "Đơn vị", "Nhiệm vụ", "Hạn cuối", "Số ngày quá hạn"],
        ["1", "UBND xã B", TASKS[1], "21/02/2026", "12"],
        ["2", "UBND xã C", f"{TASKS[0]} (báo cáo bị trả lại, chưa nộp lại)", "24/02/2026", "9"],
        ["3", "UBND xã A", TASKS[0], "28/02/2026", "5"],
    ]
    assert len(word.sections) == 1


def test_letter_to_one_unit_speaks_to_it(tmp_path):
    text = "\n".join(p.text for p in opened(tmp_path, an_urge(a_line("A", 5))).paragraphs)

    assert "UBND xã A chưa hoàn thành 1 phần việc đã quá hạn, cụ thể như sau:" in text
    assert "đề nghị UBND xã A:" in text


def test_many_units_are_listed_by_task_on_a_landscape_appendix(tmp_path):
    lines = [a_line(f"{unit:02}", 5 + unit % 3, task) for unit in range(20) for task in (0, 1)]
    word = opened(tmp_path, an_urge(*lines))

    assert [row[1:] for row in grid(word, 1)[1:]] == [
        [TASKS[0], "từ 26/02/2026 đến 28/02/2026", "20", "7"],
        [TASKS[1], "từ 26/02/2026 đến 28/02/2026", "20", "7"],
    ]
    appendix = grid(word, 3)
    assert appendix[1][0] == f"{TASKS[0]}: 20 đơn vị"
    assert appendix[2] == ["1", "UBND xã 02", "chưa nộp", "26/02/2026", "7"]
    assert len(appendix) == 1 + 2 + 40
    assert word.sections[1].orientation == WD_ORIENT.LANDSCAPE
    first_row = word.tables[3].rows[0]._tr
    assert first_row.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None


def test_appendix_is_by_unit_when_few_units_owe_much(tmp_path):
    lines = [a_line(unit, 5 + n).model_copy(update={"occurrence": f"K{n}"})
             for unit in ("A", "B") for n in range(7)]  # fmt: skip
    appendix = grid(opened(tmp_path, an_urge(*lines)), 3)

    assert appendix[1][0] == "1. UBND xã A: 7 nhiệm vụ"
    assert appendix[9][0] == "2. UBND xã B: 7 nhiệm vụ"


def test_units_that_wait_for_an_answer_are_mentioned_only_as_a_number(tmp_path):
    word = opened(tmp_path, an_urge(a_line("A", 5), extensions_asked=3, reply_by=date(2026, 3, 13)))

    text = "\n".join(p.text for p in word.paragraphs)
    assert "không bao gồm 3 phần việc" in text
    assert "chậm nhất ngày 13/03/2026" in text


def test_text_from_outside_cannot_break_the_file(tmp_path):
    line = a_line("A", 5).model_copy(update={"unit_name": "Trường <A> & “B”\x0b\nC"})
    word = opened(tmp_path, an_urge(line))

    assert grid(word, 1)[1][1] == "Trường <A> & “B”\nC"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_letter_becomes_a_pdf(tmp_path):
    opened(tmp_path, an_urge(a_line("A", 5)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "cong-van.docx"]

    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=100)

    assert (tmp_path / "cong-van.pdf").read_bytes().startswith(b"%PDF")
