"""A supervisor's way in a real browser: from the whole cycle to the history of one assignment."""

import pytest
from playwright.sync_api import expect

from models.visitor import VisitorRole
from tests.web.conftest import HUB, Site
from tests.web.test_in_the_browser import violations
from tests.web.test_oversight import CYCLE, MINE, TASK, overdue

PAGES = [
    CYCLE,
    f"{CYCLE}/ban-do?nhom=school",
    f"{CYCLE}/dong-thoi-gian?ngay=2026-06-24",
    f"{CYCLE}/tre-han",
    f"{CYCLE}/phan-viec?tinh-trang=open_overdue",
    TASK,
    f"/don-vi/{HUB}",
    f"/lich-su/{MINE}",
    f"/kiem-so/{MINE}",
]


# What a wide window lays out in another way than a phone.
WIDE = [CYCLE, f"{CYCLE}/ban-do?nhom=school", f"/lich-su/{MINE}"]


@pytest.mark.parametrize(("size", "pages"), [("phone", PAGES), ("desktop", WIDE)])
def test_pages_of_a_supervisor_shut_nobody_out(site: Site, size: str, pages: list[str]):
    overdue(site.installation)
    page = site.page(VisitorRole.SUPERVISOR, size=size)

    found = {}
    for path in pages:
        page.goto(path)
        found[path] = violations(page)

    assert found == {path: [] for path in pages}


@pytest.mark.parametrize(("size", "scripts"), [("phone", False), ("desktop", True)])
def test_why_a_unit_was_escalated_is_two_clicks_away(site: Site, size: str, scripts: bool):
    overdue(site.installation)
    page = site.page(VisitorRole.SUPERVISOR, size=size, scripts=scripts)
    page.goto(f"{CYCLE}/ban-do?nhom=school")

    page.locator("td.k-overdue a").first.click()

    expect(page.get_by_role("heading", name="Diễn biến")).to_be_visible()
    expect(page.get_by_text("Quá hạn 1 ngày làm việc").first).to_be_visible()
    expect(page.get_by_text("“trước” là không kể").first).to_be_visible()
