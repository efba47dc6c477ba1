"""Pages in two languages, from catalogues that are read as they are."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import web
from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Waiting
from models.deadline import Ladder
from models.policy import Policy
from models.visitor import VisitorRole
from rules.deadlines import (
    acknowledgement_ladder,
    ask_ladder,
    build_deadline,
    chasing_deadline,
    extension_ladder,
    review_ladder,
)
from rules.four_way import COLUMN_NAMES, GROUP_NAMES
from rules.wording import ACCESS_NAMES, ROLE_NAMES, STAGE_NAMES, WAITING_NAMES, WEEKDAYS
from tests.shipped import PLAN
from tests.web.conftest import HUB, NOW, Installation
from tests.web.test_signing_in import token
from web.language import LANGUAGE, catalogue
from web.pages import ROLE_TITLES
from web.rule_words import day_off, holiday, step

FOLDER = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
NAMES = (
    *(names.values() for names in (STAGE_NAMES, ROLE_NAMES, WAITING_NAMES, ACCESS_NAMES)),
    *(names.values() for names in (COLUMN_NAMES, GROUP_NAMES)),
    ROLE_TITLES.values(),
    WEEKDAYS,
)
WORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "later": None,
    "lazily": None,
}


def sources() -> set[str]:
    """Every sentence of the pages, as the source language has it, and the engine's words."""
    found = extract_from_dir(str(FOLDER), METHODS, {"**": {}}, keywords=WORDS)
    written = {each[0] if isinstance(each, tuple) else each for _, _, each, _, _ in found if each}
    return written | {word for names in NAMES for word in names}


def test_every_sentence_of_the_pages_has_its_english():
    words = sources()

    assert "Đăng nhập" in words
    assert sorted(words - set(catalogue("en"))) == []


def test_no_translation_is_left_over():
    assert sorted(set(catalogue("en")) - sources()) == []


def ladders() -> list[Ladder]:
    at, calendar = NOW, vietnam_calendar([2025, 2026, 2027])
    policy = Policy(weekly_rungs=2, remind_after_long_holiday=True)
    long_ago = build_deadline("", "", date(2026, 3, 2), calendar=calendar, policy=policy)
    builders = (acknowledgement_ladder, review_ladder, extension_ladder)
    return [
        long_ago.ladder,
        chasing_deadline(long_ago, at.date(), calendar=calendar, policy=policy).ladder,
        *(build(at, calendar=calendar, policy=policy) for build in builders),
        *(ask_ladder(each, at, calendar=calendar, policy=policy) for each in Waiting),
    ]


@pytest.fixture
def in_english() -> Iterator[None]:
    before = LANGUAGE.set("en")
    yield
    LANGUAGE.reset(before)


@pytest.mark.usefixtures("in_english")
def test_every_step_that_rules_word_is_said_in_english():
    whys = [rung.why for ladder in ladders() for rung in ladder.rungs]

    assert [why for why in whys if step(why) == why] == []
    assert {step(why).split(": ")[0] for why in whys} >= {
        *("reminder 7 day(s) before", "due", "question no. 1", "1 working day(s) overdue"),
        "reminder on the first working day after a long holiday",
    }
    assert step("nhắc trước 7 ngày: 13/02/2026, vì lẽ gì") == "reminder 7 day(s) before: 13/02/2026"


@pytest.mark.usefixtures("in_english")
def test_every_holiday_is_named_in_english():
    calendar = vietnam_calendar(range(2024, 2035))

    assert [each.name for each in calendar.days_off if not holiday(each.name).isascii()] == []
    assert (
        holiday("Quốc khánh (thay cho ngày 22/08/2026)") == "National Day (instead of 22/08/2026)"
    )
    assert day_off("nghỉ Quốc khánh") == "National Day"
    assert day_off("thứ Bảy") == "Saturday"
    assert holiday("Lễ hội hoa 100%, ngày 3") == "Lễ hội hoa 100%, ngày 3"


@pytest.mark.parametrize(
    ("address", "role", "stands"),
    [
        (f"/xu-ly/{PLAN}/2026/V.1/H1/{HUB}/khac", VisitorRole.OFFICER, "/"),
        (f"/phat-dong/{PLAN}", VisitorRole.OFFICER, f"/phat-dong/{PLAN}"),
        (f"/phat-dong/ket-thuc/cycle/{PLAN}/2026", VisitorRole.OFFICER, None),
        ("/ke-hoach/nhap", VisitorRole.OFFICER, None),
        ("/ma-truy-cap", VisitorRole.OFFICER, None),
        ("/lich-cua-toi", HUB, None),
        (f"/bao-cao/{PLAN}/2026/V.1/H1/{HUB}", HUB, None),
    ],
)
async def test_language_is_chosen_on_a_page_that_answers_a_form(
    installation: Installation, address: str, role: VisitorRole | str, stands: str | None
):
    """And leads to where that can be read, or to the first page."""
    user = installation.office(role) if isinstance(role, VisitorRole) else installation.unit(role)
    async with user as browser:
        own = token(await browser.get("/"))
        answer = await browser.post(address, data={"_the": own, "nop": "1"})
        (leads,) = re.findall(r'name="den" value="([^"]+)"', answer.text)
        read = await browser.get(leads)

    assert leads == (stands or address)
    assert read.status_code == 200


async def test_pages_speak_the_chosen_language(installation: Installation):
    async with installation.unit(HUB) as browser:
        opened = await browser.get("/")
        chosen = {"_the": token(opened), "ngon_ngu": "en", "den": "/"}
        answer = await browser.post("/ngon-ngu", data=chosen)
        assert answer.headers["location"] == "/"
        english = await browser.get("/")
        work = await browser.get(f"/viec/{PLAN}/2026/V.1/H1/{HUB}")
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        browser.cookies.set(installation.tools.cookies.language, "en")
        year = await browser.get(f"/chu-ky/{PLAN}/2026/dong-thoi-gian?ngay=2026-06-24")

    assert '<html lang="vi">' in opened.text
    assert '<html lang="en">' in english.text
    assert "Sign out" in english.text
    assert "not acknowledged after 2 working day(s): 07/01/2026, at 07:30" in work.text
    assert "National Day (instead of 22/08/2026)" in year.text
    assert "due: 24/06/2026" in year.text
