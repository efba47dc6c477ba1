"""Files into lines and tables, and every file that is refused, in one sentence."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.documents.blocks import Line, Table
from intake.documents.reading import MOST_BYTES, read_document
from intake.importing import import_document
from models.finding import BadInput
from tests.intake.documents.files import (
    Rule,
    Words,
    a_docx,
    a_pdf,
    a_zip,
    item,
    new_document,
    numbered,
    printed,
    ruled,
)

LAYOUTS = Path(__file__).parents[1] / "grammar" / "layouts"
ROWS = [
    ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"],
    ["1", "Xây dựng kế hoạch chuyển đổi số năm 2026", "Văn phòng Sở", "Phòng A", "31/3/2026"],
    ["2", "Tập huấn cho cán bộ", "", "-", "Quý II/2026"],
]
WIDTHS = [35, 180, 110, 90, 100]


def lines(path: Path) -> list[str]:
    return [block.text for block in read_document(path).blocks if isinstance(block, Line)]


def table(path: Path) -> Table:
    return next(block for block in read_document(path).blocks if isinstance(block, Table))


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as error:
        read_document(path)
    [finding] = error.value.findings
    assert finding.place.startswith(str(path))
    return finding.message


# .docx


@pytest.fixture
def numbered_docx(tmp_path) -> Path:
    document = new_document()
    numbered(document)
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Thử nghiệm năm 2026")
    item(document, "MỤC ĐÍCH")
    item(document, "Nâng cao nhận thức.", level=1)
    item(document, "NHIỆM VỤ")
    item(document, "Tuyên truyền", level=1)
    item(document, "Viết bài trên cổng thông tin.", level=2)
    item(document, "Thực hiện: Phòng A", numbering=92)
    item(document, "Thời gian: quý I/2026", numbering=92)
    item(document, "Treo băng rôn.", level=2)
    item(document, "Thực hiện: Phòng B chủ trì, phối hợp với Phòng A", numbering=92)
    item(document, "Tổng kết", level=1)
    return a_docx(tmp_path / "tu-dong.docx", document)


def test_automatic_numbers_are_read_as_printed(numbered_docx):
    assert lines(numbered_docx)[2:] == [
        "I. MỤC ĐÍCH",
        "1. Nâng cao nhận thức.",
        "II. NHIỆM VỤ",
        "1. Tuyên truyền",
        "a) Viết bài trên cổng thông tin.",
        "- Thực hiện: Phòng A",
        "- Thời gian: quý I/2026",
        "b) Treo băng rôn.",
        "- Thực hiện: Phòng B chủ trì, phối hợp với Phòng A",
        "2. Tổng kết",
    ]


def test_tasks_of_a_numbered_docx_have_their_codes(numbered_docx):
    plan, _ = import_document(numbered_docx, otherwise=2026)

    assert [(task.code, task.lead, task.cooperating) for task in plan.document.tasks[:2]] == [
        ("II.1.a", ("Phòng A",), ()),
        ("II.1.b", ("Phòng B",), ("Phòng A",)),
    ]


def test_merged_cells_stand_in_every_row_they_span(tmp_path):
    document = new_document()
    grid = document.add_table(rows=4, cols=4)
    for row, texts in enumerate(
        [
            ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"],
            ["I", "Công tác chung", "", ""],
            ["1", "Việc một", "Sở A", "Quý I/2026"],
            ["2", "Việc hai", "", "Quý II/2026"],
        ]
    ):
        for column, text in enumerate(texts):
            grid.cell(row, column).text = text
    grid.cell(1, 1).merge(grid.cell(1, 3))
    grid.cell(2, 2).merge(grid.cell(3, 2))
    path = a_docx(tmp_path / "gop-o.docx", document)

    read = table(path)
    plan, _ = import_document(path, otherwise=2026)

    assert read.rows[1].merged == {2, 3}
    assert [(t.code, t.section, t.lead) for t in plan.document.tasks] == [
        ("I.1", "Công tác chung", ("Sở A",)),
        ("I.2", "Công tác chung", ("Sở A",)),
    ]


def test_deleted_text_is_not_read_and_inserted_text_is(tmp_path):
    document = new_document()
    document.add_paragraph("Giao Sở A")
    path = a_docx(tmp_path / "sua.docx", document)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode()
    body = body.replace(
        "<w:r><w:t>Giao Sở A</w:t></w:r>",
        "<w:r><w:t>Giao </w:t></w:r><w:del><w:r><w:delText>Sở A</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Sở B</w:t></w:r></w:ins>",
    )
    parts["word/document.xml"] = body.encode()

    assert lines(a_zip(tmp_path / "sua-lai.docx", parts)) == ["Giao Sở B"]


# .pdf


@pytest.mark.parametrize("name", ["tu-pdf.txt", "chi-thi.txt", "quyet-dinh.txt"])
def test_a_printed_text_is_the_same_plan(name, tmp_path):
    text = (LAYOUTS / name).read_text(encoding="utf-8")
    path = a_pdf(tmp_path / "in.pdf", printed(text.replace("\f", "")))

    from_pdf, _ = import_document(path, otherwise=2026)
    from_text, _ = import_document(LAYOUTS / name, otherwise=2026)

    def told(plan):
        return [(t.code, t.lead, t.cooperating, t.timing) for t in plan.document.tasks]

    assert told(from_pdf) == told(from_text)


@pytest.mark.parametrize("turned", [False, True], ids=["upright", "turned"])
def test_a_ruled_table_has_its_cells(turned, tmp_path):
    path = a_pdf(tmp_path / "bang.pdf", [ruled(ROWS, WIDTHS, top=760)], turned=turned)

    assert [row.cells for row in table(path).rows] == [
        ("STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"),
        ("1", "Xây dựng kế hoạch chuyển đổi số năm 2026", "Văn phòng Sở", "Phòng A", "31/3/2026"),
        ("2", "Tập huấn cho cán bộ", "Văn phòng Sở", "", "Quý II/2026"),
    ]


def test_a_table_cut_by_a_page_goes_on(tmp_path):
    first = [Words(60, 790, "KẾ HOẠCH"), Words(60, 770, "Thử"), Words(60, 750, "I. NHIỆM VỤ")]
    rest = [["3", "Tổng kết", "Phòng B", "-", "12/2026"]]
    pages = [[*first, *ruled(ROWS, WIDTHS, top=700)], ruled(rest, WIDTHS, top=760)]
    path = a_pdf(tmp_path / "hai-trang.pdf", pages)

    plan, _ = import_document(path, otherwise=2026)

    assert [task.code for task in plan.document.tasks] == ["I.1", "I.2", "I.3"]
    assert plan.readings["I.3"].due == date(2026, 12, 31)


def test_columns_beside_each_other_stay_apart(tmp_path):
    path = a_pdf(
        tmp_path / "cot.pdf", [[Words(60, 790, "SỞ THỬ NGHIỆM"), Words(330, 790, "CỘNG HÒA")]]
    )

    assert lines(path) == ["SỞ THỬ NGHIỆM     CỘNG HÒA"]


def test_three_hundred_pages_are_read_with_progress(tmp_path):
    text = printed((LAYOUTS / "tu-pdf.txt").read_text(encoding="utf-8"))[0]
    bordered = ruled(ROWS * 6, WIDTHS, top=800)
    path = a_pdf(tmp_path / "dai.pdf", [page for _ in range(150) for page in (text, bordered)])
    told: list[tuple[int, int]] = []

    read_document(path, lambda done, total: told.append((done, total)))

    assert told[-1] == (300, 300)
    assert len(told) == 300


# refusals


def test_a_scanned_pdf_is_refused(tmp_path):
    path = a_pdf(tmp_path / "quet.pdf", [[Rule(0, 0, 100, 0)]] * 2)

    assert "bản quét" in refused(path)


def test_an_encrypted_pdf_is_refused(tmp_path):
    path = a_pdf(tmp_path / "khoa.pdf", [[Words(60, 790, "x")]], encrypted=True)

    assert "mật khẩu" in refused(path)


def test_a_page_without_text_is_said(tmp_path):
    page = [Words(60, 790 - 16 * n, "Một dòng chữ đủ dài để đọc") for n in range(5)]
    path = a_pdf(tmp_path / "lan.pdf", [page, []])

    [finding] = read_document(path).findings
    assert finding.message.endswith(": 2")


def test_a_zip_bomb_is_refused_unopened(tmp_path):
    path = a_zip(tmp_path / "bom.docx", {"word/document.xml": b" " * (64 * 2**20)})

    assert "không an toàn" in refused(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cu.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, ".doc kiểu cũ"),
        ("doi-ten.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "mật khẩu"),
        ("doi-ten.pdf", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, ".doc kiểu cũ"),
        ("rong.txt", b"", "rỗng"),
        ("trang.txt", b" \n\n ", "không có nội dung"),
        ("la.docx", "đây là chữ".encode(), "không phải là tệp .docx"),
        ("la.pdf", b"PK\x03\x04", "không phải là tệp .pdf"),
        ("la.odt", b"PK\x03\x04", "chưa đọc được loại tệp"),
        ("latin.txt", "Kế hoạch".encode("cp1258", "replace") + b"\xff\xfe", "UTF-8"),
        ("nhi-phan.txt", b"\x00\x01\x02", "UTF-8"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj", "hỏng"),
        ("cut.docx", b"PK\x03\x04abc", "hỏng"),
    ],
)
def test_a_file_that_is_not_a_document_is_refused(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)

    assert said in refused(path)


def test_a_file_too_heavy_is_refused_unread(tmp_path):
    path = tmp_path / "nang.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert "nặng" in refused(path)


def test_a_missing_file_is_refused(tmp_path):
    assert "không đọc được tệp" in refused(tmp_path / "khong-co.txt")


# anything at all

FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WORDS = st.sampled_from(
    [
        *["KẾ HOẠCH", "I.", "II.", "1.", "1.1", "a)", "đ)", "-", "+", "Điều 1.", "PHỤ LỤC"],
        *["Nơi nhận:", "Thực hiện:", "Chủ trì:", "Thời gian:", "Sở A", "các bộ, ngành"],
        *["chủ trì, phối hợp với", "báo cáo", "trước ngày 30/2", "100%", "năm 2026", "(", ")"],
        *[";", ".", ":", "|", "**", "Căn cứ", "MỤC TIÊU", "TỔ CHỨC THỰC HIỆN", "1\u0300"],
        *["\n", "\n\n", "\f", "\t", "  "],
        *["| TT | Nhiệm vụ | Thời gian |\n", "| 1 | Việc | 6/2026 |\n", "|---|---|\n"],
    ]
)


def survives(path: Path) -> None:
    """Read, or refused in the documented way."""
    with suppress(BadInput):
        import_document(path, otherwise=2026)


@FUZZ
@given(content=st.binary(max_size=400), suffix=st.sampled_from([".docx", ".pdf", ".txt", ".doc"]))
def test_any_bytes_are_read_or_refused(content, suffix, tmp_path):
    path = tmp_path / f"bat-ky{suffix}"
    path.write_bytes(content)

    survives(path)


@FUZZ
@given(words=st.lists(WORDS | st.text(max_size=8), max_size=80))
def test_any_text_is_read(words, tmp_path):
    path = tmp_path / "bat-ky.txt"
    path.write_text(" ".join(words), encoding="utf-8", errors="ignore")

    survives(path)


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    document = new_document()
    numbered(document)
    item(document, "NHIỆM VỤ")
    grid = document.add_table(rows=2, cols=3)
    grid.cell(0, 0).text = "TT"
    pdf = a_pdf(folder / "a.pdf", [[Words(60, 790, "I. NHIỆM VỤ"), *ruled(ROWS, WIDTHS, top=700)]])
    return {
        ".docx": a_docx(folder / "a.docx", document).read_bytes(),
        ".pdf": pdf.read_bytes(),
    }


@FUZZ
@given(data=st.data(), suffix=st.sampled_from([".docx", ".pdf"]))
def test_a_cut_or_damaged_file_is_read_or_refused(data, suffix, whole_files, tmp_path):
    content = bytearray(whole_files[suffix])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(content)))
    path = tmp_path / f"hong{suffix}"
    path.write_bytes(bytes(content[:end]))

    survives(path)


@FUZZ
@given(data=st.data())
def test_damaged_xml_inside_a_whole_docx_is_read_or_refused(data, whole_files, tmp_path):
    with zipfile.ZipFile(io.BytesIO(whole_files[".docx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(
        st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"])
    )
    part = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(part) - 1))
        part[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=5))
        part = part or bytearray(b"x")
    parts[name] = bytes(part)

    survives(a_zip(tmp_path / "hong.docx", parts))
