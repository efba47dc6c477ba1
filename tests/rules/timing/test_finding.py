"""Timing expressions inside a task's sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.timing.finding import find_timing
from rules.timing.reading import LONGEST, read_timing


def phrases(sentence: str, *, at_least: float = 0.0) -> list[str]:
    return [span.phrase for span in find_timing(sentence) if span.confidence >= at_least]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        pytest.param(
            "Các đơn vị gửi báo cáo về Sở (qua Văn phòng) trước ngày 05/7 và 05/01 hàng năm.",
            ["trước ngày 05/7 và 05/01 hàng năm"],
            id="at the end",
        ),
        pytest.param(
            "- Thời gian thực hiện: Hoàn thành trước quý II năm 2026.",
            ["Hoàn thành trước quý II năm 2026"],
            id="after a label, with its verb",
        ),
        pytest.param("Thời gian: Thường xuyên", ["Thường xuyên"], id="ongoing after a label"),
        pytest.param(
            "Trước 17h00 ngày 15/6/2026, các trường gửi danh sách.",
            ["Trước 17h00 ngày 15/6/2026"],
            id="at the beginning",
        ),
        pytest.param(
            "Xây dựng đề án (chậm nhất 30/6/2026) và trình phê duyệt",
            ["chậm nhất 30/6/2026"],
            id="in brackets",
        ),
        pytest.param(
            "Trong thời hạn 10 ngày làm việc kể từ ngày nhận được văn bản, đơn vị trả lời.",
            ["Trong thời hạn 10 ngày làm việc kể từ ngày nhận được văn bản"],
            id="with its event",
        ),
        pytest.param(
            "Gửi giấy mời trước 05 ngày tổ chức hội nghị.",
            ["trước 05 ngày tổ chức hội nghị"],
            id="days before an event",
        ),
        pytest.param("Lát hè phố, xong trước 28.8.", ["trước 28.8"], id="a day with a dot"),
        pytest.param(
            "Báo cáo trước 15.6 và 15.12 hằng năm: Hội Nghề cá.",
            ["trước 15.6 và 15.12 hằng năm"],
            id="days with dots of every year",
        ),
        pytest.param(
            "Họp trước ngày 20 hằng tháng (trừ tháng 7, 8); ghi biên bản.",
            ["trước ngày 20 hằng tháng (trừ tháng 7, 8)"],
            id="with what is left out",
        ),
        pytest.param(
            "Họp trước ngày 20 hằng tháng, trừ các tháng hè.",
            ["trước ngày 20 hằng tháng, trừ các tháng hè"],
            id="with what cannot be left out",
        ),
        pytest.param(
            "Hết năm 2027, tổ chức tổng kết và trình báo cáo trước ngày 15/3/2028.",
            ["Hết năm 2027", "trước ngày 15/3/2028"],
            id="two in one sentence",
        ),
    ],
)
def test_an_expression_is_found_verbatim(sentence: str, found: list[str]):
    assert phrases(sentence, at_least=0.6) == found


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Thường xuyên tổ chức tuyên truyền cho học sinh.", id="adverb first"),
        pytest.param("Truyền thông kịp thời, thường xuyên, hiệu quả.", id="adverb in a list"),
        pytest.param("Tổng hợp báo cáo tổng kết năm học 2025-2026", id="a year in a name"),
        pytest.param("chuyển đổi số quốc gia đến năm 2030” trong ngành", id="a title"),
        pytest.param("Luật có hiệu lực từ ngày 01 tháng 01 năm 2026.", id="a law's date"),
        pytest.param("thực hiện theo quy định của pháp luật về ngân sách", id="the law"),
        pytest.param("Hà Nội, ngày    tháng    năm 2026", id="a blank date"),
    ],
)
def test_what_may_only_look_like_timing_is_unlikely(sentence: str):
    assert phrases(sentence, at_least=0.6) == []


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Thông tư số 12/2026/TT-BTC ngày 10/02/2026 của Bộ Tài chính", id="circular"),
        pytest.param("Quyết định số 1169/QĐ-TTg ngày 16 tháng 6 năm 2025", id="decision"),
        pytest.param("Nghị quyết số 57-NQ/TW ngày 22/12/2024", id="resolution"),
        pytest.param("nguồn kinh phí thường xuyên của đơn vị", id="regular funds"),
        pytest.param("trung tâm giáo dục thường xuyên", id="continuing education"),
        pytest.param("nghiên cứu trước tài liệu, đạt 3/4 số trường", id="adverb and a fraction"),
        pytest.param("Tình hình 6 tháng năm 2026, thu ngân sách đạt 28.8 %", id="what is told"),
        pytest.param("Thu nhập tăng 2.5 lần so với năm trước", id="a decimal"),
        pytest.param("Nuôi vượt trước 2.5 và 3.5 lần", id="numbers in a list"),
        pytest.param("cụ thể như sau: chia thành 6 nhóm", id="as follows"),
    ],
)
def test_what_is_no_timing_is_not_found(sentence: str):
    assert find_timing(sentence) == []


def test_what_is_found_can_be_read():
    (span,) = find_timing("Báo cáo Sở chậm nhất\nngày 2 0/11/2026 để tổng hợp.")

    assert read_timing(span.phrase, year=2026).due is not None


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=300)
    | st.text(alphabet="tháng năm quý từ đến trước 0123/-().,; ", max_size=200)
)
def test_spans_are_verbatim_in_order_and_apart(sentence: str):
    spans = find_timing(sentence)

    assert all(sentence[span.start : span.end] == span.phrase != "" for span in spans)
    places = [place for span in spans for place in (span.start, span.end)]
    assert places == sorted(places)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("từ " * 3000, id="relations"),
        pytest.param("(" * 5000 + "1/1" + ")" * 4000, id="nested brackets"),
        pytest.param("trước ngày 30/6/2026 " * 400, id="dates"),
        pytest.param("10 ngày sau khi " * 600, id="counts"),
        pytest.param("1-" * 5000, id="dashes"),
        pytest.param("trước ngày 30/6/2026 " * 4 * LONGEST, id="longer than a sentence"),
    ],
)
def test_a_hostile_text_is_answered_too(text: str):
    assert isinstance(find_timing(text), list)
