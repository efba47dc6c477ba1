"""The marks parts begin with, and what only looks like one."""

import pytest

from intake.grammar.numbering import Kind, mark


@pytest.mark.parametrize(
    ("text", "kind", "label", "rest"),
    [
        ("IV. KINH PHÍ", Kind.ROMAN, "IV", "KINH PHÍ"),
        ("II- NHIỆM VỤ", Kind.ROMAN, "II", "NHIỆM VỤ"),
        ("A. MỤC ĐÍCH", Kind.CAPITAL, "A", "MỤC ĐÍCH"),
        ("Điều 12. Giao Sở A", Kind.ARTICLE, "12", "Giao Sở A"),
        ("Phần thứ nhất. TÌNH HÌNH", Kind.PART, "nhất", "TÌNH HÌNH"),
        ("Chương II", Kind.CHAPTER, "II", ""),
        ("PHỤ LỤC II", Kind.APPENDIX, "II", ""),
        ("Phụ lục 1: Danh mục", Kind.APPENDIX, "1", ": Danh mục"),
        ("3. Tuyên truyền", Kind.NUMBER, "3", "Tuyên truyền"),
        ("3/ Tuyên truyền", Kind.NUMBER, "3", "Tuyên truyền"),
        ("(3) Tuyên truyền", Kind.NUMBER, "3", "Tuyên truyền"),
        ("3.Tuyên truyền", Kind.NUMBER, "3", "Tuyên truyền"),
        ("1.2. Phát động", Kind.DECIMAL, "1.2", "Phát động"),
        ("1.2.3 Phát động", Kind.DECIMAL, "1.2.3", "Phát động"),
        ("2.1- Kiểm tra", Kind.DECIMAL, "2.1", "Kiểm tra"),
        ("2.1/ Kiểm tra", Kind.DECIMAL, "2.1", "Kiểm tra"),
        ("Việc 2. Sửa nhà", Kind.NUMBER, "2", "Sửa nhà"),
        ("đ) Tăng cường", Kind.LETTER, "đ", "Tăng cường"),
        ("a. Rà soát", Kind.LETTER, "a", "Rà soát"),
        ("– Thực hiện: A", Kind.DASH, "-", "Thực hiện: A"),
        ("-Thực hiện: A", Kind.DASH, "-", "Thực hiện: A"),
        ("+ Thời gian: quý I", Kind.PLUS, "+", "Thời gian: quý I"),
        ("• Lưu ý", Kind.DASH, "-", "Lưu ý"),
    ],
)
def test_a_mark_is_read_with_its_label(text, kind, label, rest):
    found = mark(text)

    assert found is not None
    assert (found.kind, found.label, found.rest) == (kind, label, rest)


@pytest.mark.parametrize(
    "text",
    [
        "100% các cơ sở giáo dục",
        "12 năm 2024 của Bộ Chính trị",
        "30/6/2026",
        "30.6.2026",
        "57-NQ/TW ngày 22 tháng 12",
        "V/v triển khai kế hoạch",
        "Độc lập - Tự do - Hạnh phúc",
        "Mục tiêu chung",
        "Điều kiện thực hiện",
        "-----",
        "",
    ],
)
def test_what_only_looks_like_a_mark_is_none(text):
    assert mark(text) is None


@pytest.mark.parametrize("line", ["21/01/2026.", "05.9.2026 và các nội dung khác", "21/01/2026"])
def test_a_date_at_the_start_of_a_broken_line_numbers_nothing(line):
    assert mark(line) is None
