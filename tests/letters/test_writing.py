"""What a letter says, and how."""

from datetime import date
from html.parser import HTMLParser

import pytest

from letters.examples import EXAMPLES
from letters.grouping import MOST_ITEMS, MOST_OVERDUE
from letters.wording import wording
from letters.writing import SUBJECT_LENGTH, write
from models.deadline import RungKind
from models.plan import Language
from tests.letters.builders import LINK, a_line, a_part, written

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}{% for x in y %}\r\nBcc: ai@do.example"


def test_the_most_pressing_comes_first_and_begins_the_subject():
    lines = [a_line("assigned", code="A"), a_line(), a_line("returned", code="B")]

    result = written(*lines, a_line(RungKind.ESCALATION, code="C"))

    assert result.subject.startswith("[NQ57-2026] B: báo cáo bị trả lại, nộp lại đến hết 28/02; C")
    places = [result.text.index(h) for h in ("Bị trả lại", "Đã quá hạn", "Sắp đến", "Mới được")]
    assert places == sorted(places)


@pytest.mark.parametrize("language", Language)
def test_every_subject_fits_a_list_of_mails(language):
    subjects = [write(letter, wording(language)).subject for letter in EXAMPLES.values()]

    assert [subject for subject in subjects if len(subject) > SUBJECT_LENGTH] == []


def test_what_comes_next_is_told_with_its_day():
    line = a_line(next_day=date(2026, 3, 3), next_to=("Phòng GDTrH",))

    text = written(line).text

    assert "Nếu chưa nhận được báo cáo, ngày 03/03/2026 sẽ báo cáo Phòng GDTrH." in text


def test_a_step_that_lies_in_the_past_is_not_announced():
    line = a_line(RungKind.DUE, next_day=date(2026, 3, 2), next_head=True)

    text = written(line, day=date(2026, 3, 2)).text

    assert "sẽ báo cáo" not in text


def test_a_reminder_written_after_its_deadline_says_that_it_is_late():
    result = written(a_line(), day=date(2026, 3, 5))

    assert "Đã quá hạn (1)" in result.text
    assert "đã quá hạn 5 ngày" in result.text


def test_a_letter_to_somebody_else_says_why_before_anything_else():
    sentence = "Thư này dành cho Trường A, đơn vị chưa có địa chỉ liên hệ trong danh bạ."

    assert written(a_line(), on_behalf=sentence).text.splitlines()[2] == sentence


def test_62_units_of_one_cause_are_one_item_that_names_the_first():
    lines = [
        a_line(RungKind.ESCALATION, own=False, unit=f"X{n}", unit_name=f"Xã {n}")
        for n in range(1, 63)
    ]

    result = written(*lines, day=date(2026, 3, 4))

    assert result.subject == "[NQ57-2026] 62 đơn vị quá hạn III.1.d"
    assert "62 đơn vị (Xã 1, Xã 2, Xã 3, Xã 4, Xã 5 và 57 đơn vị khác)" in result.text
    assert result.text.count("III.1.d. Xây dựng") == 1


def test_one_confirmation_that_lacks_is_told_once_for_all_tasks():
    lines = [
        a_line(RungKind.ACKNOWLEDGEMENT, own=False, level=1, unit="T1", unit_name="A", code=code)
        for code in ("III.1.a", "III.1.b", "III.1.d")
    ]

    text = written(*lines).text

    assert "3 nhiệm vụ được giao\n   Chưa xác nhận đã tiếp nhận: A." in text


def test_what_reports_say_does_not_split_the_list_of_reports():
    lines = [
        a_line("submitted", own=False, unit=f"T{n}", unit_name=f"Trường {n}", text=f"kết quả {n}")
        for n in range(3)
    ]

    text = written(*lines).text

    assert "3 đơn vị (Trường 0, Trường 1, Trường 2) đã nộp báo cáo" in text
    assert "kết quả" not in text


def test_the_units_own_part_does_not_repeat_its_name():
    assert written(a_line()).text.count("UBND xã Mẫu") == 1


def test_a_task_that_is_new_and_due_on_one_day_is_told_once():
    text = written(a_line("assigned"), a_line(RungKind.REMINDER)).text

    assert text.count("III.1.d. Xây dựng") == 1


def test_a_long_section_says_how_much_it_leaves_out():
    lines = [a_line(code=f"III.{n}", title="") for n in range(MOST_ITEMS + 3)]

    text = written(*lines).text

    assert f"Sắp đến hạn ({MOST_ITEMS + 3})" in text
    assert "… và 3 việc khác" in text


def test_codes_stand_in_the_order_of_people():
    codes = ["III.2.đ", "III.2.d", "III.10", "III.2.e", "III.9"]

    text = written(*(a_line("assigned", code=code, title="") for code in codes)).text

    found = [line.split(". ")[1] for line in text.splitlines() if line[:1].isdigit()]
    assert found == ["III.2.d", "III.2.đ", "III.2.e", "III.9", "III.10"]


def test_a_week_begins_with_the_longest_overdue_and_counts_the_rest():
    parts = [a_part(n, days_late=n) for n in range(1, MOST_OVERDUE + 6)]

    result = written(overdue=tuple(parts))

    assert result.subject == f"[NQ57-2026] {len(parts)} đơn vị đang quá hạn đầu tuần"
    assert "1. Trường 25" in result.text
    assert "… và 5 phần việc khác" in result.text


def test_a_promise_stands_beside_the_call():
    part = a_part(called_on=date(2026, 3, 2), call="hẹn lại", promised=date(2026, 3, 5))

    assert "02/03/2026: “hẹn lại”; hứa nộp ngày 05/03/2026" in written(overdue=(part,)).text


def test_a_kind_without_words_of_its_own_is_not_left_out():
    assert "Trả lời và thay đổi (1)" in written(a_line("điều chưa biết")).text


@pytest.mark.parametrize("language", Language)
def test_values_are_never_templates_headers_or_markup(language):
    fields = dict.fromkeys(("unit_name", "title", "why", "text", "phrase", "rule"), HOSTILE)
    kinds = ("returned", "submitted", "ask-date", "command_failed", RungKind.REMINDER)
    lines = [a_line(kind, own=kind == "returned", **fields) for kind in kinds]
    part = a_part(unit_name=HOSTILE, title=HOSTILE, focal_person=HOSTILE, phone=HOSTILE)

    result = written(
        *lines,
        words=wording(language),
        overdue=(part,),
        on_behalf=HOSTILE,
        tag=HOSTILE,
        sender=HOSTILE,
    )

    assert "49" not in result.text + result.html
    assert "{{ 7 * 7 }}" in result.text
    assert "<script" not in result.html
    assert "\n" not in result.subject
    assert "\r" not in result.subject


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str | None] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.fetched += [name for name, _ in attrs if name in ("src", "srcset", "background")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_html_is_whole_and_fetches_nothing(kind):
    letter = EXAMPLES[kind]

    html = write(letter).html

    tags = Tags()
    tags.feed(html)
    assert (tags.open, tags.links, tags.fetched) == ([], [letter.link], [])
    assert '<html lang="vi">' in html


def test_both_forms_say_the_same():
    for letter in EXAMPLES.values():
        result = write(letter)
        said = "".join(_texts(result.html))
        sentences = [line.strip() for line in result.text.splitlines() if line.startswith("   ")]
        assert [sentence for sentence in sentences if sentence not in said] == []
        assert letter.link == LINK or letter.link in result.text


def _texts(html: str) -> list[str]:
    found: list[str] = []

    class Text(HTMLParser):
        def handle_data(self, data: str) -> None:
            found.append(data)

    Text().feed(html)
    return found


def test_a_task_whose_date_is_to_be_set_is_not_called_ongoing():
    told = {"last_day": None, "phrase": "", "rule": ""}

    assert "Nhiệm vụ thường xuyên." in written(a_line("assigned", **told)).text
    waiting = written(a_line("assigned", waits=True, **told)).text
    assert "Thời hạn sẽ được thông báo sau." in waiting
    assert "Nhiệm vụ thường xuyên.\n" not in waiting


def test_titles_are_cut_between_words_and_shorter_in_a_long_list():
    words = "Thiết lập và phát triển các trang trên các nền tảng số " * 8

    alone = written(a_line(title=words)).text
    many = written(*(a_line(code=f"III.{n}", title=words) for n in range(5))).text

    (title,) = [line for line in alone.splitlines() if line.startswith("1. ")]
    titles = [line for line in many.splitlines() if line[:1].isdigit()]
    assert 200 < len(title) <= 250
    assert all(len(each) <= 130 and each.endswith(" …") for each in titles)
    assert set(title.removesuffix(" …").split()) <= {*words.split(), "1.", "III.1.d."}


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "kính báo cáo những nội dung"), ("en", "reports the following")]
)
def test_who_stands_above_the_sender_is_reported_to(language, words):
    told = written(
        a_line(RungKind.ESCALATION, own=False),
        words=wording(Language(language)),
        above=True,
        sender="Phòng GDTrH",
    )

    assert words in told.text
    assert "Quý đơn vị những" not in told.text


def test_a_day_that_names_the_task_is_not_quoted_again():
    line = a_line(title="III.1.c. Ngày Chuyển đổi số (10/10)", phrase="Ngày Chuyển đổi số (10/10)")

    assert written(line).text.count("Ngày Chuyển đổi số (10/10)") == 1
