"""The pages in a real browser: their looks, their language, and nobody shut out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from models.visitor import VisitorRole
from tests.web.conftest import HUB, SIZES, Site
from tests.web.test_live import acknowledge

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WHO = [VisitorRole.OFFICER, VisitorRole.SUPERVISOR, VisitorRole.ADMINISTRATOR, HUB]


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, and whatever makes the page scroll sideways."""
    found = Axe().run(page, options=WCAG).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] + (
        [f"{wide} px wider than the window"] if wide > 0 else []
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", WHO)
def test_first_page_of_each_role_shuts_nobody_out(site: Site, who: VisitorRole | str, size: str):
    page = site.page(who, size=size)

    assert violations(page) == []
    assert page.locator("html").get_attribute("lang") == "vi"


def test_keyboard_reaches_the_content_first(site: Site):
    page = site.page(HUB)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "noi-dung"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_link_signs_in_by_its_button_only(site: Site, scripts: bool):
    from datetime import UTC, datetime

    link = site.installation.tools.links.unit(HUB, at=datetime.now(UTC))
    context = site.chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    for _ in range(2):
        page.goto(link)
        assert page.get_by_role("heading", name="UBND Phường Mũi Né").is_visible()

    page.get_by_role("button", name="Vào hệ thống").click()

    assert page.get_by_role("heading", name="Việc của đơn vị").is_visible()
    page.goto(link)
    assert page.get_by_role("heading", name="Liên kết đã dùng hoặc đã hết hạn").is_visible()


def test_sign_in_page_shuts_nobody_out(site: Site):
    context = site.chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site.address}/vao")

    assert violations(page) == []


def test_open_page_tells_that_something_changed(site: Site):
    page = site.page(VisitorRole.OFFICER)
    notice = page.get_by_text("Vừa có thay đổi.")
    with page.expect_response("**/su-kien*"):
        page.reload()
    assert not notice.is_visible()
    page.wait_for_timeout(2500)  # the first look only learns where the ledgers are

    acknowledge(site.installation)

    notice.wait_for()
    page.get_by_role("link", name="Tải lại trang").click()
    assert not notice.is_visible()
