"""The pages in a real browser: their looks, their language, and nobody shut out."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import text

from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import HUB, SIZES, Site
from tests.web.test_live import acknowledge
from tests.web.test_plan_review import DOCUMENT

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
CHANNELS = f"{PLAN}/2026/III.1.d/han"
VISITOR_BY_KEYS, VISITOR_WITH_DRAFT = "TM0004", "TM0005"
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

    acknowledge(site.installation)

    notice.wait_for()
    page.get_by_role("link", name="Tải lại trang").click()
    assert not notice.is_visible()


def test_report_is_written_and_handed_in_with_the_keyboard_alone(site: Site):
    page = site.page(VISITOR_BY_KEYS)
    page.goto(f"/bao-cao/{CHANNELS}/{VISITOR_BY_KEYS}")
    code = "III.1.d"
    typed = {
        f"lines.{code}.result": "Đã mở kênh.",
        f"lines.{code}.links": "https://truong.example/kenh",
        "ho_ten": "Lê Thị A",
        "chuc_vu": "Văn thư",
    }
    reached: list[str] = []
    while "nop" not in reached:
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.tagName")
        reached.append(name)
        assert len(reached) < 60, reached
        if name == f"lines.{code}.status":
            page.keyboard.press("End")
            page.keyboard.press("ArrowUp")  # “đã hoàn thành”
        elif name == "SUMMARY":
            opened = page.evaluate("document.activeElement.parentElement.open")
            if not opened:
                page.keyboard.press("Enter")
        elif name in typed:
            page.keyboard.type(typed[name])
    page.keyboard.press("Enter")

    page.get_by_text("Đã nhận").first.wait_for()
    commands = site.installation.tools.commands
    waiting = commands.undelivered(datetime.now(UTC) + timedelta(days=1))
    assert [each.unit for each in waiting if each.verb == "submit"] == [VISITOR_BY_KEYS]


def test_draft_that_was_typed_survives_its_page_and_says_when_it_is_no_longer_kept(site: Site):
    page = site.page(VISITOR_WITH_DRAFT)
    where = f"/bao-cao/{CHANNELS}/{VISITOR_WITH_DRAFT}"
    page.goto(where)
    field = 'textarea[name="lines.III.1.d.result"]'
    page.locator(field).fill("Đang viết dở …")
    page.get_by_text("Đã lưu nháp.").wait_for()
    # What is not taken, although the session goes on, says so.
    page.route("**/nhap", lambda route: route.fulfill(status=403, content_type="text/html"))
    page.locator(field).press_sequentially(" và")
    page.get_by_text("Chưa lưu được: máy chủ không nhận nội dung này.").wait_for()
    page.unroute("**/nhap")
    with site.installation.tools.engine.begin() as connection:
        ended = "UPDATE session SET ended_at = created_at WHERE unit = :unit"
        connection.execute(text(ended), {"unit": VISITOR_WITH_DRAFT})
    page.locator(field).press_sequentially(" thêm")
    page.get_by_text("Chưa lưu được: phiên làm việc đã hết.").wait_for()
    assert page.locator(field).input_value() == "Đang viết dở … và thêm"
    page.close()

    again = site.page(VISITOR_WITH_DRAFT)
    again.goto(where)

    assert again.locator(field).input_value() == "Đang viết dở …"


def test_document_that_was_dropped_on_its_field_becomes_a_plan(site: Site):
    page = site.page(VisitorRole.OFFICER, size="desktop")
    page.goto("/ke-hoach/nhap")
    assert violations(page) == []
    dropped = page.evaluate_handle(
        """text => {
            const files = new DataTransfer();
            files.items.add(new File([text], "so-hoa.txt", { type: "text/plain" }));
            return files;
        }""",
        DOCUMENT,
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
    page.get_by_role("button", name="Gửi và đọc").click()
    page.get_by_role("heading", name="Cần xem trước").wait_for()
    assert violations(page) == []

    page.get_by_text("Sửa II.2").click()
    page.get_by_label("Chủ trì", exact=True).locator("visible=true").fill("Văn phòng Sở")
    page.get_by_role("button", name="Lưu", exact=True).locator("visible=true").click()
    page.get_by_text("Đã lưu.").wait_for()
    page.get_by_role("button", name="Xác nhận thành kế hoạch").click()

    page.get_by_role("heading", name="Phát động:").wait_for()
    plan = site.installation.tools.registry.plan("so-hoa")
    assert plan
    assert [task.lead for task in plan.document.tasks][1] == ("Văn phòng Sở",)


def test_document_is_sent_and_reviewed_on_a_phone_without_scripts(site: Site):
    page = site.page(VisitorRole.OFFICER, scripts=False)
    page.goto("/ke-hoach/nhap")
    page.get_by_label("Tệp văn bản").set_input_files(
        {"name": "ke-hoach.txt", "mimeType": "text/plain", "buffer": DOCUMENT.encode()}
    )
    page.get_by_role("button", name="Gửi và đọc").click()
    while page.get_by_role("link", name="Xem đã xong chưa").is_visible():
        page.get_by_role("link", name="Xem đã xong chưa").click()

    assert page.get_by_role("heading", name="Từng việc, cạnh nguyên văn").is_visible()
    assert page.get_by_text("- Thực hiện: Trung tâm Học liệu số.").is_visible()
