"""A plan's own wording: what it may do, and how a mistake in it is named."""

import pytest

from letters.checking import MOST_SOURCE, Mistake, mistakes
from letters.wording import Wording, our_words, wording
from models.plan import Language
from tests.letters.builders import a_line, written

VI = "vi/words.j2"


@pytest.mark.parametrize("language", Language)
def test_our_own_wording_keeps_the_rules(language):
    assert mistakes({f"{language}/words.j2": our_words(language)}) == []


def test_both_languages_have_the_same_blocks():
    assert wording(Language.VIETNAMESE).blocks == wording(Language.ENGLISH).blocks


def test_a_plan_replaces_a_sentence_and_keeps_the_rest():
    own = "{% block closing %}Trân trọng cảm ơn.{% endblock %}"

    text = written(a_line(), words=Wording(Language.VIETNAMESE, own)).text

    assert "Trân trọng cảm ơn." in text
    assert "Kính gửi: UBND xã Mẫu" in text


def test_a_plan_adds_to_our_sentence():
    own = "{% block greeting %}{{ super() }} (qua Văn phòng){% endblock %}"

    assert mistakes({VI: own}) == []
    text = written(a_line(), words=Wording(Language.VIETNAMESE, own)).text
    assert text.startswith("Kính gửi: UBND xã Mẫu (qua Văn phòng)\n")


def test_markup_in_a_plans_wording_is_words_too():
    own = "{% block closing %}<b>Trân trọng</b>{% endblock %}"

    html = written(a_line(), words=Wording(Language.VIETNAMESE, own)).html

    assert "&lt;b&gt;Trân trọng&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        pytest.param("{{ unit_name }}", "không có biến “unit_name”", id="unknown variable"),
        pytest.param("{{ letter.recipent }}", "không có “recipent”", id="unknown field"),
        pytest.param("{{ letter.day | ngay }}", "không có bộ lọc “ngay”", id="unknown filter"),
        pytest.param("{% if letter %}", "sai cú pháp", id="unclosed"),
        pytest.param("{{ letter.__class__ }}", "không có “__class__”", id="internals"),
        pytest.param("{{ letter.lines.__len__ }}", "không có “.__len__”", id="fields of fields"),
        pytest.param("{{ letter.recipient.format }}", "không có “.format”", id="methods"),
        pytest.param("{{ letter.day.today() }}", "không dùng được Call", id="calls"),
        pytest.param("{{ 'a' * 1000000000 }}", "không dùng được Mul", id="large values"),
        pytest.param("{% for x in letter.lines %}{% endfor %}", "For", id="loops"),
        pytest.param("{% set a = 1 %}", "Assign", id="assignments"),
        pytest.param("{% include 'vi/words.j2' %}", "Include", id="other files"),
        pytest.param("{% macro a() %}{% endmacro %}", "Macro", id="macros"),
        pytest.param("{{ letter['tag'] }}", "Getitem", id="subscripts"),
        pytest.param("{{ self.greeting() }}", "không dùng được Call", id="a block inside itself"),
        pytest.param("{{ letter.tag is string }}", "không dùng được Test", id="tests"),
        pytest.param("{{ letter.tag | dmy }}", "không viết được thư mẫu", id="no date"),
    ],
)
def test_a_mistake_is_named_with_its_line(inside, named):
    source = "{# lời riêng #}\n\n{% block closing %}\n" + inside + "\n{% endblock %}\n"

    found = mistakes({VI: source})

    assert found
    assert named in found[0].sentence
    assert (found[0].file, found[0].line) in {(VI, 4), (VI, 5)}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{% block loi_chao %}{% endblock %}", "không có khối “loi_chao”"),
        ("Kính gửi", "chữ nằm ngoài mọi khối sẽ không xuất hiện trong thư"),
        ("{% extends 'x' %}", "chữ nằm ngoài mọi khối sẽ không xuất hiện trong thư"),
        ("x" * (MOST_SOURCE + 1), f"tệp dài hơn {MOST_SOURCE} ký tự"),
    ],
)
def test_what_would_never_be_read_is_refused(source, sentence):
    assert mistakes({VI: source}) == [Mistake(VI, 1, sentence)]


def test_a_file_of_another_name_is_refused():
    (found,) = mistakes({"vi/word.j2": ""})

    assert "chỉ có vi/words.j2, en/words.j2" in found.sentence


def test_depth_that_would_break_the_reader_is_refused():
    source = "{% block closing %}{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}{% endblock %}"

    assert [found.sentence for found in mistakes({VI: source})] == ["lồng quá sâu"]
