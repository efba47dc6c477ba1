"""Two officers review one document, and one officer sends a form twice: nothing is lost unseen."""

import re
from pathlib import Path

import httpx
import pytest

from models.plan_review import Corrections, ReviewState
from models.visitor import VisitorRole
from tests.web.conftest import NOW, Installation
from tests.web.test_plan_review import (
    DOCUMENT,
    SETTINGS,
    address,
    change,
    code_of,
    form_of,
    opened,
)


@pytest.fixture
def review(installation: Installation, tmp_path: Path) -> str:
    return opened(installation, tmp_path, DOCUMENT)


async def post(
    browser: httpx.AsyncClient, page: httpx.Response, review: str, form: str, **fields: str
) -> httpx.Response:
    """Sends a form of the page."""
    where = f"{address(review)}/{form}"
    return await browser.post(where, data=form_of(page, where) | fields)


async def test_form_that_comes_back_with_an_error_overwrites_nobody(
    installation: Installation, review: str
):
    code = code_of(installation, review, "Tập huấn")
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await change(browser, page, review, code, code=code, text="Của người thứ nhất.")
        await post(browser, page, review, "chung", **SETTINGS)

        wrong = await change(browser, page, review, code, code=code, text="")
        late = await change(browser, wrong, review, code, code=code, text="Của người thứ hai.")
        other = SETTINGS | {"short_title": "Tên khác"}
        undated = await post(browser, page, review, "chung", **other, date="mai")
        issued = {"number": "abc", "date": "2030-01-01"}
        odd = await post(browser, page, review, "chung", **other | issued)
        common = await post(browser, undated, review, "chung", **other)

    assert (wrong.status_code, late.status_code) == (422, 409)
    assert odd.status_code == 422
    assert re.findall(r'id="e-(\w+)"', odd.text) == ["number", "date"]
    assert (undated.status_code, common.status_code) == (422, 409)
    _, corrections = installation.tools.plan_reviews.content(review)
    assert corrections.duties[code].text == "Của người thứ nhất."
    assert corrections.settings.short_title == SETTINGS["short_title"]


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("them", {"code": "II.9", "text": "Sơ kết.", "first": "2"}),
        ("chung", SETTINGS),
        ("cum-tu", {"cum": "Trung tâm Học liệu số", "nghia": "outside"}),
    ],
)
async def test_form_that_is_sent_twice_is_saved_once(
    installation: Installation, review: str, form, fields
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        answers = [await post(browser, page, review, form, **fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    found = installation.tools.plan_reviews.get(review)
    assert found
    assert found.version == 1


async def test_task_that_is_saved_or_removed_twice_is_no_conflict(
    installation: Installation, review: str
):
    code = code_of(installation, review, "Tập huấn")
    said = {"code": "II.8", "text": "Tổng kết."}
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        answers = [await change(browser, page, review, code, **said) for _ in range(2)]
        await post(browser, page, review, "them", code="II.9", text="Sơ kết.")
        page = await browser.get(address(review))
        answers += [await change(browser, page, review, code, bo="1") for _ in range(2)]
        renamed = {"code": "II.10", "text": "Sơ kết."}
        answers += [await change(browser, page, review, "them.II.9", **renamed) for _ in range(2)]
        page = await browser.get(address(review))
        answers += [await change(browser, page, review, "them.II.10", bo="1") for _ in range(2)]
        page = await browser.get(address(review))
        back = {"lay_lai": "1"}
        answers += [await change(browser, page, review, "them.II.10", **back) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    found = installation.tools.plan_reviews.get(review)
    assert found
    assert found.version == 6
    assert answers[5].headers["location"].endswith("#viec-them.II.10")  # where it is now
    (added,) = installation.tools.plan_reviews.content(review)[1].added
    assert (added.code, added.text, added.removed) == ("II.10", "Sơ kết.", False)


async def test_code_of_a_removed_task_is_kept_for_it(installation: Installation, review: str):
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await post(browser, page, review, "them", code="II.9", text="Sơ kết.")
        page = await browser.get(address(review))
        await change(browser, page, review, "them.II.9", bo="1")
        again = await post(browser, page, review, "them", code="II.9", text="Khác.")

    assert again.status_code == 422
    assert "hãy lấy lại việc ấy" in again.text
    (kept,) = installation.tools.plan_reviews.content(review)[1].added
    assert kept.text == "Sơ kết."


async def test_confirming_twice_leads_to_the_plan_twice(installation: Installation, review: str):
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await post(browser, page, review, "chung", **SETTINGS)
        page = await browser.get(address(review))
        answers = [await post(browser, page, review, "xac-nhan") for _ in range(2)]

    assert [each.headers["location"] for each in answers] == ["/phat-dong/chuyen-doi-so"] * 2


async def test_review_that_somebody_changed_or_confirmed_is_not_dropped_unseen(
    installation: Installation, review: str
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        old = await browser.get(address(review))
        await post(browser, old, review, "chung", **SETTINGS)
        answer = await post(browser, old, review, "bo")
        told = await browser.get(answer.headers["location"])
        page = await browser.get(address(review))
        await post(browser, page, review, "xac-nhan")
        answer = await post(browser, page, review, "bo")
        late = await browser.get(answer.headers["location"])

    assert "nên chưa bỏ" in told.text
    assert "đã được xác nhận hoặc đã bỏ" in late.text
    found = installation.tools.plan_reviews.get(review)
    assert found
    assert found.state is ReviewState.CONFIRMED


async def test_confirming_what_was_changed_meanwhile_says_so_in_its_own_words(
    installation: Installation, review: str
):
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await post(browser, page, review, "chung", **SETTINGS)
        answer = await post(browser, page, review, "xac-nhan")

    assert answer.status_code == 409
    assert "nên chưa xác nhận" in answer.text
    assert "vừa gõ" not in answer.text


async def test_phrases_that_are_not_on_the_page_keep_their_meaning(
    installation: Installation, review: str
):
    tools = installation.tools
    before = Corrections(meanings={"Cụm của việc đã bỏ": "allocated"})
    tools.plan_reviews.change(review, lambda *_: before, at=NOW, by="A")

    chosen = {"cum": "Trung tâm Học liệu số", "nghia": "outside"}
    async with installation.office(VisitorRole.OFFICER) as browser:
        page = await browser.get(address(review))
        await post(browser, page, review, "cum-tu", **chosen)
        late = await post(browser, page, review, "cum-tu", **chosen | {"nghia": "allocated"})

    _, corrections = tools.plan_reviews.content(review)
    assert corrections.meanings == before.meanings | {"Trung tâm Học liệu số": "outside"}
    assert late.status_code == 409
    assert '<option value="allocated" selected>' in late.text  # as it was chosen
    assert "Trung tâm Học liệu số → Cơ quan ngoài danh bạ" in late.text
